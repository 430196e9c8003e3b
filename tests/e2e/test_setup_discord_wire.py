"""The whole setup as an admin: unmodified discord.py, the real core and records, a Discord on a local port."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import discord
import pytest

from bot.model.people import Community, Role
from bot.model.setup import Setup
from handlers.discord import DiscordPlatform
from storage import open_storage
from storage.media.store import Blobs
from tests import forgeries
from tests.databases import tables_in
from tests.fakediscord.bench import Bench, bench, completions
from tests.fakediscord.people import Person, buttons, texts
from tests.fakediscord.world import P
from tests.fakes import FakeClock
from tests.unit.conftest import World

FORGED = ("setup", "setup:roles", "sports", "sport-off:luge", "sport-remove-sure:luge", "backends", "setup-export")
WORDS = ("setup", "channels", "roles", "limits", "budget", "language", "backend", "export", "sports list", "sports add")


@dataclass
class Server:
    """A server with the bot in it, and who manages it."""

    wire: Bench
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.admin = self.person("root", manage_guild=True)
        self.others = {"member": self.person("eve"), "moderator": self.person("mo", manage_messages=True)}
        self.anna = self.person("anna")
        self.hall = self.wire.guild.channel("hall")
        self.mute = self.wire.guild.channel("mute", denied=P(send_messages=True))
        self.judges = self.wire.guild.role()
        self.champion = self.wire.guild.role(position=90)

    def person(self, name: str, **may: bool) -> Person:
        return self.wire.fake.person(self.wire.guild, name, permissions=discord.Permissions(**may).value)

    async def chosen(self) -> Setup:
        return (await self.world.repos.communities.get(self.community)).setup

    @property
    def community(self) -> Community:
        return self.wire.place.community

    async def overview(self) -> dict:
        return await (await self.admin.slash(self.wire.channel, "olympic-admin setup")).answer()


@pytest.fixture
async def server(tmp_path):
    clock = FakeClock()
    await tables_in(tmp_path)
    async with open_storage(tmp_path, "", clock) as stored, bench(start=False) as wire:
        made = Server(wire)
        made.wire.platform = DiscordPlatform(wire.settings(), completions)
        world = made.world = World(stored, clock, Blobs(tmp_path, stored.blobs, clock), platform=wire.platform)
        wire.core.script = world.core.handle
        await wire.up()
        await wire.ready()
        yield made
        await world.crash()


async def test_an_admin_walks_through_every_step_and_each_is_kept(server):
    hall, mods = server.hall, server.judges
    values = {
        "language": {"language": "ja"},
        "channels": {"exhibit": str(hall.id)},
        "roles": {"moderators": str(mods)},
        "voting": {"nominate": "7"},
        "limits": {"daily": "4"},
        "budget": {"day": "2.50"},
        "retention": {"retention": "30"},
    }
    shown = await server.overview()
    steps = [one for one in buttons(shown) if one.startswith("o:setup:")]
    assert len(steps) > 10
    for step in steps:
        opened = await server.admin.press(shown, step)
        sent = await server.admin.submit(opened, values.get(step.removeprefix("o:setup:"), {}))
        assert "not saved" not in texts(await sent.answer()).lower(), step
    setup = await server.chosen()
    assert set(setup.done) == {step.removeprefix("o:setup:") for step in steps}
    assert (setup.language, setup.channels.exhibit, setup.roles.moderators) == ("ja", str(hall.id), (str(mods),))
    assert (setup.voting.nominate, setup.allowance.daily, str(setup.budget.day)) == (7, 4, "2.50")
    assert setup.retention_days == 30


@pytest.mark.parametrize("use", ["create", "review", "exhibit", "announcements"])
async def test_what_the_bot_lacks_in_a_channel_is_said_when_it_is_chosen(server, use):
    shown = await server.overview()
    opened = await server.admin.press(shown, "o:setup:channels")
    saved = await (await server.admin.submit(opened, {use: str(server.mute.id)})).answer()
    assert "mute" in texts(saved)
    assert "Send Messages" in texts(saved)


async def test_the_right_to_give_the_winners_role_is_asked_for_when_it_is_chosen(server):
    opened = await server.admin.press(await server.overview(), "o:setup:roles")
    saved = await (await server.admin.submit(opened, {"winner": str(server.champion)})).answer()
    assert "⚠️" in texts(saved)


@pytest.fixture(params=["member", "moderator"])
def other(request, server):
    return server.others[request.param]


async def test_who_is_no_admin_is_refused_every_word(server, other):
    for word in WORDS:
        asked = await other.slash(server.wire.channel, f"olympic-admin {word}")
        assert "Only admins" in texts(await asked.answer()), word
    assert await server.chosen() == Setup()


async def test_who_is_no_admin_is_refused_forged_buttons(server, other):
    shown = await server.overview()
    for custom_id in FORGED:
        asked = await other.forge(shown, f"o:{custom_id}")
        assert "Only admins" in texts(await asked.answer()), custom_id
        assert asked.modal is None


async def test_who_is_no_admin_is_refused_an_admins_form(server, other):
    opened = await server.admin.press(await server.overview(), "o:setup:roles")
    await opened.form()
    sent = await other.submit(opened, {"admins": str(server.judges)})
    assert "Only admins" in texts(await sent.answer())
    assert replace(await server.chosen(), done=()) == Setup()


async def let_through(server, folder, who, forms) -> list[str]:
    """Forged forms that changed something or were not refused in words."""
    found = []
    for action in forms:
        before = forgeries.records(folder)
        sent = await who.forge_form(server.wire.channel, f"o:{action}", forgeries.VALUES)
        said = texts(await sent.answer())
        if forgeries.records(folder) != before or not said.strip() or "incident" in said:
            found.append(f"{action}: {said}")
    return found


async def test_forged_forms_of_admins_change_nothing(server, other, tmp_path):
    assert await let_through(server, tmp_path, other, forgeries.OWN_ADMINS_FORMS) == []


async def test_forged_forms_with_ids_of_another_server_change_nothing(server, tmp_path):
    await forgeries.furnished(server.world, Community("discord", "8001"))
    for who in (server.admin, *server.others.values()):
        assert await let_through(server, tmp_path, who, forgeries.FOREIGN_FORMS) == []


async def test_a_role_that_the_setup_names_makes_admins(server):
    opened = await server.admin.press(await server.overview(), "o:setup:roles")
    await (await server.admin.submit(opened, {"admins": str(server.judges)})).answer()
    server.anna.roles.append(server.judges)
    shown = await (await server.anna.slash(server.wire.channel, "olympic-admin setup")).answer()
    assert "o:setup:channels" in buttons(shown)
    assert server.wire.core.asked[-1].member.role is Role.MEMBER
