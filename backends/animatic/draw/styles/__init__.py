"""One module per style: what changes in the drawing, not only in its colours."""

from __future__ import annotations

from typing import Final

from backends.animatic.draw.styles.base import Style
from backends.animatic.draw.styles.gogh import VanGogh
from backends.animatic.draw.styles.manga import Manga
from backends.animatic.draw.styles.pictogram import Pictogram
from backends.animatic.draw.styles.scifi import SciFi
from backends.animatic.draw.styles.watercolour import Watercolour

STYLES: Final[dict[str, type[Style]]] = {
    style.slug: style for style in (Style, VanGogh, Manga, SciFi, Watercolour, Pictogram)
}
"""Every style by its name."""


def style_of(name: str) -> Style:
    """The style of that name; an unknown one is drawn plainly."""
    return STYLES.get(name, Style)()
