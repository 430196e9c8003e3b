"""The works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    or_,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy import func as sql

from bot.model.contest import EntryState
from bot.model.entry import Entry
from bot.model.exhibit import EVERYTHING, Facets, Room, Sort
from bot.model.job import ENDED, Stage
from bot.model.people import Account, Community, MessageRef
from bot.model.setup import Act
from bot.ports import Decision
from storage.database import Database, Transaction
from storage.repositories.audit import audit_values, counting
from storage.repositories.letters import put_letter
from storage.repositories.rows import belongs, entry_of, of_accounts
from storage.tables import audit as audit_table
from storage.tables import character, community, contest_round, job, shot
from storage.tables import entry as table

_SHOWN = table.c.deleted.is_(None)
_UNFINISHED: Final = tuple(stage for stage in Stage if stage not in ENDED)
_REVIEW: Final = type_coerce(table.c.review, JSON())
_NEWEST: Final = (_REVIEW["when"].as_string().desc(), table.c.number.desc())
"""By the moment of approval: kept in UTC as ISO 8601, which sorts as it reads."""
_SECRET: Final = exists().where(
    contest_round.c.id == table.c.round,
    contest_round.c.closed.is_(None),
    community.c.platform == table.c.platform,
    community.c.id == table.c.community,
    type_coerce(community.c.setup, JSON())["voting"]["hidden"].as_boolean(),
)
"""Its votes are not told yet, so nothing may be ordered by them: tallies hide at home and its round is not over."""
_ORDERS: Final[Mapping[Sort, Sequence[ColumnElement[Any]]]] = {
    Sort.NEWEST: _NEWEST,
    Sort.VOTES: (case((_SECRET, -1), else_=_REVIEW["votes"].as_integer()).desc(), *_NEWEST),
}
_ASKED: Final[Mapping[str, ColumnElement[str]]] = {
    "contest": table.c.contest,
    "sport": table.c.sport,
    "style": table.c.style,
    "round": table.c.round,
    "language": type_coerce(table.c.request, JSON())["language"].as_string(),
}
"""What visitors may ask for, by its name in `Room` and `Facets`."""


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

    async def of_people(
        self, accounts: Sequence[Account], contest: str = "", *, skip: int = 0, most: int = 10
    ) -> list[Entry]:
        """Entries of any of these accounts that are not deleted, of one contest or of all, newest first."""
        query = select(table).where(_made(accounts, contest)).order_by(table.c.number.desc())
        return await self._entries(query.offset(skip).limit(most))

    async def count_of_people(self, accounts: Sequence[Account], contest: str = "") -> int:
        """How many those are."""
        query = select(sql.count()).select_from(table).where(_made(accounts, contest))
        async with self._database.read() as transaction:
            return (await transaction.execute(query)).scalar_one()

    async def days_of(self, accounts: Sequence[Account]) -> set[date]:
        """The days (UTC) on which these accounts made works, deleted or not."""
        async with self._database.read() as transaction:
            rows = await transaction.execute(select(table.c.created).where(of_accounts(table, accounts)))
            return {when.date() for (when,) in rows}

    async def allow(self, on: bool, *, entry: str = "", accounts: Sequence[Account] = ()) -> None:
        """Whether others may remix an entry, or all entries of these accounts."""
        which = table.c.id == entry if entry else of_accounts(table, accounts)
        async with self._database.write() as transaction:
            await transaction.execute(update(table).where(which).values(remixable=on))

    async def moved(self, entry_id: str, ref: MessageRef) -> None:
        """Its own message is another one now."""
        async with self._database.write() as transaction:
            await transaction.execute(update(table).where(table.c.id == entry_id).values(message=ref))

    async def count_remixes(self, entry_id: str) -> int:
        """How many entries that are not deleted were made from it."""
        query = select(sql.count()).select_from(table).where((table.c.parent == entry_id) & _SHOWN)
        async with self._database.read() as transaction:
            return (await transaction.execute(query)).scalar_one()

    async def uses(self, blob: str) -> bool:
        """Whether an entry that is not deleted shows this file, a character has it, or an unfinished job needs it."""
        shown = select(table.c.id).where(or_(table.c.blob == blob, table.c.poster == blob) & _SHOWN)
        had = select(character.c.id).where(
            character.c.forgotten.is_(None) & or_(_holds(character.c.image, blob), _holds(character.c.voice, blob))
        )
        needed = select(job.c.id).where(job.c.stage.in_(_UNFINISHED) & _holds(job.c.request, blob))
        drawn = select(shot.c.job).join(job, job.c.id == shot.c.job)
        drawn = drawn.where(job.c.stage.in_(_UNFINISHED) & (shot.c.blob == blob))
        async with self._database.read() as transaction:
            for query in (shown, had, needed, drawn):
                if (await transaction.execute(query.limit(1))).first():
                    return True
        return False

    async def exhibits(
        self, room: Room = EVERYTHING, *, sort: Sort = Sort.NEWEST, skip: int = 0, most: int = 12
    ) -> list[Entry]:
        """Approved entries that still stand."""
        query = select(table).where(_hangs(room)).order_by(*_ORDERS[sort]).offset(skip).limit(most)
        async with self._database.read() as transaction:
            return [entry_of(row) for row in (await transaction.execute(query)).mappings()]

    async def hung(self, most: int) -> list[tuple[str, datetime]]:
        """(id, moment of approval) of the newest exhibits: nothing else is read of them, for they may be many."""
        query = select(table.c.id, table.c.created, _REVIEW["when"].as_string().label("approved"))
        query = query.where(_hangs(EVERYTHING)).order_by(*_NEWEST).limit(most)
        async with self._database.read() as transaction:
            rows = await transaction.execute(query)
            return [(row.id, datetime.fromisoformat(row.approved) if row.approved else row.created) for row in rows]

    async def count_exhibits(self, room: Room = EVERYTHING) -> int:
        """How many those are."""
        query = select(sql.count()).select_from(table).where(_hangs(room))
        async with self._database.read() as transaction:
            return (await transaction.execute(query)).scalar_one()

    async def facets(self) -> Facets:
        """How many exhibits there are of everything one may ask for."""
        counted: dict[str, Mapping[str, int]] = {}
        async with self._database.read() as transaction:
            for name, column in _ASKED.items():
                query = select(column, sql.count()).where(_hangs(EVERYTHING), column != "").group_by(column)
                counted[name] = {row[0]: row[1] for row in await transaction.execute(query)}
        return Facets(**counted)

    async def children(self, entry_id: str, most: int = 50) -> list[Entry]:
        """Exhibits that were remixed from this entry, oldest first."""
        query = select(table).where(_hangs(EVERYTHING), table.c.parent == entry_id).order_by(table.c.number).limit(most)
        async with self._database.read() as transaction:
            return [entry_of(row) for row in (await transaction.execute(query)).mappings()]

    async def withdrawn(self, entry_id: str) -> bool:
        """Whether it was an exhibit and hangs no more."""
        approved = exists().where(audit_table.c.subject == entry_id, audit_table.c.act == Act.APPROVE)
        taken_back = (table.c.state == EntryState.APPROVED) & table.c.deleted.is_not(None)
        removed = (table.c.state == EntryState.REMOVED) & approved
        query = select(table.c.id).where(table.c.id == entry_id, or_(taken_back, removed))
        async with self._database.read() as transaction:
            return (await transaction.execute(query)).first() is not None

    async def decide(self, entry_id: str, decision: Decision) -> Entry | None:
        """Change the state with its audit line and letter: whoever comes second finds it changed already."""
        may = (table.c.id == entry_id) & table.c.state.in_(decision.allowed) & _SHOWN
        values: dict[str, Any] = {"state": decision.state, "review": decision.review}
        if decision.nominated:
            values["nominated"] = decision.nominated
        change = update(table).where(may).values(values).returning(table)
        async with self._database.write(alone=decision.since is not None) as transaction:
            if await _too_often(transaction, decision):
                return None
            row = (await transaction.execute(change)).mappings().one_or_none()
            if row is None:
                return None
            await transaction.execute(audit_table.insert().values(**audit_values(decision.line)))
            if decision.letter:
                await put_letter(transaction, decision.letter)
            return entry_of(row)

    async def in_state(self, contest: str, state: EntryState, *, skip: int = 0, most: int = 10) -> list[Entry]:
        """Entries of a contest that stand so, the longest nominated first."""
        query = select(table).where(_stands(contest, state)).order_by(table.c.nominated, table.c.number)
        return await self._entries(query.offset(skip).limit(most))

    async def count_in_state(self, contest: str, state: EntryState) -> int:
        """How many those are."""
        query = select(sql.count()).select_from(table).where(_stands(contest, state))
        async with self._database.read() as transaction:
            return (await transaction.execute(query)).scalar_one()

    async def in_review(self, since: datetime) -> list[Entry]:
        """Entries that stand before the moderators, or were nominated or decided on since then."""
        waits = (table.c.state == EntryState.NOMINATED) & _SHOWN
        decided = _REVIEW["when"].as_string() >= since.astimezone(UTC).isoformat()
        query = select(table).where(or_(waits, table.c.nominated >= since, decided))
        return await self._entries(query.order_by(table.c.nominated, table.c.number))

    async def of_sport(self, contest: str, sport: str, most: int) -> list[Entry]:
        """The newest entries of a sport that still stand."""
        query = select(table).where((table.c.contest == contest) & (table.c.sport == sport) & _SHOWN)
        return await self._entries(query.order_by(table.c.number.desc()).limit(most))

    async def states_of(self, community: Community, member: str) -> dict[EntryState, int]:
        """How many of a member's entries stand how."""
        query = (
            select(table.c.state, sql.count().label("many"))
            .where(belongs(table, community, member))
            .group_by(table.c.state)
        )
        async with self._database.read() as transaction:
            return {row.state: row.many for row in await transaction.execute(query)}

    async def _entries(self, query: Select[Any]) -> list[Entry]:
        async with self._database.read() as transaction:
            return [entry_of(row) for row in (await transaction.execute(query)).mappings()]

    async def delete(self, entry_id: str, when: datetime) -> Entry | None:
        """Mark as taken back by its maker; a second time changes nothing, so that what follows may be repeated."""
        change = update(table).where(table.c.id == entry_id).values(deleted=sql.coalesce(table.c.deleted, when))
        async with self._database.write() as transaction:
            row = (await transaction.execute(change.returning(table))).mappings().one_or_none()
            return None if row is None else entry_of(row)


async def _too_often(transaction: Transaction, decision: Decision) -> bool:
    if decision.since is None:
        return False
    query = counting(decision.line.actor, decision.line.act, decision.since)
    return (await transaction.execute(query)).scalar_one() >= decision.most


def _made(accounts: Sequence[Account], contest: str) -> ColumnElement[bool]:
    here = (table.c.contest == contest) if contest else true()
    return of_accounts(table, accounts) & here & _SHOWN


def _holds(column: ColumnElement[Any], blob: str) -> ColumnElement[bool]:
    """Whether a value kept as JSON names a file; no two files have one name, and nothing else looks like one."""
    return cast(type_coerce(column, JSON()), String).contains(blob)


def _hangs(room: Room) -> ColumnElement[bool]:
    """Approved, not taken back, and what is asked for."""
    asked = {name: getattr(room, name) for name in _ASKED}
    wanted = (_ASKED[name] == value for name, value in asked.items() if value)
    return and_(table.c.state == EntryState.APPROVED, _SHOWN, *wanted)


def _stands(contest: str, state: EntryState) -> ColumnElement[bool]:
    return (table.c.contest == contest) & (table.c.state == state) & _SHOWN
