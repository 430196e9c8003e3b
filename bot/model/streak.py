"""Weeks in a row in which somebody made something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def weeks_in_a_row(days: Iterable[date], today: date) -> int:
    """How many calendar weeks without a gap, up to this one or, as long as it may still be filled, the last one."""
    weeks = {_monday(day) for day in days}
    week = _monday(today)
    if week not in weeks:
        week -= timedelta(weeks=1)
    count = 0
    while week in weeks:
        count, week = count + 1, week - timedelta(weeks=1)
    return count


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
