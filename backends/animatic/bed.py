"""The animator's sound maker, lent to films that silent models draw."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from backends.animatic import sound
from backends.animatic.sound import Ground, write_wav

GROUNDS: Final = {
    "bobsleigh": Ground.CHANNEL,
    "curling": Ground.PEBBLE,
    "figure-skating": Ground.ICE,
    "ice-hockey": Ground.ICE,
    "luge": Ground.CHANNEL,
    "short-track": Ground.ICE,
    "skeleton": Ground.CHANNEL,
    "speed-skating": Ground.ICE,
}
"""What the gear runs on; all other sports run on snow."""


class Beds:
    """Makes a neutral bed: wind, contact, a crowd that rises to the end, a short sting."""

    async def bed(self, out: Path, *, seconds: float, shots: int, sport: str, seed: int) -> None:
        """A finished WAV at `out`, made in a thread so that nothing waits for it."""
        ground = GROUNDS.get(sport, Ground.SNOW)
        await asyncio.to_thread(lambda: write_wav(out, sound.bed(seconds, shots, ground, seed)))
