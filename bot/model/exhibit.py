"""What visitors of the exhibit may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Sort(StrEnum):
    """In which order the works hang."""

    NEWEST = "newest"
    """By the moment of approval."""
    VOTES = "votes"
    """By the votes they had then; works whose votes are not told yet come last, the newest first."""


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the exhibit; what is empty is not asked for."""

    sport: str = ""
    style: str = ""
    round: str = ""
    language: str = ""
    """Of the sentence."""
    contest: str = ""


EVERYTHING: Final = Room()


@dataclass(frozen=True, slots=True)
class Facets:
    """How many exhibits there are, by what each field of a `Room` may ask for."""

    sport: Mapping[str, int] = field(default_factory=dict[str, int])
    style: Mapping[str, int] = field(default_factory=dict[str, int])
    round: Mapping[str, int] = field(default_factory=dict[str, int])
    language: Mapping[str, int] = field(default_factory=dict[str, int])
    contest: Mapping[str, int] = field(default_factory=dict[str, int])
