"""The looks a clip can have: one TOML file each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from bot.model.named import Named, closest, shelf

__all__ = ["Style", "find", "styles", "suggest"]


@dataclass(frozen=True, eq=False)
class Style(Named):
    """A look; `prompt` and `negative` are English words for video models."""

    prompt: str
    negative: tuple[str, ...]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Style:
        """A style from its parsed TOML; KeyError names a missing key."""
        return cls(
            slug=data["slug"],
            order=data["order"],
            emoji=data["emoji"],
            names=MappingProxyType(dict(data["names"])),
            prompt=data["prompt"],
            negative=tuple(data["negative"]),
        )


@lru_cache(maxsize=1)
def styles() -> tuple[Style, ...]:
    """The built-in styles in their order."""
    return tuple(sorted(map(Style.parse, shelf(__name__)), key=lambda style: style.order))


def find(slug: str) -> Style | None:
    """The built-in style with exactly this slug."""
    return next((style for style in styles() if style.slug == slug), None)


def suggest(word: str) -> tuple[str, ...]:
    """Up to three slugs that `word` may have meant."""
    return closest(word, styles())
