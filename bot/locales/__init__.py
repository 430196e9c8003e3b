"""Our words in every language: one catalogue (`<language>.po`) each.

`words("ja")("queue.ahead", n=3)` looks a sentence up by key, chooses the plural by `n`, fills the facts in, and falls
back language → base language → English. The catalogues are compiled in memory at first use; nothing is built.
"""

from __future__ import annotations

import functools
import gettext
import io
from importlib import resources
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FALLBACK: Final = "en"


class Words:
    """One language's sentences. `language` is the BCP 47 tag of the catalogue that answers."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, key: str, /, **facts: str | float) -> str:
        """The sentence under `key` with its facts; a fact `n` chooses the plural form. No key has no words."""
        if not key:
            return ""  # where a catalogue keeps its own header
        n = facts.get("n")
        found = self._catalogue.ngettext(key, key, int(n)) if n is not None else self._catalogue.gettext(key)
        if found == key:
            found = self._catalogue.gettext(key)
        return found.format_map(_Facts(facts))

    def knows(self, key: str) -> bool:
        """Whether this language or its fallbacks hold the key."""
        return self._catalogue.ngettext(key, key, 2) != key or self._catalogue.gettext(key) != key


class _Facts(dict[str, str | int | float]):
    def __missing__(self, name: str) -> str:
        return "…"


def languages() -> tuple[str, ...]:
    """Tags of all catalogues, English first."""
    files = (path.name for path in resources.files(__name__).iterdir())
    found = sorted(name.removesuffix(".po") for name in files if name.endswith(".po"))
    return (FALLBACK, *(tag for tag in found if tag != FALLBACK))


@functools.cache
def nearest(tag: str) -> str:
    """The catalogue for a tag as platforms send it: "ja" for "ja-JP", "en" when there is none."""
    known = {name.lower(): name for name in languages()}
    parts = tag.replace("_", "-").lower().split("-")
    while parts:
        if found := known.get("-".join(parts)):
            return found
        parts.pop()
    return FALLBACK


@functools.cache
def words(tag: str) -> Words:
    """The sentences for a language tag."""
    language = nearest(tag)
    return Words(language, _catalogue(language))


@functools.cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    source = resources.files(__name__).joinpath(f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language.replace("-", "_")))
    compiled.seek(0)
    catalogue = gettext.GNUTranslations(compiled)
    if language != FALLBACK:
        catalogue.add_fallback(_catalogue(FALLBACK))
    return catalogue
