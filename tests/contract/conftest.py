"""One suite for each port, run over every implementation.

SQLite always; PostgreSQL too where OLYMPIC_TEST_POSTGRES names an empty database (postgresql+asyncpg://…).
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from storage import Storage, open_storage
from storage.database import Database, address_in
from storage.migrate import upgrade
from storage.tables import metadata
from tests.samples import SetClock

POSTGRES = os.environ.get("OLYMPIC_TEST_POSTGRES", "")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=["sqlite", *(["postgres"] if POSTGRES else [])])
async def address(request: pytest.FixtureRequest) -> str:
    return POSTGRES if request.param == "postgres" else ""


Opener = Callable[[], AbstractAsyncContextManager[Storage]]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables, made once and copied for each test."""
    home = tmp_path_factory.mktemp("migrated")
    asyncio.run(upgrade(address_in(home)))
    return home


@pytest.fixture
async def opened(migrated: Path, tmp_path: Path, address: str, clock: SetClock) -> Opener:
    """Open the same database, as often as a test wants: each opening is what a process does at its start."""
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    return lambda: open_storage(tmp_path, address, clock)


@pytest.fixture
async def storage(opened: Opener, address: str) -> AsyncIterator[Storage]:
    async with opened() as storage:
        if address:
            await _emptied(address)
        yield storage


async def _emptied(address: str) -> None:
    database = Database(address)
    async with database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(table.delete())
    await database.aclose()
