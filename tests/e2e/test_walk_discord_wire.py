"""From a fresh bot to the first work in the exhibit, on a wire, with the clicks that the page for admins counts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.model.setup import VOTE_EMOJI
from handlers.discord import DiscordPlatform
from storage import open_storage
from storage.media.store import Blobs
from tests.databases import tables_in
from tests.fakediscord.bench import bench, completions
from tests.fakediscord.interaction import Interaction
from tests.fakediscord.people import Person, texts
from tests.fakediscord.world import Channel
from tests.fakes import FakeClock
from tests.unit.conftest import World

ROOT = Path(__file__).parents[2]


class Hand:
    """A person's hand on the mouse: what was clicked is counted."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.clicks = 0

    def done(self) -> int:
        """The clicks since the last look."""
        clicks, self.clicks = self.clicks, 0
        return clicks

    async def types(self, channel: Channel, word: str, **options: Any) -> Interaction:
        self.clicks += 1  # Enter
        return await self._person.slash(channel, word, **options)

    async def presses(self, message: dict[str, Any], button: str) -> Interaction:
        self.clicks += 1
        return await self._person.press(message, button)

    async def picks_and_saves(self, shown: Interaction, **chosen: Channel) -> Interaction:
        self.clicks += 2 * len(chosen) + 1  # each menu is opened, then something in it chosen
        return await self._person.submit(shown, {name: str(channel.id) for name, channel in chosen.items()})

    async def chooses(self, message: dict[str, Any], channel: Channel, name: str) -> Interaction:
        self.clicks += 3  # right click, Apps, the name
        return await self._person.choose(message, channel, name)


@pytest.fixture
async def wire(tmp_path):
    clock = FakeClock()
    await tables_in(tmp_path)
    async with open_storage(tmp_path, "", clock) as stored, bench(start=False) as wire:
        wire.platform = DiscordPlatform(wire.settings(), completions)
        world = World(stored, clock, Blobs(tmp_path, stored.blobs, clock), platform=wire.platform)
        wire.core.script, wire.hear = world.core.handle, world.core.hear
        await wire.up()
        await wire.ready()
        await world.start()
        yield wire
        await world.crash()


async def hangs(wire, channel: Channel, button: str, words: str = "") -> dict[str, Any]:
    """Wait for a message that has such a button."""

    def found() -> dict[str, Any] | None:
        for message in channel.messages.values():
            if button in str(message["components"]) and words in texts(message):
                return message
        return None

    return await wire.fake.until(found)


def counted() -> dict[str, str]:
    """The page's steps with their clicks."""
    page = (ROOT / "docs" / "admins.md").read_text("utf-8")
    return dict(re.findall(r"^\| (\d) \|.*\| ([\d–]+) \|[^|]*\|$", page, re.MULTILINE))


async def test_a_fresh_bot_hangs_its_first_work_with_the_clicks_the_page_counts(wire):
    server = wire.fake.guild("ice club")
    general, mods, hall = (server.channel(name) for name in ("general", "mods", "hall"))
    permissions = discord.Permissions(manage_guild=True, manage_messages=True).value
    hand, clicks = Hand(wire.fake.person(server, "root", permissions=permissions)), {}
    await wire.fake.join(server)

    welcome = await hangs(wire, general, "o:setup")
    overview = await (await hand.presses(welcome, "o:setup")).answer()
    clicks["2"] = hand.done()

    form = await hand.presses(overview, "o:setup:channels")
    saved = await (await hand.picks_and_saves(form, review=mods, exhibit=hall)).answer()
    assert "I lack" not in texts(saved)
    clicks["3"] = hand.done()

    await (await hand.types(general, "create", prompt="a fox jumps from the large hill at dusk")).answer()
    clicks["5"] = hand.done()

    work = await hangs(wire, general, "o:remix:")
    await wire.fake.until(lambda: wire.fake.reactions.of(work["id"], VOTE_EMOJI))  # it can be voted for
    said = await hand.chooses(work, general, "Nominate for the exhibit")
    assert "moderators" in texts(await said.answer())
    clicks["7"] = hand.done()

    case = await hangs(wire, mods, "o:approve:")
    await (await hand.presses(case, "Approve")).answer()
    clicks["8"] = hand.done()

    exhibit = await hangs(wire, hall, "o:")
    assert "a fox jumps from the large hill at dusk" in texts(exhibit)
    assert exhibit["attachments"]
    page = counted()
    assert {step: str(number) for step, number in clicks.items()} == {step: page[step] for step in clicks}


@pytest.mark.parametrize("file", ["README.md", "docs/admins.md"])
def test_the_sum_that_is_told_is_the_sum_of_the_steps(file):
    ends = [[int(one) for one in said.split("–")] for said in counted().values()]

    told = f"{sum(end[0] for end in ends)} to {sum(end[-1] for end in ends)} clicks"

    assert told in (ROOT / file).read_text("utf-8")
