"""Drawing a job's shots: each is sent once, found again after any crash, fetched, and never drawn twice.

A shot's record moves planned → submitting → submitted → drawn. `submitting` is committed before the backend hears a
word; a run that finds it asks the backend before it sends anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, cast

from bot.errors import (
    BackendError,
    ContentRejected,
    DeadlineExceeded,
    FenceLost,
    RemoteFailed,
    RemoteLost,
    SubmitUncertain,
)
from bot.model.backend import Absent, Capabilities, Order, RemoteRef, RemoteState, RemoteStatus
from bot.model.job import Job, ShotRecord, ShotState
from bot.model.plan import PlannedShot
from bot.pipeline.live import Moments
from bot.pipeline.ordering import order_of
from bot.pipeline.tools import Tools
from bot.ports import Backend

ATTEMPTS: Final = 3
"""Orders sent for one shot at most, where sending again costs nobody anything."""
SHARE: Final = 0.88
"""Drawing's share of the whole way from admission to delivery."""


class CancelledByMember(Exception):  # a signal between our own steps, never shown
    """The member pressed Cancel and the backend was told."""


class Drawing:
    """One job's drawing: all its shots, with their progress added up. `job` is its newest record."""

    def __init__(self, tools: Tools, moments: Moments, job: Job, backend: Backend, able: Capabilities) -> None:
        self.tools = tools
        self.moments = moments
        self.job = job
        self.backend = backend
        self.able = able
        self._fractions: dict[int, float | None] = {}
        self._files: dict[int, str] = {}
        self._noted = 0.0
        self.open: dict[int, RemoteRef] = {}
        """Orders at the backend that have not ended, by shot."""

    async def draw(self) -> list[str]:
        """Draw everything that is not drawn yet; the blobs of all shots in order."""
        records = await self.tools.repos.jobs.shots(self.job.id)
        self._fractions = dict.fromkeys((record.index for record in records), None)
        slots = asyncio.Semaphore(max(1, self.able.concurrency))
        drawn = {record.index: asyncio.get_running_loop().create_future() for record in records}
        try:
            async with asyncio.TaskGroup() as tasks:
                for record in records:
                    tasks.create_task(self._in_turn(record, slots, drawn))
        except BaseExceptionGroup as group:
            error = _telling(group)
            if not isinstance(error, FenceLost):
                await self._stop_others()
            raise error from group
        return [self._files[index] for index in sorted(self._files)]

    async def _in_turn(
        self, record: ShotRecord, slots: asyncio.Semaphore, drawn: dict[int, asyncio.Future[str]]
    ) -> None:
        shot = self.job.plan.shots[record.index]
        if shot.follows is not None:
            await drawn[shot.follows]
        async with slots:
            blob = await _Shot(self, shot, record).through()
        self._files[record.index] = blob
        drawn[record.index].set_result(blob)

    async def _stop_others(self) -> None:
        """There will be no film: what the backend still draws for it is of no use to anybody."""
        for remote in self.open.values():
            with suppress(BackendError):
                await self.backend.cancel(remote)

    def blob(self, index: int) -> str:
        """A shot that is drawn."""
        return self._files[index]

    def heard(self, index: int, status: RemoteStatus) -> None:
        """Add one shot's news to the job's moment."""
        self._fractions[index] = 1.0 if status.state is RemoteState.SUCCEEDED else status.fraction
        live = self.moments.of(self.job.id)
        known = [fraction for fraction in self._fractions.values() if fraction is not None]
        if known:
            live.fraction = max(live.fraction or 0.0, SHARE * sum(known) / len(self._fractions))
        live.stage = status.stage
        live.preview = status.preview or live.preview
        self.moments.changed(self.job.id)

    async def remember(self) -> None:
        """Write progress at most every two seconds; stop when the record says that somebody wants it."""
        now = asyncio.get_running_loop().time()
        if now - self._noted < 2.0:
            return
        self._noted = now
        live = self.moments.of(self.job.id)
        if await self.tools.repos.jobs.progress(self.job, live.fraction):
            live.stop.set()


