"""The sports of one community: the built-in ones it offers, in its order, and its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.model.named import closest
from bot.model.setup import Setup
from bot.sports.recognition import rank
from bot.sports.sport import Sport


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What is offered, first to last; `hidden` was switched off."""

    offered: tuple[Sport, ...]
    hidden: tuple[Sport, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict[str, str])
    """The TOML of those that are the community's own, by slug."""

    @property
    def everything(self) -> tuple[Sport, ...]:
        """Offered or not."""
        return (*self.offered, *self.hidden)

    def find(self, slug: str) -> Sport | None:
        """The offered sport with exactly this slug."""
        return _find(self.offered, slug)

    def known(self, slug: str) -> Sport | None:
        """The sport with exactly this slug, offered or not."""
        return _find(self.everything, slug)

    def suggest(self, word: str) -> tuple[str, ...]:
        """Up to three slugs that `word` may have meant."""
        return closest(word, self.offered)

    def recognise(self, sentence: str) -> tuple[Sport, ...]:
        """Offered sports that a sentence is about, best first."""
        return rank(sentence, self.offered)


def arranged(built_in: Sequence[Sport], own: Mapping[str, tuple[Sport, str]], setup: Setup) -> Catalogue:
    """The catalogue that a setup makes of all there is; sports that are named nowhere keep their order.

    `own`: each sport of the community's own with its TOML, by slug.
    """
    mine = [sport for sport, _ in own.values()]
    place = {slug: number for number, slug in enumerate(setup.sports_order)}
    ordered = sorted((*built_in, *mine), key=lambda sport: (place.get(sport.slug, _LAST), sport.order, sport.slug))
    off = set(setup.sports_off)
    return Catalogue(
        tuple(sport for sport in ordered if sport.slug not in off),
        tuple(sport for sport in ordered if sport.slug in off),
        {slug: toml for slug, (_, toml) in own.items()},
    )


def _find(among: Sequence[Sport], slug: str) -> Sport | None:
    return next((sport for sport in among if sport.slug == slug), None)


_LAST: Final = 1_000_000
