"""The rounds of every contest."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.engine import RowMapping

from bot.model.contest import EntryState, Rank, Round
from bot.model.entry import Entry
from bot.model.people import Community
from bot.model.setup import AuditLine
from storage.database import Database, Transaction
from storage.repositories.audit import audit_values
from storage.repositories.rows import belongs, entry_of
from storage.tables import audit as audit_table
from storage.tables import contest_round as table
from storage.tables import entry as entry_table

_OPEN = table.c.closed.is_(None)
_STANDS = entry_table.c.deleted.is_(None) & (entry_table.c.state != EntryState.REMOVED)


class RoundRecords:
    """Implements `bot.ports.Rounds`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, contest_round: Round, line: AuditLine | None = None) -> Round | None:
        """Keep a new round under the contest's next number; None when works could be entered in two at once."""
        async with self._database.write(alone=True) as transaction:
            if there := await _locked(transaction, contest_round.id):
                return there
            if await _overlapped(transaction, contest_round):
                return None
            last = select(func.coalesce(func.max(table.c.number), 0)).where(table.c.contest == contest_round.contest)
            numbered = replace(contest_round, number=int((await transaction.execute(last)).scalar_one()) + 1)
            await transaction.execute(table.insert().values(**_values(numbered)))
            await _noted(transaction, line)
            return numbered

    async def get(self, round_id: str) -> Round | None:
        """One round."""
        found = await self._found(table.c.id == round_id)
        return found[0] if found else None

    async def current(self, contest: str, now: datetime) -> Round | None:
        """The round that takes works now."""
        found = await self._found(
            (table.c.contest == contest) & (table.c.opens <= now) & (table.c.closes > now) & _OPEN
        )
        return found[0] if found else None

    async def voting(self, contest: str, now: datetime) -> list[Round]:
        """Rounds that take no more works but still votes."""
        here = (table.c.contest == contest) & _OPEN
        return await self._found(here & (table.c.closes <= now) & (table.c.ends >= now), table.c.ends)

    async def coming(self, contest: str, now: datetime) -> list[Round]:
        """Rounds that are to open."""
        return await self._found((table.c.contest == contest) & _OPEN & (table.c.opens > now))

    async def over(self, contest: str, *, most: int = 10) -> list[Round]:
        """Rounds whose closing ceremony was held; those that were called off had none."""
        held = (table.c.contest == contest) & table.c.closed.is_not(None) & (table.c.closed >= table.c.ends)
        return (await self._found(held, table.c.number.desc()))[:most]

    async def ended(self, since: datetime) -> list[Round]:
        """Rounds of every contest whose ceremony was held since then."""
        return await self._found((table.c.closed >= since) & (table.c.closed >= table.c.ends))

    async def due(self, now: datetime) -> list[Round]:
        """Rounds that have opened and whose ceremony is not over."""
        return await self._found(_OPEN & (table.c.opens <= now))

    async def move(self, old: Round, closes: datetime, ends: datetime, line: AuditLine) -> Round | None:
        """Close earlier, without a repetition; None when it is not as `old` any more."""
        same = (table.c.closes == old.closes) & (table.c.ends == old.ends) & _OPEN
        return await self._changed(old.id, same, line, closes=closes, ends=ends, repeat="")

    async def call_off(self, round_id: str, when: datetime, line: AuditLine) -> Round | None:
        """A round that has not opened never will."""
        return await self._changed(round_id, _OPEN & (table.c.opens > when), line, closed=when)

    async def announced(self, round_id: str, when: datetime) -> bool:
        """Its opening was told everywhere."""
        return await self._changed(round_id, table.c.announced.is_(None), None, announced=when) is not None

    async def ranked(self, round_id: str, places: Sequence[Rank]) -> Round | None:
        """Keep the final ranking; the first one kept stays."""
        async with self._database.write() as transaction:
            there = await _locked(transaction, round_id)
            if there is None or there.places or there.closed:
                return there
            kept = tuple(places)
            await transaction.execute(update(table).where(table.c.id == round_id).values(places=kept))
            return replace(there, places=kept)

    async def reeled(self, round_id: str, reel: str, works: Sequence[str] = ()) -> Round | None:
        """Keep its film; the works in it are held, so that none is taken back between the look and the writing."""
        held = select(entry_table.c.id).where(entry_table.c.id.in_(works) & _STANDS).with_for_update()
        free = (table.c.id == round_id) & (table.c.reel == "") & or_(_OPEN, table.c.torn)
        async with self._database.write() as transaction:
            if len((await transaction.execute(held)).all()) == len(works):
                await transaction.execute(update(table).where(free).values(reel=reel))
        return await self.get(round_id)

    async def tear(self, round_id: str, reel: str) -> None:
        """A work in this film of its was taken back."""
        await self._changed(round_id, table.c.reel == reel, None, reel="", torn=True)

    async def torn(self) -> list[Round]:
        """Rounds whose film is to be cut and shown anew."""
        return await self._found(table.c.torn)

    async def mended(self, round_id: str, reel: str) -> None:
        """This new film is shown everywhere."""
        await self._changed(round_id, table.c.reel == reel, None, torn=False)

    async def closed(self, round_id: str, when: datetime) -> bool:
        """The ceremony is over."""
        return await self._changed(round_id, _OPEN, None, closed=when) is not None

    async def join(
        self, round_id: str, entry_id: str, most: int, now: datetime, others: Sequence[tuple[Community, str]] = ()
    ) -> bool:
        """Enter a work that is in no round; the round's row is held, so that one member's works come one by one."""
        async with self._database.write() as transaction:
            contest_round = await _locked(transaction, round_id)
            row = (
                (await transaction.execute(select(entry_table).where(entry_table.c.id == entry_id)))
                .mappings()
                .one_or_none()
            )
            if contest_round is None or row is None or row["round"] is not None:
                return row is not None and row["round"] == round_id
            if not contest_round.submits(now) or row["deleted"] or row["contest"] != contest_round.contest:
                return False
            makers = {(Community(row["platform"], row["community"]), row["member"]), *others}
            if most and await _many(transaction, round_id, makers) >= most:
                return False
            free = (entry_table.c.id == entry_id) & entry_table.c.round.is_(None) & _STANDS
            joined = update(entry_table).where(free).values(round=round_id).returning(entry_table.c.id)
            return (await transaction.execute(joined)).first() is not None

    async def leave(self, round_id: str, entry_id: str, now: datetime) -> bool:
        """Take a work out while the round takes works."""
        async with self._database.write() as transaction:
            contest_round = await _locked(transaction, round_id)
            if contest_round is None or not contest_round.submits(now):
                return False
            there = (entry_table.c.id == entry_id) & (entry_table.c.round == round_id)
            left = update(entry_table).where(there).values(round=None).returning(entry_table.c.id)
            return (await transaction.execute(left)).first() is not None

    async def entries(self, round_id: str) -> list[Entry]:
        """Its works that still stand, oldest first."""
        return await self._entries(entry_table.c.round == round_id)

    async def of_member(self, round_id: str, community: Community, member: str) -> list[Entry]:
        """A member's works among them."""
        return await self._entries((entry_table.c.round == round_id) & belongs(entry_table, community, member))

    async def _entries(self, which: ColumnElement[bool]) -> list[Entry]:
        query = select(entry_table).where(which & _STANDS).order_by(entry_table.c.number)
        async with self._database.read() as transaction:
            return [entry_of(row) for row in (await transaction.execute(query)).mappings()]

    async def _found(self, which: ColumnElement[bool], order: ColumnElement[Any] = table.c.opens) -> list[Round]:
        query = select(table).where(which).order_by(order, table.c.number)
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]

    async def _changed(
        self, round_id: str, may: ColumnElement[bool], line: AuditLine | None, **values: Any
    ) -> Round | None:
        change = update(table).where((table.c.id == round_id) & may).values(values).returning(table)
        async with self._database.write() as transaction:
            row = (await transaction.execute(change)).mappings().one_or_none()
            if row is None:
                return None
            await _noted(transaction, line)
            return _of(row)


