"""The publish journal."""

from __future__ import annotations

from sqlalchemy import select

from bot.model.people import MessageRef
from bot.ports import Clock
from storage.database import Database, insert
from storage.tables import posting as table


class PostingRecords:
    """Implements `bot.ports.Postings`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, key: str) -> tuple[bool, MessageRef | None]:
        """Note the intent. Returns (was already noted, where it hangs if that is known)."""
        async with self._database.write() as transaction:
            new = insert(transaction, table, {"key": key, "begun": self._clock.now()}).on_conflict_do_nothing()
            if (await transaction.execute(new.returning(table.c.key))).first() is not None:
                return False, None
            return True, (await transaction.execute(select(table.c.ref).where(table.c.key == key))).scalar_one()

    async def done(self, key: str, ref: MessageRef) -> None:
        """Note where it hangs."""
        now = self._clock.now()
        async with self._database.write() as transaction:
            new = insert(transaction, table, {"key": key, "begun": now, "done": now, "ref": ref})
            await transaction.execute(new.on_conflict_do_update(index_elements=["key"], set_={"done": now, "ref": ref}))
