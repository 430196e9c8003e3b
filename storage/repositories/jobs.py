"""The job records: who may start, who owns a run, how far it is.

A run owns its job by the fence it took. Each of its writes is `UPDATE … WHERE id = :id AND fence = :fence`, so a run
that was taken over while it slept changes nothing any more and hears `FenceLost`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, or_, select, update
from sqlalchemy import func as sql

from bot.errors import FenceLost
from bot.model.clip import Clip
from bot.model.contest import Showing, Shown
from bot.model.entry import Entry
from bot.model.job import ENDED, HOLDING, ORDERED, RUNNING, Failure, Job, ShotRecord, ShotState, Stage, Waiting
from bot.model.people import Community, MessageRef, Place
from bot.model.plan import Plan
from bot.ports import Bounds, Clock, Timing
from storage.database import Database, Transaction, insert
from storage.repositories.rows import (
    belongs,
    entry_values,
    job_of,
    job_values,
    planned,
    shot_of,
    shot_values,
    waiting_of,
)
from storage.repositories.showings import showing_values
from storage.repositories.spending import spent
from storage.tables import entry as entry_table
from storage.tables import job as table
from storage.tables import shot as shot_table
from storage.tables import showing as showing_table

_UNFINISHED = table.c.stage.not_in(ENDED)
_WAITING = select(
    table.c.id,
    table.c.platform,
    table.c.community,
    table.c.member,
    table.c.created,
    table.c.backend,
    table.c.priority,
).order_by(table.c.number)


class JobRecords:
    """Implements `bot.ports.Jobs`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, job: Job, bounds: Bounds | None = None) -> bool:
        """Store a new queued job with its planned shots; False when it would go beyond the bounds."""
        async with self._database.write(alone=bounds is not None) as transaction:
            if bounds and not await _within(transaction, job, bounds):
                return False
            await transaction.execute(table.insert().values(**job_values(job)))
            if shots := planned(job):
                await transaction.execute(shot_table.insert(), shots)
        return True

    async def get(self, job_id: str) -> Job | None:
        """One job."""
        found = await self._jobs(select(table).where(table.c.id == job_id))
        return found[0] if found else None

    async def of_member(self, community: Community, member: str, *, unfinished: bool, most: int = 10) -> list[Job]:
        """A member's jobs, newest first; all of them, or only the unfinished."""
        query = select(table).where(belongs(table, community, member))
        if unfinished:
            query = query.where(_UNFINISHED)
        return await self._jobs(query.order_by(table.c.number.desc()).limit(most))

    async def unfinished(self) -> list[Job]:
        """Everything that has not ended, oldest first."""
        return await self._jobs(select(table).where(_UNFINISHED).order_by(table.c.number))

    async def ended_since(self, when: datetime) -> list[Job]:
        """Jobs that ended after `when`, in that order."""
        return await self._jobs(select(table).where(table.c.ended > when).order_by(table.c.ended, table.c.number))

    async def count_since(self, community: Community, member: str, since: datetime) -> int:
        """Jobs the member asked for since then whose quota was not given back."""
        counted = belongs(table, community, member) & (table.c.created >= since) & table.c.refunded.is_(False)
        async with self._database.read() as transaction:
            return (await transaction.execute(select(sql.count()).select_from(table).where(counted))).scalar_one()

    async def waiting(self) -> list[Waiting]:
        """All queued jobs, in the order they were asked for."""
        async with self._database.read() as transaction:
            return await _waiting(transaction, table.c.stage == Stage.QUEUED)

    async def running(self, stages: AbstractSet[Stage] = HOLDING) -> list[Waiting]:
        """All jobs in these stages: those that hold a slot."""
        async with self._database.read() as transaction:
            return await _waiting(transaction, table.c.stage.in_(stages))

    async def stages(self) -> Mapping[Stage, int]:
        """How many jobs stand where; a stage without any is left out."""
        query = select(table.c.stage, sql.count()).group_by(table.c.stage)
        async with self._database.read() as transaction:
            return {stage: count for stage, count in await transaction.execute(query)}  # noqa: C416  # rows are no pairs to the type checker

    async def admit(self, choose: Callable[[Sequence[Waiting], Sequence[Waiting]], Sequence[str]]) -> list[str]:
        """Let `choose` pick among what waits, knowing what runs; nobody else admits meanwhile."""
        async with self._database.write(alone=True) as transaction:
            waiting = await _waiting(transaction, table.c.stage == Stage.QUEUED)
            picked = choose(waiting, await _waiting(transaction, table.c.stage.in_(HOLDING))) if waiting else ()
            if not picked:
                return []
            now = self._clock.now()
            mine = table.c.id.in_(picked) & (table.c.stage == Stage.QUEUED)
            change = update(table).where(mine).values(stage=Stage.ADMITTED, admitted=now, changed=now)
            admitted = set((await transaction.execute(change.returning(table.c.id))).scalars())
        return [one for one in dict.fromkeys(picked) if one in admitted]

    async def take(self, job_id: str) -> Job | None:
        """Take a running job up: its fence grows by one and the caller owns it. None when it does not run."""
        mine = (table.c.id == job_id) & table.c.stage.in_(RUNNING)
        return await self._changed(update(table).where(mine).values(fence=table.c.fence + 1, changed=self._clock.now()))

    async def advance(self, job: Job, stage: Stage) -> Job:
        """Write the next stage."""
        return await self._fenced(job, stage=stage)

    async def queue_again(
        self, job: Job, plan: Plan, note: str | None = None, money: Sequence[tuple[datetime, Decimal]] = ()
    ) -> Job:
        """Put a job of which nothing was sent back in line; its shots are the plan's."""
        mine = (table.c.id == job.id) & (table.c.fence == job.fence) & table.c.stage.in_(HOLDING | {Stage.QUEUED})
        async with self._database.write(alone=plan.price > job.plan.price) as transaction:
            if plan.price > job.plan.price and not await _affordable(transaction, job, plan, money):
                plan, note = job.plan, None
            values = {"plan": plan, "backend": plan.backend, "stage": Stage.QUEUED, "admitted": None, "fraction": None}
            change = update(table).where(mine).values(changed=self._clock.now(), **values)
            queued = await _changed(transaction, change)
            if queued is None:
                raise FenceLost(f"job {job.id} is no longer ours (fence {job.fence})")
            await transaction.execute(shot_table.delete().where(shot_table.c.job == job.id))
            if shots := planned(queued):
                await transaction.execute(shot_table.insert(), shots)
            if note is None or note in queued.notes:
                return queued
            return await self._own(transaction, queued, notes=(*queued.notes, note))

    async def progress(self, job: Job, fraction: float | None) -> bool:
        """Write how far it is; returns whether somebody wants it cancelled."""
        return (await self._fenced(job, fraction=fraction)).cancel

    async def card(self, job_id: str, ref: MessageRef) -> bool:
        """Remember where the job's card is; False when its delivery has begun without it."""
        early = (table.c.id == job_id) & table.c.stage.not_in((Stage.DELIVERING, Stage.DONE))
        return await self._changed(update(table).where(early).values(card=ref)) is not None

    async def wish_cancel(self, job_id: str) -> Job | None:
        """Note that it should stop: a queued job has ended at once, a running one stops at its next look."""
        now = self._clock.now()
        this = update(table).where(table.c.id == job_id)
        at_once = this.where(table.c.stage == Stage.QUEUED).values(
            stage=Stage.CANCELLED, cancel=True, refunded=True, changed=now, ended=now
        )
        async with self._database.write() as transaction:
            return (
                await _changed(transaction, at_once)
                or await _changed(transaction, this.where(table.c.stage.in_(RUNNING)).values(cancel=True))
                or await _one(transaction, select(table).where(table.c.id == job_id))
            )

    async def shots(self, job_id: str) -> list[ShotRecord]:
        """The job's shots in order."""
        query = select(shot_table).where(shot_table.c.job == job_id).order_by(shot_table.c.number)
        async with self._database.read() as transaction:
            return [shot_of(row) for row in (await transaction.execute(query)).mappings()]

    async def shot(self, job: Job, record: ShotRecord, most: int = 0) -> bool:
        """Write one shot's record, unless the backend has enough to do; it is on the disk when this returns."""
        values = shot_values(record)
        async with self._database.write(alone=most > 0) as transaction:
            owned = await self._own(transaction, job)
            if most and await _ordered(transaction, owned, record) >= most:
                return False
            new = insert(transaction, shot_table, {"job": job.id, "number": record.index, **values})
            await transaction.execute(new.on_conflict_do_update(index_elements=["job", "number"], set_=values))
        return True

    async def note(self, job: Job, note: str) -> Job:
        """Add a note for the member, once."""
        async with self._database.write() as transaction:
            owned = await self._own(transaction, job)
            if note in owned.notes:
                return owned
            return await self._own(transaction, job, notes=(*owned.notes, note))

    async def finished(self, job: Job, clip: Clip, entry: Entry) -> Job:
        """Store clip and entry and move on to delivery, in one transaction."""
        async with self._database.write() as transaction:
            owned = await self._own(
                transaction, job, stage=Stage.DELIVERING, clip=clip, entry=entry.id, stored=self._clock.now()
            )
            await transaction.execute(entry_table.insert().values(**entry_values(entry)))
        return owned

    async def delivered(self, job: Job, message: MessageRef) -> Job:
        """The entry hangs in the chat: done."""
        async with self._database.write() as transaction:
            done = await self._own(transaction, job, stage=Stage.DONE, fraction=1.0, ended=self._clock.now())
            await transaction.execute(update(entry_table).where(entry_table.c.id == done.entry).values(message=message))
            if done.entry:
                shown = showing_values(Showing(done.entry, message, Shown.ENTRY), self._clock.now())
                await transaction.execute(insert(transaction, showing_table, shown).on_conflict_do_nothing())
        return done

    async def deliver_again(self, job_id: str, place: Place) -> Job | None:
        """Bring a job that failed with its film made back to its delivery, there; None when it did not, or the film was
        taken back. A card that hangs elsewhere stays as it is."""
        works = select(entry_table.c.id).where(entry_table.c.deleted.is_(None))
        whole = (table.c.id == job_id) & (table.c.stage == Stage.FAILED) & table.c.entry.in_(works)
        values: dict[str, Any] = {"stage": Stage.DELIVERING, "failure": None, "refunded": False, "cancel": False}
        values |= {"ended": None, "changed": self._clock.now()}
        async with self._database.write() as transaction:
            failed = await _one(transaction, select(table).where(whole))
            if failed is None:
                return None
            if _where(failed.place) != _where(place):
                values |= {"place": place, "card": None}
            return await _changed(transaction, update(table).where(whole).values(values))

    async def end(
        self, job: Job, stage: Stage, failure: Failure | None, unbilled: AbstractSet[int] = frozenset()
    ) -> Job:
        """End it without a clip; without a failure only a cancelled job gives its quota back. `unbilled`: shots whose
        orders surely cost nothing."""
        refunded = failure.refunded if failure else stage is Stage.CANCELLED
        values = {"stage": stage, "failure": failure, "refunded": refunded, "ended": self._clock.now()}
        free = update(shot_table).where((shot_table.c.job == job.id) & shot_table.c.number.in_(unbilled))
        async with self._database.write() as transaction:
            owned = await self._own(transaction, job, **values)
            if unbilled:
                await transaction.execute(free.values(state=ShotState.FAILED))
        return owned

    async def leftovers(self, job_id: str = "") -> list[str]:
        """Files of shots whose jobs have ended, of one job or of all."""
        query = select(shot_table.c.blob).join(table, table.c.id == shot_table.c.job)
        query = query.where(shot_table.c.blob.is_not(None) & table.c.stage.in_(ENDED)).distinct()
        async with self._database.read() as transaction:
            found = await transaction.execute(query.where(table.c.id == job_id) if job_id else query)
            return [blob for (blob,) in found]

    async def cleared(self, blob: str) -> None:
        """No job that has ended keeps this file any more."""
        over = select(table.c.id).where(table.c.stage.in_(ENDED))
        mine = (shot_table.c.blob == blob) & shot_table.c.job.in_(over)
        async with self._database.write() as transaction:
            await transaction.execute(update(shot_table).where(mine).values(blob=None))

    async def spent(self, community: Community, since: datetime) -> dict[str, Decimal]:
        """Money by currency: what was asked for since then and not given back, or was sent all the same."""
        async with self._database.read() as transaction:
            return await spent(transaction, _of(community, since))

    async def timings(self, backend: str, most: int = 50) -> list[Timing]:
        """The latest finished jobs' durations, newest first."""
        done = (table.c.backend == backend) & (table.c.stage == Stage.DONE) & table.c.stored.is_not(None)
        query = select(table.c.admitted, table.c.stored).where(done & table.c.admitted.is_not(None))
        async with self._database.read() as transaction:
            rows = await transaction.execute(query.order_by(table.c.ended.desc(), table.c.number.desc()).limit(most))
            return [Timing(backend, (stored - admitted).total_seconds()) for admitted, stored in rows]

    async def _jobs(self, query: Select[Any]) -> list[Job]:
        async with self._database.read() as transaction:
            return [job_of(row) for row in (await transaction.execute(query)).mappings()]

    async def _changed(self, change: Update) -> Job | None:
        async with self._database.write() as transaction:
            return await _changed(transaction, change)

    async def _fenced(self, job: Job, **values: Any) -> Job:
        async with self._database.write() as transaction:
            return await self._own(transaction, job, **values)

    async def _own(self, transaction: Transaction, job: Job, **values: Any) -> Job:
        """Write as the run that took the job up, and say that it lives. Raises `FenceLost`."""
        mine = (table.c.id == job.id) & (table.c.fence == job.fence)
        owned = await _changed(transaction, update(table).where(mine).values(changed=self._clock.now(), **values))
        if owned is None:
            raise FenceLost(f"job {job.id} is no longer ours (fence {job.fence})")
        return owned


