"""A community in numbers: what happened, how long people waited, who comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

AFTER: Final = (1, 7, 30, 60)
"""Days after the first visit at which is looked who came back."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in some days. `waits`: seconds from asking to the start, of all that started, in any order."""

    requests: int = 0
    clips: int = 0
    failed: int = 0
    votes: int = 0
    voters: int = 0
    approved: int = 0
    declined: int = 0
    costs: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    """Money by currency."""
    waits: tuple[float, ...] = ()
    clips_by_day: Mapping[date, int] = field(default_factory=dict[date, int])
    votes_by_day: Mapping[date, int] = field(default_factory=dict[date, int])

    @property
    def approval(self) -> float | None:
        """The share of decisions that were approvals; None before the first."""
        decided = self.approved + self.declined
        return self.approved / decided if decided else None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everybody whose first visit was in one week. `back`: days after it → the share that came on that day or later;
    None while that day has not come for all of them."""

    week: date
    size: int
    back: Mapping[int, float | None]


def cohorts(visits: Iterable[tuple[str, date]], today: date) -> list[Cohort]:
    """By the week (its Monday) of each person's first visit, oldest first."""
    days = defaultdict[str, set[date]](set)
    for person, day in visits:
        days[person].add(day)
    weeks = defaultdict[date, list[set[date]]](list)
    for seen in days.values():
        first = min(seen)
        weeks[first - timedelta(days=first.weekday())].append(seen)
    return [
        Cohort(week, len(people), {after: _back(people, after, week, today) for after in AFTER})
        for week, people in sorted(weeks.items())
    ]


def _back(people: Sequence[set[date]], after: int, week: date, today: date) -> float | None:
    if week + timedelta(days=6 + after) > today:
        return None
    return sum(max(seen) - min(seen) >= timedelta(days=after) for seen in people) / len(people)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of all does not exceed; None of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of shares: its label and a share a column; None: not known yet."""

    label: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is to be drawn: bars and a line over the same days, and a table of shares beside them."""

    title: str
    days: tuple[date, ...]
    bars: tuple[int, ...]
    bars_name: str
    line: tuple[int, ...]
    line_name: str
    table_name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    first_day: str
    last_day: str
    """The ends of the days as the reader's language writes them."""
