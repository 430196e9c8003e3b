"""Drawing a job: all its shots, their progress added up, and calling off what nobody will need."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, cast

from bot.errors import BackendError, ContentRejected, FenceLost, OlympicError, StorageError
from bot.model.backend import CancelOutcome, Capabilities, RemoteRef, RemoteState, RemoteStatus
from bot.model.job import Job, ShotRecord, ShotState
from bot.pipeline.gate import Place
from bot.pipeline.live import Moments
from bot.pipeline.shot import ENDED, CancelledByMember, Shot
from bot.pipeline.tools import Tools
from bot.ports import Backend

log = logging.getLogger(__name__)

EVERYBODY: Final = 1_000_000
AT_ONCE: Final = 0.05
"""Seconds within which a free place is taken; who waits longer says so on the card."""
SHARE: Final = 0.88
"""Drawing's share of the whole way from admission to delivery."""


class Drawing:
    """One job's drawing. `job` is its newest record; `stop` is set when somebody wants it stopped."""

    def __init__(self, tools: Tools, moments: Moments, job: Job, backend: Backend, able: Capabilities) -> None:
        self.tools = tools
        self.moments = moments
        self.job = job
        self.backend = backend
        self.able = able
        self.stop = moments.of(job.id).stop
        self._fractions: dict[int, float | None] = {}
        self.open: dict[int, RemoteRef] = {}
        """Orders of this run as soon as the backend has named them, by shot."""
        self._ended: set[int] = set()
        self._noted = 0.0

    async def draw(self) -> None:
        """Draw everything that is not drawn yet."""
        records = await self.tools.repos.jobs.shots(self.job.id)
        self._fractions = dict.fromkeys((record.index for record in records), None)
        drawn = {record.index: asyncio.Event() for record in records}
        try:
            async with asyncio.TaskGroup() as tasks:
                for record in records:
                    tasks.create_task(self._in_turn(record, drawn))
        except BaseExceptionGroup as group:
            error = _telling(group)
            if not isinstance(error, StorageError):  # else this run or another one goes on with what was sent
                await self._call_off()
            raise error from group

    async def _in_turn(self, record: ShotRecord, drawn: dict[int, asyncio.Event]) -> None:
        """Its place at the backend is given up as soon as it is drawn: the next order is sent while this is fetched."""
        shot = self.job.plan.shots[record.index]
        if shot.follows is not None:
            await drawn[shot.follows].wait()
        place = await self._place(record)
        try:
            await Shot(self, shot, record, place).through()
        finally:
            place.give_up()
        drawn[record.index].set()

    async def _place(self, record: ShotRecord) -> Place:
        """A place at the backend, unless somebody wants it stopped while it waits for one. What an earlier run sent has
        its place there already."""
        most = self.able.concurrency if record.state is ShotState.PLANNED else EVERYBODY
        entering = asyncio.ensure_future(self.tools.gates[self.backend.name].enter(most))
        stop = asyncio.ensure_future(self.stop.wait())
        try:
            await asyncio.wait({entering}, timeout=AT_ONCE)
            if not entering.done():
                self.heard(record.index, RemoteStatus(RemoteState.QUEUED, stage="job.next"))
            await asyncio.wait({entering, stop}, return_when=asyncio.FIRST_COMPLETED)
            self.stop_if_wished()
            return entering.result()
        except BaseException:
            entering.cancel()
            with suppress(asyncio.CancelledError):
                (await entering).give_up()
            raise
        finally:
            stop.cancel()

    async def _call_off(self) -> None:
        """Nobody will fetch what is still being drawn: have the backend stop it, as far as it can."""
        try:
            for record in await self.tools.repos.jobs.shots(self.job.id):
                if record.state is ShotState.SUBMITTED and record.remote:
                    self.open[record.index] = record.remote
            for index, remote in sorted(self.open.items()):
                if index not in self._ended:
                    await self._told(index, await self.backend.cancel(remote))
        except OlympicError as error:
            log.warning("an order of job %s could not be called off: %r", self.job.id, error)

    async def _told(self, index: int, outcome: CancelOutcome) -> None:
        """What a backend cannot stop it charges for: the member reads so."""
        price = self.job.plan.shots[index].price
        if price and outcome is not CancelOutcome.STOPPED:
            cost = f"{price.normalize():f} {self.job.plan.currency}"
            self.job = await self.tools.repos.jobs.note(self.job, f"note.cancel_charged:{cost}")

    def stop_if_wished(self) -> None:
        """Raise `CancelledByMember` when somebody wants it stopped."""
        if self.stop.is_set():
            raise CancelledByMember

    def heard(self, index: int, status: RemoteStatus) -> None:
        """Add one shot's news to the job's moment."""
        if status.state in ENDED:
            self._ended.add(index)
        self._fractions[index] = 1.0 if status.state is RemoteState.SUCCEEDED else status.fraction
        live = self.moments.of(self.job.id)
        known = [fraction for fraction in self._fractions.values() if fraction is not None]
        if known:
            live.fraction = max(live.fraction or 0.0, SHARE * sum(known) / len(self._fractions))
            if live.begun is None and live.fraction:
                live.begun = live.fraction, self.tools.clock.now()
        live.stage = status.stage
        live.preview = status.preview or live.preview
        self.moments.changed(self.job.id)

    async def remember(self, notes: Sequence[str]) -> None:
        """Write notes at once and progress at most every two seconds; hear whether somebody wants it stopped."""
        jobs = self.tools.repos.jobs
        for note in notes:
            if note not in self.job.notes:
                self.job = await jobs.note(self.job, note)
        now = asyncio.get_running_loop().time()
        if now - self._noted < 2.0:
            return
        self._noted = now
        live = self.moments.of(self.job.id)
        if await jobs.progress(self.job, live.fraction):
            self.stop.set()


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
