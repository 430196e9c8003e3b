"""Honest waiting times: ranges learned from what the same backend took before, never a single promise."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles
from typing import Final

from bot.model.job import Standing, Waiting
from bot.ports import Timing

ENOUGH: Final = 5
"""Finished jobs before our own history is believed more than the backend's usual range."""

KNOWN: Final = 0.25
"""How much of a job must be seen to be drawn for its own pace to tell alone when it ends."""


def usual(timings: Sequence[Timing], stated: tuple[float, float]) -> tuple[float, float]:
    """Seconds one job takes, as (low, high): the middle four fifths of history, or what the backend states."""
    if len(timings) < ENOUGH:
        return stated
    tenths = quantiles([timing.seconds for timing in timings], n=10, method="inclusive")
    return tenths[0], tenths[-1]


def standing(
    job_id: str, ordered: Sequence[Waiting], running: Sequence[Waiting], slots: int, one: tuple[float, float]
) -> Standing:
    """Where a waiting job stands behind those of its backend; `one` is what a single job takes (low, high)."""
    backend = next((job.backend for job in ordered if job.id == job_id), "")
    line = [job.id for job in ordered if job.backend == backend]
    ahead = line.index(job_id) if job_id in line else 0
    busy = sum(job.backend == backend for job in running)
    start = _start(ahead, busy, max(1, slots), one)
    return Standing(ahead, start, (start[0] + one[0], start[1] + one[1]))


def _start(ahead: int, busy: int, slots: int, one: tuple[float, float]) -> tuple[float, float]:
    """Before this job starts, the ones ahead must start and enough of all must end.

    At best the running ones are nearly done; at worst they have just begun.
    """
    must_end = max(0, ahead + busy - slots + 1)
    rounds = -(-must_end // slots)
    return max(0, rounds - 1) * one[0], rounds * one[1]


def remaining(
    fraction: float | None, spent: float, one: tuple[float, float], begun: tuple[float, float] = (0.0, 0.0)
) -> tuple[float, float]:
    """Seconds a running job still needs: from the usual range, and the more from its own pace the further it is.

    `begun`: the fraction and the seconds spent when its progress was first heard of. What went before is getting ready:
    it tells nothing of the pace, and would frighten.
    """
    low, high = max(0.0, one[0] - spent), max(1.0, one[1] - spent)
    drawn = (fraction or 0.0) - begun[0]
    if fraction is None or drawn <= 0:
        return low, max(high, low + 1)
    by_pace = (spent - begun[1]) / drawn * (1 - fraction)
    trust = min(1.0, drawn / KNOWN) ** 2
    return low + (by_pace * 0.8 - low) * trust, high + (by_pace * 1.3 + 1 - high) * trust
