"""How long a backend with eight slots stands idle between two orders: real records, real files, drawing by the clock.

Drawing takes a twentieth of thirty seconds; what lies between two orders is our own and is not shortened, so the shares
below are of real thirty-second jobs.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean, median

from bot.model.backend import Capabilities, Order, RemoteRef, RemoteState, RemoteStatus
from bot.model.command import Create
from bot.model.people import Community
from bot.settings import Limits
from storage import open_storage
from storage.clock import SystemClock
from storage.media.store import Blobs
from tests.fakes import FREE, FakeBackend, FakeReply, asked, member, until
from tests.unit.conftest import World

SLOTS, JOBS = 8, 48
LENGTH, SCALE = 30.0, 20.0
FILM = bytes(4 * 2**20)
LIMITS = Limits(running_per_member=5000, daily_per_member=5000, waiting=5000)


@dataclass
class Timed(FakeBackend):
    """Draws for a while and remembers when orders came and when it was done."""

    able: Capabilities = field(default_factory=lambda: replace(FREE, concurrency=SLOTS, ahead=SLOTS))
    came: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        self.came.append(time.perf_counter())
        return await super().submit(order, key=key)

    async def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        yield RemoteStatus(RemoteState.RUNNING, 0.5)
        await asyncio.sleep(LENGTH / SCALE)
        self.done.append(time.perf_counter())
        yield RemoteStatus(RemoteState.SUCCEEDED, 1.0)

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        into.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(into.write_bytes, ref.id.encode() + FILM)


def bench() -> list[tuple[str, str]]:
    gaps, each = asyncio.run(_measured())
    share = LENGTH / (LENGTH + mean(gaps))
    return [
        (f"{SLOTS} slots: backend done → next order there: ms (median · worst)", _pair(median(gaps), max(gaps))),
        (f"{SLOTS} slots, 30 s jobs: share of the time they are busy", f"{share:.2%}"),
        ("our own work for one job, all of it: ms of processor time", f"{each * 1000:.0f}"),
    ]


def _pair(one: float, other: float) -> str:
    return f"{one * 1000:.0f} · {other * 1000:.0f}"


async def _measured() -> tuple[list[float], float]:
    """Seconds from each end of drawing to the order that takes its place; processor seconds a job."""
    with tempfile.TemporaryDirectory() as folder:
        clock = SystemClock()
        async with open_storage(Path(folder), "", clock) as stored:
            world = World(stored, clock, Blobs(Path(folder), stored.blobs, clock), limits=LIMITS)
            backend = world.backend = Timed()
            world._build()
            for number in range(JOBS):
                who = member(f"m{number}", community=Community("fake", f"c{number % 6}"))
                await world.core.handle(asked(Create("A fox on skis", sport="ski-jumping"), who), FakeReply())
            began = time.process_time()
            await world.start()
            await until(lambda: len(world.platform.entries) == JOBS, 120)
            spent = time.process_time() - began
            await world.crash()
    ends, starts = sorted(backend.done), sorted(backend.came)[SLOTS:]
    return [max(0.0, start - end) for end, start in zip(ends, starts, strict=False)], spent / JOBS
