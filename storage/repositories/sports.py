"""Sports that communities added, as the TOML their file would hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.model.setup import AuditLine
from bot.ports import OwnSport
from storage.database import Database, Transaction, insert
from storage.repositories.audit import audit_values
from storage.tables import audit as audit_table
from storage.tables import own_sport as table


class SportRecords:
    """Implements `bot.ports.OwnSports`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, contest: str) -> list[OwnSport]:
        """All of a contest, by slug."""
        query = select(table.c.slug, table.c.toml).where(table.c.contest == contest).order_by(table.c.slug)
        async with self._database.read() as transaction:
            return [OwnSport(contest, slug, toml) for slug, toml in await transaction.execute(query)]

    async def put(self, sport: OwnSport, when: datetime, line: AuditLine | None = None) -> None:
        """Write one and its audit line together; the same slug is replaced."""
        values = {"toml": sport.toml, "changed": when}
        async with self._database.write() as transaction:
            new = insert(transaction, table, {"contest": sport.contest, "slug": sport.slug, **values})
            await transaction.execute(new.on_conflict_do_update(index_elements=["contest", "slug"], set_=values))
            await _audited(transaction, line)


async def _audited(transaction: Transaction, line: AuditLine | None) -> None:
    if line:
        await transaction.execute(audit_table.insert().values(**audit_values(line)))
