"""Where PostgreSQL is at hand, the suites of this folder run on it too; here one sees whether they did."""

from __future__ import annotations

from storage.migrate import current, head, upgrade


async def test_the_same_tables_are_made_on_postgresql(postgres):
    await upgrade(postgres)
    assert await current(postgres) == head()
