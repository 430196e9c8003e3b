"""Which sports a sentence is about.

A sport's words and hints are phrases (see `bot.model.phrase` for their grammar). A phrase of several sports counts
for each, divided among them. Hints only tip the balance between sports that words have already named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import inf
from typing import Final

from bot.model.phrase import Phrase, mentions, normalise, phrase
from bot.sports.sport import Sport

ELSEWHERE: Final = (
    "water ski*", "jet ski*", "roller skat*", "roller blad*", "inline skat*", "skateboard*", "field hockey",
    "street hockey", "air hockey", "curling iron*", "hair curler*", "dog sled*",
    "cross country run*", "cross country bik*",
    "水上スキー", "ジェットスキー", "ローラースケート", "スケートボード", "スケボー", "犬ぞり", "フィギュアスタンド",
    "跳台跳水", "滑板车", "轮滑", "輪滑", "水上滑雪", "狗拉雪橇", "개썰매", "수상스키", "롤러스케이트", "스케이트보드",
    "sci d acqua", "sci nautico", "hockey su prato", "ski nautique", "patin* a roulettes", "hockey sur gazon",
    "wasserski*", "rollschuh*", "feldhockey*", "esqui acuatico", "patin* sobre ruedas", "hockey sobre cesped",
    "skill*", "skim", "skims", "skimm*", "skin", "skinny", "skip*", "skirt*", "skizz*",
    "una scia", "la scia", "sua scia", "scia bianca", "scia di luce", "scia di fuoco", "scia di fumo",
    "trineo de perros", "trineo tirado por perros",
)  # fmt: skip
"""Sports of summer and of the street, and everyday words, that would be mistaken for ours."""


def rank(sentence: str, among: Sequence[Sport]) -> tuple[Sport, ...]:
    """Sports of `among` that the sentence names, best first."""
    text = normalise(sentence)
    if bare := tuple(sport for sport in among if text in map(normalise, sport.names.values())):
        return bare
    scores = _named(text, among)
    for sport in scores:
        scores[sport] += sum(hint.weight for hint in _hints(sport) if hint.within(text))
    return tuple(sorted(scores, key=lambda sport: (-scores[sport], sport.order)))


def _named(text: str, among: Sequence[Sport]) -> dict[Sport, float]:
    """Scores of the sports whose words stand in the text."""
    found = mentions(text, (*_elsewhere(), *(word for sport in among for word in _words(sport))))
    sharers = Counter(mention.spans for mention in found)
    scores: dict[Sport, float] = {}
    for mention in found:
        if sport := mention.meaning:
            scores[sport] = scores.get(sport, 0.0) + mention.weight / sharers[mention.spans]
    return scores


@lru_cache(maxsize=1)
def _elsewhere() -> tuple[Phrase[Sport | None], ...]:
    """Without end in length: they take their text before any sport may."""
    return tuple(replace(phrase(entry, None), length=inf) for entry in ELSEWHERE)


@lru_cache(maxsize=512)
def _words(sport: Sport) -> tuple[Phrase[Sport | None], ...]:
    entries = dict.fromkeys(entry for words in sport.words.values() for entry in words)
    return tuple(phrase(entry, sport) for entry in entries)


@lru_cache(maxsize=512)
def _hints(sport: Sport) -> tuple[Phrase[Sport], ...]:
    return tuple(phrase(f"{hint}?", sport) for hint in sport.hints)
