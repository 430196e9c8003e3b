"""Communities and their setups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.engine import RowMapping

from bot.errors import Changed
from bot.model.people import Community
from bot.model.setup import AuditLine, Home, Setup
from bot.ports import Clock
from storage.database import Database, Transaction, insert
from storage.repositories.audit import audit_values
from storage.repositories.people import move_pauses
from storage.tables import audit as audit_table
from storage.tables import character as character_table
from storage.tables import community as table
from storage.tables import entry as entry_table
from storage.tables import own_sport as sport_table


class CommunityRecords:
    """Implements `bot.ports.Communities`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, community: Community) -> Home:
        """A community; one that was never seen gets the defaults and a contest of its own."""
        async with self._database.read() as transaction:
            return await _home(transaction, community) or Home(community, str(community))

    async def see(self, community: Community, name: str, when: datetime) -> Home:
        """Remember it, and its name; one that was left is back."""
        async with self._database.write() as transaction:
            new = insert(transaction, table, _values(Home(community, str(community), name, created=when)))
            changed = {"left": None, **({"name": name} if name else {})}
            await transaction.execute(new.on_conflict_do_update(index_elements=["platform", "id"], set_=changed))
            found = await _home(transaction, community)
        assert found is not None
        return found

    async def change(self, home: Home, setup: Setup, line: AuditLine | None = None) -> Home:
        """Write a new setup and its audit line together. Raises `Changed` when somebody else was faster."""
        async with self._database.write() as transaction:
            now = self._clock.now()
            first = insert(transaction, table, _values(Home(home.community, home.contest, home.name, created=now)))
            await transaction.execute(first.on_conflict_do_nothing())
            mine = _is(home.community) & (table.c.version == home.version)
            change = update(table).where(mine).values(setup=setup, version=home.version + 1)
            row = (await transaction.execute(change.returning(table))).mappings().one_or_none()
            if row is None:
                raise Changed(str(home.community))
            if line:
                await transaction.execute(audit_table.insert().values(**audit_values(line)))
            return _of(row)

    async def join(self, community: Community, contest: str, when: datetime) -> Home:
        """Vote together with the others of `contest` from now on."""
        async with self._database.write() as transaction:
            await put_contest(transaction, community, contest, when)
            found = await _home(transaction, community)
        assert found is not None
        return found

    async def leave(self, community: Community, when: datetime) -> None:
        """The bot was removed."""
        async with self._database.write() as transaction:
            await transaction.execute(update(table).where(_is(community)).values(left=when))

    async def of_contest(self, contest: str) -> list[Home]:
        """All communities that vote together and have the bot, oldest first."""
        here = (table.c.contest == contest) & table.c.left.is_(None)
        async with self._database.read() as transaction:
            rows = await transaction.execute(select(table).where(here).order_by(table.c.created, table.c.id))
            return [_of(row) for row in rows.mappings()]

    async def all(self) -> list[Home]:
        """Every community that has the bot."""
        async with self._database.read() as transaction:
            rows = await transaction.execute(select(table).where(table.c.left.is_(None)).order_by(table.c.created))
            return [_of(row) for row in rows.mappings()]


async def put_contest(transaction: Transaction, community: Community, contest: str, when: datetime) -> None:
    """Have a community take part in a contest, with its works and pauses, and with characters and own sports where it
    was alone, within a transaction of somebody else's."""
    before = await _home(transaction, community)
    old = before.contest if before else str(community)
    await move_pauses(transaction, old, contest)
    new = insert(transaction, table, _values(Home(community, contest, created=when)))
    await transaction.execute(new.on_conflict_do_update(index_elements=["platform", "id"], set_={"contest": contest}))
    made = (entry_table.c.platform == community.platform) & (entry_table.c.community == community.id)
    await transaction.execute(update(entry_table).where(made).values(contest=contest))
    stayed = select(table.c.id).where(table.c.contest == old, table.c.left.is_(None)).limit(1)
    if old != contest and (await transaction.execute(stayed)).first() is None:
        await _bring_along(transaction, old, contest)


async def _bring_along(transaction: Transaction, old: str, new: str) -> None:
    """What nobody is left to use in a contest goes along: characters, and own sports but where a slug is taken."""
    mine = character_table.c.contest == old
    await transaction.execute(update(character_table).where(mine).values(contest=new))
    taken = select(sport_table.c.slug).where(sport_table.c.contest == new)
    free = (sport_table.c.contest == old) & sport_table.c.slug.not_in(taken)
    await transaction.execute(update(sport_table).where(free).values(contest=new))


async def _home(transaction: Transaction, community: Community) -> Home | None:
    row = (await transaction.execute(select(table).where(_is(community)))).mappings().one_or_none()
    return None if row is None else _of(row)


def _is(community: Community) -> ColumnElement[bool]:
    return (table.c.platform == community.platform) & (table.c.id == community.id)


def _values(home: Home) -> dict[str, object]:
    return {
        "platform": home.community.platform,
        "id": home.community.id,
        "contest": home.contest,
        "name": home.name,
        "setup": home.setup,
        "version": home.version,
        "created": home.created,
    }


def _of(row: RowMapping) -> Home:
    return Home(
        Community(row["platform"], row["id"]),
        row["contest"],
        row["name"],
        row["setup"],
        row["version"],
        row["created"],
        row["left"],
    )
