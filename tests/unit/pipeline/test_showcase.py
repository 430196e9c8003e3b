"""A work's cards after it was delivered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from bot.cards import Stands, stands_lines
from bot.errors import OlympicError, PlaceForbidden, PlatformBusy
from bot.locales import words
from bot.model.card import Card
from bot.model.command import Create, Delete
from bot.model.contest import EntryState, Shown
from bot.model.people import Community, MessageRef, Place
from bot.model.setup import Channels, Setup, Voting
from bot.pipeline.showcase import CALM
from tests.fakes import COMMUNITY, FakePlatform, until
from tests.hanging import hang, hang_copy, press

OTHER = Community("fake", "c2")


def text(world, ref) -> str:
    return "\n".join(world.platform.messages[ref.id].card.lines)


def reactions(world, ref) -> list[str]:
    return list(world.platform.messages[ref.id].reactions)


async def test_a_delivered_work_asks_for_votes_and_can_be_voted_on_with_one_press(world):
    await world.start()
    await world.ask(Create("A fox on skis", sport="ski-jumping"))
    await world.ended()
    posted = world.platform.entries[0]
    assert "No votes yet: press 🏅" in "\n".join(posted.card.lines)
    await until(lambda: posted.reactions == {"🏅": {"the-bot": True}}, 30)


async def test_a_card_follows_its_votes(world):
    ref = await hang(world)
    await world.start()
    await press(world, ref, "bea")
    await until(lambda: "🏅 **1** vote" in text(world, ref), 30)


async def test_every_message_of_a_work_follows(world):
    ref = await hang(world)
    copy = await hang_copy(world, ref)
    await world.start()
    await press(world, ref, "bea")
    await until(lambda: "**1** vote" in text(world, ref) and "**1** vote" in text(world, copy), 30)


async def test_hidden_tallies_stay_hidden_while_voting_is_open(world):
    await world.set_up(Setup(voting=Voting(hidden=True)))
    ref = await hang(world)
    await world.start()
    await press(world, ref, "bea")
    await until(lambda: "shown when voting has closed" in text(world, ref), 30)


def test_what_became_of_a_work_stands_on_its_card():
    lines = stands_lines(words("en"), Stands("🏅", 3, jury=1, state=EntryState.APPROVED, remixes=2))
    assert lines == ("🏅 **3** votes · 1 of the jury", "🏛️ Hangs in the exhibit", "🎬 **2** remixes")


async def test_a_burst_is_one_redrawing_in_ten_seconds_and_the_last_state_arrives(world):
    ref, began = await hang(world), world.clock.now()
    await world.start()
    for number in range(20):
        await press(world, ref, f"m{number}")
    await until(lambda: "**20** votes" in text(world, ref), 30)
    assert world.platform.messages[ref.id].edits <= 1 + (world.clock.now() - began).total_seconds() / CALM


async def test_a_reaction_missed_in_a_crash_is_hung_at_the_next_start(world):
    ref = await hang(world)
    assert reactions(world, ref) == []
    await world.start()
    await until(lambda: reactions(world, ref) == ["🏅"], 30)


async def test_a_reaction_is_tried_again_while_the_platform_is_away(world):
    ref = await hang(world)
    world.platform.failures.append(PlatformBusy("away"))
    await world.start()
    await until(lambda: reactions(world, ref) == ["🏅"], 30)


async def test_an_emoji_the_bot_may_not_use_gives_way_and_is_told_once(world):
    await world.set_up(Setup(channels=Channels(review="mods"), voting=Voting(emoji=":gold:")))
    world.platform.unusable.add(":gold:")
    refs = [await hang(world, name) for name in ("a", "b")]
    for name in ("a", "b"):
        await world.engine.showcase.present(name)
    assert [reactions(world, ref) for ref in refs] == [["🏅"], ["🏅"]]
    told = [posted.card for posted in world.platform.messages.values() if posted.place.channel == "mods"]
    assert [card.lines for card in told] == [
        ("I may not react with :gold: here, so people vote with 🏅. An admin can choose another emoji.",)
    ]
    await press(world, refs[0], "bea")
    assert (await world.repos.votes.tally(["a"]))["a"].votes == 1


async def joined(world, channels: Channels) -> None:
    for community in (COMMUNITY, OTHER):
        await world.repos.communities.see(community, str(community), world.clock.now())
        await world.repos.communities.join(community, "together", world.clock.now())
    home = await world.repos.communities.get(OTHER)
    await world.repos.communities.change(home, Setup(channels=channels))


async def test_a_work_is_copied_once_into_the_other_communities_of_its_contest(world):
    await joined(world, Channels(announcements="news", create=("ideas",)))
    await hang(world)
    for _ in range(2):
        await world.engine.showcase.present("a")
    copies = await world.repos.showings.of("a", {Shown.COPY})
    assert [(one.ref.community, one.ref.channel, one.emoji) for one in copies] == [(OTHER, "news", "🏅")]
    posted = world.platform.messages[copies[0].ref.id]
    assert (posted.file, len(world.platform.entries)) == (b"film a", 2)


@pytest.mark.parametrize("trouble", [PlaceForbidden("no", missing="Send Messages"), PlatformBusy("slow down")])
async def test_a_community_that_takes_no_copy_keeps_nobody_from_voting(world, trouble):
    await joined(world, Channels(announcements="news"))
    ref = await hang(world)
    world.platform.unpublished.extend([trouble] * 9)
    with suppress(OlympicError):
        await world.engine.showcase.present("a")
    assert reactions(world, ref) == ["🏅"]


async def test_a_community_without_a_channel_gets_no_copy(world):
    await joined(world, Channels())
    await hang(world)
    await world.engine.showcase.present("a")
    assert await world.repos.showings.of("a", {Shown.COPY}) == []


class Meanwhile(FakePlatform):
    """Somebody does something between the posting of a work and our hearing of it."""

    doing: Callable[[], Awaitable[object]] | None = None

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        ref = await super().publish(place, card, key=key, again=again, instead_of=instead_of)
        doing, self.doing = self.doing, None
        if doing:
            await doing()
        return ref


async def test_a_work_taken_back_while_it_is_copied_hangs_nowhere(world):
    world.platform = Meanwhile()
    await world.crash()
    await joined(world, Channels(announcements="news"))
    await hang(world)
    world.platform.doing = lambda: world.ask(Delete("a", sure=True))
    await world.engine.showcase.present("a")
    assert world.platform.entries == []
    assert await world.repos.showings.of("a") == []
