"""Letters that wait to be brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import RowMapping

from bot.model.letter import Kind, Letter
from storage.database import Database, Transaction, insert
from storage.tables import letter as table


class LetterRecords:
    """Implements `bot.ports.Letters`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, letter: Letter) -> None:
        """Keep one; a key that is there already keeps its first letter."""
        async with self._database.write() as transaction:
            await put_letter(transaction, letter)

    async def waiting(self, most: int = 100, *, skip: int = 0) -> list[Letter]:
        """Letters that have not been brought yet, oldest first."""
        query = select(table).where(table.c.done.is_(None)).order_by(table.c.created, table.c.key)
        query = query.offset(skip).limit(most)
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]

    async def begin(self, key: str, when: datetime) -> bool:
        """Note that it is being brought; whether an earlier run had begun."""
        async with self._database.write() as transaction:
            begun = (await transaction.execute(select(table.c.begun).where(table.c.key == key))).scalar_one_or_none()
            await transaction.execute(update(table).where(table.c.key == key).values(begun=when))
        return begun is not None

    async def done(self, key: str, when: datetime) -> None:
        """It was brought, or nobody takes it."""
        async with self._database.write() as transaction:
            await transaction.execute(update(table).where(table.c.key == key).values(done=when))


async def put_letter(transaction: Transaction, letter: Letter) -> None:
    """Keep a letter within a transaction of somebody else's."""
    await transaction.execute(insert(transaction, table, _values(letter)).on_conflict_do_nothing())


def _values(letter: Letter) -> dict[str, Any]:
    return {
        "key": letter.key,
        "account": letter.account,
        "kind": letter.kind,
        "facts": {**letter.facts, "subject": letter.subject},
        "created": letter.created,
    }


def _of(row: RowMapping) -> Letter:
    facts = dict(row["facts"])
    subject = facts.pop("subject", "")
    return Letter(row["key"], row["account"], Kind(row["kind"]), row["created"], facts, subject)
