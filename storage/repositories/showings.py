"""Which message shows which entry."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import RowMapping

from bot.model.contest import VOTED_ON, EntryState, Showing, Shown, showing_key
from bot.model.people import MessageRef
from bot.ports import Clock
from storage.database import Database, insert
from storage.tables import entry as entry_table
from storage.tables import showing as table


class ShowingRecords:
    """Implements `bot.ports.Showings`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, showing: Showing) -> None:
        """Remember one; again changes nothing."""
        async with self._database.write() as transaction:
            new = insert(transaction, table, showing_values(showing, self._clock.now()))
            await transaction.execute(new.on_conflict_do_nothing())

    async def at(self, ref: MessageRef) -> Showing | None:
        """What a message shows, gone or not."""
        async with self._database.read() as transaction:
            query = select(table).where(table.c.key == showing_key(ref))
            row = (await transaction.execute(query)).mappings().one_or_none()
        return None if row is None else _of(row)

    async def among(self, refs: Sequence[MessageRef]) -> list[Showing]:
        """What these messages show, gone or not."""
        query = select(table).where(table.c.key.in_([showing_key(ref) for ref in refs]))
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]

    async def of(self, entry: str, kinds: AbstractSet[Shown] = frozenset(Shown)) -> list[Showing]:
        """Where an entry is shown now, oldest first."""
        there = (table.c.entry == entry) & table.c.kind.in_(kinds) & table.c.gone.is_(None)
        query = select(table).where(there).order_by(table.c.created, table.c.key)
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]

    async def gone(self, ref: MessageRef, when: datetime) -> Showing | None:
        """The message is no more; None when it showed nothing."""
        change = update(table).where(table.c.key == showing_key(ref), table.c.gone.is_(None)).values(gone=when)
        async with self._database.write() as transaction:
            row = (await transaction.execute(change.returning(table))).mappings().one_or_none()
        return None if row is None else _of(row)

    async def dressed(self, ref: MessageRef, emoji: str) -> None:
        """The bot's own reaction hangs under it."""
        async with self._database.write() as transaction:
            await transaction.execute(update(table).where(table.c.key == showing_key(ref)).values(emoji=emoji))

    async def votable(self, since: datetime) -> list[Showing]:
        """Messages whose reactions are votes, of entries made since then that still stand."""
        stands = entry_table.c.deleted.is_(None) & (entry_table.c.state != EntryState.REMOVED)
        voted = table.c.kind.in_(VOTED_ON) & table.c.gone.is_(None)
        query = select(table).join(entry_table, entry_table.c.id == table.c.entry)
        query = query.where(stands & voted & (entry_table.c.created >= since)).order_by(table.c.created, table.c.key)
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]


def showing_values(showing: Showing, when: datetime) -> dict[str, Any]:
    """A showing as a new row."""
    return {
        "key": showing_key(showing.ref),
        "entry": showing.entry,
        "kind": showing.kind,
        "ref": showing.ref,
        "created": when,
        "gone": showing.gone,
        "emoji": showing.emoji,
    }


def _of(row: RowMapping) -> Showing:
    return Showing(row["entry"], row["ref"], row["kind"], row["gone"], row["emoji"])
