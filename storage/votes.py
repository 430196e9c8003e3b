"""Ballots, written in groups: whatever was handed over while the disk was busy becomes one transaction.

A caller returns only after the commit that holds its write, so an acknowledged vote survives a power cut; a thousand
people voting at once still cost a handful of commits. The tally is derived from the ballots, never kept beside them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import RowMapping

from bot.errors import StorageError
from bot.model.contest import Ballot, Cast, EntryState, Tally
from bot.ports import Clock
from storage.database import Database, Transaction
from storage.tables import account, entry, showing
from storage.tables import vote as table

FRESH: Final = timedelta(seconds=1)
"""For so long a tally is not counted again unless this process wrote a ballot of its entry."""
CHUNK: Final = 500
"""Entries counted in one statement: SQLite takes no more than some 32,000 values."""

Key = tuple[str, str, str]
"""(entry, message, account)"""


@dataclass(frozen=True, slots=True)
class _Record:
    ballot: Ballot


@dataclass(frozen=True, slots=True)
class _Withdraw:
    key: Key


@dataclass(slots=True)
class _Replace:
    entry: str
    message: str
    ballots: Sequence[Ballot]
    keep: AbstractSet[str]
    added: list[Ballot]
    removed: list[Ballot]


_Change = _Record | _Withdraw | _Replace


class VoteRecords:
    """Implements `bot.ports.Votes`. `open` starts its writer, `aclose` lets it end with everything written."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[tuple[_Change, asyncio.Future[None]]] = []
        self._some = asyncio.Event()
        self._closing = False
        self._writer: asyncio.Task[None] | None = None
        self._tallies: dict[str, tuple[datetime, Tally]] = {}
        self._writes = Counter[str]()

    def open(self) -> None:
        """Begin to write."""
        self._writer = asyncio.create_task(self._serve(), name="votes")

    async def aclose(self) -> None:
        """Write what waits, then stop; who comes later is refused."""
        self._closing = True
        self._some.set()
        if self._writer:
            await self._writer

    async def record(self, ballot: Ballot) -> None:
        """Write a ballot; one of the account under that message that counts already stays as it is."""
        await self._written(_Record(ballot))

    async def withdraw(self, entry: str, message: str, account: str) -> None:
        """The reaction was taken back; silent when there is none."""
        await self._written(_Withdraw((entry, message, account)))

    async def replace(
        self, entry: str, message: str, ballots: Sequence[Ballot], keep: AbstractSet[str] = frozenset()
    ) -> tuple[list[Ballot], list[Ballot]]:
        """Make these the ballots under one message; returns (added, removed)."""
        change = _Replace(entry, message, ballots, keep, [], [])
        await self._written(change)
        return change.added, change.removed

    async def tally(self, entries: Sequence[str]) -> dict[str, Tally]:
        """The votes of each of these entries, at most a second old where somebody else wrote them."""
        now = self._clock.now()
        known = {one: self._tallies[one] for one in entries if one in self._tallies}
        fresh = {one: tally for one, (when, tally) in known.items() if timedelta(0) <= now - when < FRESH}
        missing = [one for one in dict.fromkeys(entries) if one not in fresh]
        if missing:
            writes = {one: self._writes[one] for one in missing}
            counted = await self._counted(missing)
            if len(self._tallies) > 10_000:
                self._tallies.clear()
            for one, tally in counted.items():
                if self._writes[one] == writes[one]:  # else it was counted before what was written meanwhile
                    self._tallies[one] = now, tally
            fresh |= counted
        return fresh

    async def cast(self, entries: Sequence[str]) -> list[Cast]:
        """Every vote on these entries that counts, one a (entry, person)."""
        found: list[Cast] = []
        async with self._database.read() as transaction:
            for start in range(0, len(entries), CHUNK):
                rows = await transaction.execute(_casting(entries[start : start + CHUNK]))
                found += [Cast(row.entry, row.person, row.latest, bool(row.jury)) for row in rows]
        return found

    async def best(
        self, contest: str, *, apart: AbstractSet[str] = frozenset(), skip: int = 0, most: int = 10
    ) -> list[tuple[str, Tally]]:
        """The entries of a contest that stand and have votes, the most votes first."""
        query = _leading(contest, apart).offset(skip).limit(most)
        async with self._database.read() as transaction:
            return [(row.entry, Tally(row.votes, row.jury)) for row in await transaction.execute(query)]

    async def of(self, entry: str) -> list[Ballot]:
        """All ballots of an entry, oldest first, counted or not."""
        return await self._ballots(table.c.entry == entry)

    async def among(self, entries: Sequence[str]) -> list[Ballot]:
        """All ballots of these entries, oldest first, counted or not."""
        chunks = [entries[start : start + CHUNK] for start in range(0, len(entries), CHUNK)]
        found = [one for chunk in chunks for one in await self._ballots(table.c.entry.in_(chunk))]
        return sorted(found, key=lambda one: one.when)

    async def by(self, account: str) -> list[Ballot]:
        """All ballots of an account, oldest first."""
        return await self._ballots(table.c.account == account)

    async def _ballots(self, which: ColumnElement[bool]) -> list[Ballot]:
        query = select(table).where(which).order_by(table.c.when, table.c.entry, table.c.message, table.c.account)
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]

    async def _counted(self, entries: Sequence[str]) -> dict[str, Tally]:
        counted = dict.fromkeys(entries, Tally())
        async with self._database.read() as transaction:
            for start in range(0, len(entries), CHUNK):
                rows = await transaction.execute(_counting(entries[start : start + CHUNK]))
                counted |= {name: Tally(votes, jury) for name, votes, jury in rows}
        return counted

    async def _written(self, change: _Change) -> None:
        if self._closing or self._writer is None:
            raise StorageError("votes are not written any more")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, done))
        self._some.set()
        await done

    async def _serve(self) -> None:
        while not self._closing or self._waiting:
            await self._some.wait()
            self._some.clear()
            batch, self._waiting = self._waiting, []
            if not batch:
                continue
            try:
                await self._write([change for change, _ in batch])
            except Exception as error:  # noqa: BLE001  # everybody who waits is told, and the next batch is tried
                _answer(batch, error if isinstance(error, StorageError) else StorageError(repr(error)))
            else:
                _answer(batch, None)

    async def _write(self, changes: Sequence[_Change]) -> None:
        """All of it in one transaction, in the order it came; the last word on a ballot wins."""
        async with self._database.write() as transaction:
            last: dict[Key, Ballot | None] = {}
            for change in changes:
                match change:
                    case _Record(ballot):
                        last[_key(ballot)] = ballot
                    case _Withdraw(key):
                        last[key] = None
                    case _Replace():
                        await _flush(transaction, last)
                        last = {}
                        await _exchange(transaction, change)
            await _flush(transaction, last)
        for change in changes:
            self._writes[_entry_of(change)] += 1
            self._tallies.pop(_entry_of(change), None)


