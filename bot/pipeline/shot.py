"""One shot's way through a backend: sent once, found again after any crash, fetched, and never drawn twice.

A shot's record moves planned → submitting → submitted → returned → drawn. `submitting` is committed before the backend
hears a word; a run that finds it asks the backend before it sends anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.errors import BackendError, DeadlineExceeded, Paused, RemoteFailed, RemoteLost, SubmitUncertain
from bot.model.backend import Absent, RemoteRef, RemoteState, RemoteStatus
from bot.model.job import ShotRecord, ShotState
from bot.model.plan import PlannedShot
from bot.pipeline.gate import Place
from bot.pipeline.ordering import order_of

if TYPE_CHECKING:
    from bot.pipeline.drawing import Drawing

log = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS: Final = 3
"""Orders one run sends for one shot at most, where sending again costs nobody anything."""
LIVES: Final = 20
"""Orders for one shot over all runs: one that ends our own process each time must not do so for ever."""
ROOM: Final = 1.0
"""Seconds between two looks whether a backend that other processes keep busy has room."""
ENDED: Final = frozenset({RemoteState.SUCCEEDED, RemoteState.FAILED, RemoteState.CANCELLED, RemoteState.LOST})


class CancelledByMember(Exception):  # a signal between our own steps, never shown
    """The member wants it stopped, or took the work back."""


@dataclass(slots=True)
class Shot:
    """One shot in one run. `sent` counts this run's orders, `since` is when it sent the last."""

    drawing: Drawing
    plan: PlannedShot
    record: ShotRecord
    place: Place
    sent: int = 0
    since: datetime | None = None

    async def through(self) -> None:
        """Carry it from wherever its record stands to a video in the media store."""
        while self.record.state is not ShotState.DRAWN:
            match self.record.state:
                case ShotState.PLANNED | ShotState.FAILED:
                    await self._send()
                case ShotState.SUBMITTING:
                    await self._look()
                case _:
                    await self._follow()
        self.drawing.heard(self.plan.index, RemoteStatus(RemoteState.SUCCEEDED))

    async def _write(self, record: ShotRecord) -> None:
        await self.drawing.tools.repos.jobs.shot(self.drawing.job, record)
        self.record = record

    async def _announce(self, intent: ShotRecord) -> None:
        """Write the intent as soon as the backend has room for it: orders of other processes count as well."""
        most = max(1, self.drawing.able.concurrency)
        while not await self.drawing.tools.repos.jobs.shot(self.drawing.job, intent, most):
            self.drawing.heard(self.plan.index, RemoteStatus(RemoteState.QUEUED, stage="job.next"))
            await self._wait(ROOM)
        self.record = intent

    async def _send(self) -> None:
        order = await order_of(self.drawing.tools, self.drawing.job, self.plan, self.drawing.able, await self._before())
        await self.drawing.backend.validate(order)
        self.drawing.stop_if_wished()
        await self._announce(replace(self.record, state=ShotState.SUBMITTING, attempt=self.record.attempt + 1))
        self.sent, self.since = self.sent + 1, self.drawing.tools.clock.now()
        try:
            remote = await self.drawing.backend.submit(order, key=self.record.key)
        except Paused:
            await self._write(replace(self.record, state=ShotState.PLANNED, attempt=self.record.attempt - 1))
            await self._sit_out()
        except SubmitUncertain:
            return  # the record says submitting: the next step looks before anything else is done
        except BackendError as error:
            await self._write(replace(self.record, state=ShotState.PLANNED))
            if not error.retry or self.sent > len(self.drawing.tools.backoff):
                raise
            await self._rest(self.sent - 1, error)
        except Exception:
            log.exception("order %s broke off in a way nobody foresaw; it may have been taken", self.record.key)
        else:
            self.drawing.open[self.plan.index] = remote
            await self._write(replace(self.record, state=ShotState.SUBMITTED, remote=remote))

    async def _sit_out(self) -> None:
        """The backend rests and got nothing. A film of which nothing was sent yet may as well wait in line; one that
        was begun waits here, so that its other shots are not thrown away."""
        self.sent, self.since = self.sent - 1, None
        records = await self.drawing.tools.repos.jobs.shots(self.drawing.job.id)
        paused = Paused(f"{self.drawing.backend.name} takes no orders now")
        if all(record.state is ShotState.PLANNED for record in records) or self._time_left() <= 0:
            raise paused
        self.drawing.heard(self.plan.index, RemoteStatus(RemoteState.QUEUED, stage="job.resting"))
        await self._rest(len(self.drawing.tools.backoff), paused)

    async def _before(self) -> str | None:
        """The drawn shot whose last picture this one begins with, where the plan chains them."""
        if self.plan.follows is None:
            return None
        records = await self.drawing.tools.repos.jobs.shots(self.drawing.job.id)
        return next(record.blob for record in records if record.index == self.plan.follows)

    async def _look(self) -> None:
        """The intent stands without an answer: ask the backend what became of it."""
        found = await self._found()
        if isinstance(found, RemoteRef):
            await self._write(replace(self.record, state=ShotState.SUBMITTED, remote=found))
        elif found is Absent.SURELY or self.drawing.able.free_resend:
            await self._write(replace(self.record, state=ShotState.PLANNED))
            if self._spent():
                raise RemoteFailed("the backend never took the order")
        else:
            raise SubmitUncertain("the connection broke while sending and the backend cannot tell")

    async def _found(self) -> RemoteRef | Absent:
        try:
            return await self._patiently(lambda: self.drawing.backend.find(self.record.key, self.drawing.job.created))
        except BackendError as error:
            log.warning("nobody can tell what became of order %s: %r", self.record.key, error)
            return Absent.UNKNOWN

    async def _follow(self) -> None:
        assert self.record.remote is not None
        status = await self._watch(self.record.remote)
        match status.state:
            case RemoteState.SUCCEEDED:
                await self._write(replace(self.record, state=ShotState.RETURNED))
                self.place.give_up()
                await self._fetch(self.record.remote, status)
            case RemoteState.LOST:
                await self._lost(status)
            case RemoteState.CANCELLED:
                raise CancelledByMember
            case _:
                raise status.error or RemoteFailed("the backend gave no reason")

    async def _watch(self, remote: RemoteRef) -> RemoteStatus:
        """Follow until the order has ended, somebody wants it stopped, or its time is up."""
        follow = asyncio.ensure_future(self._patiently(lambda: self._until_ended(remote)))
        stop = asyncio.ensure_future(self.drawing.stop.wait())
        try:
            await asyncio.wait({follow, stop}, timeout=self._time_left(), return_when=asyncio.FIRST_COMPLETED)
            if follow.done():
                return follow.result()
            self.drawing.stop_if_wished()
        finally:
            await _dropped(follow, stop)
        return await self._last_look(remote)

    async def _until_ended(self, remote: RemoteRef) -> RemoteStatus:
        status = RemoteStatus(RemoteState.LOST)
        async for status in self.drawing.backend.events(remote):
            self.drawing.heard(self.plan.index, status)
            await self.drawing.remember(status.notes)
        return status

    async def _last_look(self, remote: RemoteRef) -> RemoteStatus:
        """The time is up, perhaps because we were away: what has ended meanwhile is taken all the same."""
        status = await self._patiently(lambda: self.drawing.backend.poll(remote))
        if status.state not in ENDED:
            raise DeadlineExceeded(f"not drawn within {self.drawing.able.deadline}")
        self.drawing.heard(self.plan.index, status)
        return status

    def _time_left(self) -> float:
        """Seconds until the backend's deadline: from this run's own order, else from admission, so that restarts do
        not extend the time of an order that an earlier run sent."""
        since = self.since or self.drawing.job.admitted or self.drawing.job.created
        spent = (self.drawing.tools.clock.now() - since).total_seconds()
        return max(0.0, self.drawing.able.deadline.total_seconds() - spent)

    async def _fetch(self, remote: RemoteRef, status: RemoteStatus) -> None:
        media = self.drawing.tools.repos.media
        path: Path = media.scratch(self.drawing.job.id) / f"shot-{self.plan.index}.mp4"
        await self._patiently(lambda: self.drawing.backend.fetch(remote, status, path))
        await _whole(self._keep(path))

    async def _keep(self, path: Path) -> None:
        blob = await self.drawing.tools.repos.media.put(path, "video/mp4")
        await self._write(replace(self.record, state=ShotState.DRAWN, blob=blob))

    async def _lost(self, status: RemoteStatus) -> None:
        if not self.drawing.able.free_resend or self._spent():
            raise status.error or RemoteLost("the backend forgot the order")
        await self._write(replace(self.record, state=ShotState.PLANNED, remote=None))

    def _spent(self) -> bool:
        """Whether it was sent often enough. What a restart of our own lost does not count against this run."""
        return self.sent >= ATTEMPTS or self.record.attempt >= LIVES

    async def _patiently(self, read: Callable[[], Awaitable[T]]) -> T:
        """Something that may be repeated: until the deadline where the error says so, and a few times even after it."""
        tries = 0
        while True:
            try:
                return await read()
            except BackendError as error:
                if not error.retry or (tries >= len(self.drawing.tools.backoff) and self._time_left() <= 0):
                    raise
                await self._rest(tries, error)
                tries += 1

    async def _rest(self, tries: int, error: BackendError) -> None:
        """Wait before the next try."""
        tools = self.drawing.tools
        wait = tools.backoff[min(tries, len(tools.backoff) - 1)] * tools.patience
        if error.retry_after is not None:
            wait = max(wait, error.retry_after.total_seconds())
        await self._wait(wait)

    async def _wait(self, seconds: float) -> None:
        """No longer than until somebody wants it stopped."""
        resting = asyncio.ensure_future(self.drawing.tools.clock.sleep(seconds))
        stop = asyncio.ensure_future(self.drawing.stop.wait())
        try:
            await asyncio.wait({resting, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _dropped(resting, stop)
        self.drawing.stop_if_wished()


async def _whole(work: Coroutine[Any, Any, None]) -> None:
    """Let `work` end even when we are cancelled meanwhile: a file that no record names would stay for ever."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # seen; being cancelled says more
        raise


async def _dropped(*tasks: asyncio.Future[Any]) -> None:
    """Cancel and await; whatever they still had to say was heard or does not matter any more."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
