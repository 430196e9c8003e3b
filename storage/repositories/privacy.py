"""Everything that is known about one account: to be handed over, and to be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from pydantic_core import to_jsonable_python
from sqlalchemy import JSON, String, Table, cast, delete, exists, func, or_, select, type_coerce, update

from bot.model.character import Consent
from bot.model.entry import Entry
from bot.model.job import ENDED, Job
from bot.model.people import Account, Community, Member
from bot.model.plan import Plan
from bot.model.request import Request
from bot.ports import Draft
from storage.database import Database, Transaction, insert
from storage.repositories.marks import NEVER, Mark, mark_of, marks_of, put_mark
from storage.repositories.rows import entry_of, job_of, of_accounts
from storage.seal import Seal
from storage.tables import account as account_table
from storage.tables import audit as audit_table
from storage.tables import character as character_table
from storage.tables import draft as draft_table
from storage.tables import entry as entry_table
from storage.tables import job as job_table
from storage.tables import letter as letter_table
from storage.tables import linking as linking_table
from storage.tables import person as person_table
from storage.tables import visit as visit_table
from storage.tables import vote as vote_table

_ERASE: Final = "erase"
_LENT: Final = "lent"
"""Kinds of rows in `linking` for what an account has begun."""


class PrivacyRecords:
    """Implements `bot.ports.Privacy`."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    async def known_of(self, account: Account) -> Mapping[str, list[Mapping[str, Any]]]:
        """Every row about an account by what it is, as JSON; works and requests whole."""
        own = {
            "accounts": select(account_table).where(account_table.c.key == account.key),
            "choices": select(person_table).where(person_table.c.id == account.person),
            "days": select(visit_table).where(visit_table.c.account == account.key),
            "votes": select(vote_table).where(vote_table.c.account == account.key),
            "letters": select(letter_table).where(letter_table.c.account == account.key),
            "characters": select(character_table).where(
                or_(character_table.c.owner == account.key, character_table.c.depicts == account.key)
            ),
            "requests": select(job_table).where(of_accounts(job_table, [account])).order_by(job_table.c.number),
            "works": select(entry_table).where(of_accounts(entry_table, [account])).order_by(entry_table.c.number),
            "audit": select(audit_table).where(
                or_(audit_table.c.actor == account.key, audit_table.c.subject == account.key)
            ),
        }
        found: dict[str, list[Mapping[str, Any]]] = {}
        async with self._database.read() as transaction:
            for name, query in own.items():
                rows = (await transaction.execute(query)).mappings()
                found[name] = [to_jsonable_python(dict(row)) for row in rows]
        return found

    async def jobs_of(self, account: Account) -> list[Job]:
        """All of an account's jobs, oldest first."""
        query = select(job_table).where(of_accounts(job_table, [account])).order_by(job_table.c.number)
        async with self._database.read() as transaction:
            return [job_of(row) for row in (await transaction.execute(query)).mappings()]

    async def works_of(self, account: Account) -> list[Entry]:
        """All of an account's works, deleted or not, oldest first."""
        query = select(entry_table).where(of_accounts(entry_table, [account])).order_by(entry_table.c.number)
        async with self._database.read() as transaction:
            return [entry_of(row) for row in (await transaction.execute(query)).mappings()]

    async def begin(self, accounts: Collection[str], when: datetime) -> None:
        """These accounts want to be forgotten; said once, it is done however often we start."""
        async with self._database.write() as transaction:
            for key in accounts:
                row = {"code": f"{_ERASE}:{key}", "account": key, "kind": _ERASE, "subject": "", "expires": NEVER}
                await transaction.execute(insert(transaction, linking_table, row).on_conflict_do_nothing())

    async def begun(self) -> list[Account]:
        """The accounts that want to be forgotten and are still known."""
        query = select(account_table).join(linking_table, linking_table.c.account == account_table.c.key)
        async with self._database.read() as transaction:
            rows = await transaction.execute(query.where(linking_table.c.kind == _ERASE))
            return [_account(row) for row in rows.mappings()]

    async def erase(self, account: Account, alias: str, when: datetime) -> None:
        """Forget an account, all or nothing: its works are husks without words, its votes stay under a mark."""
        key, mark = account.key, mark_of(self._seal, account.key)
        async with self._database.write() as transaction:
            await _votes(transaction, account, mark)
            pauses = select(account_table.c.pauses).where(account_table.c.key == key)
            kept: tuple[tuple[str, str], ...] = (await transaction.execute(pauses)).scalar_one_or_none() or ()
            await put_mark(transaction, Mark(mark, when, tuple(contest for contest, _ in kept)))
            for column in (audit_table.c.actor, audit_table.c.subject):
                await transaction.execute(update(audit_table).where(column == key).values({column.name: alias}))
            await _husks(transaction, account, alias, when)
            await _characters(transaction, key, alias, when)
            await _drafts(transaction, account)
            gone: list[tuple[Table, str]] = [(visit_table, "account"), (letter_table, "account")]
            for table, column in (*gone, (linking_table, "account"), (account_table, "key")):
                await transaction.execute(delete(table).where(table.c[column] == key))
            alone = select(account_table.c.key).where(account_table.c.person == account.person)
            if (await transaction.execute(alone.limit(1))).first() is None:
                await transaction.execute(delete(person_table).where(person_table.c.id == account.person))

    async def gone(self, accounts: Collection[str]) -> dict[str, tuple[str, datetime]]:
        """Which of these accounts were forgotten: under which mark their votes stay, and since when."""
        async with self._database.read() as transaction:
            found = await marks_of(transaction, self._seal, accounts)
        return {account: (mark.name, mark.when) for account, mark in found.items()}

    async def lend(self, blob: str, account: str, until: datetime) -> None:
        """A file that was made for somebody is removed then."""
        row = {"code": f"{_LENT}:{blob}", "account": account, "kind": _LENT, "subject": blob, "expires": until}
        async with self._database.write() as transaction:
            new = insert(transaction, linking_table, row)
            await transaction.execute(new.on_conflict_do_update(index_elements=["code"], set_={"expires": until}))

    async def lent(self, when: datetime) -> list[str]:
        """Files whose time is over."""
        over = (linking_table.c.kind == _LENT) & (linking_table.c.expires <= when)
        async with self._database.read() as transaction:
            return [blob for (blob,) in await transaction.execute(select(linking_table.c.subject).where(over))]

    async def returned(self, blob: str) -> None:
        """The file is gone."""
        async with self._database.write() as transaction:
            await transaction.execute(delete(linking_table).where(linking_table.c.code == f"{_LENT}:{blob}"))

    async def outdated(self, community: Community, before: datetime) -> tuple[list[Entry], list[Job]]:
        """What a community need not keep: works that were declined before then, and jobs with files that ended."""
        old = (entry_table.c.platform == community.platform) & (entry_table.c.community == community.id)
        old &= entry_table.c.deleted.is_(None) & entry_table.c.state.in_(("declined", "removed"))
        ended = (job_table.c.platform == community.platform) & (job_table.c.community == community.id)
        ended &= job_table.c.stage.in_(ENDED) & (func.coalesce(job_table.c.ended, job_table.c.changed) < before)
        ended &= cast(type_coerce(job_table.c.request, JSON()), String).contains("blob")
        async with self._database.read() as transaction:
            rows = await transaction.execute(select(entry_table).where(old))
            works = [entry_of(row) for row in rows.mappings()]
            jobs = [job_of(row) for row in (await transaction.execute(select(job_table).where(ended))).mappings()]
        return [one for one in works if one.review and one.review.when < before], jobs

    async def without_files(self, job_id: str) -> None:
        """A job's request names no files any more."""
        async with self._database.write() as transaction:
            query = select(job_table.c.request).where(job_table.c.id == job_id)
            request: Request | None = (await transaction.execute(query)).scalar_one_or_none()
            if request is not None:
                bare = replace(request, image=None, audio=None, cast=())
                await transaction.execute(update(job_table).where(job_table.c.id == job_id).values(request=bare))

    async def purge(self, community: Community, before: datetime) -> None:
        """Forget letters that were brought before then, and drafts nobody may answer any more."""
        here = (account_table.c.platform == community.platform) & (account_table.c.community == community.id)
        brought = letter_table.c.account.in_(select(account_table.c.key).where(here)) & (letter_table.c.done < before)
        async with self._database.write() as transaction:
            await transaction.execute(delete(letter_table).where(brought))
            await transaction.execute(delete(draft_table).where(draft_table.c.created < before))

    async def expire(self, before: datetime) -> None:
        """Forget codes and wrong tries that ended before then."""
        over = (linking_table.c.expires < before) & (linking_table.c.kind != _LENT)
        async with self._database.write() as transaction:
            await transaction.execute(delete(linking_table).where(over))


