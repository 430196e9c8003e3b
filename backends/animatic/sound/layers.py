"""The sounds that never stop: air, contact, people. Each answers (2, n), or mono where the room places it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from backends.animatic.scene import Floats
from backends.animatic.sound.noise import Noise, Reals, loop, rise, warped
from backends.animatic.sound.score import CONTROL, Ground, Score


@dataclass(frozen=True, slots=True)
class _Band:
    """Noise from `low` to `high` Hz, growing with (speed / `full`) ** `power`, flickering at `grain` Hz."""

    low: float
    high: float
    slope: float
    gain: float
    full: float
    power: float
    spray: float = 0.0
    grain: float = 0.0


_WIND: Final = (
    _Band(50, 220, -4, 0.036, 22, 0.9),
    _Band(220, 700, -3, 0.042, 26, 1.2),
    _Band(700, 2400, -4, 0.03, 30, 1.6),
    _Band(2400, 13000, -5, 0.016, 34, 2.2),
)

_CONTACT: Final = {
    Ground.SNOW: (
        _Band(70, 260, 0, 0.08, 24, 0.7, grain=35),
        _Band(500, 1800, -3, 0.11, 22, 0.55, spray=0.6, grain=50),
        _Band(2200, 15000, -3, 0.11, 18, 0.45, spray=1.0, grain=25),
    ),
    Ground.ICE: (
        _Band(90, 300, 0, 0.05, 14, 1.0, grain=20),
        _Band(1500, 2300, 0, 0.09, 12, 0.7, spray=0.7, grain=60),
        _Band(2900, 4200, 0, 0.09, 12, 0.8, spray=0.8, grain=80),
        _Band(5200, 15000, -4, 0.06, 12, 0.9, spray=1.0, grain=40),
    ),
    Ground.CHANNEL: (
        _Band(55, 140, 0, 0.16, 26, 0.7, grain=14),
        _Band(150, 520, -2, 0.13, 28, 1.0, grain=45),
        _Band(600, 1900, -2, 0.11, 32, 1.2, spray=0.5, grain=90),
        _Band(3000, 14000, -3, 0.075, 34, 1.4, spray=0.6, grain=30),
    ),
    Ground.PEBBLE: (
        _Band(60, 190, 0, 0.09, 2.2, 0.6, grain=60),
        _Band(240, 620, -2, 0.075, 2.4, 0.8, grain=110),
        _Band(1400, 7000, -5, 0.035, 2.6, 1.0, grain=160),
    ),
}

_BITE: Final = {Ground.SNOW: 0.5, Ground.ICE: 0.8, Ground.CHANNEL: 0.25, Ground.PEBBLE: 0.5}
"""How much louder load makes contact: a skate sings only when pushed, a sled rumbles always."""

_AIRBORNE: Final = 0.1
"""Load in g under which the athlete flies: then the wind is all there is."""

_VOICES: Final = ((260, 620, 0.5), (620, 1200, 0.5), (1200, 2300, 0.28), (2300, 7000, 0.1))


def wind(score: Score, noise: Noise, count: int) -> Floats:
    """Air past the ears: more and brighter with speed, in gusts; in a hall only the rush of speed itself."""
    still = 0.0 if score.hall else 3.5
    ease = 0.35 if score.hall else 1.0
    calm = 0.3 + 0.7 * np.maximum(score.hush, score.load < _AIRBORNE)
    out = np.zeros((2, count), np.float32)
    for band in _WIND:
        gust = 1 + 0.35 * noise.drift(len(score.speed), CONTROL, 0.7)
        track = ease * band.gain * np.minimum((score.speed + still) / band.full, 1.2) ** band.power * gust * calm
        _spread(out, noise.band(band.low, band.high, band.slope), rise(track, count, CONTROL))
    if score.hall:
        _spread(out, noise.band(60, 420, -5), np.float32(0.012))
    return out


def contact(score: Score, noise: Noise, count: int) -> Floats:
    """(count,) what the gear says on the ground: silent in the air, rough under load."""
    weight = 0.8 * np.clip(score.load, 0, 3.5) ** _BITE[score.ground]
    held = 0.1 + 0.9 * score.hush
    places = np.cumsum(rise(score.pitch, count, CONTROL), dtype=np.float64)
    out = np.zeros(count, np.float32)
    for band in _CONTACT[score.ground]:
        bite = (1 - 0.75 * band.spray) + 0.75 * band.spray * (0.3 + 1.1 * score.spray)
        rough = _grain(noise, len(weight), band.grain) if band.grain else 1.0
        track = band.gain * np.minimum(score.speed / band.full, 1.6) ** band.power * weight * bite * rough * held
        out += warped(noise.band(band.low, band.high, band.slope), places) * rise(track * score.near, count, CONTROL)
    return out


def _grain(noise: Noise, count: int, hertz: float) -> Floats:
    """An envelope around 1 that flickers at about `hertz`."""
    return np.maximum(0.15, 1 + 0.55 * noise.drift(count, CONTROL, 1 / min(hertz, CONTROL / 2.5)))


def crowd(score: Score, noise: Noise, count: int) -> Floats:
    """People: a murmur that leans in with the tension, holds its breath, and breaks out."""
    murmur = 0.03 + 0.11 * score.tension
    level = score.crowd * score.hush * murmur
    burst = score.crowd * score.cheer * 0.27 * np.maximum(score.hush, 0.3)
    out = np.zeros((2, count), np.float32)
    for low, high, gain in _VOICES:
        chatter = 1 + 0.5 * noise.drift(len(level), CONTROL, 0.16)
        brighter = burst * (1.5 if low > 600 else 0.8)
        track = gain * (level * chatter + brighter * (1 + 0.2 * noise.drift(len(level), CONTROL, 0.09)))
        _spread(out, noise.band(low, high, -1), rise(track, count, CONTROL))
    return out


def _spread(out: Floats, band: Floats, envelope: Reals | np.float32) -> None:
    """Add one band to both sides, unlike enough to be wide."""
    count = out.shape[1]
    out[0] += loop(band, count) * envelope
    out[1] += loop(band, count, len(band) // 2 + 977) * envelope


def place(mono: Floats, pan: Floats) -> Floats:
    """(2, n) of a mono sound at `pan` -1..1, equal power."""
    angle = (pan + 1) * np.float32(np.pi / 4)
    return np.stack([mono * np.cos(angle), mono * np.sin(angle)]) * np.float32(np.sqrt(2))
