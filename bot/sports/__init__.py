"""The disciplines: one TOML file each, everything the product knows about a sport.

`sports()` lists them, `find` and `suggest` look them up by slug, `recognise` finds them in a sentence. What a single
community offers is a `Catalogue`; a community's own sport travels with the request that asks for it (`asked_for`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.errors import BadSetting
from bot.model.named import closest, shelf
from bot.model.request import Request
from bot.model.setup import Setup
from bot.sports.catalogue import Catalogue, arranged
from bot.sports.own import read
from bot.sports.recognition import rank
from bot.sports.sport import Shot, Sport

__all__ = ["Catalogue", "Shot", "Sport", "asked_for", "catalogue", "find", "recognise", "relative", "sports", "suggest"]


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


def asked_for(request: Request) -> Sport | None:
    """The sport a request is about, as it was when it was asked."""
    if not request.own:
        return find(request.sport)
    try:
        return read(request.own)
    except BadSetting:  # written by a version that allowed more
        return None


def catalogue(setup: Setup, own: Sequence[str] = ()) -> Catalogue:
    """What a community offers; `own`: the TOML of its own sports, of which one that cannot be read is left out."""
    mine: dict[str, tuple[Sport, str]] = {}
    for toml in own:
        try:
            sport = read(toml)
        except BadSetting:
            continue
        if find(sport.slug) is None:
            mine[sport.slug] = sport, toml
    return arranged(sports(), mine, setup)


def relative(request: Request) -> str:
    """The built-in sport that a request's sport is, or whose staging it borrows."""
    sport = asked_for(request)
    lender = next((one for one in sports() if sport and one.staging == sport.staging), None)
    return request.sport if find(request.sport) or lender is None else lender.slug
