"""Sports that a community brings along: the same TOML as the built-in ones, read by the same loader, looked at closely.

A community need not write everything: what it leaves out is borrowed from a built-in sport, which also lends the
animator's staging.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.errors import BadSetting
from bot.model.named import shelf
from bot.model.phrase import normalise, phrase
from bot.sports.sport import Shot, Sport
from bot.sports.toml import dumps

LAST: Final = 1000
"""Where sports of a community's own stand by themselves: after the built-in ones."""
LONGEST: Final = 20_000
"""Characters of a sport's file."""
FILM: Final = 15.0
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SHAPE: Final = TypeAdapter(Sport)
_KEYS: Final = frozenset({"like", *(field.name for field in fields(Sport))})
_BORROWED: Final = ("motion", "negative", "sounds", "shots", "storyboard", "guidance", "staging", "staging_options")


@lru_cache(maxsize=1)
def shelves() -> Mapping[str, Mapping[str, Any]]:
    """The built-in sports as their files hold them, by slug."""
    return {data["slug"]: data for data in shelf("bot.sports")}


@lru_cache(maxsize=256)
def read(toml: str) -> Sport:
    """A sport from its TOML. Raises `BadSetting` that says what is wrong."""
    return checked(parsed(toml))


def parsed(toml: str) -> dict[str, Any]:
    """The plain values in a sport's TOML. Raises `BadSetting`."""
    if len(toml) > LONGEST:
        raise BadSetting(key="sport.too_long", n=LONGEST)
    try:
        data = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSetting(key="sport.not_toml", why=str(error)[:80]) from error
    if strange := next((name for name in data if name not in _KEYS), None):
        raise BadSetting(key="sport.unreadable", where=strange[:60])
    return data


def checked(data: Mapping[str, Any]) -> Sport:
    """The sport in plain values, complete and of use to everybody who reads sports. Raises `BadSetting`."""
    whole = _whole(data)
    try:
        _SHAPE.validate_python(whole)
        sport = Sport.parse(whole)
        for check in (_named, _words, _shots, _staged):
            check(sport)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadSetting(str(error), key="sport.unreadable", where=where or "?") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadSetting(repr(error), key="sport.unreadable", where=str(error)[:60]) from error
    return sport


def written(data: Mapping[str, Any]) -> str:
    """The TOML of a sport whose plain values were checked, with all that it borrows."""
    return dumps(_whole(data))


def _whole(data: Mapping[str, Any]) -> dict[str, Any]:
    """With what is left out borrowed from the built-in sport named under `like`."""
    said = {name: value for name, value in data.items() if name != "like"}
    base = shelves().get(str(data.get("like", ""))) or {}
    if data.get("like") and not base:
        raise BadSetting(key="sport.no_staging", said=str(data["like"])[:60], near=", ".join(sorted(shelves())))
    lent = {name: base[name] for name in _BORROWED if name in base and name not in said}
    return {"order": LAST, "emoji": "🏅", "hints": [], "staging_options": {}, **lent, **said}


def _named(sport: Sport) -> None:
    if not sport.names.get("en", "").strip():
        raise BadSetting(key="sport.no_english")
    for language, name in sport.names.items():
        if not _LANGUAGE.fullmatch(language) or not name.strip() or len(name) > 60:
            raise BadSetting(key="sport.bad_name", said=f"{language}: {name}"[:80])
    if not _SLUG.fullmatch(sport.slug) or len(sport.slug) > 40:
        raise BadSetting(key="sport.bad_slug", said=sport.slug[:60])
    if not 0 <= sport.order <= 10_000 or len(sport.emoji) > 16 or not sport.emoji.strip():
        raise BadSetting(key="sport.unreadable", where="emoji, order")


def _words(sport: Sport) -> None:
    if not any(sport.words.values()):
        raise BadSetting(key="sport.no_words")
    for entry in (*(word for words in sport.words.values() for word in words), *sport.hints):
        if len(entry) > 80 or not _speaks(entry):
            raise BadSetting(key="sport.bad_word", said=entry[:80])


def _speaks(entry: str) -> bool:
    """Whether a phrase can be found in a sentence, and not in every one."""
    parts = [part.strip().strip("*?") for part in entry.split("&")]
    if not all(any(char.isalnum() for char in normalise(part)) for part in parts):
        return False
    try:
        phrase(entry, None)
    except (ValueError, re.error):
        return False
    return True


def _shots(sport: Sport) -> None:
    _fills(sport.shots, range(2, 9), "shots")
    _fills(sport.storyboard, range(3, 4), "storyboard")
    if len(sport.guidance) > 1500 or len(sport.motion) > 500:
        raise BadSetting(key="sport.unreadable", where="guidance")


def _fills(shots: Sequence[Shot], counts: range, where: str) -> None:
    """So many shots of known kinds that make one film."""
    kinds = {shot["kind"] for each in shelves().values() for shot in (*each["shots"], *each["storyboard"])}
    for shot in shots:
        if shot.kind not in kinds:
            raise BadSetting(key="sport.bad_kind", said=shot.kind[:40], near=", ".join(sorted(kinds)))
        if not 0.5 <= shot.seconds <= FILM or not shot.action.strip() or len(shot.action) + len(shot.camera) > 600:
            raise BadSetting(key="sport.bad_shot", said=shot.action[:80])
    if len(shots) not in counts or abs(sum(shot.seconds for shot in shots) - FILM) > 0.01:
        raise BadSetting(key=f"sport.bad_{where}", seconds=f"{sum(shot.seconds for shot in shots):g}")


def _staged(sport: Sport) -> None:
    known = {each["staging"]: each.get("staging_options", {}) for each in shelves().values()}
    if sport.staging not in known or dict(sport.staging_options) not in ({}, known[sport.staging]):
        raise BadSetting(key="sport.no_staging", said=sport.staging[:60], near=", ".join(sorted(shelves())))
