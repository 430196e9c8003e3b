"""Votes a second: through the whole use case, every one on the disk when it is acknowledged, beside bare groups."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from pathlib import Path
from statistics import median

import aiosqlite

from bot.model.people import MessageRef
from storage import open_storage
from storage.clock import SystemClock
from storage.media.store import Blobs
from tests.hanging import hang, press
from tests.unit.conftest import World

CALLERS = 500
VOTES = 4000
ENTRIES = 40
ROUNDS = 3
TABLE = "CREATE TABLE vote (entry, message, account, moment, why, jury, PRIMARY KEY (entry, message, account))"
UPSERT = "INSERT INTO vote VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET moment = excluded.moment"


def bench() -> list[tuple[str, str]]:
    rounds = [(asyncio.run(_whole()), asyncio.run(_bare())) for _ in range(ROUNDS)]
    whole, bare = (median(speeds) for speeds in zip(*rounds, strict=True))
    return [
        (f"reaction → counted and on the disk, {CALLERS} at once: votes/s (median of {ROUNDS})", f"{whole:,.0f}"),
        ("bare aiosqlite, one group a commit, synchronous=FULL: votes/s", f"{bare:,.0f}"),
        ("the whole use case to the bare groups", f"{whole / bare:.3f}"),
    ]


async def _whole() -> float:
    with tempfile.TemporaryDirectory() as folder:
        clock = SystemClock()
        async with open_storage(Path(folder), "", clock) as stored:
            world = World(stored, clock, Blobs(Path(folder), stored.blobs, clock))
            refs = [await hang(world, f"e{number}") for number in range(ENTRIES)]
            await world.start()
            began = time.perf_counter()
            await _all_at_once(world, refs)
            took = time.perf_counter() - began
            await world.crash()
            tallies = await stored.votes.tally([f"e{number}" for number in range(ENTRIES)])
            assert sum(tally.votes for tally in tallies.values()) == VOTES
    return VOTES / took


async def _all_at_once(world: World, refs: list[MessageRef]) -> None:
    numbers = itertools.count()

    async def caller() -> None:
        while (number := next(numbers)) < VOTES:
            await press(world, refs[number % ENTRIES], f"m{number // ENTRIES}")

    async with asyncio.TaskGroup() as tasks:
        for _ in range(CALLERS):
            tasks.create_task(caller())


async def _bare() -> float:
    with tempfile.TemporaryDirectory() as folder:
        async with aiosqlite.connect(Path(folder) / "bare.sqlite") as database:
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                await database.execute(f"PRAGMA {pragma}")
            await database.execute(TABLE)
            began = time.perf_counter()
            for start in range(0, VOTES, CALLERS):
                rows = [(n % ENTRIES, n % ENTRIES, n, "2026-02-06", None, 0) for n in range(start, start + CALLERS)]
                await database.executemany(UPSERT, rows)
                await database.commit()
            return VOTES / (time.perf_counter() - began)
