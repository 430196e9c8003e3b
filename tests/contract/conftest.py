"""One suite for each port, run over every implementation."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from storage import Storage, open_storage
from storage.database import Database
from storage.tables import metadata
from tests.samples import SetClock

POSTGRES = os.environ.get("OLYMPIC_TEST_POSTGRES", "")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=["sqlite", "postgres"])
async def address(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    if not POSTGRES:
        pytest.skip("OLYMPIC_TEST_POSTGRES names no database (postgresql+asyncpg://…)")
    return POSTGRES


Opener = Callable[[], AbstractAsyncContextManager[Storage]]


@pytest.fixture
async def opened(tmp_path: Path, address: str, clock: SetClock) -> Opener:
    """Open the same database, as often as a test wants: each opening is what a process does at its start."""
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
