"""What the animator understands of a sentence: time of day, weather, who it is about, colours."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, TypeVar
from zlib import crc32

from backends.animatic.scene import Hour, Reading, Subject, Weather
from bot.model.phrase import Mention, Phrase, mentions, normalise, phrase

Colour = tuple[int, int, int]
Choice = TypeVar("Choice", bound=StrEnum)

HOURS: Final = (Hour.NOON, Hour.DUSK, Hour.DAWN, Hour.NOON, Hour.DUSK, Hour.NIGHT)
"""Hours of sentences that name none: more day than night, because snow shows best in light."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    hours: tuple[Phrase[Hour | None], ...]
    weathers: tuple[Phrase[Weather | None], ...]
    subjects: tuple[Phrase[Subject | None], ...]
    colours: tuple[Phrase[Colour | None], ...]


def read(prompt: str) -> Reading:
    """What the sentence says; what it leaves open is chosen by the sentence itself, always the same."""
    text = normalise(prompt)
    lexicon = _lexicon()
    hours = _said(text, lexicon.hours)
    weathers = _said(text, lexicon.weathers)
    subjects = _said(text, lexicon.subjects)
    return Reading(
        hour=hours[0] if hours else HOURS[crc32(text.encode()) % len(HOURS)],
        weather=weathers[0] if weathers else Weather.CLEAR,
        subject=subjects[0] if subjects else Subject.HUMAN,
        colours=tuple(_said(text, lexicon.colours)),
    )


M = TypeVar("M")


def _said(text: str, phrases: Iterable[Phrase[M | None]]) -> list[M]:
    """Meanings in the order in which the text first mentions them."""
    found: list[Mention[M | None]] = sorted(mentions(text, phrases), key=lambda mention: mention.begin)
    return list(dict.fromkeys(mention.meaning for mention in found if mention.meaning is not None))


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data = tomllib.loads(files("backends.animatic").joinpath("reading.toml").read_text("utf-8"))
    return _Lexicon(
        hours=_choices(data["hour"], Hour),
        weathers=_choices(data["weather"], Weather),
        subjects=_choices(data["subject"], Subject),
        colours=_colours(data["colours"], data["plain"]["none"]),
    )


def _choices(table: Mapping[str, list[str]], kind: type[Choice]) -> tuple[Phrase[Choice | None], ...]:
    meanings = {name: None if name == "none" else kind(name) for name in table}
    return tuple(phrase(word, meanings[name]) for name, words in table.items() for word in words)


def _colours(table: Mapping[str, Any], none: Iterable[str]) -> tuple[Phrase[Colour | None], ...]:
    named = [phrase(word, _colour(entry["rgb"])) for entry in table.values() for word in entry["words"]]
    return (*(phrase(word, None) for word in none), *named)


def _colour(rgb: list[int]) -> Colour | None:
    red, green, blue = rgb
    return red, green, blue
