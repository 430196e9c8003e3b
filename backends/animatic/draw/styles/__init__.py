"""One module per style: what changes in the drawing, not only in its colours."""

from __future__ import annotations

from typing import Final

from backends.animatic.draw.styles.base import Style

STYLES: Final[dict[str, type[Style]]] = {"realistic": Style}
"""Every style by its name."""


def style_of(name: str) -> Style:
    """The style of that name; an unknown one is drawn plainly."""
    return STYLES.get(name, Style)()
