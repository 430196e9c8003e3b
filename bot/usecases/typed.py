"""What a person typed into a form that could not be taken, so that they need not type it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MOST: Final = 500
"""Forms kept in mind; the oldest is forgotten first. After a restart a form shows what is chosen now."""


class Typed:
    """Values by a name of the one who asked for them."""

    def __init__(self) -> None:
        self._kept: dict[str, Mapping[str, str]] = {}

    def put(self, name: str, values: Mapping[str, str]) -> None:
        """Keep a form's values."""
        self._kept.pop(name, None)
        self._kept[name] = dict(values)
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def get(self, name: str) -> Mapping[str, str] | None:
        """Look at them."""
        return self._kept.get(name)

    def drop(self, name: str) -> Mapping[str, str] | None:
        """They are needed no more."""
        return self._kept.pop(name, None)