async def _locked(transaction: Transaction, round_id: str) -> Round | None:
    """The round, which nobody else changes until the transaction ends."""
    query = select(table).where(table.c.id == round_id).with_for_update()
    row = (await transaction.execute(query)).mappings().one_or_none()
    return None if row is None else _of(row)


async def _overlapped(transaction: Transaction, contest_round: Round) -> bool:
    at_once = (
        (table.c.contest == contest_round.contest)
        & (table.c.opens < contest_round.closes)
        & (table.c.closes > contest_round.opens)
    )
    return (await transaction.execute(select(table.c.id).where(at_once & _OPEN))).first() is not None


async def _many(transaction: Transaction, round_id: str, makers: AbstractSet[tuple[Community, str]]) -> int:
    own = or_(*(belongs(entry_table, community, member) for community, member in makers))
    query = select(func.count()).select_from(entry_table).where(own & (entry_table.c.round == round_id) & _STANDS)
    return int((await transaction.execute(query)).scalar_one())


async def _noted(transaction: Transaction, line: AuditLine | None) -> None:
    if line:
        await transaction.execute(audit_table.insert().values(**audit_values(line)))


def _values(contest_round: Round) -> dict[str, Any]:
    return {
        "id": contest_round.id,
        "contest": contest_round.contest,
        "number": contest_round.number,
        "theme": contest_round.theme,
        "sport": contest_round.sport,
        "opens": contest_round.opens,
        "closes": contest_round.closes,
        "ends": contest_round.ends,
        "repeat": contest_round.repeat,
        "themes": contest_round.themes,
        "announced": contest_round.announced,
        "closed": contest_round.closed,
        "places": contest_round.places,
        "reel": contest_round.reel,
        "torn": contest_round.torn,
    }


def _of(row: RowMapping) -> Round:
    return Round(
        id=row["id"],
        contest=row["contest"],
        number=row["number"],
        theme=row["theme"],
        opens=row["opens"],
        closes=row["closes"],
        ends=row["ends"],
        sport=row["sport"],
        repeat=row["repeat"],
        themes=tuple(row["themes"]),
        announced=row["announced"],
        closed=row["closed"],
        places=tuple(row["places"]),
        reel=row["reel"],
        torn=row["torn"],
    )
