"""Proof-reading a catalogue: what it lacks of the English one, has too much, or says with other facts."""

from __future__ import annotations

import io
import re
import string
from collections.abc import Iterator, Mapping
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from bot.locales import FALLBACK, text

_KEY: Final = re.compile(r'^msgid "(.+)"$', re.MULTILINE)


def faults(language: str, written: str | None = None) -> list[str]:
    """One line for each fault of a catalogue (or of what is `written` for it); empty when it can be shipped."""
    written = text(language) if written is None else written
    try:
        said = read_po(io.StringIO(written), abort_invalid=True)
    except PoFileError as error:
        return [f"unreadable: {error}"]
    return [*_twice(written), *_plurals(said, language), *_against(_messages(said), _english(), said.num_plurals)]


def _english() -> dict[str, Message]:
    return _messages(read_po(io.StringIO(text(FALLBACK))))


def _messages(catalogue: Catalog) -> dict[str, Message]:
    return {_one(message.id): message for message in catalogue if message.id}


def _one(key: str | list[str] | tuple[str, ...]) -> str:
    return key if isinstance(key, str) else key[0]


def _twice(written: str) -> Iterator[str]:
    seen: set[str] = set()
    for key in _KEY.findall(written):
        if key in seen:
            yield f"twice: {key}"
        seen.add(key)


def _plurals(said: Catalog, language: str) -> Iterator[str]:
    rules = Catalog(locale=language.replace("-", "_"))
    if (said.num_plurals, said.plural_expr) != (rules.num_plurals, rules.plural_expr):
        yield f"plural forms: {rules.plural_forms} is the rule of {language}"


def _against(said: Mapping[str, Message], english: Mapping[str, Message], forms: int) -> Iterator[str]:
    yield from (f"missing: {key}" for key in english if key not in said)
    for key, message in said.items():
        if key not in english:
            yield f"superfluous: {key}"
        elif message.fuzzy or not all(_forms(message)) or len(_forms(message)) != _wanted(english[key], forms):
            yield f"unfinished: {key}"
        elif (here := _facts(message)) != (there := _facts(english[key])):
            yield f"facts: {key} has {_listed(here)}, English has {_listed(there)}"


def _wanted(message: Message, forms: int) -> int:
    return forms if message.pluralizable else 1


def _forms(message: Message) -> tuple[str, ...]:
    if message.string is None:
        return ("",)
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _facts(message: Message) -> set[str]:
    return {name for form in _forms(message) for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def _listed(facts: set[str]) -> str:
    return " ".join(f"{{{name}}}" for name in sorted(facts)) or "none"
