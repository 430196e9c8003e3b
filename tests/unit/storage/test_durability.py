"""What was said to be written is there, whatever happened afterwards; what was not finished is not there at all."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import DiskFull
from bot.model.job import ShotState, Stage
from storage import open_storage
from storage.database import Database, address_in
from storage.repositories.jobs import JobRecords
from storage.tables import job as table
from tests.fakes import PATIENCE
from tests.samples import SetClock, job

INTENT = """
import asyncio, os, signal, sys
from dataclasses import replace
from pathlib import Path
from bot.model.job import ShotState, Stage
from storage import open_storage
from tests.samples import SetClock, job

async def main():
    async with open_storage(Path(sys.argv[1]), "", SetClock()) as storage:
        await storage.jobs.add(job())
        await storage.jobs.admit(lambda waiting, running: ["job-1"])
        mine = await storage.jobs.advance(await storage.jobs.take("job-1"), Stage.DRAWING)
        planned = (await storage.jobs.shots("job-1"))[0]
        await storage.jobs.shot(mine, replace(planned, state=ShotState.SUBMITTING, attempt=1))
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""

HALF = """
import asyncio, os, signal, sys
from pathlib import Path
from storage import open_storage
from storage.database import Database, address_in
from storage.repositories.rows import job_values
from storage.tables import job as table
from tests.samples import SetClock, job

async def main():
    home = Path(sys.argv[1])
    async with open_storage(home, "", SetClock()) as storage:
        await storage.jobs.add(job("whole"))
    async with Database(address_in(home)).write() as transaction:
        await transaction.execute(table.insert().values(**job_values(job("half"))))
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def killed(script: str, home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", script, str(home)], timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL


async def test_an_intent_survives_kill_9_right_after_it_was_written(tmp_path):
    killed(INTENT, tmp_path)
    async with open_storage(tmp_path, "", SetClock()) as storage:
        shots = await storage.jobs.shots("job-1")
        assert [one.state for one in shots] == [ShotState.SUBMITTING, ShotState.PLANNED]
        assert (await storage.jobs.take("job-1")).stage is Stage.DRAWING


async def test_a_transaction_killed_half_way_leaves_nothing(tmp_path):
    killed(HALF, tmp_path)
    async with open_storage(tmp_path, "", SetClock()) as storage:
        assert [one.id for one in await storage.jobs.unfinished()] == ["whole"]


async def test_the_writer_asks_for_the_disk_at_every_commit(tmp_path):
    async with open_storage(tmp_path, "", SetClock()):
        pass
    database = Database(address_in(tmp_path))
    async with database.write() as transaction:
        asked = [await transaction.execute(pragma(name)) for name in ("synchronous", "journal_mode", "foreign_keys")]
        assert [one.scalar_one() for one in asked] == [2, "wal", 1]
    await database.aclose()


async def test_cancelled_callers_leave_neither_locks_nor_half_written_jobs(storage):
    chance = random.Random(5)
    for number in range(40):
        writes = [asyncio.create_task(storage.jobs.add(job(f"job-{number}-{one}"))) for one in range(4)]
        await asyncio.sleep(chance.random() * 0.008)
        for write in writes[::2]:
            write.cancel()
        await asyncio.gather(*writes, return_exceptions=True)
        assert all(write.cancelled() or write.exception() is None for write in writes)
    async with asyncio.timeout(PATIENCE):
        for one in await storage.jobs.unfinished():
            assert len(await storage.jobs.shots(one.id)) == 2
        await storage.jobs.add(job("last"))


@pytest.fixture
async def tiny(tmp_path):
    """A database that may not grow beyond a few pages more than its empty tables."""
    async with open_storage(tmp_path, "", SetClock()):
        pass
    database = Database(address_in(tmp_path))
    async with database.write() as transaction:
        pages = (await transaction.execute(pragma("page_count"))).scalar_one()
    async with database.write() as transaction:
        await transaction.execute(pragma(f"max_page_count={pages + 4}"))
    yield database
    await database.aclose()


async def filled(jobs):
    for number in range(50):
        await jobs.add(job(f"more-{number}"))


async def test_a_full_disk_is_named_and_the_rest_goes_on(tiny):
    jobs = JobRecords(tiny, SetClock())
    await jobs.add(job())
    with pytest.raises(DiskFull):
        await filled(jobs)
    await jobs.wish_cancel("job-1")
    assert (await jobs.get("job-1")).stage is Stage.CANCELLED


async def test_errors_do_not_repeat_members_words(storage):
    await storage.jobs.add(job())
    with pytest.raises(Exception, match="UNIQUE") as caught:
        await storage.jobs.add(job())
    assert job().request.prompt not in str(caught.value)


async def test_a_reader_cannot_write(tmp_path):
    async with open_storage(tmp_path, "", SetClock()):
        pass
    database = Database(address_in(tmp_path))
    with pytest.raises(Exception, match="readonly"):
        async with database.read() as transaction:
            await transaction.execute(table.delete())
    await database.aclose()


def pragma(words: str):
    return text(f"PRAGMA {words}")
