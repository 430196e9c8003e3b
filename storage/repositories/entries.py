"""The works."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func as sql
from sqlalchemy import or_, select, update

from bot.model.entry import Entry
from bot.model.people import Community
from storage.database import Database
from storage.repositories.rows import belongs, entry_of
from storage.tables import entry as table

_SHOWN = table.c.deleted.is_(None)


class EntryRecords:
    """Implements `bot.ports.Entries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, entry_id: str) -> Entry | None:
        """One entry, deleted or not."""
        async with self._database.read() as transaction:
            row = (await transaction.execute(select(table).where(table.c.id == entry_id))).mappings().one_or_none()
        return None if row is None else entry_of(row)

    async def among(self, entry_ids: Sequence[str]) -> list[Entry]:
        """These entries, deleted or not, oldest first."""
        query = select(table).where(table.c.id.in_(entry_ids)).order_by(table.c.number)
        async with self._database.read() as transaction:
            return [entry_of(row) for row in (await transaction.execute(query)).mappings()]

    async def of_member(self, community: Community, member: str, *, skip: int = 0, most: int = 10) -> list[Entry]:
        """A member's entries that are not deleted, newest first."""
        query = select(table).where(belongs(table, community, member) & _SHOWN)
        async with self._database.read() as transaction:
            rows = await transaction.execute(query.order_by(table.c.number.desc()).offset(skip).limit(most))
            return [entry_of(row) for row in rows.mappings()]

    async def count_of_member(self, community: Community, member: str) -> int:
        """How many those are."""
        query = select(sql.count()).select_from(table).where(belongs(table, community, member) & _SHOWN)
        async with self._database.read() as transaction:
            return (await transaction.execute(query)).scalar_one()

    async def count_remixes(self, entry_id: str) -> int:
        """How many entries that are not deleted were made from it."""
        query = select(sql.count()).select_from(table).where((table.c.parent == entry_id) & _SHOWN)
        async with self._database.read() as transaction:
            return (await transaction.execute(query)).scalar_one()

    async def uses(self, blob: str) -> bool:
        """Whether any entry that is not deleted shows this file."""
        query = select(table.c.id).where(or_(table.c.blob == blob, table.c.poster == blob) & _SHOWN)
        async with self._database.read() as transaction:
            return (await transaction.execute(query.limit(1))).first() is not None

    async def delete(self, entry_id: str, when: datetime) -> Entry | None:
        """Mark as taken back by its maker; a second time changes nothing, so that what follows may be repeated."""
        change = update(table).where(table.c.id == entry_id).values(deleted=sql.coalesce(table.c.deleted, when))
        async with self._database.write() as transaction:
            row = (await transaction.execute(change.returning(table))).mappings().one_or_none()
            return None if row is None else entry_of(row)
