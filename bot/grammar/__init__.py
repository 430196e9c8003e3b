"""Every word of ours. A topic's module gives its WORDS; a platform reads them all from here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.grammar import administering, exhibit, making, moderating, people, rounds, voting
from bot.grammar.word import Files, Kind, Option, Read, Values, Word

WORDS: Final[tuple[Word, ...]] = (
    *making.WORDS,
    *exhibit.WORDS,
    *people.WORDS,
    *moderating.WORDS,
    *voting.WORDS,
    *rounds.WORDS,
    *administering.WORDS,
)

_BY_PATH: Final[Mapping[str, Word]] = {path: word for word in WORDS for path in (word.path, *word.short)}
_DEEPEST: Final = max(path.count(" ") for path in _BY_PATH) + 1
_QUOTES: Final = (('"', '"'), ("“", "”"), ("「", "」"), ("'", "'"))


def find(path: str) -> Word | None:
    """The word with this path."""
    return _BY_PATH.get(path)


def paths() -> list[str]:
    """Everything one may type."""
    return list(_BY_PATH)


def split(text: str) -> tuple[Word | None, str]:
    """The word that a typed text begins with, the longest that fits, and what follows it."""
    for depth in range(_DEEPEST, 0, -1):
        for words, rest in _heads(text.strip(), depth):
            if word := _BY_PATH.get(words):
                return word, rest
    return None, text


def group(text: str) -> tuple[str, list[Word]]:
    """The longest beginning of a typed text that some words share without being one, and these words."""
    for depth in range(_DEEPEST - 1, 0, -1):
        for head, _ in _heads(text.strip(), depth):
            if inside := [word for word in WORDS if word.path.startswith(f"{head} ")]:
                return head, inside
    return "", []


def values(word: Word, text: str) -> dict[str, str]:
    """`name:value` options anywhere in the text; what is left goes to the word's `rest`."""
    names = "|".join(re.escape(option.name) for option in word.options) or "(?!)"
    option = re.compile(rf'(?<!\S)(?P<name>{names})[:：=](?:"(?P<quoted>[^"]*)"|(?P<bare>\S*))')
    said = {
        match["name"]: match["quoted"] if match["quoted"] is not None else match["bare"]
        for match in option.finditer(text)
    }
    left = re.sub(r"[ \t]+", " ", option.sub(" ", text)).strip()
    if word.rest and left:
        said.setdefault(word.rest, _unquoted(left))
    return said


def _heads(text: str, depth: int) -> Iterator[tuple[str, str]]:
    parts = text.split(None, depth)
    if len(parts) >= depth:
        head = " ".join(parts[:depth]).lower().lstrip("/")
        yield head, parts[depth].strip() if len(parts) > depth else ""


def _unquoted(text: str) -> str:
    for left, right in _QUOTES:
        if len(text) > 1 and text.startswith(left) and text.endswith(right):
            return text[1:-1]
    return text


__all__ = ["WORDS", "Files", "Kind", "Option", "Read", "Values", "Word", "find", "group", "paths", "split", "values"]