def _answer(batch: Sequence[tuple[_Change, asyncio.Future[None]]], failure: StorageError | None) -> None:
    """Tell all callers, but for those who left."""
    for _, done in batch:
        if done.done():
            continue
        if failure:
            done.set_exception(failure)
        else:
            done.set_result(None)


async def _flush(transaction: Transaction, last: dict[Key, Ballot | None]) -> None:
    """Keys in order, so that two writers on one server never wait for each other."""
    kept = [_values(ballot) for _, ballot in sorted(last.items()) if ballot is not None]
    gone = [{"e": key[0], "m": key[1], "a": key[2]} for key, ballot in sorted(last.items()) if ballot is None]
    if kept:
        await transaction.execute(_upsert(transaction.dialect), kept)
    if gone:
        await transaction.execute(_REMOVE, gone)


async def _exchange(transaction: Transaction, change: _Replace) -> None:
    """Only what differs is written; the accounts in `keep` are left as they are."""
    there = (table.c.entry == change.entry) & (table.c.message == change.message)
    rows = (await transaction.execute(select(table).where(there))).mappings()
    known = {row["account"]: _of(row) for row in rows}
    wanted = {one.account: one for one in change.ballots}
    new = {name: one for name, one in wanted.items() if name not in change.keep and known.get(name) != one}
    gone = {name: one for name, one in known.items() if name not in wanted and name not in change.keep}
    change.added = [one for name, one in sorted(new.items()) if name not in known]
    change.removed = [one for _, one in sorted(gone.items())]
    last: dict[Key, Ballot | None] = {_key(one): one for one in new.values()}
    await _flush(transaction, last | {_key(one): None for one in gone.values()})


