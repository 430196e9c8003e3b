"""A score for films nobody simulated: an arc from stillness to speed to applause, with a breath before the peak."""

from __future__ import annotations

from typing import Final

import numpy as np

from backends.animatic.scene import EventKind
from backends.animatic.sound.score import Cue, Ground, Kit, Score, clock
from backends.animatic.sound.story import cheering

_TOP: Final = {Ground.SNOW: 24.0, Ground.ICE: 12.0, Ground.CHANNEL: 34.0, Ground.PEBBLE: 2.4}
_KITS: Final = {Ground.SNOW: Kit.SKIS, Ground.ICE: Kit.BLADES, Ground.CHANNEL: Kit.SLED, Ground.PEBBLE: Kit.STONE}
_PEAK: Final = 0.62
"""Where in the film the crowd breaks out, as a part of its length."""


def neutral(seconds: float, shots: int, ground: Ground) -> Score:
    """A score of exactly `seconds`; nearness changes a little at each of `shots` evenly cut shots."""
    times = clock(seconds)
    part = times / max(seconds, 0.1)
    peak = _PEAK * seconds
    arc = np.interp(part, [0, 0.15, 0.5, _PEAK, 0.85, 1], [0.25, 0.6, 1, 1, 0.5, 0.15])
    shot = np.minimum((part * max(shots, 1)).astype(np.int64), max(shots, 1) - 1)
    swing = 1 + 0.35 * np.sin(2 * np.pi * 0.55 * times)
    breath = np.interp(times, [peak - 1.1, peak - 0.5, peak - 0.05, peak + 0.1], [1, 0.25, 0.25, 1])
    single = np.ones_like(times)
    return Score(
        seconds=seconds,
        hall=ground in (Ground.ICE, Ground.PEBBLE),
        ground=ground,
        kit=_KITS[ground],
        speed=(_TOP[ground] * arc).astype(np.float32),
        load=(single * swing).astype(np.float32),
        spray=(0.35 * swing).astype(np.float32),
        pan=(0.35 * np.sin(2 * np.pi * 0.21 * times)).astype(np.float32),
        near=np.where(shot % 2 == 0, 0.75, 0.95).astype(np.float32),
        pitch=single.astype(np.float32),
        crowd=(0.7 * single).astype(np.float32),
        tension=np.clip(part / _PEAK, 0, 1).astype(np.float32) ** 2 * np.float32(0.8),
        hush=breath.astype(np.float32),
        cheer=cheering(times, [(peak, 0.8, 2.5), (0.85 * seconds, 0.4, 2.0)]),
        cues=(Cue(EventKind.TURN, peak, 0.6),),
    )
