"""Which sports a sentence is about.

A pattern is a word or phrase without accents, in lower case. Its grammar:

    slalom          a whole word (Latin) or any occurrence (Chinese, Japanese, Korean)
    ski jump*       `*` ends a stem; a space also matches a hyphen or nothing
    ski* & shoot*   every part somewhere in the sentence
    skating?        `?` ends a pattern that alone says little: it counts for less

Longer patterns win: text they cover cannot feed shorter ones, so that "figure skating" is no "skating" and
"スキージャンプ" no "スキー". A pattern of several sports counts for each, divided among them. A sport's hints
only tip the balance between sports that its words have already named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from bot.sports.sport import Sport

VAGUE: Final = 0.3
"""What a vague pattern or a hint counts, compared to a clear one."""

DENSE: Final = 2.5
"""How many Latin letters one character of Chinese, Japanese or Korean is worth."""

ELSEWHERE: Final = (
    "water ski*", "jet ski*", "roller skat*", "roller blad*", "inline skat*", "skateboard*", "field hockey",
    "street hockey", "air hockey", "curling iron*", "hair curler*", "dog sled*",
    "cross country run*", "cross country bik*",
    "水上スキー", "ジェットスキー", "ローラースケート", "スケートボード", "スケボー", "犬ぞり", "フィギュアスタンド",
    "跳台跳水", "滑板车", "轮滑", "輪滑", "水上滑雪", "狗拉雪橇", "개썰매", "수상스키", "롤러스케이트", "스케이트보드",
    "sci d acqua", "sci nautico", "hockey su prato", "ski nautique", "patin* a roulettes", "hockey sur gazon",
    "wasserski*", "rollschuh*", "feldhockey*", "esqui acuatico", "patin* sobre ruedas", "hockey sobre cesped",
)  # fmt: skip
"""Sports of summer and of the street that would be mistaken for ours."""

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Pattern:
    sport: Sport | None
    parts: tuple[re.Pattern[str], ...]
    length: float
    weight: float


@dataclass(frozen=True, slots=True)
class _Find:
    sport: Sport | None
    spans: frozenset[_Span]
    length: float
    weight: float


def rank(sentence: str, among: Sequence[Sport]) -> tuple[Sport, ...]:
    """Sports of `among` that the sentence names, best first."""
    text = normalise(sentence)
    if bare := tuple(sport for sport in among if text in map(normalise, sport.names.values())):
        return bare
    scores: dict[Sport, float] = {}
    for sport, score in _named(text, among):
        scores[sport] = scores.get(sport, 0.0) + score
    for sport in scores:
        scores[sport] += sum(hint.weight for hint in _hints(sport) if hint.parts[0].search(text))
    return tuple(sorted(scores, key=lambda sport: (-scores[sport], sport.order)))


def _named(text: str, among: Sequence[Sport]) -> Iterator[tuple[Sport, float]]:
    """(sport, score) of every pattern that still stands once longer ones have taken their text."""
    patterns = [*_elsewhere(), *(pattern for sport in among for pattern in _words(sport))]
    candidates = sorted((p for p in patterns if all(part.search(text) for part in p.parts)), key=lambda p: -p.length)
    taken: set[_Span] = set()
    for _, group in groupby(candidates, key=lambda p: p.length):
        finds = {(f.sport, f.spans): f for p in group if (f := _locate(p, text, taken))}
        for find in finds.values():
            taken |= find.spans
            if find.sport:
                sharers = sum(1 for other in finds.values() if other.spans == find.spans)
                yield find.sport, find.weight / sharers


def _locate(pattern: _Pattern, text: str, taken: set[_Span]) -> _Find | None:
    """Where every part of the pattern stands on text that nothing longer has taken; None if any does not."""
    spans: set[_Span] = set()
    for part in pattern.parts:
        free = {m.span() for m in part.finditer(text) if not _covered(m.span(), taken)}
        if not free:
            return None
        spans |= free
    return _Find(pattern.sport, frozenset(spans), pattern.length, pattern.weight)


def _covered(span: _Span, taken: set[_Span]) -> bool:
    return any(span[0] < end and begin < span[1] for begin, end in taken)


@lru_cache(maxsize=1)
def _elsewhere() -> tuple[_Pattern, ...]:
    return tuple(_compile(None, entry) for entry in ELSEWHERE)


@lru_cache(maxsize=512)
def _words(sport: Sport) -> tuple[_Pattern, ...]:
    entries = dict.fromkeys(entry for words in sport.words.values() for entry in words)
    return tuple(_compile(sport, entry) for entry in entries)


@lru_cache(maxsize=512)
def _hints(sport: Sport) -> tuple[_Pattern, ...]:
    return tuple(_compile(sport, entry + "?") for entry in sport.hints)


def _compile(sport: Sport | None, entry: str) -> _Pattern:
    vague = entry.endswith("?")
    parts = [normalise(part) for part in entry.removesuffix("?").split("&")]
    length = sum(map(_length, parts))
    return _Pattern(sport, tuple(map(_expression, parts)), length, length * (VAGUE if vague else 1.0))


def _length(part: str) -> float:
    return sum(DENSE if letter > "\u2e80" else letter.isalnum() for letter in part)


def _expression(part: str) -> re.Pattern[str]:
    body = re.escape(part.removesuffix("*")).replace(r"\*", "[a-z]*").replace(r"\ ", r"[\s\-·・'’]*")
    left = "(?<![a-z0-9])" if part[0].isascii() else ""
    right = "[a-z]*" if part.endswith("*") else "(?![a-z0-9])" if part[-1].isascii() else ""
    return re.compile(left + body + right)


def normalise(text: str) -> str:
    """NFKC, case folded, Latin accents dropped; kana keep their voicing marks."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(letter for letter in folded if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", plain).strip()