_REMOVE: Final = delete(table).where(
    and_(
        table.c.entry == bindparam("e"),
        table.c.message == bindparam("m"),
        table.c.account == bindparam("a"),
    )
)


def _upsert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    new = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    changed = {name: new.excluded[name] for name in ("when", "why", "jury")}
    keys = ["entry", "message", "account"]
    return new.on_conflict_do_update(index_elements=keys, set_=changed, where=table.c.why.is_not(None))


def _counting(entries: Sequence[str]) -> Select[str, int, int]:
    """(entry, votes, those of the jury)"""
    joined, person, counts = _counted()
    jury = func.count(func.distinct(case((table.c.jury, person))))
    columns = (table.c.entry, func.count(func.distinct(person)), jury)
    return select(*columns).select_from(joined).where(counts & table.c.entry.in_(entries)).group_by(table.c.entry)


def _casting(entries: Sequence[str]) -> Select[*tuple[Any, ...]]:
    joined, person, counts = _counted()
    latest = func.max(table.c.when, type_=table.c.when.type)
    jury = func.max(case((table.c.jury, 1), else_=0))
    columns = (table.c.entry, person.label("person"), latest.label("latest"), jury.label("jury"))
    chosen = select(*columns).select_from(joined).where(counts & table.c.entry.in_(entries))
    return chosen.group_by(table.c.entry, person).order_by(table.c.entry, person)


def _leading(contest: str, apart: AbstractSet[str]) -> Select[*tuple[Any, ...]]:
    joined, person, counts = _counted()
    votes = func.count(func.distinct(person)).label("votes")
    jury = func.count(func.distinct(case((table.c.jury, person)))).label("jury")
    stands = (entry.c.contest == contest) & entry.c.deleted.is_(None) & (entry.c.state != EntryState.REMOVED)
    if apart:
        inside = entry.c.round.not_in(apart)
        stands &= inside if "" in apart else entry.c.round.is_(None) | inside
    chosen = select(table.c.entry, votes, jury).select_from(joined).where(counts & stands)
    first = (entry.c.nominated.is_(None), entry.c.nominated, entry.c.number)
    return chosen.group_by(table.c.entry, entry.c.nominated, entry.c.number).order_by(votes.desc(), *first)


def _counted() -> tuple[FromClause, ColumnElement[str], ColumnElement[bool]]:
    """Ballots with whose they are, and which of them count: neither the maker's person's, nor what hangs no more, nor
    what has a `why`.

    The maker's account is named with or without its community (`account_key`), so both names are looked up.
    """
    wide, narrow = account.alias(), account.alias()
    alone = entry.c.platform + ":" + entry.c.member
    within = entry.c.platform + ":" + entry.c.community + ":" + entry.c.member
    person = func.coalesce(account.c.person, table.c.account)
    joined = (
        table.join(entry, entry.c.id == table.c.entry)
        .outerjoin(showing, showing.c.key == table.c.message)
        .outerjoin(account, account.c.key == table.c.account)
        .outerjoin(wide, wide.c.key == alone)
        .outerjoin(narrow, narrow.c.key == within)
    )
    others = (person != func.coalesce(wide.c.person, alone)) & (person != func.coalesce(narrow.c.person, within))
    return joined, person, table.c.why.is_(None) & showing.c.gone.is_(None) & others


def _key(ballot: Ballot) -> Key:
    return ballot.entry, ballot.message, ballot.account


def _entry_of(change: _Change) -> str:
    match change:
        case _Record(ballot):
            return ballot.entry
        case _Withdraw(key):
            return key[0]
        case _Replace():
            return change.entry


def _values(ballot: Ballot) -> dict[str, Any]:
    return {
        "entry": ballot.entry,
        "message": ballot.message,
        "account": ballot.account,
        "when": ballot.when,
        "why": ballot.why,
        "jury": ballot.jury,
    }


def _of(row: RowMapping) -> Ballot:
    return Ballot(row["entry"], row["account"], row["message"], row["when"], row["why"], row["jury"])
