"""Rows to values of our model and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Table, false, or_, true
from sqlalchemy.engine import RowMapping

from bot.model.entry import Entry
from bot.model.job import Job, ShotRecord, ShotState, Waiting
from bot.model.people import Account, Community, Member


def belongs(table: Table, community: Community, member: str) -> ColumnElement[bool]:
    """Rows of one member."""
    columns = table.c
    return (columns.platform == community.platform) & (columns.community == community.id) & (columns.member == member)


def of_accounts(table: Table, accounts: Iterable[Account]) -> ColumnElement[bool]:
    """Rows of any of these accounts; one that is the same everywhere has rows in several communities."""
    columns = table.c
    here = [
        (columns.platform == one.community.platform)
        & (columns.member == one.member)
        & (true() if one.everywhere else columns.community == one.community.id)
        for one in accounts
    ]
    return or_(false(), *here)


def _owner(member: Member) -> dict[str, Any]:
    community = member.community
    return {"platform": community.platform, "community": community.id, "member": member.id, "who": member}


def job_values(job: Job) -> dict[str, Any]:
    """A job as a new row."""
    return {
        **_owner(job.member),
        "id": job.id,
        "backend": job.plan.backend,
        "place": job.place,
        "request": job.request,
        "plan": job.plan,
        "stage": job.stage,
        "fence": job.fence,
        "created": job.created,
        "changed": job.changed,
        "admitted": job.admitted,
        "ended": job.ended,
        "fraction": job.fraction,
        "cancel": job.cancel,
        "card": job.card,
        "clip": job.clip,
        "entry": job.entry,
        "failure": job.failure,
        "notes": job.notes,
    }


def job_of(row: RowMapping) -> Job:
    """A row as a job."""
    return Job(
        id=row["id"],
        member=row["who"],
        place=row["place"],
        request=row["request"],
        plan=row["plan"],
        stage=row["stage"],
        fence=row["fence"],
        created=row["created"],
        changed=row["changed"],
        admitted=row["admitted"],
        ended=row["ended"],
        fraction=row["fraction"],
        cancel=row["cancel"],
        card=row["card"],
        clip=row["clip"],
        entry=row["entry"],
        failure=row["failure"],
        notes=row["notes"],
    )


def waiting_of(row: RowMapping) -> Waiting:
    """The little that admission needs of a job."""
    return Waiting(
        id=row["id"],
        community=Community(row["platform"], row["community"]),
        member=row["member"],
        created=row["created"],
        backend=row["backend"],
        priority=row["priority"],
    )


def planned(job: Job) -> list[dict[str, Any]]:
    """The plan's shots as new rows. Their idempotency keys are fixed here, before anything is sent."""
    return [
        {"job": job.id, "number": one.index, "key": f"{job.id}-{one.index}", "state": ShotState.PLANNED, "attempt": 0}
        for one in job.plan.shots
    ]


def shot_values(record: ShotRecord) -> dict[str, Any]:
    """What may change in a shot's row."""
    return {
        "key": record.key,
        "state": record.state,
        "attempt": record.attempt,
        "remote": record.remote,
        "blob": record.blob,
    }


def shot_of(row: RowMapping) -> ShotRecord:
    """A row as a shot's record."""
    return ShotRecord(
        index=row["number"],
        key=row["key"],
        state=row["state"],
        attempt=row["attempt"],
        remote=row["remote"],
        blob=row["blob"],
    )


def entry_values(entry: Entry) -> dict[str, Any]:
    """An entry as a new row; the file names stand apart so that their users can be counted."""
    return {
        **_owner(entry.member),
        "id": entry.id,
        "job": entry.job,
        "backend": entry.backend,
        "created": entry.created,
        "deleted": entry.deleted,
        "blob": entry.clip.blob,
        "poster": entry.clip.poster,
        "request": entry.request,
        "clip": entry.clip,
        "message": entry.message,
        "contest": entry.contest,
        "round": entry.round,
        "state": entry.state,
        "nominated": entry.nominated,
        "review": entry.review,
        "remixable": entry.remixable,
        "parent": entry.request.parent,
        "sport": entry.request.sport,
        "style": entry.request.style,
    }


def entry_of(row: RowMapping) -> Entry:
    """A row as an entry."""
    return Entry(
        id=row["id"],
        job=row["job"],
        member=row["who"],
        request=row["request"],
        clip=row["clip"],
        backend=row["backend"],
        created=row["created"],
        message=row["message"],
        deleted=row["deleted"],
        contest=row["contest"],
        round=row["round"],
        state=row["state"],
        nominated=row["nominated"],
        review=row["review"],
        remixable=row["remixable"],
    )
