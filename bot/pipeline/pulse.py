"""How the whole is doing at this moment: for whoever watches it from outside."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.errors import BackendError, StorageError
from bot.model import measure
from bot.model.backend import Health
from bot.model.job import Stage, Waiting
from bot.pipeline.tools import Tools
from bot.ports import Backend

PATIENCE: Final = 5.0
"""Seconds the database or a backend may take to answer."""
FRESH: Final = 10.0
"""Seconds for which nobody is asked again, however often somebody looks."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One look. `trouble` is why the database does not answer, empty when it does."""

    trouble: str
    stages: Mapping[Stage, int]
    waiting: Mapping[str, tuple[int, float]]
    """Backend → (jobs in line, seconds the oldest has waited)."""
    platforms: Mapping[str, bool]
    backends: Mapping[str, Health]
    resting: Mapping[str, bool]
    """Backend → whether no new order is sent to it; one that does not tell is left out."""

    @property
    def ready(self) -> bool:
        """Whether a request asked now can become a clip that is seen."""
        return not self.trouble and all(self.platforms.values()) and any(one.ok for one in self.backends.values())


class Watch:
    """Looks, at most every `FRESH` seconds, and tells the meter what it saw."""

    def __init__(self, tools: Tools, *, fresh: float = FRESH, patience: float = PATIENCE) -> None:
        self._tools = tools
        self._fresh = fresh
        self._patience = patience
        self._seen: tuple[float, Pulse] | None = None
        self._turn = asyncio.Lock()

    async def look(self) -> Pulse:
        """How it is; never raises."""
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if self._seen is None or now - self._seen[0] > self._fresh:
                self._seen = now, await self._look()
            return self._seen[1]

    async def _look(self) -> Pulse:
        (trouble, stages, waiting), healths, resting = await asyncio.gather(
            self._records(), self._healths(), self._resting()
        )
        platforms = {name: platform.connected for name, platform in self._tools.platforms.items()}
        pulse = Pulse(trouble, stages, self._lines(waiting), platforms, healths, resting)
        self._tell(pulse)
        return pulse

    async def _records(self) -> tuple[str, Mapping[Stage, int], list[Waiting]]:
        jobs = self._tools.repos.jobs
        try:
            async with asyncio.timeout(self._patience):
                return "", await jobs.stages(), await jobs.waiting()
        except TimeoutError:
            return f"no answer within {self._patience:g} s", {}, []
        except StorageError as error:
            return error.detail or repr(error), {}, []

    async def _healths(self) -> dict[str, Health]:
        asked = self._tools.backends
        return dict(zip(asked, await asyncio.gather(*map(self._health, asked.values())), strict=True))

    async def _health(self, backend: Backend) -> Health:
        try:
            async with asyncio.timeout(self._patience):
                return await backend.health()
        except TimeoutError:
            return Health(False, f"no answer within {self._patience:g} s")

    async def _resting(self) -> dict[str, bool]:
        asked = self._tools.backends
        told = zip(asked, await asyncio.gather(*map(self._rests, asked.values())), strict=True)
        return {name: rests for name, rests in told if rests is not None}

    async def _rests(self, backend: Backend) -> bool | None:
        try:
            async with asyncio.timeout(self._patience):
                return bool((await backend.capabilities()).resting)
        except (BackendError, TimeoutError):
            return None

    def _lines(self, waiting: list[Waiting]) -> dict[str, tuple[int, float]]:
        now, lines = self._tools.clock.now(), defaultdict[str, list[float]](list)
        for job in waiting:
            lines[job.backend].append((now - job.created).total_seconds())
        return {name: (len(lines[name]), max(lines[name], default=0.0)) for name in {*self._tools.backends, *lines}}

    def _tell(self, pulse: Pulse) -> None:
        show = self._tools.meter.show
        show(measure.DATABASE_UP, {(): not pulse.trouble})
        show(measure.JOBS, {(stage.value,): pulse.stages.get(stage, 0) for stage in Stage if not pulse.trouble})
        show(measure.QUEUE, {(name,): count for name, (count, _) in pulse.waiting.items() if not pulse.trouble})
        show(measure.OLDEST, {(name,): oldest for name, (_, oldest) in pulse.waiting.items() if not pulse.trouble})
        show(measure.CONNECTED, {(name,): up for name, up in pulse.platforms.items()})
        show(measure.BACKEND_UP, {(name,): health.ok for name, health in pulse.backends.items()})
        show(measure.BACKEND_PAUSED, {(name,): rests for name, rests in pulse.resting.items()})
