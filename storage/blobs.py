"""What is known of each kept file: its type and size."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from storage.database import Database, insert
from storage.tables import blob as table


class BlobRecords:
    """One row for each file in the media store, under its name there (sha256 of the content)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, mime: str, size: int, when: datetime) -> None:
        """Note a file of `size` bytes; the same name keeps its first row, for the content is the same."""
        values = {"name": name, "mime": mime, "bytes": size, "created": when}
        async with self._database.write() as transaction:
            await transaction.execute(insert(transaction, table, values).on_conflict_do_nothing())

    async def get(self, name: str) -> tuple[str, int] | None:
        """(mime, bytes), or None when it is not kept."""
        async with self._database.read() as transaction:
            row = (await transaction.execute(select(table.c.mime, table.c.bytes).where(table.c.name == name))).first()
        return None if row is None else (row[0], row[1])

    async def remove(self, name: str) -> None:
        """Forget it; silent when it is not there."""
        async with self._database.write() as transaction:
            await transaction.execute(delete(table).where(table.c.name == name))
