"""Carrying jobs through: admission, the stages of each, and picking everything up again after a crash."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.errors import (
    BackendError,
    DiskFull,
    FenceLost,
    NotFound,
    OlympicError,
    Paused,
    PlatformBusy,
    RemoteFailed,
    ResultExpired,
    StorageError,
    SubmitUncertain,
)
from bot.model.job import MAKING, RUNNING, Failure, Job, ShotState, Stage, Waiting
from bot.model.measure import DRAWING, ENDED, SPEND
from bot.model.people import Community, MessageRef, Place
from bot.model.plan import Plan
from bot.pipeline import admission, purse
from bot.pipeline.board import Board
from bot.pipeline.calendar import Calendar
from bot.pipeline.curator import Curator
from bot.pipeline.delivery import deliver, remove
from bot.pipeline.drawing import Drawing
from bot.pipeline.elsewhere import elsewhere, remark
from bot.pipeline.finishing import finish
from bot.pipeline.joining import join_running
from bot.pipeline.keeper import Keeper, clear
from bot.pipeline.letters import Postman
from bot.pipeline.live import Moments
from bot.pipeline.pacer import Pacer
from bot.pipeline.purse import able_for
from bot.pipeline.shares import Shares
from bot.pipeline.shot import CancelledByMember
from bot.pipeline.showcase import Showcase
from bot.pipeline.tools import Tools
from bot.planner import Rules
from bot.ports import Backend, Bounds, Runner
from bot.trail import following

log = logging.getLogger(__name__)

TICK: Final = 20.0
"""Seconds between looks at everything that should be moving."""
TRIES: Final = 30
"""Ticks (ten minutes) after which storage that does not answer is given up; of an outage every so many are logged."""
STUMBLES: Final = 3
"""Times a finished film is posted where its platform breaks in a way nobody foresaw."""
BENCHES: Final = max(1, (os.cpu_count() or 2) // 2)
"""Films put together at the same time; each keeps about two processors busy."""
GLANCE: Final = 2.0
"""Seconds between looks at jobs that other processes draw."""
AGO: Final = timedelta(minutes=5)
"""How far machines' clocks may be apart for an end not to be overlooked."""
LOOK_BACK: Final = timedelta(hours=6)
"""How long ago a job may have ended for its card to be set right at a start."""


