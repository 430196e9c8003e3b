"""Discord's locale codes and our catalogues' language tags."""

from __future__ import annotations

import re
from typing import Final

import discord

from bot import locales

# Discord means written Norwegian when it says Norwegian.
WRITTEN: Final = {"no": "nb"}
# Letters, marks and numbers of any language; Devanagari and Thai with their vowel signs.
_NAME: Final = re.compile(r"[-_\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")


def tag(locale: discord.Locale | str | None) -> str:
    """The BCP 47 tag for a locale as Discord sends it; English when it sends none."""
    if locale is None:
        return locales.FALLBACK
    code = str(locale)
    return WRITTEN.get(code, code)


def catalogue(locale: discord.Locale) -> str | None:
    """The catalogue that serves this locale, or None where Discord should show the English defaults."""
    found = locales.nearest(tag(locale))
    return None if found == locales.FALLBACK else found


def slash_name(said: str) -> str | None:
    """A catalogue's name as Discord takes one for a command or an option; None where it would not.

    Of several words ("admin round open") the last one stands under the ones before it.
    """
    name = said.split()[-1].lower() if said.split() else ""
    return name if _NAME.fullmatch(name) else None
