"""What moderators and admins did: lines are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.engine import RowMapping

from bot.model.people import Community
from bot.model.setup import Act, AuditLine
from storage.database import Database
from storage.tables import audit as table


class AuditRecords:
    """Implements `bot.ports.Audit`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, line: AuditLine) -> None:
        """Write a line."""
        async with self._database.write() as transaction:
            await transaction.execute(table.insert().values(**audit_values(line)))

    async def latest(self, community: Community, most: int = 20) -> list[AuditLine]:
        """The newest lines."""
        here = (table.c.platform == community.platform) & (table.c.community == community.id)
        query = select(table).where(here).order_by(table.c.number.desc()).limit(most)
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]

    async def of_subject(self, subject: str, act: Act) -> list[AuditLine]:
        """What was done to one thing, newest first."""
        query = select(table).where(table.c.subject == subject, table.c.act == act).order_by(table.c.number.desc())
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]

    async def count(self, actor: str, act: Act, since: datetime) -> int:
        """How often somebody did something since then."""
        async with self._database.read() as transaction:
            return (await transaction.execute(counting(actor, act, since))).scalar_one()


def counting(actor: str, act: Act, since: datetime) -> Select[int]:
    """How often somebody did something since then, within a transaction of somebody else's."""
    did = (table.c.actor == actor) & (table.c.act == act) & (table.c.when >= since)
    return select(func.count()).select_from(table).where(did)


def audit_values(line: AuditLine) -> dict[str, Any]:
    """A line as a new row."""
    return {
        "when": line.when,
        "platform": line.community.platform,
        "community": line.community.id,
        "actor": line.actor,
        "act": line.act,
        "subject": line.subject,
        "before": line.before,
        "after": line.after,
    }


def _of(row: RowMapping) -> AuditLine:
    return AuditLine(
        row["when"],
        Community(row["platform"], row["community"]),
        row["actor"],
        row["act"],
        row["subject"],
        row["before"],
        row["after"],
    )
