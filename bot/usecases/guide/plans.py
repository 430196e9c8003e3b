"""Rounds in a community's document: what is planned moves, what is over is told, what runs stays with its works."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final, cast

from bot.errors import BadSetting
from bot.model.command import OpenRound
from bot.model.contest import Round
from bot.model.setup import Home
from bot.pipeline.accounts import maker_name
from bot.pipeline.calendar import PERIODS, turned
from bot.pipeline.hanging import STEPS, in_reel
from bot.sports import Catalogue
from bot.usecases.house import House
from bot.usecases.schedule import AHEAD, drafted, moment

MOST: Final = 20
"""Rounds one document may plan."""
TOLD: Final = 50
"""Rounds that are over, whose podiums a document tells."""
_FIELDS: Final = {one.name for one in fields(OpenRound)} - {"later"}


async def ahead(house: House, contest: str) -> list[dict[str, str]]:
    """What is planned, and what runs and is repeated, in the words a round is planned with."""
    rounds, now = house.tools.repos.rounds, house.tools.clock.now()
    running = [one for one in await rounds.due(now) if one.contest == contest and one.repeat and now < one.closes]
    return [_said(one) for one in (*running, *await rounds.coming(contest, now))][:MOST]


async def results(house: House, contest: str) -> list[dict[str, Any]]:
    """The podiums of the last rounds, to be kept; no community takes them in, for their works hang elsewhere."""
    return [
        {
            "number": one.number,
            "theme": one.theme,
            "opens": f"{one.opens:%Y-%m-%d}",
            "ends": f"{one.ends:%Y-%m-%d}",
            "podium": [
                {"rank": rank.rank, "maker": await maker_name(house.tools, work), "votes": rank.votes}
                for rank, work in await in_reel(house.tools, one, STEPS)
            ],
        }
        for one in await house.tools.repos.rounds.over(contest, most=TOLD)
    ]


def read(said: Any) -> tuple[OpenRound, ...]:
    """What a document says. Raises `BadSetting`."""
    if not isinstance(said, list) or len(cast("list[Any]", said)) > MOST:
        raise BadSetting(key="import.unreadable", where="rounds")
    return tuple(_read(one) for one in cast("list[Any]", said))


async def planned(house: House, home: Home, catalogue: Catalogue, wishes: Sequence[OpenRound]) -> list[Round]:
    """The rounds that are to come here, those that repeat from their next turn on. What is there already, is past, or
    meets another round is left out. Raises `Refusal`s for what no admin could plan."""
    rounds, now = house.tools.repos.rounds, house.tools.clock.now()
    current = await rounds.current(home.contest, now)
    taken = [*((current,) if current else ()), *await rounds.coming(home.contest, now)]
    found: list[Round] = []
    for wish in wishes:
        one = _next(drafted(home, catalogue, wish, _opens(wish, now), "en"), now)
        if one and not any(_meet(one, other) for other in (*taken, *found)) and not await rounds.get(one.id):
            found.append(one)
    return found


def _said(contest_round: Round) -> dict[str, str]:
    """The words that `read` takes."""
    works, votes = contest_round.closes - contest_round.opens, contest_round.ends - contest_round.closes
    words = {
        "theme": contest_round.theme,
        "sport": contest_round.sport,
        "opens": f"{contest_round.opens:%Y-%m-%d %H:%M}",
        "days": str(max(1, works.days)),
        "voting": str(votes.days),
        "repeat": contest_round.repeat,
        "themes": "; ".join((*contest_round.themes, "")),  # ends with the sign that parts them: a comma parts none
    }
    return {name: word for name, word in words.items() if word}


def _read(said: Any) -> OpenRound:
    values = cast("Mapping[Any, Any]", said) if isinstance(said, Mapping) else {"": ""}
    if not all(name in _FIELDS and isinstance(value, str) for name, value in values.items()):
        raise BadSetting(key="import.unreadable", where="rounds")
    return OpenRound(**cast("dict[str, str]", dict(values)), later=True)


def _opens(wish: OpenRound, now: datetime) -> datetime:
    opens = moment(wish.opens, now)
    if opens is None or opens > now + AHEAD:
        raise BadSetting(key="import.unreadable", where="rounds")
    return opens


def _next(contest_round: Round, now: datetime) -> Round | None:
    """It, or its first repetition that is yet to come, under a name that follows from what it is."""
    if contest_round.opens <= now:
        period = PERIODS.get(contest_round.repeat)
        if period is None:
            return None
        contest_round = turned(contest_round, period, (now - contest_round.opens) // period + 1)
    what = f"{contest_round.contest} {contest_round.opens} {contest_round.theme}"
    return replace(contest_round, id=hashlib.sha256(what.encode()).hexdigest()[:12])


def _meet(one: Round, other: Round) -> bool:
    """Whether both would take works at once."""
    return one.opens < other.closes and other.opens < one.closes
