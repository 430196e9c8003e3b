"""Sound for a film: from a performance, or a neutral bed for a film that came without any.

Space first, contact second, the crowd third, music only as a short sting; silence before the moment that decides.
Everything is (2, n) float32 at 48 kHz, deterministic for a seed, at -14 LUFS and under -1.5 dBTP.
"""

from __future__ import annotations

from typing import Final

from backends.animatic.scene import Floats, Performance
from backends.animatic.sound.composer import compose
from backends.animatic.sound.mix import Blend, render
from backends.animatic.sound.neutral import neutral
from backends.animatic.sound.noise import SAMPLES
from backends.animatic.sound.score import Ground
from backends.animatic.sound.wav import read_wav, write_wav

__all__ = ["GROUNDS", "SAMPLES", "Blend", "Ground", "bed", "read_wav", "synthesise", "write_wav"]

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
"""What a sport's gear runs on; all others run on snow."""


def synthesise(
    performance: Performance, seconds: float, seed: int, under: Floats | None = None, mode: Blend = Blend.REPLACE
) -> Floats:
    """The sound of a performance as it is filmed; `under` is a member's own sound (2, m) at 48 kHz.

    It replaces ours (`Blend.REPLACE`) or lies under the contact and the cues while air and crowd step back
    (`Blend.UNDER`).
    """
    return render(compose(performance, seconds), seed, under, mode)


def bed(seconds: float, shots: int, material: str, seed: int) -> Floats:
    """A neutral sound bed on `material` (a `Ground`) for a film of `shots` shots about which nothing else is known."""
    return render(neutral(seconds, shots, Ground(material)), seed)
