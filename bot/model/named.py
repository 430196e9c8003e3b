"""Things members choose by name: kept as one TOML file each beside their package, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, Final

from bot.model.tongue import widened

FALLBACK: Final = "en"


@dataclass(frozen=True, eq=False)
class Named:
    """Something with a slug, a place in the list, an emoji and a name in every language."""

    slug: str
    order: int
    emoji: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """The name in `language` (a BCP 47 tag such as "ja", "zh-TW", "pt-BR"), else in English."""
        return next(self.names[tag] for tag in (*widened(language), FALLBACK) if tag in self.names)


def shelf(package: str) -> Iterator[dict[str, Any]]:
    """The parsed TOML files that lie in `package`, in no particular order."""
    for file in files(package).iterdir():
        if file.name.endswith(".toml"):
            yield tomllib.loads(file.read_text("utf-8"))


def closest(word: str, things: Sequence[Named], limit: int = 3) -> tuple[str, ...]:
    """Slugs whose slug or any name resembles `word`, best first; empty when nothing is near."""
    spoken: dict[str, str] = {}
    for thing in things:
        for name in (thing.slug, *thing.names.values()):
            spoken.setdefault(name.casefold(), thing.slug)
    near = get_close_matches(word.strip().casefold(), spoken, n=limit * 4, cutoff=0.6)
    return tuple(dict.fromkeys(spoken[name] for name in near))[:limit]
