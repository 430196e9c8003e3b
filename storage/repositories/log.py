"""Messages of a platform that has no server of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.engine import RowMapping

from bot.ports import Logged
from storage.database import Database, insert
from storage.tables import message as table


class LogRecords:
    """Implements `bot.ports.Log`. Ids are drawn by chance, so that a removed message's id never means another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, key: str, channel: str, body: str, when: datetime) -> str:
        """Store a message and return its id; a key that is already there keeps its first message and id."""
        values = {"id": uuid4().hex, "key": key, "channel": channel, "body": body, "created": when}
        async with self._database.write() as transaction:
            new = insert(transaction, table, values).on_conflict_do_nothing(index_elements=["key"])
            await transaction.execute(new)
            return (await transaction.execute(select(table.c.id).where(table.c.key == key))).scalar_one()

    async def change(self, message_id: str, body: str) -> bool:
        """Replace its body; False when it is gone."""
        change = update(table).where(table.c.id == message_id).values(body=body).returning(table.c.id)
        async with self._database.write() as transaction:
            return (await transaction.execute(change)).first() is not None

    async def remove(self, message_id: str) -> None:
        """Forget it."""
        async with self._database.write() as transaction:
            await transaction.execute(delete(table).where(table.c.id == message_id))

    async def find(self, key: str) -> Logged | None:
        """The message posted under this key."""
        return await self._one(table.c.key == key)

    async def get(self, message_id: str) -> Logged | None:
        """One message."""
        return await self._one(table.c.id == message_id)

    async def latest(self, channel: str, most: int = 100) -> list[Logged]:
        """The channel's newest messages, oldest of them first."""
        query = select(table).where(table.c.channel == channel).order_by(table.c.number.desc()).limit(most)
        async with self._database.read() as transaction:
            rows = (await transaction.execute(query)).mappings().all()
        return [_logged(row) for row in reversed(rows)]

    async def _one(self, which: ColumnElement[bool]) -> Logged | None:
        async with self._database.read() as transaction:
            row = (await transaction.execute(select(table).where(which))).mappings().one_or_none()
        return None if row is None else _logged(row)


def _logged(row: RowMapping) -> Logged:
    return Logged(id=row["id"], key=row["key"], channel=row["channel"], body=row["body"], created=row["created"])
