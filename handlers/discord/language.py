"""Discord's locale codes and our catalogues' language tags."""

from __future__ import annotations

from typing import Final

import discord

from bot import locales

# Discord means written Norwegian when it says Norwegian.
WRITTEN: Final = {"no": "nb"}


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