async def _votes(transaction: Transaction, account: Account, mark: str) -> None:
    """Its votes stay, but where another account of its person votes too: nobody knows any more that they are one."""
    table, other = vote_table, vote_table.alias()
    mine = table.c.account == account.key
    linked = select(other.c.entry).join(account_table, account_table.c.key == other.c.account)
    linked = linked.where((account_table.c.person == account.person) & (other.c.account != account.key))
    await transaction.execute(delete(table).where(mine & table.c.entry.in_(linked.where(other.c.why.is_(None)))))
    same = (other.c.entry == table.c.entry) & (other.c.message == table.c.message) & (other.c.account == account.key)
    await transaction.execute(delete(table).where((table.c.account == mark) & exists().where(same)))
    await transaction.execute(update(table).where(mine).values(account=mark))


async def _husks(transaction: Transaction, account: Account, alias: str, when: datetime) -> None:
    """Works and jobs keep their numbers, dates and cost, and lose who asked, and the words."""
    for table in (job_table, entry_table):
        columns = [table.c.id, table.c.request, *([table.c.plan] if table is job_table else [])]
        rows = (await transaction.execute(select(*columns).where(of_accounts(table, [account])))).mappings().all()
        for row in rows:
            values: dict[str, Any] = {"member": alias, "request": _bare(row["request"])}
            values["who"] = Member(account.community, alias, "")
            if table is job_table:
                values |= {"plan": _wordless(row["plan"]), "notes": ()}
            else:
                values |= {"deleted": func.coalesce(entry_table.c.deleted, when), "remixable": False}
            await transaction.execute(update(table).where(table.c.id == row["id"]).values(values))


