"""Things to be looked at again at their time; said twice before that, they are looked at once."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from bot.ports import Clock

T = TypeVar("T", bound=Hashable)

STEP: Final = 1.0
"""Longest sleep, seconds: something more urgent may be said meanwhile."""


class Due(Generic[T]):
    """Kept in memory only: who fills it knows how to fill it again after a crash."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: dict[T, datetime] = {}
        self._some = asyncio.Event()
        self._seen = clock.now()

    def __len__(self) -> int:
        return len(self._times)

    def add(self, thing: T, after: float = 0.0) -> None:
        """To be looked at so many seconds from now, or earlier where that was said already."""
        when = self._now() + timedelta(seconds=after)
        self._times[thing] = min(when, self._times.get(thing, when))
        self._some.set()

    async def take(self, most: int = 1_000_000) -> list[T]:
        """Wait until something is due; what is due by now, the longest overdue first."""
        while True:
            await self._some.wait()
            now = self._now()
            due = sorted((when, number) for number, when in enumerate(self._times.values()) if when <= now)
            if due:
                return self._taken([number for _, number in due[:most]])
            await self._clock.sleep(min(STEP, self._wait(now)))

    def _now(self) -> datetime:
        """This moment. Where the clock was set back, everything is due so much earlier: nobody waits for it twice."""
        now = self._clock.now()
        if now < self._seen:
            self._times = {thing: when - (self._seen - now) for thing, when in self._times.items()}
        self._seen = now
        return now

    def _taken(self, numbers: list[int]) -> list[T]:
        things = list(self._times)
        taken = [things[number] for number in numbers]
        for thing in taken:
            del self._times[thing]
        if not self._times:
            self._some.clear()
        return taken

    def _wait(self, now: datetime) -> float:
        soonest = min(self._times.values(), default=now)
        return max(0.01, (soonest - now).total_seconds())
