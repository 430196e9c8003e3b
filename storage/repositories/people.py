"""Accounts and the persons behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.engine import RowMapping

from bot.model.people import Account, Community, Profile
from storage.database import Database, insert
from storage.tables import account as table
from storage.tables import person as person_table
from storage.tables import visit as visit_table


class PeopleRecords:
    """Implements `bot.ports.People`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seen(self, account: Account, when: datetime) -> Account:
        """Remember an account as it is now; its person, pause and first day stay. Written only when it changed."""
        known = await self.get(account.key)
        if known and _told(known) == _told(account):
            return known
        told = _columns(account)
        async with self._database.write() as transaction:
            new = insert(transaction, table, {"key": account.key, "person": account.person, "first": when, **told})
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
        rows = [{"key": one.key, "person": one.person, "first": when, **_columns(one)} for one in accounts]
        async with self._database.write() as transaction:
            await transaction.execute(insert(transaction, table, {}).on_conflict_do_nothing(), rows)

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

    async def pause(self, key: str, reason: str) -> Account | None:
        """Pause an account, or let it go on with an empty reason; None when it is unknown."""
        async with self._database.write() as transaction:
            change = update(table).where(table.c.key == key).values(paused=reason).returning(table)
            row = (await transaction.execute(change)).mappings().one_or_none()
        return None if row is None else _of(row)

    async def visit(self, key: str, community: Community, day: date) -> None:
        """They did something there on that day (UTC); written once a day."""
        async with self._database.write() as transaction:
            new = insert(transaction, visit_table, {"account": key, "day": day, "community": str(community)})
            await transaction.execute(new.on_conflict_do_nothing())


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
        row["paused"],
    )