async def _characters(transaction: Transaction, key: str, alias: str, when: datetime) -> None:
    table = character_table
    own = {"owner": alias, "name": "", "folded": "", "forgotten": func.coalesce(table.c.forgotten, when)}
    await transaction.execute(update(table).where(table.c.owner == key).values(own))
    refused = {"depicts": None, "consent": Consent.REFUSED}
    await transaction.execute(update(table).where(table.c.depicts == key).values(refused))
    named = cast(type_coerce(table.c.shared, JSON()), String).contains(key)
    for row in (await transaction.execute(select(table.c.id, table.c.shared).where(named))).mappings().all():
        left = tuple(one for one in row["shared"] if one != key)
        await transaction.execute(update(table).where(table.c.id == row["id"]).values(shared=left))


async def _drafts(transaction: Transaction, account: Account) -> None:
    rows = (await transaction.execute(select(draft_table.c.id, draft_table.c.value))).mappings().all()
    for row in rows:
        draft: Draft = row["value"]
        same = draft.member.id == account.member and draft.member.community.platform == account.community.platform
        if same and (account.everywhere or draft.member.community == account.community):
            await transaction.execute(delete(draft_table).where(draft_table.c.id == row["id"]))


def _bare(request: Request) -> Request:
    return replace(request, prompt="…", image=None, audio=None, cast=(), remarks=())


def _wordless(plan: Plan) -> Plan:
    return replace(plan, shots=tuple(replace(shot, prompt="…") for shot in plan.shots))


def _account(row: Any) -> Account:
    where = Community(row["platform"], row["community"])
    return Account(row["key"], row["person"], where, row["member"], row["name"], row["language"], row["first"])
