"""Finding words in sentences of any language.

A phrase is written without accents, in lower case. Its grammar:

    slalom          a whole word (Latin) or any occurrence (Chinese, Japanese, Korean)
    ski jump*       `*` ends a stem; a space also matches a hyphen or nothing
    ski* & shoot*   every part somewhere in the sentence
    skating?        `?` ends a phrase that alone says little: it weighs less

Longer phrases win: text they cover cannot feed shorter ones, so that "figure skating" is no "skating" and
"スキージャンプ" no "スキー".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, Generic, TypeVar

VAGUE: Final = 0.3
"""What a vague phrase weighs, compared to a clear one."""

DENSE: Final = 2.5
"""How many Latin letters one character of Chinese, Japanese or Korean is worth."""

_NEEDLE: Final = re.compile("[ *]")
Span = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a phrase. Its expression is compiled only once a text holds `needle`, the letters it begins with:
    of hundreds of phrases a sentence needs a handful."""

    entry: str
    needle: str

    def within(self, text: str) -> bool:
        """Whether it occurs in a normalised text."""
        return self.needle in text and _expression(self.entry).search(text) is not None

    def spans(self, text: str) -> set[Span]:
        """Where it occurs."""
        return {match.span() for match in _expression(self.entry).finditer(text)}


@dataclass(frozen=True, slots=True)
class Phrase(Generic[T]):
    """A phrase and what it means."""

    meaning: T
    parts: tuple[Part, ...]
    length: float
    weight: float

    def within(self, text: str) -> bool:
        """Whether every part occurs in a normalised text."""
        return all(part.within(text) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Mention(Generic[T]):
    """A phrase that stands in a text, and where."""

    meaning: T
    spans: frozenset[Span]
    weight: float

    @property
    def begin(self) -> int:
        """Index of its first character in the normalised text."""
        return min(span[0] for span in self.spans)


def phrase(entry: str, meaning: T) -> Phrase[T]:
    """One entry of the grammar above."""
    parts = [normalise(part) for part in entry.removesuffix("?").split("&")]
    length = sum(map(_length, parts))
    weight = length * (VAGUE if entry.endswith("?") else 1.0)
    return Phrase(meaning, tuple(Part(part, _NEEDLE.split(part, 1)[0]) for part in parts), length, weight)


def mentions(text: str, phrases: Iterable[Phrase[T]]) -> tuple[Mention[T], ...]:
    """Phrases that still stand in a normalised text once longer ones have taken theirs, longest first."""
    candidates = sorted((p for p in phrases if p.within(text)), key=lambda p: -p.length)
    standing: list[Mention[T]] = []
    taken: set[Span] = set()
    for _, group in groupby(candidates, key=lambda p: p.length):
        found = {(m.meaning, m.spans): m for p in group if (m := _locate(p, text, taken))}
        standing.extend(found.values())
        taken = taken.union(*(mention.spans for mention in found.values()))
    return tuple(standing)


def _locate(phrase: Phrase[T], text: str, taken: set[Span]) -> Mention[T] | None:
    """Where every part stands on text that nothing longer has taken; None if any does not."""
    spans: set[Span] = set()
    for part in phrase.parts:
        free = {span for span in part.spans(text) if not _covered(span, taken)}
        if not free:
            return None
        spans |= free
    return Mention(phrase.meaning, frozenset(spans), phrase.weight)


def _covered(span: Span, taken: set[Span]) -> bool:
    return any(span[0] < end and begin < span[1] for begin, end in taken)


def _length(part: str) -> float:
    return sum(DENSE if letter > "\u2e80" else letter.isalnum() for letter in part)


@lru_cache(maxsize=4096)
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
