"""A film cut from the best works of a round, as whoever cuts it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Highlight:
    """A work in the reel: its film, and a picture with words laid over it (PNG, as large as the reel)."""

    film: Path
    words: Path


@dataclass(frozen=True, slots=True)
class Reel:
    """Opening picture, works in the order they are shown, closing pictures (PNGs, as large as the reel)."""

    opening: Path
    highlights: tuple[Highlight, ...]
    closing: tuple[Path, ...]
