"""What every implementation of `bot.ports.Jobs` promises."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.errors import FenceLost, StorageError
from bot.model.backend import RemoteRef
from bot.model.job import Failure, Job, ShotRecord, ShotState, Stage, Waiting
from bot.model.people import Community
from bot.ports import Timing
from storage import Storage
from tests.samples import BROKEN, CARD, CLIP, GUILD, KAI, NOON, SetClock, entry, job, plan


def everything(waiting, running):
    return [one.id for one in waiting]


async def admitted(storage: Storage, job_id: str = "job-1", **fields) -> Job:
    """A job that was added, admitted and taken up once."""
    await storage.jobs.add(job(job_id, **fields))
    await storage.jobs.admit(lambda waiting, running: [job_id])
    return await taken(storage, job_id)


async def taken(storage: Storage, job_id: str = "job-1") -> Job:
    found = await storage.jobs.take(job_id)
    assert found is not None
    return found


async def test_a_job_comes_back_as_it_was_stored(storage):
    whole = job(card=CARD, notes=("note.a",), fraction=0.25)
    await storage.jobs.add(whole)
    assert await storage.jobs.get("job-1") == whole


async def test_an_unknown_job_is_none(storage):
    assert await storage.jobs.get("nowhere") is None


async def test_a_job_survives_closing_and_opening(opened, storage):
    await storage.jobs.add(job())
    async with opened() as again:
        assert await again.jobs.get("job-1") == job()


async def test_the_same_id_twice_is_refused_and_leaves_the_first(storage):
    await storage.jobs.add(job())
    with pytest.raises(StorageError):
        await storage.jobs.add(job(notes=("other",)))
    assert await storage.jobs.get("job-1") == job()


async def test_planned_shots_have_keys_of_their_own_from_the_start(storage):
    await storage.jobs.add(job())
    await storage.jobs.add(job("job-2"))
    shots = await storage.jobs.shots("job-1") + await storage.jobs.shots("job-2")
    assert [one.index for one in shots] == [0, 1, 0, 1]
    assert {one.state for one in shots} == {ShotState.PLANNED}
    assert len({one.key for one in shots}) == 4


async def test_what_waits_comes_in_the_order_it_was_asked_for(storage):
    for name in ("c", "a", "b"):
        await storage.jobs.add(job(name))
    assert [one.id for one in await storage.jobs.waiting()] == ["c", "a", "b"]


async def test_admission_is_told_whose_job_waits_and_for_whom(storage):
    await storage.jobs.add(job())
    assert await storage.jobs.waiting() == [Waiting("job-1", GUILD, KAI.id, NOON, "animatic")]


async def test_an_admitted_job_runs_and_waits_no_more(storage, clock):
    await storage.jobs.add(job())
    clock.forward(5)
    assert await storage.jobs.admit(everything) == ["job-1"]
    assert await storage.jobs.waiting() == []
    assert [one.id for one in await storage.jobs.running()] == ["job-1"]
    found = await storage.jobs.get("job-1")
    assert found.stage is Stage.ADMITTED
    assert found.admitted == NOON + timedelta(seconds=5)


async def test_only_what_was_picked_is_admitted_in_the_order_of_the_pick(storage):
    for name in ("a", "b", "c"):
        await storage.jobs.add(job(name))
    assert await storage.jobs.admit(lambda waiting, running: ["c", "a", "unknown"]) == ["c", "a"]
    assert [one.id for one in await storage.jobs.waiting()] == ["b"]


async def test_the_choice_knows_what_runs(storage):
    await admitted(storage, "a")
    await storage.jobs.add(job("b"))
    seen: list[str] = []
    await storage.jobs.admit(lambda waiting, running: seen.extend(one.id for one in running) or [])
    assert seen == ["a"]


async def test_two_admissions_at_once_never_give_one_slot_twice(storage):
    for number in range(12):
        await storage.jobs.add(job(f"job-{number}"))

    def one_at_most_three(waiting, running):
        return [waiting[0].id] if waiting and len(running) < 3 else []

    rounds = await asyncio.gather(*(storage.jobs.admit(one_at_most_three) for _ in range(10)))
    assert Counter(name for picked in rounds for name in picked) == Counter(["job-0", "job-1", "job-2"])
    assert len(await storage.jobs.running()) == 3


async def test_a_choice_that_fails_admits_nothing(storage):
    await storage.jobs.add(job())

    def broken(waiting, running):
        raise LookupError

    with pytest.raises(LookupError):
        await storage.jobs.admit(broken)
    assert [one.id for one in await storage.jobs.waiting()] == ["job-1"]


async def test_every_run_that_takes_a_job_up_has_a_higher_fence(storage):
    first = await admitted(storage)
    assert (await taken(storage)).fence == first.fence + 1


async def test_a_queued_job_cannot_be_taken_up(storage):
    await storage.jobs.add(job())
    assert await storage.jobs.take("job-1") is None


async def test_an_ended_job_cannot_be_taken_up(storage):
    await storage.jobs.end(await admitted(storage), Stage.FAILED, BROKEN)
    assert await storage.jobs.take("job-1") is None


ZOMBIE_WRITES = {
    "advance": lambda jobs, old: jobs.advance(old, Stage.DRAWING),
    "progress": lambda jobs, old: jobs.progress(old, 0.9),
    "shot": lambda jobs, old: jobs.shot(old, ShotRecord(0, "k", ShotState.SUBMITTING)),
    "note": lambda jobs, old: jobs.note(old, "note.late"),
    "finished": lambda jobs, old: jobs.finished(old, CLIP, entry(old)),
    "delivered": lambda jobs, old: jobs.delivered(old, CARD),
    "end": lambda jobs, old: jobs.end(old, Stage.FAILED, BROKEN),
}


@pytest.mark.parametrize("write", ZOMBIE_WRITES)
async def test_a_run_that_was_taken_over_writes_nothing_any_more(storage, write):
    old = await admitted(storage)
    new = await taken(storage)
    shots = await storage.jobs.shots("job-1")
    with pytest.raises(FenceLost):
        await ZOMBIE_WRITES[write](storage.jobs, old)
    assert await storage.jobs.get("job-1") == new
    assert await storage.jobs.shots("job-1") == shots
    assert await storage.entries.get("entry-1") is None


async def test_the_next_stage_is_written(storage):
    mine = await admitted(storage)
    assert (await storage.jobs.advance(mine, Stage.DRAWING)).stage is Stage.DRAWING
    assert (await storage.jobs.get("job-1")).stage is Stage.DRAWING


async def test_every_write_of_a_run_says_that_it_lives(storage, clock):
    mine = await admitted(storage)
    clock.forward(60)
    await storage.jobs.progress(mine, 0.5)
    assert (await storage.jobs.get("job-1")).changed == NOON + timedelta(seconds=60)


async def test_progress_is_kept(storage):
    mine = await admitted(storage)
    await storage.jobs.progress(mine, 0.5)
    assert (await storage.jobs.get("job-1")).fraction == 0.5


async def test_progress_tells_that_somebody_wants_it_cancelled(storage):
    mine = await admitted(storage)
    assert await storage.jobs.progress(mine, 0.1) is False
    await storage.jobs.wish_cancel("job-1")
    assert await storage.jobs.progress(mine, 0.2) is True


async def test_the_cards_place_is_kept_whoever_owns_the_run(storage):
    await storage.jobs.add(job())
    await storage.jobs.card("job-1", CARD)
    assert (await storage.jobs.get("job-1")).card == CARD


async def test_a_queued_job_is_cancelled_at_once(storage, clock):
    await storage.jobs.add(job())
    clock.forward(9)
    found = await storage.jobs.wish_cancel("job-1")
    assert (found.stage, found.ended) == (Stage.CANCELLED, NOON + timedelta(seconds=9))
    assert await storage.jobs.waiting() == []


async def test_jobs_are_counted_by_where_they_stand(storage):
    await admitted(storage, "job-1")
    await storage.jobs.add(job("job-2"))
    await storage.jobs.add(job("job-3"))

    assert await storage.jobs.stages() == {Stage.ADMITTED: 1, Stage.QUEUED: 2}


async def test_a_running_job_is_only_asked_to_stop(storage):
    mine = await admitted(storage)
    found = await storage.jobs.wish_cancel("job-1")
    assert found == replace(mine, cancel=True)


async def test_an_ended_job_is_not_cancelled_any_more(storage):
    ended = await storage.jobs.end(await admitted(storage), Stage.FAILED, BROKEN)
    assert await storage.jobs.wish_cancel("job-1") == ended


async def test_cancelling_an_unknown_job_is_none(storage):
    assert await storage.jobs.wish_cancel("nowhere") is None


async def test_a_shots_record_is_kept_with_its_remote_reference(storage):
    mine = await admitted(storage)
    record = ShotRecord(1, "key-1", ShotState.SUBMITTED, 2, RemoteRef("fal", "r-9", {"region": "eu"}), "d" * 64)
    await storage.jobs.shot(mine, record)
    assert (await storage.jobs.shots("job-1"))[1] == record


async def test_a_shot_that_was_not_planned_may_be_added(storage):
    mine = await admitted(storage)
    record = ShotRecord(2, "key-2", ShotState.SUBMITTING, 1)
    await storage.jobs.shot(mine, record)
    assert [one.index for one in await storage.jobs.shots("job-1")] == [0, 1, 2]


async def test_a_note_is_kept_once(storage):
    mine = await admitted(storage)
    await storage.jobs.note(mine, "note.a")
    await storage.jobs.note(mine, "note.b")
    assert (await storage.jobs.note(mine, "note.a")).notes == ("note.a", "note.b")


async def test_a_finished_job_has_its_clip_and_entry_and_is_to_be_delivered(storage):
    mine = await admitted(storage)
    found = await storage.jobs.finished(mine, CLIP, entry(mine))
    assert (found.stage, found.clip, found.entry) == (Stage.DELIVERING, CLIP, "entry-1")
    assert await storage.entries.get("entry-1") == entry(mine)


async def test_a_delivered_job_is_done_and_its_entry_knows_its_message(storage, clock):
    mine = await admitted(storage)
    await storage.jobs.finished(mine, CLIP, entry(mine))
    clock.forward(3)
    found = await storage.jobs.delivered(mine, CARD)
    assert (found.stage, found.ended) == (Stage.DONE, NOON + timedelta(seconds=3))
    assert (await storage.entries.get("entry-1")).message == CARD


async def test_a_failed_job_keeps_why(storage, clock):
    mine = await admitted(storage)
    clock.forward(3)
    await storage.jobs.end(mine, Stage.FAILED, BROKEN)
    found = await storage.jobs.get("job-1")
    assert (found.stage, found.failure, found.ended) == (Stage.FAILED, BROKEN, NOON + timedelta(seconds=3))


async def test_an_uncertain_job_holds_no_slot(storage):
    await storage.jobs.end(await admitted(storage), Stage.UNCERTAIN, BROKEN)
    assert await storage.jobs.running() == []
    assert await storage.jobs.unfinished() == []


KEPT = Failure("backend.rejected", (), "", refunded=False)
ENDINGS = [
    (Stage.FAILED, BROKEN, 0),
    (Stage.FAILED, KEPT, 1),
    (Stage.CANCELLED, None, 0),
    (Stage.CANCELLED, KEPT, 1),
    (Stage.UNCERTAIN, BROKEN, 0),
]


@pytest.mark.parametrize(("stage", "failure", "counted"), ENDINGS)
async def test_the_quota_returns_as_the_failure_says_and_for_a_cancelled_job(storage, stage, failure, counted):
    await storage.jobs.end(await admitted(storage), stage, failure)
    assert await storage.jobs.count_since(GUILD, KAI.id, NOON) == counted


async def test_a_job_cancelled_in_the_line_does_not_count(storage):
    await storage.jobs.add(job())
    await storage.jobs.wish_cancel("job-1")
    assert await storage.jobs.count_since(GUILD, KAI.id, NOON) == 0


async def test_the_quota_counts_only_this_member_here_and_since_then(storage):
    other = Community("slack", GUILD.id)
    await storage.jobs.add(job("mine"))
    await storage.jobs.add(job("older", created=NOON - timedelta(seconds=1)))
    await storage.jobs.add(job("elsewhere", member=replace(KAI, community=other)))
    await storage.jobs.add(job("another", member=replace(KAI, id="43")))
    assert await storage.jobs.count_since(GUILD, KAI.id, NOON) == 1


async def test_a_members_jobs_come_newest_first(storage):
    for name in ("a", "b", "c"):
        await storage.jobs.add(job(name))
    await storage.jobs.add(job("another", member=replace(KAI, id="43")))
    found = await storage.jobs.of_member(GUILD, KAI.id, unfinished=False, most=2)
    assert [one.id for one in found] == ["c", "b"]


async def test_a_members_unfinished_jobs_leave_out_the_ended(storage):
    await storage.jobs.add(job("waits"))
    await storage.jobs.end(await admitted(storage, "ended"), Stage.FAILED, BROKEN)
    found = await storage.jobs.of_member(GUILD, KAI.id, unfinished=True)
    assert [one.id for one in found] == ["waits"]


async def test_everything_unfinished_comes_oldest_first(storage):
    await admitted(storage, "runs")
    await storage.jobs.add(job("waits"))
    await storage.jobs.end(await admitted(storage, "ended"), Stage.FAILED, BROKEN)
    assert [one.id for one in await storage.jobs.unfinished()] == ["runs", "waits"]


async def test_jobs_that_ended_since_a_moment_are_found(storage, clock):
    await storage.jobs.end(await admitted(storage, "before"), Stage.FAILED, BROKEN)
    clock.forward(10)
    await storage.jobs.end(await admitted(storage, "after"), Stage.FAILED, BROKEN)
    found = await storage.jobs.ended_since(NOON + timedelta(seconds=5))
    assert [one.id for one in found] == ["after"]


async def done_in(storage: Storage, clock: SetClock, name: str, seconds: float, backend: str = "animatic") -> None:
    mine = await admitted(storage, name, plan=plan(backend))
    clock.forward(seconds)
    await storage.jobs.finished(mine, CLIP, entry(mine, f"entry-{name}"))
    clock.forward(1000)
    await storage.jobs.delivered(mine, CARD)


async def test_timings_run_from_admission_to_the_stored_clip_newest_first(storage, clock):
    await done_in(storage, clock, "a", 30)
    await done_in(storage, clock, "b", 45.5)
    assert await storage.jobs.timings("animatic") == [Timing("animatic", 45.5), Timing("animatic", 30.0)]


async def test_timings_are_of_one_backend_and_the_latest_only(storage, clock):
    await done_in(storage, clock, "a", 30)
    await done_in(storage, clock, "b", 45)
    await done_in(storage, clock, "c", 900, backend="comfyui")
    assert await storage.jobs.timings("animatic", most=1) == [Timing("animatic", 45.0)]


async def test_a_failed_job_teaches_no_timing(storage, clock):
    mine = await admitted(storage)
    clock.forward(30)
    await storage.jobs.end(mine, Stage.FAILED, BROKEN)
    assert await storage.jobs.timings("animatic") == []


async def test_a_job_put_back_in_line_has_the_new_plan_and_its_shots_unsent(storage):
    mine = await admitted(storage)
    other = replace(plan(), backend="other", shots=plan().shots[:1])

    await storage.jobs.queue_again(mine, other, "note.elsewhere:other")

    again, shots = await storage.jobs.get("job-1"), await storage.jobs.shots("job-1")
    found = (again.stage, again.plan, again.admitted, again.notes)
    assert found == (Stage.QUEUED, other, None, ("note.elsewhere:other",))
    assert [shot.state for shot in shots] == [ShotState.PLANNED]
    assert [(one.id, one.backend) for one in await storage.jobs.waiting()] == [("job-1", "other")]


async def test_a_job_that_another_run_took_is_not_put_back_in_line(storage):
    mine = await admitted(storage)
    await taken(storage)

    with pytest.raises(FenceLost):
        await storage.jobs.queue_again(mine, plan())


async def test_a_job_that_ended_is_not_put_back_in_line(storage):
    mine = await admitted(storage)
    await storage.jobs.end(mine, Stage.CANCELLED, None)

    with pytest.raises(FenceLost):
        await storage.jobs.queue_again(mine, plan())


async def test_what_was_spent_counts_unfinished_work_and_leaves_out_what_was_given_back(storage):
    await storage.jobs.add(job("old", created=NOON - timedelta(days=1)))
    await storage.jobs.add(job("elsewhere", member=replace(KAI, community=Community("discord", "9"))))
    await storage.jobs.add(job("free", plan=replace(job().plan, price=Decimal(0), currency="")))
    await storage.jobs.add(job("yuan", plan=replace(job().plan, price=Decimal("1.10"), currency="CNY")))
    await storage.jobs.add(job("one"))
    await storage.jobs.add(job("two"))
    assert await storage.jobs.spent(GUILD, NOON) == {"USD": Decimal("0.40"), "CNY": Decimal("1.10")}
    await storage.jobs.wish_cancel("two")
    assert (await storage.jobs.spent(GUILD, NOON))["USD"] == Decimal("0.20")


async def shot_written(storage: Storage, mine: Job, number: int, state: ShotState, blob: str | None = None) -> None:
    record = (await storage.jobs.shots(mine.id))[number]
    await storage.jobs.shot(mine, replace(record, state=state, blob=blob))


async def test_what_was_sent_is_spent_though_it_was_given_back_unless_it_surely_cost_nothing(storage):
    mine = await admitted(storage, plan=priced("0.10", "0.25"))
    await shot_written(storage, mine, 0, ShotState.SUBMITTED)
    await shot_written(storage, mine, 1, ShotState.DRAWN, "b" * 64)
    await storage.jobs.end(mine, Stage.CANCELLED, None, {0})
    assert await storage.jobs.spent(GUILD, NOON) == {"USD": Decimal("0.25")}


async def test_statistics_tell_of_the_money_that_the_budget_counts(storage):
    mine = await admitted(storage, plan=priced("0.10", "0.25"))
    await shot_written(storage, mine, 1, ShotState.DRAWN, "b" * 64)
    await storage.jobs.end(mine, Stage.CANCELLED, None)
    assert (await storage.statistics.figures(str(GUILD), NOON)).costs == {"USD": Decimal("0.25")}


def priced(*prices: str):
    whole = plan()
    shots = tuple(replace(shot, price=Decimal(money)) for shot, money in zip(whole.shots, prices, strict=True))
    return replace(whole, shots=shots, price=sum(map(Decimal, prices), Decimal(0)), currency="USD")


async def test_shots_that_were_not_sent_are_given_back(storage):
    mine = await admitted(storage, plan=priced("0.10", "0.25"))
    await storage.jobs.end(mine, Stage.FAILED, BROKEN)
    assert await storage.jobs.spent(GUILD, NOON) == {}


async def test_files_of_shots_are_left_over_once_their_job_has_ended(storage):
    mine, other = await admitted(storage), await admitted(storage, "job-2")
    for one in (mine, other):
        await shot_written(storage, one, 0, ShotState.DRAWN, "b" * 64)
    assert (await storage.jobs.leftovers(), await storage.entries.uses("b" * 64)) == ([], True)

    await storage.jobs.end(mine, Stage.FAILED, BROKEN)
    assert await storage.jobs.leftovers() == await storage.jobs.leftovers("job-1") == ["b" * 64]
    assert await storage.jobs.leftovers("job-2") == []


async def test_a_left_over_file_is_cleared_for_ended_jobs_alone(storage):
    mine, other = await admitted(storage), await admitted(storage, "job-2")
    for one in (mine, other):
        await shot_written(storage, one, 0, ShotState.DRAWN, "b" * 64)
    await storage.jobs.end(mine, Stage.FAILED, BROKEN)

    await storage.jobs.cleared("b" * 64)

    assert await storage.jobs.leftovers() == []
    assert [(await storage.jobs.shots(name))[0].blob for name in ("job-1", "job-2")] == [None, "b" * 64]


async def undelivered(storage: Storage) -> Job:
    mine = await storage.jobs.finished(await admitted(storage), CLIP, entry(job()))
    return await storage.jobs.end(mine, Stage.FAILED, BROKEN)


async def test_a_film_that_could_not_be_posted_goes_back_to_its_delivery_and_counts(storage):
    mine = await undelivered(storage)

    again = await storage.jobs.deliver_again(mine.id, mine.place)

    assert again == replace(mine, stage=Stage.DELIVERING, failure=None, ended=None, changed=again.changed)
    assert await storage.jobs.count_since(GUILD, KAI.id, NOON) == 1
    assert await taken(storage) == replace(again, fence=again.fence + 1)


async def test_a_film_that_is_posted_elsewhere_leaves_its_card_behind(storage):
    mine = await undelivered(storage)
    await storage.jobs.card(mine.id, CARD)
    there = replace(mine.place, channel="gallery")

    again = await storage.jobs.deliver_again(mine.id, there)

    assert (again.place, again.card) == (there, None)


async def test_only_a_film_that_was_made_and_stands_is_posted_again_and_once(storage, clock):
    await storage.jobs.end(await admitted(storage, "unmade"), Stage.FAILED, BROKEN)
    mine = await undelivered(storage)
    assert await storage.jobs.deliver_again("unmade", mine.place) is None
    assert await storage.jobs.deliver_again(mine.id, mine.place) is not None
    assert await storage.jobs.deliver_again(mine.id, mine.place) is None
    await storage.jobs.end(await taken(storage), Stage.FAILED, BROKEN)
    await storage.entries.delete("entry-1", clock.now())
    assert await storage.jobs.deliver_again(mine.id, mine.place) is None


async def test_a_card_is_noted_only_while_its_delivery_can_still_know_of_it(storage):
    mine = await admitted(storage)
    assert await storage.jobs.card(mine.id, CARD)
    mine = await storage.jobs.finished(mine, CLIP, entry(mine))

    assert not await storage.jobs.card(mine.id, replace(CARD, id="late"))
    assert (await storage.jobs.get(mine.id)).card == mine.card == CARD
