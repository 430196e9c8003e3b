"""The cards of unfinished jobs: what each shows now, sent through the pacer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.cards import ended_card, running_card, waiting_card
from bot.model.card import Card
from bot.model.job import Job, Stage, Standing, Waiting
from bot.model.people import MessageRef
from bot.pipeline import admission, estimate
from bot.pipeline.live import Moments
from bot.pipeline.pacer import Pacer
from bot.pipeline.tools import Tools

Line = tuple[Sequence[Waiting], Sequence[Waiting]]
"""(what waits, in the order it will start; what holds a slot)"""

CALM: Final = 5.0
"""Seconds between two rounds of edits that only tell a new place in line."""
FRONT: Final = 20
"""Cards that follow in one round: the front of the line, and as many again from further back, in turn."""
FRESH: Final = 1.0
"""Seconds for which the line is not read again."""


class Board:
    """Draws job cards. It reads; it never changes a job."""

    def __init__(self, tools: Tools, moments: Moments, pacer: Pacer) -> None:
        self._tools = tools
        self._moments = moments
        self._pacer = pacer
        self._places: dict[str, MessageRef] = {}
        self._handed: set[str] = set()
        self._line_seen: tuple[float, Line] | None = None
        self._line_shown = float("-inf")
        self._turn = 0
        moments.listen(self.show)

    def hang(self, job_id: str, ref: MessageRef) -> None:
        """The job's card is there; it may be edited from now on, unless it is becoming the entry."""
        if job_id not in self._handed:
            self._places[job_id] = ref

    def show(self, job_id: str) -> None:
        """Something changed: let the card follow."""
        if ref := self._places.get(job_id):
            self._pacer.show(ref, lambda: self._news(job_id))

    async def show_line(self) -> None:
        """The line moved: the cards at its front follow, and some of those further back in turn.

        A thousand cards that all follow every move would keep a platform busy with nothing else.
        """
        self._line_seen = None
        now = asyncio.get_running_loop().time()
        if now - self._line_shown < CALM:
            return
        self._line_shown = now
        waiting, _ = await self._line()
        front, rest = waiting[:FRONT], waiting[FRONT:]
        turn = self._turn % len(rest) if rest else 0
        self._turn = turn + FRONT
        for job in (*front, *rest[turn : turn + FRONT]):
            self.show(job.id)

    def take_down(self, job_id: str) -> None:
        """The job is over; its card gets no news after the last."""
        self._places.pop(job_id, None)
        self._handed.discard(job_id)

    def close(self, job: Job) -> None:
        """The job ended without an entry: its card says so, before any news of the line, and then rests."""
        if job.card is not None:
            self._pacer.show(job.card, lambda: self.card(job.id), soon=True)
        self.take_down(job.id)

    async def hand_over(self, job_id: str) -> None:
        """The card is about to become the entry: no edit is on its way and none will follow."""
        self._handed.add(job_id)
        if ref := self._places.pop(job_id, None):
            await self._pacer.quiet(ref)

    async def _news(self, job_id: str) -> Card | None:
        card = await self.card(job_id)
        return card if job_id in self._places else None  # it may have been taken down meanwhile

    async def card(self, job_id: str) -> Card | None:
        """What the job's card shows at this moment, or None when the job is unknown or its card became the entry."""
        job = await self._tools.repos.jobs.get(job_id)
        if job is None or job.stage is Stage.DONE:
            return None
        if job.over:
            return ended_card(job)
        if job.stage is Stage.QUEUED:
            able = (await self._tools.able()).get(job.plan.backend)
            return waiting_card(job, await self.standing(job), able.resting if able else "")
        live = replace(self._moments.peek(job_id))  # all of one moment: it changes while we wait below
        job = replace(job, fraction=live.fraction if live.fraction is not None else job.fraction)
        stage = live.stage if job.stage is Stage.DRAWING else None
        return running_card(job, await self.left(job), live.preview, stage)

    async def standing(self, job: Job) -> Standing:
        """Where a queued job stands."""
        waiting, running = await self._line(job.id)
        slots = await self._slots(job.plan.backend)
        return estimate.standing(job.id, waiting, running, slots, await self.usual(job))

    async def outlook(self, job: Job) -> Standing:
        """Where a job stands, in line or already running."""
        if job.stage is Stage.QUEUED:
            return await self.standing(job)
        return Standing(0, (0.0, 0.0), await self.left(job))

    async def left(self, job: Job) -> tuple[float, float]:
        """Seconds a running job still needs (low, high)."""
        start, usual = job.admitted or job.created, await self.usual(job)
        spent = max(0.0, (self._tools.clock.now() - start).total_seconds())
        if begun := self._moments.peek(job.id).begun:
            fraction, when = begun
            return estimate.remaining(job.fraction, spent, usual, (fraction, (when - start).total_seconds()))
        return estimate.remaining(job.fraction, spent, usual)

    async def usual(self, job: Job) -> tuple[float, float]:
        """Seconds such a job takes, from history or the plan."""
        if job.request.storyboard:
            return job.plan.usual  # history tells of films
        return estimate.usual(await self._tools.repos.jobs.timings(job.plan.backend), job.plan.usual)

    async def _line(self, job_id: str = "") -> Line:
        """All that waits in its order and all that runs, read once for all cards of a moment; `job_id` is in it."""
        now = asyncio.get_running_loop().time()
        seen = self._line_seen
        if seen is None or now - seen[0] > FRESH or (job_id and all(one.id != job_id for one in seen[1][0])):
            jobs, served = self._tools.repos.jobs, self._tools.served
            running = served(await jobs.running())
            seen = self._line_seen = now, (admission.order(served(await jobs.waiting()), running), running)
        return seen[1]

    async def _slots(self, backend: str) -> int:
        able = (await self._tools.able()).get(backend)
        return able.concurrency if able else 1
