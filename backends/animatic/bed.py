"""The animator's sound maker, lent to films that silent models draw; loaded with the first, not with the product."""

from __future__ import annotations

import asyncio
from pathlib import Path


class Beds:
    """Makes a neutral bed: wind, contact, a crowd that rises to the end, a short sting."""

    async def bed(self, out: Path, *, seconds: float, shots: int, sport: str, seed: int) -> None:
        """A finished WAV at `out`, made in a thread so that nothing waits for it."""
        await asyncio.to_thread(_bed, out, seconds, shots, sport, seed)


def _bed(out: Path, seconds: float, shots: int, sport: str, seed: int) -> None:
    from backends.animatic import sound

    sound.write_wav(out, sound.bed(seconds, shots, sound.GROUNDS.get(sport, sound.Ground.SNOW), seed))
