"""Where PostgreSQL is at hand, the suites of this folder run on it too; here one sees whether they did."""

from __future__ import annotations

import os

import pytest

from storage.migrate import current, head, upgrade


async def test_the_same_tables_are_made_on_postgresql():
    address = os.environ.get("OLYMPIC_TEST_POSTGRES", "")
    if not address:
        pytest.skip("OLYMPIC_TEST_POSTGRES names no database, so every suite here ran on SQLite alone")
    await upgrade(address)
    assert await current(address) == head()
