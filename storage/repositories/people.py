"""Accounts and the persons behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import JSON, ColumnElement, String, cast, select, type_coerce, update
from sqlalchemy.engine import RowMapping

from bot.model.letter import Letter
from bot.model.people import Account, Community, Profile
from bot.model.setup import AuditLine
from storage.database import Database, Transaction, insert
from storage.repositories.audit import audit_values
from storage.repositories.letters import put_letter
from storage.repositories.marks import marks_of
from storage.seal import Seal
from storage.tables import account as table
from storage.tables import audit as audit_table
from storage.tables import person as person_table
from storage.tables import visit as visit_table


class PeopleRecords:
    """Implements `bot.ports.People`."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    async def seen(self, account: Account, when: datetime) -> Account:
        """Remember an account as it is now; its person, pause and first day stay. Written only when it changed.

        Who was forgotten and comes back is as paused as they left.
        """
        known = await self.get(account.key)
        if known and _told(known) == _told(account):
            return known
        told = _columns(account)
        async with self._database.write() as transaction:
            (row,) = await self._new(transaction, [account], when)
            new = insert(transaction, table, row)
            row = await transaction.execute(
                new.on_conflict_do_update(index_elements=["key"], set_=told).returning(table)
            )
            return _of(row.mappings().one())

    async def get(self, key: str) -> Account | None:
        """One account."""
        async with self._database.read() as transaction:
            row = (await transaction.execute(select(table).where(table.c.key == key))).mappings().one_or_none()
        return None if row is None else _of(row)

    async def among(self, keys: Sequence[str]) -> list[Account]:
        """Those of these accounts that were seen."""
        async with self._database.read() as transaction:
            rows = await transaction.execute(select(table).where(table.c.key.in_(keys)))
            return [_of(row) for row in rows.mappings()]

    async def met(self, accounts: Sequence[Account], when: datetime) -> None:
        """Remember accounts that were never seen; those that were stay as they are."""
        if not accounts:
            return
        async with self._database.write() as transaction:
            rows = await self._new(transaction, accounts, when)
            await transaction.execute(insert(transaction, table, {}).on_conflict_do_nothing(), rows)

    async def _new(
        self, transaction: Transaction, accounts: Sequence[Account], when: datetime
    ) -> list[dict[str, object]]:
        """New accounts as rows."""
        left = await marks_of(transaction, self._seal, [one.key for one in accounts])
        pauses = {key: mark.pauses for key, mark in left.items()}
        return [
            {"key": one.key, "person": one.person, "first": when, "pauses": pauses.get(one.key, ()), **_columns(one)}
            for one in accounts
        ]

    async def of_member(self, community: Community, member: str) -> Account | None:
        """The account a platform knows by this id: in this community, or last seen in another one."""
        here = (table.c.platform == community.platform) & (table.c.member == member)
        exact = (table.c.community == community.id).desc()
        query = select(table).where(here).order_by(exact, table.c.key).limit(1)
        async with self._database.read() as transaction:
            row = (await transaction.execute(query)).mappings().one_or_none()
        return None if row is None else _of(row)

    async def of_person(self, person: str) -> list[Account]:
        """A person's accounts, oldest first."""
        query = select(table).where(table.c.person == person).order_by(table.c.first, table.c.key)
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]

    async def profile(self, person: str) -> Profile:
        """What they chose; the defaults where they chose nothing."""
        query = select(person_table.c.profile).where(person_table.c.id == person)
        async with self._database.read() as transaction:
            return (await transaction.execute(query)).scalar_one_or_none() or Profile()

    async def names(self, keys: Sequence[str]) -> dict[str, str]:
        """The names that persons chose for the exhibit, by account key."""
        query = select(table.c.key, person_table.c.profile).join(person_table, person_table.c.id == table.c.person)
        async with self._database.read() as transaction:
            rows = await transaction.execute(query.where(table.c.key.in_(keys)))
            return {key: profile.name for key, profile in rows if profile.name}

    async def choose(self, person: str, profile: Profile) -> None:
        """Write what they chose."""
        async with self._database.write() as transaction:
            new = insert(transaction, person_table, {"id": person, "profile": profile})
            await transaction.execute(new.on_conflict_do_update(index_elements=["id"], set_={"profile": profile}))

    async def pause(
        self, key: str, contest: str, reason: str, line: AuditLine, letter: Letter | None = None
    ) -> Account | None:
        """Pause an account and all others of its person in a contest, or let them go on with an empty reason."""
        async with self._database.write() as transaction:
            person = select(table.c.person).where(table.c.key == key).scalar_subquery()
            accounts = {one.key: one for one in await _held(transaction, table.c.person == person)}
            found = accounts.get(key)
            if found is None or bool(found.paused(contest)) == bool(reason):
                return None
            for one in accounts.values():
                await _put_pauses(transaction, one, {**dict(one.pauses), contest: reason})
            await transaction.execute(audit_table.insert().values(**audit_values(line)))
            if letter:
                await put_letter(transaction, letter)
        return found

    async def visit(self, key: str, community: Community, day: date) -> None:
        """They did something there on that day (UTC); written once a day."""
        async with self._database.write() as transaction:
            new = insert(transaction, visit_table, {"account": key, "day": day, "community": str(community)})
            await transaction.execute(new.on_conflict_do_nothing())


async def share_pauses(transaction: Transaction, person: str) -> None:
    """Whatever one of a person's accounts is paused for holds for all, within a transaction of somebody else's."""
    accounts = await _held(transaction, table.c.person == person)
    together = dict(pause for one in accounts for pause in one.pauses)
    for one in accounts:
        await _put_pauses(transaction, one, together)


async def move_pauses(transaction: Transaction, old: str, new: str) -> None:
    """Whoever is paused in one contest is paused in another too, within a transaction of somebody else's."""
    for one in await _held(transaction, cast(type_coerce(table.c.pauses, JSON()), String) != "[]"):
        if reason := one.paused(old):
            await _put_pauses(transaction, one, {new: reason, **dict(one.pauses)})


async def _held(transaction: Transaction, which: ColumnElement[bool]) -> list[Account]:
    """Accounts that nobody else changes until the transaction ends."""
    query = select(table).where(which).order_by(table.c.first, table.c.key).with_for_update()
    return [_of(row) for row in (await transaction.execute(query)).mappings()]


async def _put_pauses(transaction: Transaction, account: Account, reasons: Mapping[str, str]) -> None:
    pauses = tuple((contest, reason) for contest, reason in reasons.items() if reason)
    if pauses != account.pauses:
        await transaction.execute(update(table).where(table.c.key == account.key).values(pauses=pauses))


def _columns(account: Account) -> dict[str, str]:
    return {
        "platform": account.community.platform,
        "community": account.community.id,
        "member": account.member,
        "name": account.name,
        "language": account.language,
    }


def _told(account: Account) -> tuple[Community, str, str, str]:
    return account.community, account.member, account.name, account.language


def _of(row: RowMapping) -> Account:
    return Account(
        row["key"],
        row["person"],
        Community(row["platform"], row["community"]),
        row["member"],
        row["name"],
        row["language"],
        row["first"],
        row["pauses"],
    )
