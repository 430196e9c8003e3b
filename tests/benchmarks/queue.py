"""From asking to starting, with nobody and with a thousand waiting."""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from bot.model.command import Create
from bot.model.people import Community
from bot.settings import Limits
from storage import open_storage
from storage.clock import SystemClock
from storage.media.store import Blobs
from tests.fakes import FREE, FakeReply, asked, member, until
from tests.unit.conftest import World

WISH = Create("A fox on skis", sport="ski-jumping")
LIMITS = Limits(running_per_member=5000, daily_per_member=5000, waiting=5000)


def bench() -> list[tuple[str, str]]:
    alone = asyncio.run(_measured(0))
    crowded = asyncio.run(_measured(1000))
    return [
        ("asked → sent to the backend, nobody waiting: ms (median of 9)", f"{alone * 1000:.1f}"),
        ("slot free → next sent, 1,000 waiting: ms (median of 9)", f"{crowded * 1000:.1f}"),
    ]


async def _measured(waiting: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        clock = SystemClock()
        async with open_storage(Path(folder), "", clock) as stored:
            world = World(stored, clock, Blobs(Path(folder), stored.blobs, clock), limits=LIMITS)
            world.backend.able = replace(FREE, concurrency=1)
            await world.start()
            if waiting:
                await _fill(world, waiting)
            times = [await (_turn(world) if waiting else _fresh(world)) for _ in range(9)]
            await world.crash()
    return median(times)


async def _fresh(world: World) -> float:
    sent, began = world.backend.submits, time.perf_counter()
    await world.core.handle(asked(WISH), FakeReply())
    await until(lambda: world.backend.submits > sent, 10)
    took = time.perf_counter() - began
    await until(lambda: len(world.platform.entries) > sent, 10)
    return took


class Turnstile(asyncio.Semaphore):
    """A gate that lets one drawing through at each release."""

    async def wait(self) -> None:
        await self.acquire()


async def _fill(world: World, count: int) -> None:
    """Many communities ask while the one slot is held."""
    world.backend.gate = Turnstile(0)
    for number in range(count + 1):
        who = member(f"m{number}", community=Community("fake", f"c{number % 50}"))
        await world.core.handle(asked(WISH, who), FakeReply())


async def _turn(world: World) -> float:
    """Let the running one end and see how long the next takes to be sent."""
    sent = world.backend.submits
    began = time.perf_counter()
    world.backend.gate.release()
    await until(lambda: world.backend.submits > sent, 30)
    return time.perf_counter() - began
