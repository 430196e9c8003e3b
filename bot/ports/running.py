"""Time, whoever carries jobs on, and whoever watches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

from bot.model.measure import Measure


class Clock(Protocol):
    """Time, so that tests can own it."""

    def now(self) -> datetime:
        """This moment, aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking the loop."""
        ...


class Runner(Protocol):
    """Delivers admitted jobs to whoever advances them."""

    async def enqueue(self, job_id: str) -> None:
        """Have it advanced soon; harmless when it already is."""
        ...

    async def run(self, advance: Callable[[str], Awaitable[None]]) -> None:
        """Deliver until cancelled; on cancellation let go of running jobs without ending them."""
        ...


class Meter(Protocol):
    """Keeps what is counted and measured. `labels` stand in the order of `Measure.labels`; nothing here raises."""

    def add(self, measure: Measure, amount: float, *labels: str) -> None:
        """A counter grows."""
        ...

    def observe(self, measure: Measure, value: float, *labels: str) -> None:
        """A histogram gets a value."""
        ...

    def show(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        """A gauge is this now, for these labels and no others."""
        ...


class Unmetered:
    """A `Meter` where nobody watches."""

    def add(self, measure: Measure, amount: float, *labels: str) -> None:
        """Nothing is counted."""

    def observe(self, measure: Measure, value: float, *labels: str) -> None:
        """Nothing is measured."""

    def show(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        """Nothing is shown."""