def _where(place: Place) -> tuple[Community, str, str | None]:
    return place.community, place.channel, place.thread


async def _ordered(transaction: Transaction, job: Job, record: ShotRecord) -> int:
    """Shots its backend may be busy with, of all jobs and but for this one."""
    theirs = (table.c.backend == job.plan.backend) & table.c.stage.in_(HOLDING)
    others = or_(shot_table.c.job != job.id, shot_table.c.number != record.index)
    busy = shot_table.c.state.in_(ORDERED) & others
    query = select(sql.count()).select_from(shot_table.join(table, table.c.id == shot_table.c.job))
    return (await transaction.execute(query.where(theirs & busy))).scalar_one()


async def _within(transaction: Transaction, job: Job, bounds: Bounds) -> bool:
    """Whether a new job keeps to the bounds, as things stand in this transaction."""
    mine = belongs(table, job.community, job.member.id)
    counted = (
        (mine & _UNFINISHED, bounds.running),
        (mine & (table.c.created >= bounds.since) & table.c.refunded.is_(False), bounds.daily),
        (table.c.stage == Stage.QUEUED, bounds.waiting),
    )
    for which, most in counted:
        query = select(sql.count()).select_from(table).where(which)
        if (await transaction.execute(query)).scalar_one() >= most:
            return False
    return not job.plan.price or await _affordable(transaction, job, job.plan, bounds.money)


def _of(community: Community, since: datetime) -> ColumnElement[bool]:
    """What a community asked for since then."""
    here = (table.c.platform == community.platform) & (table.c.community == community.id)
    return here & (table.c.created >= since)


async def _affordable(
    transaction: Transaction, job: Job, plan: Plan, money: Sequence[tuple[datetime, Decimal]]
) -> bool:
    """Whether a plan keeps to what may be spent; what the job itself counts for is not counted twice."""
    others = table.c.id != job.id
    for since, limit in money:
        gone = await spent(transaction, _of(job.community, since) & others)
        if gone.get(plan.currency, Decimal(0)) + plan.price > limit:
            return False
    return True


async def _waiting(transaction: Transaction, which: ColumnElement[bool]) -> list[Waiting]:
    return [waiting_of(row) for row in (await transaction.execute(_WAITING.where(which))).mappings()]


async def _changed(transaction: Transaction, change: Update) -> Job | None:
    row = (await transaction.execute(change.returning(table))).mappings().one_or_none()
    return None if row is None else job_of(row)


async def _one(transaction: Transaction, query: Select[Any]) -> Job | None:
    row = (await transaction.execute(query)).mappings().one_or_none()
    return None if row is None else job_of(row)
