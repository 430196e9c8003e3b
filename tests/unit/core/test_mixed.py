"""One contest on two platforms: one whose accounts are the same in all its communities, one where they are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model.command import Approve, Delete, JoinContest, Link, Unlink
from bot.model.contest import EntryState, Reacted, Resumed, Shown
from bot.model.people import Community, MessageRef, Role
from bot.model.setup import VOTE_EMOJI, Channels, Setup, Voting
from bot.usecases import counting
from tests.fakes import COMMUNITY, FakePlatform, member
from tests.hanging import found, hang, votes

TEAM = Community("slate", "T1")
CHIEF, BOSS = member("chief", role=Role.ADMIN), member("boss", role=Role.ADMIN, community=TEAM)
MOD, ELSEWHERE = member("mo", role=Role.MODERATOR), member("mo", community=TEAM)
ADA, XENIA = member("ada"), member("xenia")


class Slate(FakePlatform):
    """The second platform."""

    name = "slate"


@pytest.fixture
async def world(world):
    """Both communities, joined by the code that an admin of one said to an admin of the other."""
    world.platform.traits = replace(world.platform.traits, shared_accounts=True)
    world.others = (Slate(),)
    await world.crash()
    for community, channels in (
        (COMMUNITY, Channels(announcements="news", review="reviews", exhibit="hall")),
        (TEAM, Channels(announcements="news", exhibit="hall")),
    ):
        home = await world.repos.communities.see(community, str(community), world.clock.now())
        await world.repos.communities.change(home, Setup(channels=channels, voting=Voting(nominate=3, drop=2)))
    await world.ask(JoinContest(await code(world, JoinContest(), CHIEF)), BOSS)
    return world


async def code(world, wish, who) -> str:
    return (await world.ask(wish, who)).told[0].lines[0].strip("*")


async def one_person(world, one, other) -> None:
    await world.ask(Link(await code(world, Link(), one)), other)


def at(world, ref: MessageRef):
    """The platform of a message."""
    return next(one for one in (world.platform, *world.others) if one.name == ref.community.platform)


async def press(world, ref: MessageRef, who: str, *, heard: bool = True) -> None:
    """A reaction; `heard`: the bot is told of it."""
    at(world, ref).messages[ref.id].reactions.setdefault(VOTE_EMOJI, {})[who] = False
    if heard:
        await world.core.hear(Reacted(ref, VOTE_EMOJI, who, on=True))


async def hung(world) -> tuple[MessageRef, MessageRef]:
    """A work of Ada's under its own message and as a copy on the other platform."""
    await hang(world, maker=ADA)
    await world.engine.showcase.present("a")
    (copy,) = await world.repos.showings.of("a", {Shown.COPY})
    assert copy.ref.community == TEAM
    return (await found(world)).message, copy.ref


async def test_votes_of_both_platforms_are_added_and_a_linked_person_has_one(world):
    own, copy = await hung(world)
    await one_person(world, XENIA, member("yuri", community=TEAM))
    await press(world, own, "xenia")
    await press(world, copy, "yuri")
    await press(world, copy, "zoe")
    await world.house.polls.changed.take()
    assert await votes(world) == 2
    await world.ask(Unlink(), member("yuri", community=TEAM))
    await world.house.polls.changed.take()  # not before what was counted a moment ago is forgotten
    assert await votes(world) == 3


async def test_the_same_name_on_both_platforms_is_two_people(world):
    own, copy = await hung(world)
    await press(world, own, "zoe")
    await press(world, copy, "zoe")
    assert await votes(world) == 2


async def test_a_makers_account_on_the_other_platform_has_no_vote(world):
    _, copy = await hung(world)
    await one_person(world, ADA, member("ada-at-work", community=TEAM))
    await press(world, copy, "ada-at-work")
    assert await votes(world) == 0


async def test_from_votes_on_both_platforms_to_the_exhibit_of_both_with_an_outage_and_a_restart(world):
    own, copy = await hung(world)
    await press(world, own, "xenia")
    await press(world, copy, "zoe", heard=False)
    await world.core.hear(Resumed("slate"))
    for ref in await counting.recent(world.house):
        await counting.recount(world.house, ref)
    await press(world, copy, "will")
    await world.crash()
    await counting.settle(world.house, ["a"])
    await world.engine.curator.look()
    assert (await found(world)).state is EntryState.NOMINATED
    assert "Only moderators" in (await world.ask(Approve("a"), ELSEWHERE)).text
    await world.ask(Approve("a"), MOD)
    await world.crash()
    await world.engine.curator.look()
    exhibits = await world.repos.showings.of("a", {Shown.EXHIBIT})
    assert sorted(str(one.ref.community) for one in exhibits) == sorted((str(COMMUNITY), str(TEAM)))
    assert (await found(world)).review.votes == 3


async def test_a_work_taken_back_on_one_platform_is_gone_from_both(world):
    _, copy = await hung(world)
    await one_person(world, ADA, member("ada-at-work", community=TEAM))
    await world.ask(Delete("a", sure=True), member("ada-at-work", community=TEAM))
    assert (world.platform.entries, at(world, copy).entries) == ([], [])
