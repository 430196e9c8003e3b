"""Completion of the typed line: which words may stand where the cursor is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.completion import Completions
from bot.locales import words
from bot.model.card import Choice
from handlers.web import people
from handlers.web.parse import CALL

OPTIONS: Final = ("sport", "style", "camera", "seed", "size", "backend")
_VALUE: Final = re.compile(r'(?P<name>sport|style|camera|size|backend)[:：=]"?(?P<partial>[^"\s]*)$')
_CALLED: Final = re.compile(r"/olympic\s+(?P<word>\S*)$", re.IGNORECASE)
_CREATING: Final = re.compile(r"(/olympic\s+|/)?(create|make)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One word to put in: `insert` replaces the text from `Suggestions.start` to the cursor."""

    insert: str
    label: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may come at the cursor."""

    start: int
    choices: tuple[Suggestion, ...] = ()


def suggest(text: str, language: str, completions: Completions, *, every: bool = False) -> Suggestions:
    """For the text before the cursor. `every`: also name options that nobody has begun to type."""
    if value := _VALUE.search(text):
        found = completions(value["name"], value["partial"], language, people.COMMUNITY)
        start = value.start()
        return Suggestions(start, tuple(_valued(value["name"], choice) for choice in found))
    if text.startswith("/"):
        return _command(text, language, completions) or _options(text, language, every=every)
    return _options(text, language, every=every)


def _valued(name: str, choice: Choice) -> Suggestion:
    value = f'"{choice.value}"' if " " in choice.value else choice.value
    return Suggestion(f"{name}:{value} ", choice.label)


def _command(text: str, language: str, completions: Completions) -> Suggestions | None:
    """The call itself, or the command after it; None once that is complete."""
    if called := _CALLED.match(text):
        return _commands(called.start("word"), called["word"], "", language, completions)
    if " " in text:
        return None if _CREATING.match(text) else Suggestions(len(text))
    call = (Suggestion(f"{CALL} ", words(language)("studio.call")),) if CALL.startswith(text.lower()) else ()
    if text.lower() == CALL:
        return Suggestions(0, call)
    short = _commands(0, text[1:], "/", language, completions) if text != "/" else Suggestions(0)
    return Suggestions(0, (*call, *short.choices))


def _commands(start: int, partial: str, before: str, language: str, completions: Completions) -> Suggestions:
    found = completions("command", partial, language)
    return Suggestions(start, tuple(Suggestion(f"{before}{one.value} ", one.label) for one in found))


def _options(text: str, language: str, *, every: bool) -> Suggestions:
    word = re.search(r"\S*$", text)
    assert word is not None
    if not every and len(word[0]) < 2:
        return Suggestions(len(text))
    say, begun = words(language), word[0].lower()
    free = [name for name in OPTIONS if name.startswith(begun) and not re.search(rf"(?<!\S){name}[:：=]", text)]
    return Suggestions(word.start(), tuple(Suggestion(f"{name}:", say(f"studio.option.{name}")) for name in free))
