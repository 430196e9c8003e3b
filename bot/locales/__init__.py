"""Our words in every language: one catalogue (`<language>.po`) each.

`words("ja")("queue.ahead", n=3)` looks a sentence up by key, chooses the plural by `n`, fills the facts in, and falls
back language → base language → English. The catalogues are compiled in memory at first use; nothing is built.
"""

from __future__ import annotations

import functools
import gettext
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Final, cast

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.model.tongue import widened

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

    def day(self, when: date) -> str:
        """A day as this language writes it: "Feb 6, 2026", "2026年2月6日"."""
        return format_date(when, "medium", Locale.parse(self.language, sep="-"))

    def moment(self, when: datetime) -> str:
        """A moment, told in UTC."""
        there = when.astimezone(UTC)
        return f"{self.day(there)} {there:%H:%M} UTC"

    def length(self, time: timedelta) -> str:
        """A length of time in its largest unit of which there are two: "36 hours", "2日"."""
        return format_timedelta(time, threshold=2, locale=Locale.parse(self.language, sep="-"))

    def knows(self, key: str) -> bool:
        """Whether this language or its fallbacks hold the key."""
        return self._catalogue.ngettext(key, key, 2) != key or self._catalogue.gettext(key) != key


class _Facts(dict[str, str | int | float]):
    def __missing__(self, name: str) -> str:
        return "…"


@functools.cache
def languages() -> tuple[str, ...]:
    """Tags of all catalogues, English first."""
    files = (path.name for path in resources.files(__name__).iterdir())
    found = sorted(name.removesuffix(".po") for name in files if name.endswith(".po"))
    return (FALLBACK, *(tag for tag in found if tag != FALLBACK))


@functools.cache
def nearest(tag: str) -> str:
    """The catalogue for a tag as platforms send it: "zh-Hant" for "zh-TW", "en" when there is none."""
    return next((name for name in widened(tag) if name in languages()), FALLBACK)


def own_name(tag: str) -> str:
    """What a catalogue's language is called by those who speak it."""
    locale = Locale.parse(tag, sep="-")
    names = cast("Mapping[str, str]", locale.languages)
    return names.get(str(locale)) or locale.display_name or tag


@functools.cache
def words(tag: str) -> Words:
    """The sentences for a language tag."""
    language = nearest(tag)
    return Words(language, _catalogue(language))


def text(language: str) -> str:
    """A catalogue as its translator wrote it."""
    return resources.files(__name__).joinpath(f"{language}.po").read_text("utf-8")


@functools.cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.StringIO(text(language)), locale=language.replace("-", "_")))
    compiled.seek(0)
    catalogue = gettext.GNUTranslations(compiled)
    if language != FALLBACK:
        catalogue.add_fallback(_catalogue(FALLBACK))
    return catalogue
