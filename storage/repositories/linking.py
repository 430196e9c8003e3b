"""One-time codes, kept as hashes, and what they join: each in one transaction, so that a code works once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy import func as sql
from sqlalchemy.engine import RowMapping

from bot.errors import LimitReached
from bot.model.letter import Letter
from bot.model.linking import LIFE, Joining, Offer
from bot.model.people import Community, Profile
from bot.model.setup import AuditLine
from storage.database import Database, Transaction, insert
from storage.repositories.audit import audit_values
from storage.repositories.communities import put_contest
from storage.repositories.letters import put_letter
from storage.repositories.people import share_pauses
from storage.tables import account as account_table
from storage.tables import audit as audit_table
from storage.tables import linking as table
from storage.tables import person as person_table

_MISS: Final = "miss"
"""The kind of a row that notes a wrong try."""


class LinkingRecords:
    """Implements `bot.ports.Linking`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offer(self, code: str, offer: Offer) -> None:
        """Keep a new code; earlier ones of the account for the same thing are no good any more."""
        same = (table.c.account == offer.account) & (table.c.kind == offer.kind) & table.c.used.is_(None)
        async with self._database.write() as transaction:
            await transaction.execute(delete(table).where(same))
            values = {"code": _hashed(offer.kind, code), "account": offer.account, "kind": offer.kind.value}
            values |= {"subject": offer.subject}
            await transaction.execute(table.insert().values(**values, expires=offer.expires))

    async def attempt(self, code: str, kind: Joining, account: str, when: datetime, most: int) -> Offer | None:
        """The offer under a code; a wrong try is noted, and forgotten when no code lives that long."""
        mine = (table.c.account == account) & (table.c.kind == _MISS) & (table.c.expires > when)
        async with self._database.write(alone=True) as transaction:
            missed = select(sql.count()).select_from(table).where(mine)
            if (await transaction.execute(missed)).scalar_one() >= most:
                raise LimitReached(f"{most} wrong codes")
            query = select(table).where(table.c.code == _hashed(kind, code))
            row = (await transaction.execute(query)).mappings().one_or_none()
            if row is None:
                miss = {"code": secrets.token_hex(16), "account": account, "kind": _MISS, "expires": when + LIFE}
                await transaction.execute(table.insert().values(**miss))
        return None if row is None else _of(row)

    async def link(self, code: str, account: str, when: datetime, letter: Letter) -> bool:
        """Give an account, and all others of its person, the person that made the code; False when it is no good."""
        async with self._database.write() as transaction:
            giver = await _used(transaction, code, Joining.PERSON, when)
            if giver is None:
                return False
            keep, leave = await _person(transaction, giver.account), await _person(transaction, account)
            if keep != leave:
                await _inherit(transaction, keep, leave)
                one = update(account_table).where(account_table.c.person == leave).values(person=keep)
                await transaction.execute(one)
                await transaction.execute(delete(person_table).where(person_table.c.id == leave))
                await share_pauses(transaction, keep)
            await put_letter(transaction, letter)
        return True

    async def unlink(self, account: str) -> bool:
        """Give an account a person of its own again, who has chosen the same; False when it has one already.

        A person bears the name of one of its accounts: where that one leaves, the others take another's.
        """
        async with self._database.write() as transaction:
            person = await _person(transaction, account)
            others = (account_table.c.person == person) & (account_table.c.key != account)
            query = select(account_table.c.key).where(others).order_by(account_table.c.first, account_table.c.key)
            heir = (await transaction.execute(query.limit(1))).scalar_one_or_none()
            if heir is None:
                return False
            if person == account:
                await transaction.execute(update(account_table).where(others).values(person=heir))
                await _inherit(transaction, heir, person)
            else:
                own = update(account_table).where(account_table.c.key == account).values(person=account)
                await transaction.execute(own)
                await _inherit(transaction, account, person)
        return True

    async def join(self, code: str, community: Community, when: datetime, line: AuditLine, letter: Letter) -> bool:
        """Have a community take part in the contest a code was made for; False when the code is no good."""
        async with self._database.write() as transaction:
            offer = await _used(transaction, code, Joining.CONTEST, when)
            if offer is None:
                return False
            await put_contest(transaction, community, offer.subject, when)
            await transaction.execute(audit_table.insert().values(**audit_values(line)))
            await put_letter(transaction, letter)
        return True


async def _used(transaction: Transaction, code: str, kind: Joining, when: datetime) -> Offer | None:
    """Use a code up: whoever comes second finds it used."""
    good = (table.c.code == _hashed(kind, code)) & table.c.used.is_(None) & (table.c.expires > when)
    row = (await transaction.execute(update(table).where(good).values(used=when).returning(table))).mappings()
    found = row.one_or_none()
    return None if found is None else _of(found)


async def _person(transaction: Transaction, account: str) -> str:
    query = select(account_table.c.person).where(account_table.c.key == account)
    return (await transaction.execute(query)).scalar_one_or_none() or account


async def _inherit(transaction: Transaction, heir: str, person: str) -> None:
    """What one person chose holds for another who chose nothing yet."""
    query = select(person_table.c.profile).where(person_table.c.id == person)
    profile: Profile | None = (await transaction.execute(query)).scalar_one_or_none()
    if profile is not None:
        new = insert(transaction, person_table, {"id": heir, "profile": profile})
        await transaction.execute(new.on_conflict_do_nothing())


def _hashed(kind: Joining, code: str) -> str:
    return hashlib.sha256(f"{kind}:{code}".encode()).hexdigest()


def _of(row: RowMapping | dict[str, Any]) -> Offer:
    return Offer(row["account"], Joining(row["kind"]), row["expires"], row["subject"], row["used"])
