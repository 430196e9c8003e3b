"""What an admin says of a round, completed and checked."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.errors import Refusal, UnknownName
from bot.locales import words
from bot.model.command import OpenRound
from bot.model.contest import Round
from bot.model.setup import Home
from bot.pipeline.calendar import PERIODS
from bot.sports import Catalogue
from bot.usecases.offered import sport_named

DAYS: Final = {"daily": (1, 1), "weekly": (7, 2), "": (7, 3)}
"""Days for works and days for votes where nothing was said, by how it repeats."""
MOST_DAYS: Final = 60
MOST_VOTING: Final = 30
AHEAD: Final = timedelta(days=366)
LONGEST_THEME: Final = 100
MOST_THEMES: Final = 52

_BREAKS: Final = re.compile(r"\s*[;；|\n]\s*")
_COMMAS: Final = re.compile(r"\s*[,，、]\s*")
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2}))?(?: ?(?:UTC|Z))?")


def drafted(home: Home, catalogue: Catalogue, wish: OpenRound, opens: datetime, language: str) -> Round:
    """What was said, completed and checked. Raises `Refusal`s with the way to say it right."""
    repeat = _repeat(wish.repeat)
    days = _number(wish.days, DAYS[repeat][0], 1, MOST_DAYS, "refusal.round_days")
    voting = _number(wish.voting, DAYS[repeat][1], 0, MOST_VOTING, "refusal.round_voting")
    if repeat and timedelta(days=days) > PERIODS[repeat]:
        raise Refusal(key="refusal.round_repeat", n=PERIODS[repeat].days)
    sport = _sport(catalogue, wish.sport)
    themes = _themes(wish.themes)
    theme = _theme(wish.theme) or (themes[0] if themes else "")
    if themes and theme != themes[0]:
        themes = (theme, *(one for one in themes if one != theme))
    closes = opens + timedelta(days=days)
    return Round(
        id=secrets.token_hex(6),
        contest=home.contest,
        number=0,
        theme=theme or _default_theme(catalogue, sport, home.setup.language or language),
        opens=opens,
        closes=closes,
        ends=closes + timedelta(days=voting),
        sport=sport,
        repeat=repeat,
        themes=themes if repeat else (),
    )


def moment(said: str, now: datetime) -> datetime | None:
    """`2026-12-24`, `2026-12-24 18:00` (UTC), or a number of days from now."""
    said = said.strip()
    if said.isdecimal() and len(said) < 4:
        return now + timedelta(days=int(said))
    match = _DATE.fullmatch(said)
    if match is None:
        return None
    try:
        hour, minute = map(int, (match[2] or "0:00").split(":"))
        return datetime.fromisoformat(match[1]).replace(hour=hour, minute=minute, tzinfo=UTC)
    except ValueError:
        return None


def _repeat(said: str) -> str:
    word = said.strip().lower()
    if word in ("", "off", "no", "none"):
        return ""
    if word not in PERIODS:
        raise UnknownName(key="refusal.round_repeat_word", said=said[:40], near=", ".join(PERIODS))
    return word


def _number(said: str, usual: int, least: int, most: int, key: str) -> int:
    if not said.strip():
        return usual
    if not said.strip().isdecimal() or not least <= int(said[:6]) <= most:
        raise Refusal(key=key, least=least, most=most)
    return int(said)


def _sport(catalogue: Catalogue, said: str) -> str:
    """One of the sports that are offered here."""
    return sport_named(catalogue, said.strip()) if said.strip() else ""


def _theme(said: str) -> str:
    """One line of plain words. Raises `Refusal` when it is too long for a title."""
    theme = " ".join("".join(char if char.isprintable() else " " for char in said).split())
    if len(theme) > LONGEST_THEME:
        raise Refusal(key="refusal.round_theme", n=LONGEST_THEME)
    return theme


def _themes(said: str) -> tuple[str, ...]:
    parts = (_BREAKS if _BREAKS.search(said.strip()) else _COMMAS).split(said.strip())
    themes = [theme for part in parts if (theme := _theme(part))]
    return tuple(dict.fromkeys(themes))[:MOST_THEMES]


def _default_theme(catalogue: Catalogue, sport: str, language: str) -> str:
    found = catalogue.find(sport)
    return found.name(language) if found else words(language)("round.any_theme")


def plain(contest_round: Round) -> str:
    """A round for the audit log."""
    moments = (contest_round.opens, contest_round.closes, contest_round.ends)
    times = " / ".join(f"{moment:%Y-%m-%d %H:%M}" for moment in moments)
    return " · ".join(filter(None, (contest_round.theme, contest_round.sport, contest_round.repeat, times)))
