"""Finding an order whose answer was lost, in the vendor's list of tasks.

The list (every task of the account in the last 24 hours, from any key) does not carry our key. An order is recognised
by model and moment: exactly one task that nobody else claims must fit. When the list is complete, the clocks agree and
several looks show nothing, it was surely never taken. In every other case nobody can tell, and it is not sent again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, cast

from backends.dashscope import faults
from backends.net import Answer, Client, Rate, dig
from backends.net.ledger import Ledger, Note
from bot.errors import BackendError
from bot.model.backend import Absent

log = logging.getLogger(__name__)

LOOKS: Final = 4
"""Looks before an order that does not show is believed to be absent: a list may lag behind."""
PAGE: Final = 10
PAGES: Final = 60
EARLY: Final = 30.0
"""Seconds a task may be older than its sending: the clocks' difference is known to the second only."""
QUEUE: Final = 90.0
"""Seconds at the vendor's door: so long after our call has ended its order may still be taken."""
SKEW: Final = 300.0
"""Seconds between the vendor's clock and ours above which no absence is believed."""
LISTED: Final = timedelta(hours=23)
"""How far back the list surely reaches."""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list. `created` in seconds since 1970 by the vendor's clock, or None when it does not say."""

    id: str
    model: str
    created: float | None

    def could_be(self, model: str) -> bool:
        """Whether it may be of this model; a snapshot may be listed under its short name and the other way round."""
        return not self.model or self.model.startswith(model) or model.startswith(self.model)

    def made_between(self, first: float, last: float) -> bool:
        """Whether it was made then, or does not say when."""
        return self.created is None or first <= self.created <= last


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as one look showed it. `ahead`: seconds the vendor's clock is ahead of ours, None when not told."""

    tasks: tuple[Task, ...]
    complete: bool
    ahead: float | None

    @property
    def trusted(self) -> bool:
        """Whether an absence from it means anything."""
        return self.complete and self.ahead is not None and abs(self.ahead) <= SKEW


class Lookup:
    """Looks orders up. Seconds: `gap` between two looks, `whole` the longest that sending an order takes."""

    def __init__(self, client: Client, rate: Rate, ledger: Ledger, *, gap: float, whole: float) -> None:
        self._client = client
        self._rate = rate
        self._ledger = ledger
        self._gap = gap
        self._late = whole + QUEUE

    async def find(self, key: str, since: datetime) -> str | Absent:
        """The task's id, or what its absence means. Never raises."""
        note = await self._ledger.note(key)
        if note is not None and not note.open:
            return Absent.SURELY if note.task == "-" else note.task
        if _too_old(note, since):
            return Absent.UNKNOWN
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(self._gap)
            told = await self._look(key, note, since)
            if told is not None and not (told is Absent.SURELY and look < LOOKS - 1):
                return told
        return Absent.UNKNOWN

    async def _look(self, key: str, note: Note | None, since: datetime) -> str | Absent | None:
        """One look: the task, an absence, or None when another look may tell more."""
        try:
            listing = await self._listing()
        except BackendError as error:
            log.warning("the list of tasks could not be read: %s", error.detail)
            return None
        notes = await self._ledger.notes()
        taken = {one.task for one in notes}
        if note is None:  # this machine did not even begin to send: only an empty list speaks for itself
            fits = [task for task in listing.tasks if task.id not in taken and _since(task, since, listing)]
            return Absent.SURELY if listing.trusted and not fits else None
        fits = [task for task in listing.tasks if task.id not in taken and _fits(task, note, listing, self._late)]
        if not fits:
            return Absent.SURELY if listing.trusted else None
        if len(fits) > 1 or not listing.complete or _rivals(note, notes, EARLY + self._late):
            return None
        await self._ledger.settle(key, fits[0].id)
        return fits[0].id

    async def _listing(self) -> Listing:
        tasks, total, page = dict[str, Task](), 1, 0
        ahead: float | None = None
        while len(tasks) < total and page < PAGES:
            page += 1
            await self._rate.turn()
            answer = await self._client.read("/api/v1/tasks", params={"page_no": str(page), "page_size": str(PAGE)})
            rows = _rows(answer.data)
            if not answer.ok or rows is None:
                raise faults.refused(answer)
            ahead = _ahead(answer)
            total = _total(answer.data)
            tasks |= {task.id: task for task in rows}
            if not rows:
                break
        return Listing(tuple(tasks.values()), len(tasks) >= total, ahead)


def _too_old(note: Note | None, since: datetime) -> bool:
    """Whether the order may have left the list already."""
    began = datetime.fromtimestamp(note.began, UTC) if note else since
    return datetime.now(UTC) - began > LISTED


def _fits(task: Task, note: Note, listing: Listing, late: float) -> bool:
    began = note.began + (listing.ahead or 0.0)
    return task.could_be(note.model) and task.made_between(began - EARLY, began + late)


def _since(task: Task, since: datetime, listing: Listing) -> bool:
    return task.made_between(since.timestamp() + (listing.ahead or 0.0) - EARLY, float("inf"))


def _rivals(note: Note, notes: Iterable[Note], near: float) -> bool:
    """Whether another order of ours, whose task nobody knows either, could be the one that was found."""
    return any(
        one.open and one.key != note.key and one.model == note.model and abs(one.began - note.began) <= near
        for one in notes
    )


def _rows(data: Any) -> list[Task] | None:
    """The list's lines. It is answered flat as `data` or `tasks`, by some hosts inside `output`."""
    places = (dig(data, "data"), dig(data, "tasks"), dig(data, "output", "tasks"), dig(data, "output", "data"))
    rows = next((cast("list[Any]", place) for place in places if isinstance(place, list)), None)
    if rows is None:
        return [] if _total(data) == 0 and dig(data, "page_no") is not None else None
    return [_task(row) for row in rows if dig(row, "task_id")]


def _task(row: Any) -> Task:
    created = dig(row, "gmt_create")
    if not isinstance(created, int | float):
        created = dig(row, "start_time")
    seconds = created / 1000 if isinstance(created, int | float) else None
    return Task(str(row["task_id"]), str(dig(row, "model_name") or dig(row, "model") or ""), seconds)


def _total(data: Any) -> int:
    for total in (dig(data, "total"), dig(data, "output", "total")):
        if isinstance(total, int):
            return total
    return 2**31


def _ahead(answer: Answer) -> float | None:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp()
