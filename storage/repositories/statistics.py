"""Numbers about a contest, from the records as they are."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, false, func, or_, select

from bot.model.figures import Figures
from bot.model.job import Stage
from bot.model.people import Community
from bot.model.setup import Act
from storage.database import Database, Transaction
from storage.repositories.spending import spent
from storage.tables import account, audit, community, entry, job, showing, visit, vote


class StatisticRecords:
    """Implements `bot.ports.Statistics`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def figures(self, contest: str, since: datetime) -> Figures:
        """What happened since then in all communities of a contest."""
        async with self._database.read() as transaction:
            here = await _communities(transaction, contest)
            jobs = await _jobs(transaction, here, since)
            made = select(entry.c.created).where((entry.c.contest == contest) & (entry.c.created >= since))
            clips = [when for (when,) in await transaction.execute(made)]
            votes = await _votes(transaction, contest, since)
            decided = select(audit.c.act).where(_within(audit, here) & (audit.c.when >= since))
            acts = Counter([act for (act,) in await transaction.execute(decided)])
            costs = await spent(transaction, _within(job, here) & (job.c.created >= since))
        return Figures(
            requests=len(jobs),
            clips=len(clips),
            failed=sum(one["stage"] in (Stage.FAILED, Stage.UNCERTAIN) for one in jobs),
            votes=len(votes),
            voters=len({person for person, _ in votes}),
            approved=acts[Act.APPROVE],
            declined=acts[Act.DECLINE],
            costs=dict(sorted(costs.items())),
            waits=tuple((one["admitted"] - one["created"]).total_seconds() for one in jobs if one["admitted"]),
            clips_by_day=Counter(when.date() for when in clips),
            votes_by_day=Counter(when.date() for _, when in votes),
        )

    async def visits(self, contest: str) -> list[tuple[str, date]]:
        """(person, day) of all visits in the communities of a contest."""
        person = func.coalesce(account.c.person, visit.c.account)
        query = select(person, visit.c.day).outerjoin_from(visit, account, account.c.key == visit.c.account)
        async with self._database.read() as transaction:
            here = [str(one) for one in await _communities(transaction, contest)]
            return [(who, day) for who, day in await transaction.execute(query.where(visit.c.community.in_(here)))]


async def _communities(transaction: Transaction, contest: str) -> list[Community]:
    """Those of a contest; one that was never set up is a contest of its own."""
    rows = await transaction.execute(select(community).where(community.c.contest == contest))
    found = [Community(row["platform"], row["id"]) for row in rows.mappings()]
    own = Community(*contest.split(":", 1))
    return found if own in found else [own, *found]


async def _jobs(transaction: Transaction, here: list[Community], since: datetime) -> list[Any]:
    columns = (job.c.stage, job.c.created, job.c.admitted)
    query = select(*columns).where(_within(job, here) & (job.c.created >= since))
    return list((await transaction.execute(query)).mappings())


async def _votes(transaction: Transaction, contest: str, since: datetime) -> list[tuple[str, datetime]]:
    """(person, moment) of all votes that count, each person once an entry."""
    person = func.coalesce(account.c.person, vote.c.account)
    counts = vote.c.why.is_(None) & showing.c.gone.is_(None) & (vote.c.when >= since) & (entry.c.contest == contest)
    joined = (
        vote.join(entry, entry.c.id == vote.c.entry)
        .outerjoin(showing, showing.c.key == vote.c.message)
        .outerjoin(account, account.c.key == vote.c.account)
    )
    query = select(vote.c.entry, person, func.min(vote.c.when)).select_from(joined).where(counts)
    rows = await transaction.execute(query.group_by(vote.c.entry, person))
    return [(who, when) for _, who, when in rows]


def _within(table: Table, here: list[Community]) -> ColumnElement[bool]:
    columns = table.c
    return or_(false(), *((columns.platform == one.platform) & (columns.community == one.id) for one in here))
