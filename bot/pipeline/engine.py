"""Carrying jobs through: admission, the stages of each, and picking everything up again after a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.cards import waiting_card
from bot.errors import (
    BackendError,
    FenceLost,
    NotFound,
    OlympicError,
    PlatformBusy,
    RemoteFailed,
    SubmitUncertain,
)
from bot.model.backend import Capabilities
from bot.model.job import Failure, Job, Stage
from bot.model.people import Community
from bot.pipeline import admission
from bot.pipeline.board import Board
from bot.pipeline.delivery import deliver, entry_of, remove, withdraw
from bot.pipeline.drawing import CancelledByMember, Drawing
from bot.pipeline.finishing import finish
from bot.pipeline.live import Moments
from bot.pipeline.pacer import Pacer
from bot.pipeline.tools import Tools
from bot.ports import Backend, Runner

log = logging.getLogger(__name__)

TICK: Final = 20.0
"""Seconds between looks at everything that should be moving."""
LOOK_BACK: Final = timedelta(hours=6)
"""How long ago a job may have ended for its card to be set right at a start."""


class Engine:
    """The heart. `run` must be running for anything to move; `submit` and `cancel` are safe at any time."""

    def __init__(self, tools: Tools, runner: Runner, per_member: int = 1_000_000) -> None:
        self._tools = tools
        self._runner = runner
        self._per_member = per_member
        self.moments = Moments()
        self._pacer = Pacer(tools.platforms, tools.clock)
        self.board = Board(tools, self.moments, self._pacer)

    async def run(self) -> None:
        """Pick up what an earlier process left, then serve until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._pacer.run(), name="edits")
            tasks.create_task(self._runner.run(self.advance), name="jobs")
            tasks.create_task(self._tick(), name="tick")

    async def submit(self, job: Job) -> Job:
        """Put a new job in line, hang its card, and start it if there is a slot.

        Raises `PlatformError` when the card cannot be posted; nothing is left in line then.
        """
        await self._tools.repos.jobs.add(job)
        try:
            await self._hang(job)
        except PlatformBusy:
            log.warning("the card of job %s could not be posted yet", job.id)
        except OlympicError:
            await self._tools.repos.jobs.wish_cancel(job.id)
            raise
        await self.kick()
        return await self._tools.repos.jobs.get(job.id) or job

    async def cancel(self, job_id: str) -> Job | None:
        """Have a job stopped: at once while it waits, at its next look while it runs."""
        job = await self._tools.repos.jobs.wish_cancel(job_id)
        if job is not None:
            self.moments.of(job_id).stop.set()
            self.board.show(job_id)
            if job.over:
                self._let_go(job_id)
        await self.kick()
        return job

    async def abandon(self, community: Community) -> None:
        """Stop everything unfinished of a community that nobody is there to receive (a shell that was closed)."""
        for job in await self._tools.repos.jobs.unfinished():
            if job.community == community:
                await self.cancel(job.id)
                if taken := await self._tools.repos.jobs.take(job.id):
                    await self._tools.repos.jobs.end(taken, Stage.CANCELLED, None)

    async def kick(self) -> None:
        """Give free slots to whoever is next."""
        slots = {name: (await backend.capabilities()).concurrency for name, backend in self._tools.backends.items()}
        choose = admission.chooser(admission.Rules(slots, self._per_member))
        for job_id in await self._tools.repos.jobs.admit(choose):
            await self._runner.enqueue(job_id)
        await self.board.show_line()

    async def advance(self, job_id: str) -> None:
        """Carry one job from wherever its record stands to its end; only a takeover or a stop leaves it midway."""
        job = await self._tools.repos.jobs.take(job_id)
        if job is None:
            return
        try:
            await self._through(job)
        except FenceLost:
            log.info("job %s was taken over by another run", job_id)
            return
        except PlatformBusy as error:
            log.warning("job %s waits for its platform: %s", job_id, error.detail)
            return
        await self.kick()

    async def _through(self, job: Job) -> None:
        """The stage machine: every step writes the next stage before the loop looks again."""
        try:
            while not job.over:
                job = await self._steps[job.stage](self, job)
                self.moments.changed(job.id)
        except CancelledByMember:
            await self._end(job, Stage.CANCELLED, None)
        except SubmitUncertain as error:
            await self._end(job, Stage.UNCERTAIN, _failure(error, refunded=True))
        except BackendError as error:
            await self._end(job, Stage.FAILED, _failure(error, refunded=error.refund))
        except NotFound:
            await self._end(job, Stage.CANCELLED, None)
        except (FenceLost, PlatformBusy):
            raise
        except OlympicError as error:
            await self._end(job, Stage.FAILED, _failure(error, refunded=True))
        except Exception as error:
            log.exception("job %s failed in a way nobody foresaw", job.id)
            await self._end(
                job, Stage.FAILED, _failure(RemoteFailed(repr(error), key="error.unexpected"), refunded=True)
            )
        self._let_go(job.id)
        await self._tools.repos.media.sweep(job.id)

    async def _begin(self, job: Job) -> Job:
        if job.cancel:
            raise CancelledByMember
        return await self._tools.repos.jobs.advance(job, Stage.DRAWING)

    async def _draw(self, job: Job) -> Job:
        if job.cancel:
            self.moments.of(job.id).stop.set()
        backend = self._backend(job)
        drawing = Drawing(self._tools, self.moments, job, backend, await backend.capabilities())
        await drawing.draw()
        return await self._tools.repos.jobs.advance(drawing.job, Stage.FINISHING)

    async def _finish(self, job: Job) -> Job:
        self.moments.of(job.id).fraction = 0.9
        self.moments.changed(job.id)
        shots = await self._tools.repos.jobs.shots(job.id)
        return await finish(self._tools, job, [shot.blob for shot in shots if shot.blob])

    async def _deliver(self, job: Job) -> Job:
        self.moments.of(job.id).fraction = 0.97
        self.moments.changed(job.id)
        entry, label = await entry_of(self._tools, job), await self._label(job)
        await self.board.hand_over(job.id)
        if entry.deleted:
            await withdraw(self._tools, job, entry, label)
            raise NotFound("the entry was deleted before its place was known")
        done = await deliver(self._tools, job, entry, label)
        entry = await entry_of(self._tools, done)
        if entry.deleted:
            await remove(self._tools, entry)
        return done

    async def _label(self, job: Job) -> str:
        backend = self._tools.backends.get(job.plan.backend)
        able: Capabilities | None = await backend.capabilities() if backend else None
        return able.label if able else "label.ai"

    _steps: Final[dict[Stage, Callable[[Engine, Job], Awaitable[Job]]]] = {
        Stage.ADMITTED: _begin,
        Stage.DRAWING: _draw,
        Stage.FINISHING: _finish,
        Stage.DELIVERING: _deliver,
    }

    def _backend(self, job: Job) -> Backend:
        backend = self._tools.backends.get(job.plan.backend)
        if backend is None:
            raise BackendError(
                f"{job.plan.backend} is no longer configured", key="backend.gone", backend=job.plan.backend
            )
        return backend

    async def _end(self, job: Job, stage: Stage, failure: Failure | None) -> None:
        """End without a clip, and say so on the card."""
        if failure:
            log.warning("job %s ended as %s: %s %s", job.id, stage, failure.key, failure.detail)
        await self._tools.repos.jobs.end(job, stage, failure)
        self.board.show(job.id)

    def _let_go(self, job_id: str) -> None:
        self.board.take_down(job_id)
        self.moments.forget(job_id)

    async def _hang(self, job: Job) -> None:
        """Post the job's card, or find the one an earlier run posted."""
        platform = self._tools.platforms.get(job.place.community.platform)
        if platform is None:
            return
        key = f"{job.id}:card"
        noted, ref = await self._tools.repos.postings.begin(key)
        if ref is None:
            card = waiting_card(job, await self.board.standing(job))
            ref = await platform.post(job.place, card, key=key, again=noted)
            await self._tools.repos.postings.done(key, ref)
        await self._tools.repos.jobs.card(job.id, ref)
        self.board.hang(job.id, ref)

    async def reconcile(self) -> None:
        """Nothing may be stuck: hang missing cards, offer everything unfinished to the runner (harmless if it runs)."""
        for job in await self._tools.repos.jobs.unfinished():
            await self._rehang(job)
            if job.stage is not Stage.QUEUED:
                await self._runner.enqueue(job.id)
        await self.kick()

    async def _set_right(self) -> None:
        """Cards of jobs that ended just before a crash may still show a bar."""
        for job in await self._tools.repos.jobs.ended_since(self._tools.clock.now() - LOOK_BACK):
            if job.card is not None and job.stage is not Stage.DONE:
                self.board.hang(job.id, job.card)
                self.board.show(job.id)
                self.board.take_down(job.id)

    async def _rehang(self, job: Job) -> None:
        try:
            if job.card is None:
                await self._hang(job)
            else:
                self.board.hang(job.id, job.card)
        except OlympicError as error:
            log.warning("the card of job %s could not be posted again: %r", job.id, error)

    async def _tick(self) -> None:
        await self._set_right()
        while True:
            try:
                await self.reconcile()
            except OlympicError:
                log.exception("the look at everything unfinished failed; it is tried again")
            await self._tools.clock.sleep(TICK)


def _failure(error: OlympicError, *, refunded: bool) -> Failure:
    return Failure(error.sentence, tuple(error.facts.items()), error.detail, refunded)
