"""What is left of an account that was forgotten: a mark that only our key makes from its name, and where its person
was paused. Rows of `linking`, for they outlive the account."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from bot.model.people import UNSAID
from storage.database import Transaction, insert
from storage.seal import Seal
from storage.tables import linking as table

KIND: Final = "gone"
NEVER: Final = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Mark:
    """A forgotten account: the name its votes stay under, since when, and the contests it is paused in."""

    name: str
    when: datetime
    contests: tuple[str, ...]

    @property
    def pauses(self) -> tuple[tuple[str, str], ...]:
        """As an account keeps them."""
        return tuple((contest, UNSAID) for contest in self.contests)


def mark_of(seal: Seal, account: str) -> str:
    """The mark of an account."""
    return f"{KIND}:{seal.mark(account)}"


async def put_mark(transaction: Transaction, mark: Mark) -> None:
    """Note that an account was forgotten, within a transaction of somebody else's."""
    told = {"used": mark.when, "subject": json.dumps(mark.contests)}
    row = {"code": mark.name, "account": "", "kind": KIND, "expires": NEVER, **told}
    await transaction.execute(insert(transaction, table, row).on_conflict_do_update(index_elements=["code"], set_=told))


async def marks_of(transaction: Transaction, seal: Seal, accounts: Collection[str]) -> dict[str, Mark]:
    """The marks of those of these accounts that were forgotten. Without any the key is not needed."""
    anybody = select(table.c.code).where(table.c.kind == KIND).limit(1)
    if not accounts or (await transaction.execute(anybody)).first() is None:
        return {}
    names = {mark_of(seal, account): account for account in accounts}
    query = select(table.c.code, table.c.used, table.c.subject).where(table.c.code.in_(names))
    rows = await transaction.execute(query)
    return {names[code]: Mark(code, used, tuple(json.loads(subject))) for code, used, subject in rows}
