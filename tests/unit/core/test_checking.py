"""What moderators ask about votes."""

from __future__ import annotations

import pytest

from bot.model.command import Recount, Report
from bot.model.contest import Facts
from bot.model.people import Community, Role
from bot.model.setup import Act
from bot.syntax import parse, press
from tests import hanging
from tests.fakes import COMMUNITY, member
from tests.hanging import hang, votes

MODERATOR = member("mo", role=Role.MODERATOR)


@pytest.mark.parametrize("wish", [Recount(), Recount("a"), Report(), Report("a")])
async def test_members_may_not(world, wish):
    await hang(world)
    assert "Only moderators" in (await world.ask(wish, member("bea"))).text


def test_the_words_and_buttons_are_understood():
    assert [parse("recount abc"), parse("votes report"), press("recount:abc"), press("votes-report:abc")] == [
        Recount("abc"),
        Report(),
        Recount("abc"),
        Report("abc"),
    ]


async def test_one_work_is_counted_again_at_once_and_on_the_record(world):
    ref = await hang(world)
    world.platform.messages[ref.id].reactions["🏅"] = {"bea": False, "cleo": False}
    reply = await world.ask(Recount("a"), MODERATOR)
    assert "**2** votes (2 added, 0 removed)" in reply.text
    assert await votes(world) == 2
    line = (await world.repos.audit.latest(COMMUNITY))[0]
    assert (line.act, line.actor, line.subject) == (Act.RECOUNT, "fake:c1:mo", "a")


async def test_all_works_are_counted_again_in_the_background(world):
    refs = [await hang(world, name) for name in ("a", "b")]
    reply = await world.ask(Recount(), MODERATOR)
    assert "2 messages" in reply.text
    assert await world.house.polls.recounts.take() == refs


async def test_another_contests_work_is_not_found(world):
    await hang(world, "b", community=Community("fake", "c2"))
    assert "no longer there" in (await world.ask(Recount("b"), MODERATOR)).text


async def test_a_report_tells_of_bursts_and_leads_to_the_work(world):
    ref = await hang(world)
    for number in range(9):
        await hanging.press(world, ref, f"m{number}")
    reply = await world.ask(Report(), MODERATOR)
    assert "9 votes within two minutes" in reply.text
    assert [button.action for button in reply.told[0].buttons] == ["votes-report:a"]
    assert await votes(world) == 9


async def test_a_report_of_one_work_tells_of_new_accounts_and_offers_a_recount(world):
    ref = await hang(world)
    for name in ("bea", "cleo", "dan"):
        world.platform.people[name] = Facts(name, created=world.clock.now())
        await hanging.press(world, ref, name)
    reply = await world.ask(Report("a"), MODERATOR)
    assert "3 accounts too new to count" in reply.text
    assert [button.action for button in reply.told[0].buttons] == ["recount:a"]


async def test_a_report_names_pairs_who_vote_for_each_other(world):
    for who, other in (("ada", "bea"), ("bea", "ada")):
        for number in range(3):
            ref = await hang(world, f"{who}{number}", member(who))
            await hanging.press(world, ref, other)
    assert "vote almost only for each other (3/3 and 3/3" in (await world.ask(Report(), MODERATOR)).text


async def test_nothing_odd_is_said_so(world):
    await hang(world)
    assert "Nothing stands out among the votes of 1 work." in (await world.ask(Report(), MODERATOR)).text
