"""One suite for each port, run over every implementation.

SQLite always; PostgreSQL too where OLYMPIC_TEST_POSTGRES names an empty database (postgresql+asyncpg://…).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from filelock import FileLock

from storage import Storage, open_storage
from storage.database import Database
from storage.tables import metadata
from tests.databases import tables_in
from tests.samples import SetClock

POSTGRES = os.environ.get("OLYMPIC_TEST_POSTGRES", "")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The PostgreSQL database, for one test at a time: there is one, however many processes run tests."""
    if not POSTGRES:
        pytest.skip("OLYMPIC_TEST_POSTGRES names no database, so every suite here ran on SQLite alone")
    with FileLock(tmp_path_factory.getbasetemp().parent / "postgres.lock"):
        yield POSTGRES


@pytest.fixture(params=["sqlite", *(["postgres"] if POSTGRES else [])])
def address(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("postgres") if request.param == "postgres" else ""


Opener = Callable[[], AbstractAsyncContextManager[Storage]]


@pytest.fixture
async def opened(tmp_path: Path, address: str, clock: SetClock) -> Opener:
    """Open the same empty database, as often as a test wants: each opening is what a process does at its start."""
    await tables_in(tmp_path)
    if address:
        async with open_storage(tmp_path, address, clock):
            await _emptied(address)
    return lambda: open_storage(tmp_path, address, clock)


@pytest.fixture
async def storage(opened: Opener) -> AsyncIterator[Storage]:
    async with opened() as storage:
        yield storage


async def _emptied(address: str) -> None:
    database = Database(address)
    async with database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(table.delete())
    await database.aclose()
