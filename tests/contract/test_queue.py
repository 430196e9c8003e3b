"""The queue between bot and workers, where OLYMPIC_TEST_POSTGRES names a database."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import SetupError
from storage.runners.queue import QueueRunner, open_queue
from tests.fakes import until

POSTGRES = os.environ.get("OLYMPIC_TEST_POSTGRES", "")
ROOT = Path(__file__).parents[2]
needs_server = pytest.mark.skipif(not POSTGRES, reason="OLYMPIC_TEST_POSTGRES names no database")

DOOMED = """
import asyncio, sys
from datetime import timedelta
from storage.runners.queue import open_queue

async def main():
    async def advance(job_id):
        print(job_id, flush=True)
        await asyncio.sleep(3600)

    async with open_queue(sys.argv[1], 2, alive=timedelta(seconds=4)) as queue:
        await queue.run(advance)

asyncio.run(main())
"""


class Work:
    """Notes what arrives; holds it until it may end."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.may_end = asyncio.Event()

    async def advance(self, job_id: str) -> None:
        self.started.append(job_id)
        await self.may_end.wait()


@asynccontextmanager
async def opened(work: Work | None = None) -> AsyncGenerator[QueueRunner]:
    """One process's end of the queue; with `work` it is a worker."""
    async with open_queue(POSTGRES, 4, alive=timedelta(seconds=4)) as queue:
        running = asyncio.create_task(queue.run(work.advance)) if work else None
        try:
            yield queue
        finally:
            if running:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running


def fresh() -> str:
    return secrets.token_hex(8)


@pytest.mark.parametrize("address", ["", "sqlite+aiosqlite:///x.sqlite"])
async def test_sqlite_has_no_queue(address) -> None:
    with pytest.raises(SetupError) as refused:
        async with open_queue(address, 4):
            pass

    assert refused.value.sentence == "setup.workers_database"


@needs_server
async def test_a_job_put_in_one_process_is_carried_in_another() -> None:
    work, job = Work(), fresh()
    async with opened() as bot, opened(work):
        await bot.enqueue(job)
        await until(lambda: job in work.started, 30)
        work.may_end.set()


@needs_server
async def test_a_job_that_waits_or_runs_is_not_put_again() -> None:
    work, job = Work(), fresh()
    async with opened() as bot, opened(work):
        await bot.enqueue(job)
        await until(lambda: job in work.started, 30)
        await bot.enqueue(job)
        other = fresh()
        await bot.enqueue(other)
        await until(lambda: other in work.started, 30)
        work.may_end.set()

    assert work.started.count(job) == 1


@needs_server
async def test_a_job_that_ended_may_be_put_again() -> None:
    work, job = Work(), fresh()
    work.may_end.set()
    async with opened(work) as bot:
        await bot.enqueue(job)
        await until(lambda: job in work.started, 30)
        async with asyncio.timeout(60):
            while work.started.count(job) < 2:
                await bot.enqueue(job)
                await asyncio.sleep(0.1)


@needs_server
async def test_what_a_leaving_worker_lets_go_another_takes() -> None:
    first, second, job = Work(), Work(), fresh()
    async with opened() as bot:
        async with opened(first):
            await bot.enqueue(job)
            await until(lambda: job in first.started, 30)
        async with opened(second):
            await until(lambda: job in second.started, 60)
            second.may_end.set()


@needs_server
async def test_what_a_killed_worker_held_another_takes() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DOOMED, POSTGRES, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    work, job = Work(), fresh()
    async with opened() as bot:
        await bot.enqueue(job)
        async with asyncio.timeout(60):
            while (await process.stdout.readline()).decode().strip() != job:
                pass
        process.kill()
        await process.wait()
        async with opened(work):
            await until(lambda: job in work.started, 60)
            work.may_end.set()
