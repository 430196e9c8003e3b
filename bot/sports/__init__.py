"""The disciplines: one TOML file each, everything the product knows about a sport.

`sports()` lists them, `find` and `suggest` look them up by slug, `recognise` finds them in a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.model.named import closest, shelf
from bot.sports.recognition import rank
from bot.sports.sport import Shot, Sport

__all__ = ["Shot", "Sport", "find", "recognise", "sports", "suggest"]


@lru_cache(maxsize=1)
def sports() -> tuple[Sport, ...]:
    """The built-in sports in their order."""
    return tuple(sorted(map(Sport.parse, shelf(__name__)), key=lambda sport: sport.order))


def find(slug: str) -> Sport | None:
    """The built-in sport with exactly this slug."""
    return next((sport for sport in sports() if sport.slug == slug), None)


def suggest(word: str) -> tuple[str, ...]:
    """Up to three slugs that `word` may have meant."""
    return closest(word, sports())


def recognise(sentence: str, among: Sequence[Sport] | None = None) -> tuple[Sport, ...]:
    """Sports that a sentence in any supported language is about, best first; empty when there is none."""
    return rank(sentence, sports() if among is None else among)
