"""The animator's sound maker, lent to films that silent models draw."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from backends.animatic import sound
from backends.animatic.sound.wav import write_wav

ON_ICE: Final = frozenset(
    {
        "bobsleigh",
        "curling",
        "figure-skating",
        "ice-hockey",
        "luge",
        "short-track",
        "skeleton",
        "speed-skating",
    }
)
"""Sports whose contact sounds like ice; all others sound like snow."""


class Beds:
    """Makes a neutral bed: wind, contact, a crowd that rises to the end, a short sting."""

    async def bed(self, out: Path, *, seconds: float, shots: int, sport: str, seed: int) -> None:
        """A finished WAV at `out`, made in a thread so that nothing waits for it."""
        material = "ice" if sport in ON_ICE else "snow"
        await asyncio.to_thread(lambda: write_wav(out, sound.bed(seconds, shots, material, seed)))