class Engine:
    """The heart. `run` must be running for anything to move; `submit` and `cancel` are safe at any time.

    Alone it carries a job through all stages. Where drawing is done by workers, the process that talks to people
    carries the stages in `mine` (delivery) and hands the others to `workers`; a worker's engine carries those, admits
    nobody and shows no card.
    """

    def __init__(
        self,
        tools: Tools,
        runner: Runner,
        per_member: int = 1_000_000,
        rules: Rules | None = None,
        *,
        mine: frozenset[Stage] = RUNNING,
        workers: Runner | None = None,
    ) -> None:
        self._tools = tools
        self._runner = runner
        self._mine = mine
        self._workers = workers
        self._hosts = Stage.DELIVERING in mine
        self._per_member = per_member
        self._rules = rules or Rules()
        self.shares = Shares(tools.repos.communities)
        self._grumbles = Counter[str]()
        self._stumbles = Counter[str]()
        self._entering = set[str]()
        self.moments = Moments()
        self._pacer = Pacer(tools.platforms, tools.clock)
        self.board = Board(tools, self.moments, self._pacer)
        self.showcase = Showcase(tools, self._pacer)
        self.curator = Curator(tools)
        self.postman = Postman(tools)
        self.keeper = Keeper(tools, self.cancel)
        self.calendar = Calendar(tools, self.showcase)

    async def run(self) -> None:
        """Pick up what an earlier process left, then serve until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._runner.run(self.advance), name="jobs")
            if self._hosts:
                tasks.create_task(self._pacer.run(), name="edits")
                tasks.create_task(self._tick(), name="tick")
                tasks.create_task(self.showcase.run(), name="showcase")
                tasks.create_task(self.curator.run(), name="exhibit")
                tasks.create_task(self.postman.run(), name="letters")
                tasks.create_task(self.keeper.run(), name="forgetting")
                tasks.create_task(self.calendar.run(), name="rounds")
            if self._workers is not None:
                tasks.create_task(self._glance(), name="glance")

    async def submit(self, job: Job, bounds: Bounds | None = None) -> Job | None:
        """Put a new job in line, hang its card, and start it if there is a slot; None when it would go beyond bounds.

        Raises `PlatformError` when the card cannot be posted; nothing is left in line then.
        """
        log.info("it goes on as request %s", job.id)
        self._entering.add(job.id)
        with following(request=job.id, backend=job.plan.backend):
            try:
                if not await self._tools.repos.jobs.add(job, bounds):
                    return None
                log.info("job %s is in line", job.id)
                await self._enter(job)
            finally:
                self._entering.discard(job.id)
        await self.kick()
        return await self._tools.repos.jobs.get(job.id) or job

    async def _enter(self, job: Job) -> None:
        try:
            await self._hang(job)
        except PlatformBusy:
            log.warning("the card of job %s could not be posted yet", job.id)
        except Exception:
            await self._tools.repos.jobs.wish_cancel(job.id)
            raise

    async def cancel(self, job_id: str) -> Job | None:
        """Have a job stopped: at once while it waits, at its next look while it runs."""
        job = await self._tools.repos.jobs.wish_cancel(job_id)
        if job is None:
            return None
        if job.over:
            self.board.close(job)
            self.moments.forget(job_id)
            await self.kick()
        else:
            self.moments.of(job_id).stop.set()
        return job

    async def deliver_again(self, job_id: str, place: Place) -> bool:
        """Post a finished film there that could not be posted; False when there is none. Nothing is drawn or paid."""
        job = await self._tools.repos.jobs.deliver_again(job_id, place)
        if job is None:
            return False
        log.info("the film of job %s is posted once more", job_id)
        if job.card is not None:
            self.board.hang(job_id, job.card)  # so that no edit of it is on its way when it becomes the entry
        await self._offer(job_id, job.stage)
        return True

    async def abandon(self, community: Community) -> None:
        """Stop everything unfinished of a community that nobody is there to receive (a shell that was closed)."""
        for job in await self._tools.repos.jobs.unfinished():
            if job.community == community:
                await self.cancel(job.id)
                if taken := await self._tools.repos.jobs.take(job.id):
                    await self._tools.repos.jobs.end(taken, Stage.CANCELLED, None)
                await self._tools.repos.media.sweep(job.id)
                await clear(self._tools, job.id)

    async def settled(self, job_id: str) -> None:
        """Return when nothing more will happen to a job, or it is unknown; for a shell that leaves with its clip."""
        while (job := await self._tools.repos.jobs.get(job_id)) and not job.over:
            await self._tools.clock.sleep(0.05)

    async def kick(self) -> None:
        """Give free slots to whoever is next; what storage refuses now is tried again at the next tick."""
        if not self._hosts:
            return
        try:
            abilities = (await self._tools.able()).items()
            slots = {name: 0 if able.resting else able.concurrency + able.ahead for name, able in abilities}
            choose = admission.chooser(admission.Rules(slots, self._per_member, await self.shares.now()))
            served = self._tools.served
            admitted = await self._tools.repos.jobs.admit(lambda line, run: choose(self._ready(line), served(run)))
            for job_id in admitted:
                await self._offer(job_id, Stage.ADMITTED)
            await self.board.show_line()
        except StorageError as error:
            log.warning("nobody could be given a slot: %r", error)

    async def _offer(self, job_id: str, stage: Stage) -> None:
        """Have it carried, here or by a worker; harmless when it already is."""
        runner = self._runner if stage in self._mine or self._workers is None else self._workers
        await runner.enqueue(job_id)

    def _ready(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """Those that may start: a request whose place may yet refuse its card is not drawn for nothing."""
        return [job for job in self._tools.served(waiting) if job.id not in self._entering]

    async def advance(self, job_id: str) -> None:
        """Carry one job from wherever its record stands to its end; only a takeover, a stop, a platform or a disk
        that must be waited for leave it midway."""
        with following(request=job_id):
            went_on = await self._carry(job_id)
        if went_on:
            await self.kick()

    async def _carry(self, job_id: str) -> bool:
        """False when it was left midway."""
        try:
            job = await self._taken(job_id)
            if job is not None:
                with following(backend=job.plan.backend, fence=job.fence):
                    await self._through(job)
        except FenceLost:
            log.info("job %s was taken over by another run", job_id)
            return False
        except (PlatformBusy, StorageError) as error:
            self._grumble(job_id, "waits and is tried again", error)
            return False
        except Exception:
            log.exception("job %s stopped and is tried again", job_id)
            return False
        return True

    async def _taken(self, job_id: str) -> Job | None:
        """The job, now ours; None when it has ended or stands at a stage that others carry."""
        if self._mine != RUNNING:
            there = await self._tools.repos.jobs.get(job_id)
            if there is None or there.stage not in self._mine:
                return None
        return await self._tools.repos.jobs.take(job_id)

    async def _through(self, job: Job) -> None:
        """The stage machine: every step writes the next stage before the loop looks again."""
        try:
            while job.stage in self._mine:
                job = await self._steps[job.stage](self, job)
                log.info("job %s is now %s", job.id, job.stage)
                self.moments.changed(job.id)
            if job.over:
                self._tools.meter.add(ENDED, 1, job.plan.backend, job.stage)
        except CancelledByMember:
            await self._withdraw(job)
        except Exception as error:
            if await self._put_aside(job, error):
                return
            if self._passes(job, error):
                raise
            stage = Stage.UNCERTAIN if isinstance(error, SubmitUncertain) else Stage.FAILED
            await self._end(job, stage, _failure(_named(job, error)))
        self._let_go(job.id)
        await self._tools.repos.media.sweep(job.id)
        await clear(self._tools, job.id)

    async def _put_aside(self, job: Job, error: Exception) -> bool:
        """Put a job whose backend takes no orders back in line, there or elsewhere, unless something was sent."""
        if not (isinstance(error, BackendError) and error.pause):
            return False
        if any(shot.state is not ShotState.PLANNED for shot in await self._tools.repos.jobs.shots(job.id)):
            return False
        plan = elsewhere(job, await able_for(self._tools, job.member, await self._tools.able()), self._rules)
        if plan is None and not isinstance(error, Paused):
            return False
        log.info("job %s waits for %s: %s", job.id, (plan or job.plan).backend, error.detail)
        await self._line_up(job, plan)
        return True

    async def _line_up(self, job: Job, plan: Plan | None) -> None:
        """In line again, at the place of when it was asked for; somebody may have wanted it stopped meanwhile."""
        home = await self._tools.repos.communities.get(job.community)
        money = purse.bounds(home, self._tools.clock.now())
        again = await self._tools.repos.jobs.queue_again(job, plan or job.plan, remark(plan) if plan else None, money)
        self.moments.forget(job.id)
        if again.cancel:
            await self.cancel(job.id)
        else:
            self.moments.changed(job.id)

    async def _reroute(self, waiting: Iterable[Job]) -> None:
        """What waits for a backend that takes no orders goes to another one, by the operator's rule."""
        able = await self._tools.able() if self._rules.elsewhere else {}
        for job in waiting:
            mine = able.get(job.plan.backend)
            if mine and mine.resting:
                plan = elsewhere(job, await able_for(self._tools, job.member, able), self._rules)
                if plan:
                    with suppress(FenceLost):  # it was cancelled or admitted this moment
                        await self._line_up(job, plan)

    def _passes(self, job: Job, error: Exception) -> bool:
        """Whether the job may go on later, when its platform answers or its disk has room again."""
        if isinstance(error, StorageError) and not isinstance(error, DiskFull | FenceLost):
            return self._grumbles[job.id] < TRIES
        if job.stage is Stage.DELIVERING and not isinstance(error, OlympicError):
            self._stumbles[job.id] += 1  # a film that was made and may hang already is looked for before it is given up
            return self._stumbles[job.id] < STUMBLES
        return isinstance(error, StorageError | PlatformBusy)

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
        spent = self._tools.clock.now() - (job.admitted or job.created)
        self._tools.meter.observe(DRAWING, spent.total_seconds(), job.plan.backend)
        return await self._tools.repos.jobs.advance(drawing.job, Stage.FINISHING)

    async def _finish(self, job: Job) -> Job:
        self._reached(job, 0.9)
        await self._stop_if_wished(job)
        await self.kick()  # its slot is free: what follows is our own work
        shots = await self._tools.repos.jobs.shots(job.id)
        async with self._tools.bench.place(BENCHES):
            finished = await finish(self._tools, job, [shot.blob for shot in shots if shot.blob])
        self._tools.meter.add(SPEND, float(job.plan.price), job.plan.backend, job.plan.currency)
        return finished

    async def _deliver(self, job: Job) -> Job:
        self._reached(job, 0.97)
        await self.board.hand_over(job.id)
        job = await join_running(self._tools, job)
        label = await self._tools.label(job.plan.backend)
        delivered = await deliver(self._tools, job, label, self._stop_if_wished)
        self.showcase.hung(delivered.entry or delivered.id)
        return delivered

    def _reached(self, job: Job, fraction: float) -> None:
        self.moments.of(job.id).fraction = fraction
        self.moments.changed(job.id)

    async def _stop_if_wished(self, job: Job) -> None:
        """Raise when somebody wants it stopped, whether this process heard it or only the record knows."""
        live = self.moments.of(job.id)
        if job.cancel or live.stop.is_set() or await self._tools.repos.jobs.progress(job, live.fraction):
            raise CancelledByMember

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
        ended = await self._tools.repos.jobs.end(job, stage, failure, self.moments.peek(job.id).unbilled)
        log.info("job %s is now %s", job.id, stage)
        self._tools.meter.add(ENDED, 1, job.plan.backend, stage)
        if ended.card is None:
            await self._rehang([ended])
        self.board.close(ended)

    async def _withdraw(self, job: Job) -> None:
        """It is not wanted any more; a work that was already kept goes too."""
        if job.entry and (entry := await self._tools.repos.entries.delete(job.entry, self._tools.clock.now())):
            await remove(self._tools, entry)
        await self._end(job, Stage.CANCELLED, None)

    def _let_go(self, job_id: str) -> None:
        self.board.take_down(job_id)
        self.moments.forget(job_id)
        self._grumbles.pop(job_id, None)
        self._stumbles.pop(job_id, None)

    def _grumble(self, job_id: str, what: str, error: OlympicError) -> None:
        """Tell the operator, but not at every tick of an outage that may last for hours."""
        self._grumbles[job_id] += 1
        level = logging.WARNING if self._grumbles[job_id] % TRIES == 1 else logging.DEBUG
        log.log(level, "job %s %s: %r", job_id, what, error)

    async def _hang(self, job: Job) -> None:
        """Post the job's card, or find the one an earlier run posted."""
        platform = self._tools.platforms.get(job.place.community.platform)
        card = await self.board.card(job.id)
        if platform is None or card is None:
            return
        key = f"{job.id}:card"
        noted, ref = await self._tools.repos.postings.begin(key)
        if ref is None:
            ref = await platform.post(job.place, card, key=key, again=noted)
            await self._tools.repos.postings.done(key, ref)
        if await self._tools.repos.jobs.card(job.id, ref):
            await self._settle(job, ref)
        else:
            await platform.delete(ref)  # the entry speaks for itself

    async def _settle(self, job: Job, ref: MessageRef) -> None:
        """The job went on while its card was being posted: a card that came too late is set right. One that is being
        delivered by now has it, and may have made it the entry."""
        now = await self._tools.repos.jobs.get(job.id)
        if now is None or now.stage in (Stage.DELIVERING, Stage.DONE):
            return
        if now.over:
            self.board.close(now)
        else:
            self.board.hang(job.id, ref)

    async def reconcile(self) -> None:
        """Nothing may be stuck: offer everything unfinished to the runner (harmless if it runs), hang missing cards."""
        unfinished = await self._tools.repos.jobs.unfinished()
        here = [job for job in unfinished if job.community.platform in self._tools.platforms]
        for job in here:
            if job.stage is not Stage.QUEUED:
                await self._offer(job.id, job.stage)
        await self._reroute(job for job in here if job.stage is Stage.QUEUED)
        await self.kick()
        await self._rehang(job for job in here if job.stage is not Stage.DELIVERING)

    async def _set_right(self) -> None:
        """Cards of jobs that ended just before a crash may still show a bar."""
        for job in await self._tools.repos.jobs.ended_since(self._tools.clock.now() - LOOK_BACK):
            if job.stage is not Stage.DONE:
                self.board.close(job)

    async def _rehang(self, jobs: Iterable[Job]) -> None:
        """Cards that hang may be edited; missing ones are posted, if their platform answers at all."""
        silent = set[str]()
        for job in jobs:
            if job.card is not None:
                self.board.hang(job.id, job.card)
            elif job.community.platform not in silent and job.id not in self._entering:
                try:
                    await self._hang(job)
                except OlympicError as error:
                    silent.add(job.community.platform)
                    self._grumble(job.id, "has no card yet", error)
                except Exception:
                    silent.add(job.community.platform)
                    log.exception("the card of job %s could not be posted", job.id)

    async def _glance(self) -> None:
        """Follow what workers do: cards move, what is drawn is delivered, what ended says so and frees its slot."""
        drawn, told = set[str](), set[str]()
        while True:
            try:
                drawn, told = await self._followed(drawn, told)
            except OlympicError as error:
                log.warning("the look at what workers do failed; it is tried again: %r", error)
            except Exception:
                log.exception("the look at what workers do failed; it is tried again")
            await self._tools.clock.sleep(GLANCE)

    async def _followed(self, drawn: set[str], told: set[str]) -> tuple[set[str], set[str]]:
        """One look, knowing what was being drawn and who was told of an end at the last one."""
        jobs, now = self._tools.repos.jobs, self._tools.clock.now()
        running = {job.id for job in self._tools.served(await jobs.running(MAKING))}
        ended = [job for job in await jobs.ended_since(now - AGO) if job.stage is not Stage.DONE]
        for job_id in running:
            self.board.show(job_id)
        for job in ended:
            if job.id not in told:
                await self._rehang([job] if job.card is None else [])
                self.board.close(job)
                self.moments.forget(job.id)
        for job_id in drawn - running:
            job = await jobs.get(job_id)
            if job is not None and job.stage is Stage.DELIVERING:
                await self._offer(job_id, job.stage)
        if drawn - running:
            await self.kick()
        return running, {job.id for job in ended}

    async def _tick(self) -> None:
        looked_back = False
        while True:
            try:
                if not looked_back:
                    await self._set_right()
                looked_back = True
                await self.reconcile()
            except OlympicError as error:
                log.warning("the look at everything unfinished failed; it is tried again: %r", error)
            except Exception:
                log.exception("the look at everything unfinished failed; it is tried again")
            await self._tools.clock.sleep(TICK)


def _failure(error: OlympicError) -> Failure:
    refunded = error.refund if isinstance(error, BackendError) else True
    return Failure(error.sentence, tuple(error.facts.items()), error.detail, refunded)


def _named(job: Job, error: Exception) -> OlympicError:
    """The error in words a member can be told."""
    if isinstance(error, NotFound):  # a file of ours that is no longer in the media store
        return ResultExpired(error.detail)
    if isinstance(error, OlympicError):
        return error
    incident = secrets.token_hex(3)
    log.error("incident %s: job %s failed in a way nobody foresaw", incident, job.id, exc_info=error)
    return RemoteFailed(repr(error), key="error.unexpected", incident=incident)
