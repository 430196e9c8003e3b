"""What every implementation of `bot.ports.Rounds` promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.model.contest import EntryState, Rank, Round
from bot.model.setup import Act, AuditLine
from bot.ports import Decision
from storage import Storage
from tests.contract.test_entries import made
from tests.samples import CLIP, GUILD, KAI, NOON, entry, job

DAY = timedelta(days=1)
LINE = AuditLine(NOON, GUILD, "discord:42", Act.ROUND, "r1", "", "opened")


def contest_round(name: str = "r1", *, start: int = 0, **fields) -> Round:
    opens = NOON + start * DAY
    kept = Round(name, "snow", 0, "Night", opens, opens + 7 * DAY, opens + 9 * DAY, themes=("Night", "Dawn"))
    return replace(kept, **fields)


async def hung(storage: Storage, name: str, **fields) -> None:
    """An entry of the contest."""
    await storage.jobs.add(job(name, **fields))
    await storage.jobs.admit(lambda waiting, running: [name])
    mine = await storage.jobs.take(name)
    await storage.jobs.finished(mine, CLIP, entry(mine, name, contest="snow"))


async def test_rounds_are_numbered_within_their_contest(storage: Storage):
    first = await storage.rounds.add(contest_round())
    second = await storage.rounds.add(contest_round("r2", start=7))
    other = await storage.rounds.add(contest_round("r3", contest="ice"))
    assert [one.number for one in (first, second, other)] == [1, 2, 1]
    assert await storage.rounds.get("r2") == second


async def test_works_cannot_be_entered_in_two_rounds_at_once(storage: Storage):
    await storage.rounds.add(contest_round())
    assert await storage.rounds.add(contest_round("r2", start=6)) is None
    assert await storage.rounds.get("r2") is None


async def test_adding_the_same_round_again_changes_nothing_and_is_noted_once(storage: Storage):
    first = await storage.rounds.add(contest_round(), LINE)
    assert await storage.rounds.add(contest_round(theme="Other"), LINE) == first
    assert len(await storage.audit.of_subject("r1", Act.ROUND)) == 1


async def test_of_two_that_open_a_round_at_once_one_does(storage: Storage):
    made = await asyncio.gather(*(storage.rounds.add(contest_round(f"r{n}")) for n in range(4)))
    assert sum(one is not None for one in made) == 1


async def test_rounds_that_ended_since_a_moment_are_found(storage: Storage):
    for number, name in enumerate(("r1", "r2", "r3")):
        await storage.rounds.add(contest_round(name, start=7 * number))
    await storage.rounds.closed("r1", NOON + 9 * DAY)
    await storage.rounds.closed("r2", NOON + 16 * DAY)
    assert [one.id for one in await storage.rounds.ended(NOON + 10 * DAY)] == ["r2"]


async def test_a_film_is_kept_only_while_all_its_works_stand(storage: Storage):
    await storage.rounds.add(contest_round())
    await hung(storage, "a")
    await storage.entries.delete("a", NOON)
    kept = await storage.rounds.reeled("r1", "film", ["a"])
    assert kept is not None
    assert kept.reel == ""


async def test_a_film_that_is_torn_is_cut_anew_even_after_the_end(storage: Storage):
    await storage.rounds.add(contest_round())
    await storage.rounds.reeled("r1", "film")
    await storage.rounds.closed("r1", NOON + 9 * DAY)
    assert await storage.rounds.torn() == []
    await storage.rounds.tear("r1", "another")
    assert await storage.rounds.torn() == []
    await storage.rounds.tear("r1", "film")
    assert [(one.id, one.reel) for one in await storage.rounds.torn()] == [("r1", "")]
    await storage.rounds.reeled("r1", "shorter")
    await storage.rounds.mended("r1", "film")
    assert [(one.id, one.reel) for one in await storage.rounds.torn()] == [("r1", "shorter")]
    await storage.rounds.mended("r1", "shorter")
    assert await storage.rounds.torn() == []


async def test_a_round_is_found_by_what_may_be_done_in_it(storage: Storage):
    await storage.rounds.add(contest_round())
    assert (await storage.rounds.current("snow", NOON)).id == "r1"
    assert await storage.rounds.current("snow", NOON + 7 * DAY) is None
    assert [one.id for one in await storage.rounds.voting("snow", NOON + 8 * DAY)] == ["r1"]
    assert await storage.rounds.voting("snow", NOON + 10 * DAY) == []
    assert [one.id for one in await storage.rounds.coming("snow", NOON - DAY)] == ["r1"]


async def test_a_round_is_due_from_its_opening_to_the_end_of_its_ceremony(storage: Storage):
    await storage.rounds.add(contest_round())
    assert await storage.rounds.due(NOON - DAY) == []
    assert len(await storage.rounds.due(NOON + 20 * DAY)) == 1
    assert await storage.rounds.closed("r1", NOON + 20 * DAY)
    assert await storage.rounds.due(NOON + 21 * DAY) == []
    assert [one.id for one in await storage.rounds.over("snow")] == ["r1"]


async def test_what_is_noted_once_is_not_noted_again(storage: Storage):
    await storage.rounds.add(contest_round())
    assert [await storage.rounds.announced("r1", NOON) for _ in range(2)] == [True, False]
    assert [await storage.rounds.closed("r1", NOON) for _ in range(2)] == [True, False]


async def test_the_first_ranking_and_the_first_reel_stay(storage: Storage):
    await storage.rounds.add(contest_round())
    for votes in (3, 9):
        kept = await storage.rounds.ranked("r1", [Rank("a", 1, votes, 1, 0.4)])
    for blob in ("one", "two"):
        kept = await storage.rounds.reeled("r1", blob)
    assert (kept.places, kept.reel) == ((Rank("a", 1, 3, 1, 0.4),), "one")


async def test_of_two_that_close_a_round_one_does_and_it_is_not_repeated(storage: Storage):
    old = await storage.rounds.add(contest_round(repeat="weekly"))
    moved = [await storage.rounds.move(old, NOON + DAY, NOON + 3 * DAY, LINE) for _ in range(2)]
    assert moved[1] is None
    assert (moved[0].closes, moved[0].ends, moved[0].repeat) == (NOON + DAY, NOON + 3 * DAY, "")


async def test_only_a_round_that_has_not_opened_is_called_off(storage: Storage):
    await storage.rounds.add(contest_round(start=1))
    assert await storage.rounds.call_off("r1", NOON + 2 * DAY, LINE) is None
    assert await storage.rounds.call_off("r1", NOON, LINE)
    assert await storage.rounds.call_off("r1", NOON, LINE) is None
    assert await storage.rounds.over("snow") == []


async def test_a_work_enters_one_round_only(storage: Storage):
    await storage.rounds.add(contest_round())
    await storage.rounds.add(contest_round("r2", start=7))
    await hung(storage, "a")
    assert await storage.rounds.join("r1", "a", 3, NOON)
    assert await storage.rounds.join("r1", "a", 1, NOON)
    assert not await storage.rounds.join("r2", "a", 3, NOON + 7 * DAY)
    assert [one.id for one in await storage.rounds.entries("r1")] == ["a"]


async def test_nobody_has_more_works_in_a_round_than_allowed_however_many_arrive_at_once(storage: Storage):
    await storage.rounds.add(contest_round())
    for name in "abcd":
        await hung(storage, name)
    await asyncio.gather(*(storage.rounds.join("r1", name, 2, NOON) for name in "abcd"))
    assert len(await storage.rounds.of_member("r1", GUILD, KAI.id)) == 2


async def test_works_enter_and_leave_only_while_the_round_takes_them(storage: Storage):
    await storage.rounds.add(contest_round())
    await hung(storage, "a")
    await hung(storage, "b")
    assert not await storage.rounds.join("r1", "a", 0, NOON + 7 * DAY)
    assert await storage.rounds.join("r1", "b", 0, NOON)
    assert not await storage.rounds.leave("r1", "b", NOON + 7 * DAY)
    assert await storage.rounds.leave("r1", "b", NOON)
    assert await storage.rounds.entries("r1") == []


async def test_a_work_of_another_contest_does_not_enter(storage: Storage):
    await storage.rounds.add(contest_round())
    await made(storage, "a")
    assert not await storage.rounds.join("r1", "a", 0, NOON)


async def test_works_taken_back_or_removed_do_not_take_part_any_more(storage: Storage):
    await storage.rounds.add(contest_round())
    for name in "ab":
        await hung(storage, name)
        await storage.rounds.join("r1", name, 0, NOON)
    await storage.entries.delete("a", NOON)
    removed = Decision(EntryState.REMOVED, frozenset(EntryState), LINE)
    await storage.entries.decide("b", removed)
    assert await storage.rounds.entries("r1") == []


async def test_rounds_with_a_film_are_found_the_last_to_end_first(storage: Storage):
    for number, name in enumerate(("r1", "r2", "r3", "r4")):
        await storage.rounds.add(contest_round(name, start=7 * number, contest="snow" if number < 3 else "ice"))
        if name != "r2":
            await storage.rounds.reeled(name, "film")
    assert [one.id for one in await storage.rounds.filmed("snow")] == ["r3", "r1"]
    assert [one.id for one in await storage.rounds.filmed(most=2)] == ["r4", "r3"]
    assert [one.id for one in await storage.rounds.among(["r4", "r2", "none"])] == ["r2", "r4"]
