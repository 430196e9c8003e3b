"""The platform's reactions are the truth, and what follows from a tally."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import Core
from bot.errors import PlatformBusy, StorageError
from bot.model.contest import Cleared, EntryState, Reacted, Resumed, Round, Shown, Vanished, Why
from bot.model.people import Community
from bot.model.setup import Setup, Voting
from bot.usecases.counting import Recounted, recount, recount_entries, settle
from tests.fakes import COMMUNITY, FakePlatform
from tests.hanging import found, hang, hang_copy, press, votes


def reacted(world, ref, *names: str, emoji: str = "🏅") -> None:
    """What happens while nobody listens."""
    world.platform.messages[ref.id].reactions[emoji] = dict.fromkeys(names, False)


async def test_what_was_missed_is_added_and_what_is_gone_removed(world):
    ref = await hang(world)
    await press(world, ref, "bea")
    await press(world, ref, "cleo")
    reacted(world, ref, "cleo", "dan", "eve")
    assert await recount(world.house, ref) == Recounted(1, added=2, removed=1)
    assert await votes(world) == 3


async def test_a_recount_judges_like_a_vote_and_leaves_earlier_verdicts(world):
    ref = await hang(world)
    world.platform.blind.add("bea")
    await press(world, ref, "bea")
    world.platform.blind.clear()
    reacted(world, ref, "ada", "bea", "cleo")
    await recount(world.house, ref)
    assert {one.account: one.why for one in await world.repos.votes.of("a")} == {
        "fake:c1:ada": Why.OWN,
        "fake:c1:bea": Why.UNSEEN,
        "fake:c1:cleo": None,
    }


class Interrupted(FakePlatform):
    """Something happens while the pages are read."""

    async def voters(self, ref, emoji):
        async for voter in super().voters(ref, emoji):
            yield voter
        await self.meanwhile()


async def test_a_vote_heard_while_the_pages_are_read_is_not_undone(world):
    ref = await hang(world)
    reacted(world, ref, "bea")
    interrupted = Interrupted()
    interrupted.messages = world.platform.messages
    interrupted.meanwhile = lambda: press(world, ref, "cleo")
    world.platform.voters = interrupted.voters
    await recount(world.house, ref)
    assert await votes(world) == 2


async def test_a_vote_taken_back_while_the_pages_are_read_stays_taken_back(world):
    ref = await hang(world)
    await press(world, ref, "bea")
    interrupted = Interrupted()
    interrupted.messages = world.platform.messages
    interrupted.meanwhile = lambda: press(world, ref, "bea", on=False)
    world.platform.voters = interrupted.voters
    await recount(world.house, ref)
    assert await votes(world) == 0


async def test_a_message_found_missing_is_gone(world):
    ref = await hang(world)
    world.platform.messages.clear()
    await recount(world.house, ref)
    assert (await world.repos.showings.at(ref)).gone


async def test_at_the_close_all_messages_of_an_entry_are_read(world):
    ref = await hang(world)
    copy = await hang_copy(world, ref)
    reacted(world, ref, "bea")
    reacted(world, copy, "bea", "cleo")
    assert await recount_entries(world.house, ["a"]) == Recounted(2, added=3)
    assert await votes(world) == 2


async def test_a_message_that_was_read_at_the_close_takes_no_later_votes_while_others_are_waited_for(world):
    ref, now = await hang(world), world.clock.now()
    hour = timedelta(hours=1)
    theme = Round("r1", str(COMMUNITY), 1, "Night", now, now + hour, now + 2 * hour)
    await world.repos.rounds.add(theme)
    assert await world.repos.rounds.join("r1", "a", 0, now)
    counted = []
    for late, who in ((timedelta(seconds=10), "bea"), (timedelta(minutes=40), "cleo")):
        world.clock.time = theme.ends + late
        reacted(world, ref, who, *(["bea"] if who == "cleo" else []))
        await recount_entries(world.house, ["a"], theme.ends)
        counted.append(await votes(world))
    assert counted == [1, 1]


async def test_a_busy_platform_is_asked_again_and_then_given_up_for_now(world):
    ref = await hang(world)
    reacted(world, ref, "bea")
    world.platform.failures += [PlatformBusy("slow down")] * 2
    assert await recount_entries(world.house, ["a"]) == Recounted(1, added=1)
    world.platform.failures += [PlatformBusy("slow down")] * 4
    assert await recount_entries(world.house, ["a"]) == Recounted(failed=1)


async def test_a_start_counts_what_happened_while_nobody_listened(world):
    ref = await hang(world)
    reacted(world, ref, "bea")
    await world.start()
    async with asyncio.timeout(30):
        while await votes(world) != 1:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("community", "expected"), [(None, 1), (COMMUNITY, 1), (Community("fake", "c2"), 0)])
async def test_after_an_outage_the_messages_there_are_read_again(world, community, expected):
    await hang(world)
    await world.core.hear(Resumed("fake", community))
    assert len(world.house.polls.recounts) == expected


async def test_messages_of_old_entries_are_left_alone(world):
    await hang(world)
    world.clock.time += timedelta(days=31)
    await world.core.hear(Resumed("fake"))
    assert len(world.house.polls.recounts) == 0


async def test_a_message_is_read_once_more_after_its_votes_so_that_disorder_heals(world):
    ref = await hang(world)
    await press(world, ref, "bea")
    assert len(world.house.polls.recounts) == 1
    world.clock.time += timedelta(seconds=61)
    assert await world.house.polls.recounts.take() == [ref]


class Away:
    """Showings of a database that does not answer the first few questions."""

    def __init__(self, showings, times: int) -> None:
        self._showings = showings
        self._times = times

    def __getattr__(self, name: str):
        if self._times:
            self._times -= 1
            raise StorageError("the database is being restarted")
        return getattr(self._showings, name)


def away(world, times: int = 1) -> Core:
    """A core whose database is being restarted."""
    repos = replace(world.repos, showings=Away(world.repos.showings, times))
    return Core(replace(world.house, tools=replace(world.house.tools, repos=repos)))


@pytest.mark.parametrize("heard", ["reacted", "cleared", "vanished"])
async def test_what_was_heard_while_the_database_was_away_is_counted_once_it_is_back(world, heard):
    ref = await hang(world)
    what = {"reacted": Reacted(ref, "🏅", "bea", True), "cleared": Cleared(ref), "vanished": Vanished((ref,))}[heard]
    core = away(world)
    await core.hear(what)
    assert len(core._house.polls.recounts) == 1


async def test_an_outage_that_ends_while_the_database_is_away_is_counted_once_it_is_back(world):
    await hang(world)
    core = away(world, 2)
    await core.hear(Resumed("fake"))
    assert len(core._house.polls.recounts) == 1


async def test_where_nobody_votes_nothing_is_counted(world):
    ref = await hang_copy(world, await hang(world), Shown.EXHIBIT)
    assert await recount(world.house, ref) == Recounted()


async def test_a_new_voter_is_remembered_by_name_and_in_the_communitys_language(world):
    await world.set_up(Setup(language="ja"))
    ref = await hang(world)
    await world.start()
    await press(world, ref, "bea")
    async with asyncio.timeout(30):
        while not (known := await world.repos.people.get("fake:c1:bea")):
            await asyncio.sleep(0.01)
    assert (known.name, known.member, known.language) == ("bea", "bea", "ja")


async def state(world) -> EntryState:
    return (await found(world)).state


async def crowd(world, ref, count: int, *, on: bool = True) -> None:
    for number in range(count):
        await press(world, ref, f"m{number}", on=on)
    await settle(world.house, ["a"])


async def test_enough_votes_bring_an_entry_before_the_moderators(world):
    await world.set_up(Setup(voting=Voting(nominate=3, drop=2)))
    ref = await hang(world)
    await crowd(world, ref, 2)
    assert await state(world) is EntryState.OPEN
    await crowd(world, ref, 3)
    assert await state(world) is EntryState.NOMINATED


async def test_an_entry_that_lost_its_votes_leaves_their_queue(world):
    await world.set_up(Setup(voting=Voting(nominate=3, drop=2)))
    ref = await hang(world)
    await crowd(world, ref, 3)
    await crowd(world, ref, 1, on=False)
    assert await state(world) is EntryState.NOMINATED
    await crowd(world, ref, 2, on=False)
    assert await state(world) is EntryState.OPEN


async def test_a_vote_nominates_by_itself(world):
    await world.set_up(Setup(voting=Voting(nominate=1, drop=1)))
    ref = await hang(world)
    await world.start()
    await press(world, ref, "bea")
    async with asyncio.timeout(30):
        while await state(world) is not EntryState.NOMINATED:
            await asyncio.sleep(0.01)


async def test_where_nothing_is_nominated_by_votes_nothing_is(world):
    await world.set_up(Setup(voting=Voting(nominate=0, drop=0)))
    await crowd(world, await hang(world), 9)
    assert await state(world) is EntryState.OPEN
