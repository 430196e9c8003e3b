"""Requests that wait for one answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from bot.ports import Clock, Draft
from storage.database import Database, insert
from storage.tables import draft as table

LIFE: Final = timedelta(days=1)


class DraftRecords:
    """Implements `bot.ports.Drafts`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, draft: Draft) -> None:
        """Keep one, and forget those that are too old."""
        values = {"created": draft.created, "value": draft}
        async with self._database.write() as transaction:
            await transaction.execute(delete(table).where(~self._fresh()))
            new = insert(transaction, table, {"id": draft.id, **values})
            await transaction.execute(new.on_conflict_do_update(index_elements=["id"], set_=values))

    async def get(self, draft_id: str) -> Draft | None:
        """Look at one."""
        async with self._database.read() as transaction:
            query = select(table.c.value).where((table.c.id == draft_id) & self._fresh())
            return (await transaction.execute(query)).scalar_one_or_none()

    async def take(self, draft_id: str) -> Draft | None:
        """Remove and return it: only one press wins."""
        async with self._database.write() as transaction:
            gone = delete(table).where((table.c.id == draft_id) & self._fresh()).returning(table.c.value)
            return (await transaction.execute(gone)).scalar_one_or_none()

    def _fresh(self) -> ColumnElement[bool]:
        return table.c.created > self._clock.now() - LIFE
