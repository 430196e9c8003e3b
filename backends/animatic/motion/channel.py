"""An ice channel: a winding course with walls on which a sled climbs in the curves.

The cross-section is flat in the middle and curls up on both sides, z = c · (|d| − d₀)². A sled in a curve rests where
the wall is perpendicular to the resultant of weight and centrifugal force, i.e. where its slope is v² / (r · g)
(Mössner et al. 2011, Procedia Engineering 13:436, model the same balance).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.gear import single
from backends.animatic.motion.signals import Array, col, lerp, smooth
from backends.animatic.motion.terrain import laid, soft
from backends.animatic.motion.track import Glider, Table, Track, arclength, evenly, follow, glide
from backends.animatic.scene import RATE, Furniture, FurnitureKind

if TYPE_CHECKING:
    from collections.abc import Callable

FLAT: Final = 0.30
CURL: Final = 1.55
RIM: Final = 1.75
"""Metres from the centre line: half the flat bottom, then where the wall ends; CURL the wall's c in 1/m."""


class Channel:
    """Ground of an ice channel along x = X(y); a height function."""

    def __init__(self, rng: np.random.Generator, drop: float, bends: Callable[[Array], Array], end: float) -> None:
        y = np.arange(-120.0, 1100.0, 1.0)
        x = bends(y)
        self._middle = Table(-120.0, 1.0, x)
        tangent = np.gradient(x)
        self._slant = Table(-120.0, 1.0, tangent)
        curve = -np.gradient(tangent) / (1 + tangent**2) ** 1.5
        self._curve = Table(-120.0, 1.0, smooth(curve, 12.0, 1.0))
        fall = drop * np.where(y < end, 1.0, 1.0 - 1.6 * soft(y, end, end + 90)) + 0.02 * np.sin(y / 23.0)
        z = -np.cumsum(fall)
        self._fall = Table(-120.0, 1.0, z - lerp(0.0, y, z))
        self._waves = rng.uniform(0.06, 0.25, (3, 2))
        self.end = end

    def curve(self, y: Array) -> Array:
        """Curvature (1/m) of the centre line, left positive."""
        return self._curve(y)

    def wall(self, d: Array) -> Array:
        """Height of the ice over the bottom, `d` metres right of the centre line."""
        over = np.maximum(np.abs(d) - FLAT, 0.0)
        return CURL * over * over

    def top(self, y: Array, d: Array) -> Array:
        """Height of the rim on the side of `d`: tall outside the curves, knee-high elsewhere."""
        outward = np.clip(self._curve(y) * np.sign(d) / 0.016, 0.0, 1.0)
        return 0.75 + 2.6 * outward * outward * (3 - 2 * outward)

    def __call__(self, x: Array, y: Array) -> Array:
        """Height at places (equal shapes)."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        slant = self._slant(y)
        d = (x - self._middle(y)) / np.sqrt(1 + slant * slant)
        top = self.top(y, d)
        wall = np.minimum(self.wall(d), top)
        # Behind the rim the bank falls to the mountainside, which is rough farther out.
        aside = np.maximum(np.abs(d) - RIM - 0.5, 0.0)
        bank = wall * (1 - soft(aside, 0.0, 7.0))
        waves = sum(np.sin(a * x + b * y) for a, b in self._waves)
        return self._fall(y) + bank + 0.5 * waves * soft(aside, 3.0, 25.0) + 0.10 * aside * soft(aside, 4.0, 30.0)

    def middle(self, y: Array) -> Array:
        """Centre line (P, 2)."""
        return np.column_stack([self._middle(y), y])

    def rim(self, y: Array, side: float) -> Array:
        """Upper edge of one wall (P, 3), side −1 left or +1 right."""
        away = FLAT + np.sqrt(self.top(y, np.full_like(y, side)) / CURL)
        slant = self._slant(y)
        cos = 1 / np.sqrt(1 + slant * slant)
        xy = np.column_stack([self._middle(y) + side * away * cos, y - side * away * slant * cos])
        z = self._fall(y) + self.top(y, np.full_like(y, side))
        return np.column_stack([xy, z])

    def ride(self, n: int, speed: float, begin: float, glider: Glider, drive: Callable[[float, float], float]) -> Track:
        """The track of a sled that enters at y = `begin` with `speed` m/s and climbs the walls as the balance wants."""
        y = np.arange(begin, 1050.0, 0.5)
        line = np.column_stack([self.middle(y), self._fall(y)])
        length = arclength(line)
        grid = np.arange(0.0, length[-1], 0.5)
        fall = -np.gradient(lerp(grid, length, line[:, 2]), 0.5)
        curve = self._curve(lerp(grid, length, y))

        def at(s: float) -> int:
            return min(int(2 * s), len(grid) - 1)

        def press(s: float, v: float) -> float:
            return float(np.hypot(1.0, v * v * curve[at(s)] / 9.81))

        way, pace = glide(n, (0.0, speed), lambda s: float(fall[at(s)]), press, glider, drive)
        place = evenly(line[:, :2], 0.5)(lerp(way, length, arclength(line[:, :2])))
        tilt = smooth(pace**2 * self._curve(place[:, 1]) / 9.81, 0.55)
        aside = np.sign(tilt) * (np.abs(tilt) / (2 * CURL) + FLAT * np.tanh(np.abs(tilt) * 4))
        aside = smooth(aside, 0.35)
        along = smooth(np.gradient(place, axis=0), 0.1)
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        return follow(self, smooth(place + col(aside) * np.column_stack([along[:, 1], -along[:, 0]]), 0.12))

    def furniture(self, low: float, high: float) -> list[Furniture]:
        """The channel and both rims between two y."""
        y = np.arange(low, high, 2.0)
        line = laid(self, self.middle(y))
        return [
            Furniture(FurnitureKind.CHANNEL, line),
            *(Furniture(FurnitureKind.LIP, single(self.rim(y, side)), 1) for side in (-1.0, 1.0)),
        ]


def serpent(rng: np.random.Generator, curve: float, rate: int = RATE) -> Callable[[Array], Array]:
    """Bends of changing length and depth whose sharpest radius is about `curve` metres."""
    del rate
    lengths = rng.uniform(66.0, 92.0, 18)
    marks = np.cumsum(lengths) - 60.0
    sign = rng.choice([-1.0, 1.0])
    depth = rng.uniform(0.85, 1.0, 19)

    def bends(y: Array) -> Array:
        phase = smooth(lerp(y, marks, np.arange(len(marks)), left=-1.0), 30.0, 1.0)
        size = smooth(lerp(phase, np.arange(19), depth), 40.0, 1.0)
        half = 78.0
        return sign * size * (half / np.pi) ** 2 / curve * np.sin(np.pi * phase) * soft(y, -30.0, 40.0)

    return bends
