"""One person on several platforms, several communities in one contest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import linking
from bot.model.command import Create, Delete, JoinContest, Link, NameMe, PauseMember, Unlink
from bot.model.people import Community, Role
from bot.model.setup import Act
from tests.fakes import COMMUNITY, member
from tests.hanging import hang

ADA, BEN, EVE = member("ada"), member("ben"), member("eve")
OTHER = Community("fake", "c2")
CHIEF, BOSS = member("chief", role=Role.ADMIN), member("boss", role=Role.ADMIN, community=OTHER)


async def code(world, who, wish=None) -> str:
    reply = await world.ask(wish or Link(), who)
    return reply.told[0].lines[0].strip("*")


async def person(world, name: str) -> str:
    return (await world.repos.people.get(f"fake:c1:{name}")).person


@given(st.text())
def test_whatever_is_typed_is_read_without_failing(said) -> None:
    assert linking.read(said) == linking.read(linking.read(said))


def test_a_code_is_read_as_it_was_shown() -> None:
    made = linking.new_code()
    assert linking.read(linking.shown(made).lower()) == made


async def test_a_code_joins_two_accounts_to_one_person_and_both_hear_of_it(world) -> None:
    reply = await world.ask(Link(await code(world, ADA)), BEN)
    await world.engine.postman.round()

    assert await person(world, "ben") == await person(world, "ada")
    assert "Joined with Ada" in reply.text
    assert [(who, "Ben" in card.lines[0]) for who, card in world.platform.whispers] == [("ada", True)]


async def test_a_code_works_once(world) -> None:
    said = await code(world, ADA)
    await world.ask(Link(said), BEN)

    reply = await world.ask(Link(said), EVE)

    assert ("used already" in reply.text, await person(world, "eve")) == (True, "fake:c1:eve")


async def test_an_expired_code_is_answered_with_a_sentence(world) -> None:
    said = await code(world, ADA)
    world.clock.time += timedelta(minutes=10)

    assert "older than 10 minutes" in (await world.ask(Link(said), BEN)).text


async def test_a_new_code_ends_the_one_before(world) -> None:
    said = await code(world, ADA)
    await code(world, ADA)

    assert "no such code" in (await world.ask(Link(said), BEN)).text


async def test_ones_own_code_joins_nothing(world) -> None:
    assert "very account" in (await world.ask(Link(await code(world, ADA)), ADA)).text


async def test_who_tries_codes_has_to_wait_even_with_a_good_one_and_after_a_restart(world) -> None:
    good = await code(world, ADA)
    for _ in range(5):
        await world.ask(Link("AAAA-AAAA"), EVE)
    await world.crash()

    assert "Too many wrong codes" in (await world.ask(Link(good), EVE)).text


async def test_wrong_tries_are_forgiven_in_time(world) -> None:
    for _ in range(5):
        await world.ask(Link("AAAA-AAAA"), EVE)
    world.clock.time += timedelta(minutes=11)

    assert "Joined" in (await world.ask(Link(await code(world, ADA)), EVE)).text


@pytest.mark.parametrize(("leaver", "stays"), [(ADA, ["ben", "eve"]), (BEN, ["ada", "eve"])])
async def test_an_account_that_leaves_is_a_person_of_its_own_and_the_others_stay_together(world, leaver, stays) -> None:
    await world.ask(NameMe("The Foxes"), ADA)
    for other in (BEN, EVE):
        await world.ask(Link(await code(world, ADA)), other)

    await world.ask(Unlink(), leaver)

    persons = [await person(world, name) for name in (leaver.id, *stays)]
    names = [(await world.repos.people.profile(one)).name for one in persons]
    assert (len(set(persons)), persons[1] == persons[2]) == (2, True)
    assert names == ["The Foxes"] * 3


@pytest.mark.parametrize("resting", [ADA, BEN])
async def test_whoever_links_a_paused_account_is_paused_with_all_and_stays_so_when_it_leaves(world, resting) -> None:
    said = await code(world, ADA)
    await world.ask(Link("AAAA-AAAA"), BEN)
    await world.ask(PauseMember(resting.id, "flooding"), CHIEF)
    await world.ask(Link(said), BEN)
    assert [await paused(world, who) for who in (ADA, BEN)] == [True, True]

    await world.ask(Unlink(), BEN)
    assert [await paused(world, who) for who in (ADA, BEN)] == [True, True]


async def paused(world, who) -> bool:
    return "paused you" in (await world.ask(Create("A fox", sport="luge"), who)).text


async def test_a_pause_goes_along_into_the_contest_a_community_joins_and_no_further(world) -> None:
    owner = member("eve", community=OTHER)
    await world.ask(Link("AAAA-AAAA"), owner)
    await world.ask(PauseMember("eve", "flooding"), BOSS)
    assert [contest for contest, _ in (await world.repos.people.get("fake:c2:eve")).pauses] == [str(OTHER)]

    await world.ask(JoinContest(await code(world, CHIEF, JoinContest())), BOSS)

    assert await paused(world, owner)


async def test_an_account_of_its_own_cannot_be_unlinked(world) -> None:
    assert "linked with no other" in (await world.ask(Unlink(), ADA)).text


async def test_a_community_joins_the_contest_of_another(world) -> None:
    said = await code(world, CHIEF, JoinContest())

    reply = await world.ask(JoinContest(said), BOSS)
    await world.engine.postman.round()

    assert (await world.repos.communities.get(OTHER)).contest == str(COMMUNITY)
    assert [line.act for line in await world.repos.audit.latest(OTHER)] == [Act.JOIN]
    assert ("vote together" in reply.text, world.platform.whispers[0][0]) == (True, "chief")


async def test_works_made_before_joining_are_still_their_makers(world) -> None:
    owner = member("ada", community=OTHER)
    await hang(world, "a", owner, OTHER)

    await world.ask(JoinContest(await code(world, CHIEF, JoinContest())), BOSS)

    assert "delete-sure:a" in [button.action for button in (await world.ask(Delete("a"), owner)).told[0].buttons]


async def test_a_persons_code_does_not_join_communities(world) -> None:
    reply = await world.ask(JoinContest(await code(world, CHIEF)), BOSS)

    assert ("no such code" in reply.text, (await world.repos.communities.get(OTHER)).contest) == (True, str(OTHER))


@pytest.mark.parametrize("wish", [JoinContest(), JoinContest("ABCDEFGH")])
async def test_only_admins_join_communities(world, wish) -> None:
    assert "Only admins" in (await world.ask(wish, ADA)).text