@dataclass(slots=True)
class _Shot:
    """One shot's way through the backend."""

    drawing: Drawing
    shot: PlannedShot
    record: ShotRecord

    async def through(self) -> str:
        while self.record.state is not ShotState.DRAWN:
            match self.record.state:
                case ShotState.PLANNED | ShotState.FAILED:
                    await self._send()
                case ShotState.SUBMITTING:
                    await self._look()
                case _:
                    await self._follow()
        assert self.record.blob is not None
        self.drawing.heard(self.shot.index, RemoteStatus(RemoteState.SUCCEEDED))
        return self.record.blob

    async def _write(self, record: ShotRecord) -> None:
        if record.state is ShotState.SUBMITTED and record.remote:
            self.drawing.open[self.shot.index] = record.remote
        await self.drawing.tools.repos.jobs.shot(self.drawing.job, record)
        self.record = record

    async def _send(self) -> None:
        order = await self._order()
        await self.drawing.backend.validate(order)
        self._stop_if_wished()
        await self._write(replace(self.record, state=ShotState.SUBMITTING, attempt=self.record.attempt + 1))
        try:
            remote = await self.drawing.backend.submit(order, key=self.record.key)
        except SubmitUncertain:
            return  # the record says submitting: the next step looks before anything else is done
        except BackendError as error:
            await self._write(replace(self.record, state=ShotState.PLANNED))
            await self._again_or_raise(error)
            return
        await self._write(replace(self.record, state=ShotState.SUBMITTED, remote=remote))

    async def _look(self) -> None:
        """A run found the intent without an answer: ask the backend what became of it."""
        found = await self.drawing.backend.find(self.record.key, self.drawing.job.created)
        if isinstance(found, RemoteRef):
            await self._write(replace(self.record, state=ShotState.SUBMITTED, remote=found))
        elif found is Absent.SURELY or self.drawing.able.free_resend:
            await self._write(replace(self.record, state=ShotState.PLANNED))
            if self.record.attempt >= ATTEMPTS:
                raise RemoteFailed("the backend never took the order")
        else:
            raise SubmitUncertain("the connection broke while sending and the backend cannot tell")

    async def _follow(self) -> None:
        assert self.record.remote is not None
        status = await self._watch(self.record.remote)
        match status.state:
            case RemoteState.SUCCEEDED:
                await self._fetch(self.record.remote, status)
            case RemoteState.LOST:
                await self._lost(status)
            case RemoteState.CANCELLED:
                raise CancelledByMember
            case _:
                raise status.error or RemoteFailed("the backend gave no reason")

    async def _watch(self, remote: RemoteRef) -> RemoteStatus:
        """Follow until the order has ended; a wish to stop is passed on to the backend."""
        self.drawing.open[self.shot.index] = remote
        follow = asyncio.ensure_future(self._until_ended(remote))
        stop = asyncio.ensure_future(self.drawing.moments.of(self.drawing.job.id).stop.wait())
        try:
            await asyncio.wait({follow, stop}, timeout=self._time_left(), return_when=asyncio.FIRST_COMPLETED)
            self.drawing.open.pop(self.shot.index, None)
            if follow.done():
                return follow.result()
            await self.drawing.backend.cancel(remote)
            if stop.done():
                raise CancelledByMember
            raise DeadlineExceeded(f"not drawn within {self.drawing.able.deadline}")
        finally:
            for task in (follow, stop):
                task.cancel()
            with suppress(asyncio.CancelledError, BackendError):
                await follow

    async def _until_ended(self, remote: RemoteRef) -> RemoteStatus:
        status = RemoteStatus(RemoteState.LOST)
        async for status in self.drawing.backend.events(remote):
            self.drawing.heard(self.shot.index, status)
            for note in status.notes:
                self.drawing.job = await self.drawing.tools.repos.jobs.note(self.drawing.job, note)
            await self.drawing.remember()
        return status

    def _time_left(self) -> float:
        """Seconds until the backend's deadline, counted from admission so that restarts do not extend it."""
        since = self.drawing.job.admitted or self.drawing.job.created
        spent = (self.drawing.tools.clock.now() - since).total_seconds()
        return max(0.0, self.drawing.able.deadline.total_seconds() - spent)

    async def _fetch(self, remote: RemoteRef, status: RemoteStatus) -> None:
        tools, job = self.drawing.tools, self.drawing.job
        path = tools.repos.media.scratch(job.id) / f"shot-{self.shot.index}.mp4"
        for wait in (*tools.backoff, None):
            try:
                await self.drawing.backend.fetch(remote, status, path)
                break
            except BackendError as error:
                if wait is None or not error.retry:
                    raise
                await tools.clock.sleep(wait * tools.patience)
        blob = await tools.repos.media.put(path, "video/mp4")
        await self._write(replace(self.record, state=ShotState.DRAWN, blob=blob))

    async def _lost(self, status: RemoteStatus) -> None:
        if not self.drawing.able.free_resend or self.record.attempt >= ATTEMPTS:
            raise status.error or RemoteLost("the backend forgot the order")
        await self._write(replace(self.record, state=ShotState.PLANNED, remote=None))

    async def _again_or_raise(self, error: BackendError) -> None:
        """Wait and let the loop send again, where the error says that this is harmless."""
        tools = self.drawing.tools
        if not error.retry or self.record.attempt > len(tools.backoff):
            raise error
        wait = tools.backoff[self.record.attempt - 1] * tools.patience
        if error.retry_after is not None:
            wait = max(wait, error.retry_after.total_seconds())
        await tools.clock.sleep(wait)

    def _stop_if_wished(self) -> None:
        if self.drawing.moments.of(self.drawing.job.id).stop.is_set():
            raise CancelledByMember

    async def _order(self) -> Order:
        drawing = self.drawing
        before = None if self.shot.follows is None else drawing.blob(self.shot.follows)
        return await order_of(drawing.tools, drawing.job, self.shot, drawing.able, before)


_TELLING: Final = (FenceLost, CancelledByMember, ContentRejected, BackendError)
"""Which of several shots' errors says most, first to last: another run's taking over ends everything."""


def _telling(group: BaseException) -> BaseException:
    errors = list(_leaves(group))
    found = (error for kind in _TELLING for error in errors if isinstance(error, kind))
    return next(found, errors[0])


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _leaves(inner)
    else:
        yield error
