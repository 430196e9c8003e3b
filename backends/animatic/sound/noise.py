"""Noise shaped in the frequency domain: the raw material of wind, snow, ice and crowds."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from backends.animatic.scene import Floats

SAMPLES: Final = 48_000
"""Samples a second of all sound."""

LOOP: Final = 1 << 18
"""Length of the noise loops: 5.5 s, long enough that no ear finds the seam under moving envelopes."""


Reals = NDArray[np.floating[Any]]
"""Numbers of any precision, on their way to float32."""


class Noise:
    """A deterministic source of noise: `seed` decides everything it gives, `part` keeps layers from each other."""

    def __init__(self, seed: int, part: str) -> None:
        self.random = np.random.default_rng([seed % 2**64, crc32(part.encode())])

    def band(self, low: float, high: float, slope: float = 0.0) -> Floats:
        """(LOOP,) seamless noise between `low` and `high` Hz, unit RMS; `slope` in dB per octave."""
        return _shape(self.random, LOOP, low, high, slope)

    def burst(self, seconds: float, low: float, high: float) -> Floats:
        """Noise of a given length between `low` and `high` Hz, unit RMS."""
        return _shape(self.random, max(64, round(seconds * SAMPLES)), low, high, 0.0)

    def drift(self, count: int, rate: float, period: float) -> Floats:
        """(count,) slow random motion at `rate` samples a second with steps about `period` seconds apart, -1..1."""
        knots = self.random.uniform(-1, 1, int(count / rate / period) + 4)
        at = np.arange(count) / rate / period
        low = at.astype(np.int64)
        part = at - low
        ease = part * part * (3 - 2 * part)
        return (knots[low] * (1 - ease) + knots[low + 1] * ease).astype(np.float32)


def _shape(random: np.random.Generator, count: int, low: float, high: float, slope: float) -> Floats:
    first, mask = _mask(count, low, high, slope)
    part = random.standard_normal((2, len(mask)), dtype=np.float32) * mask
    spectrum = np.zeros(count // 2 + 1, np.complex64)
    spectrum[first : first + len(mask)] = part[0] + 1j * part[1]
    wave = np.fft.irfft(spectrum, count).astype(np.float32)
    return wave / np.float32(max(float(np.sqrt(np.mean(wave**2))), 1e-9))


@lru_cache(maxsize=256)
def _mask(count: int, low: float, high: float, slope: float) -> tuple[int, Floats]:
    """First bin and gains of a band with soft shoulders of a third of an octave."""
    resolution = SAMPLES / count
    first = max(1, int(low / 1.3 / resolution))
    last = min(count // 2, int(high * 1.3 / resolution) + 2)
    frequency = np.arange(first, max(last, first + 1)) * resolution
    shoulder = np.log2(1.3)
    rise = np.clip(np.log2(frequency / (low / 1.3)) / shoulder, 0, 1)
    fall = np.clip(np.log2(high * 1.3 / frequency) / shoulder, 0, 1)
    tilt = 10 ** (slope * np.log2(frequency / low) / 20)
    return first, (np.maximum(rise * fall, 1e-4) * tilt).astype(np.float32)


def loop(noise: Floats, count: int, offset: int = 0) -> Floats:
    """`count` samples of a loop from `offset` on."""
    offset %= len(noise)
    turns = -(-(count + offset) // len(noise))
    return np.tile(noise, turns)[offset : offset + count]


def warped(noise: Floats, places: NDArray[np.float64]) -> Floats:
    """A loop read at fractional places, which raises or lowers it."""
    low = places.astype(np.int64)
    part = (places - low).astype(np.float32)
    low %= len(noise)
    ring = np.append(noise, noise[0])
    return (ring[low] * (1 - part) + ring[low + 1] * part).astype(np.float32, copy=False)


def rise(track: Reals, count: int, rate: int) -> Floats:
    """A control track at `rate` a second as `count` samples, straight lines between its points."""
    hop = SAMPLES // rate
    ramp = np.arange(hop, dtype=np.float32) / hop
    points = track.astype(np.float32)
    flat: Floats = (points[:-1, None] + np.diff(points)[:, None] * ramp).astype(np.float32, copy=False).reshape(-1)
    return flat[:count] if len(flat) >= count else np.pad(flat, (0, count - len(flat)), mode="edge")
