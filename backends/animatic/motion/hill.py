"""A large jumping hill and the flight over it.

Geometry of an HS140 after the FIS Standards for the Construction of Jumping Hills: in-run 35° down to a transition of
radius 96 m, table 6.7 m long inclined 11°, 3.3 m above the knoll; K point at 125 m (h/n = 0.57), landing slope up to
36°, then a transition of some 100 m radius to the flat. In-run 93 m; measured
take-off speeds 88–93 km/h (the gate is set to reach them).

Flight after Müller (2009, Aerodynamics of ski jumping) and Jung et al. (2014, PLoS ONE 9:e98906): drag areas of
0.45–0.65 m² and lift areas of 0.6–0.85 m² in the stable V position, reached about 0.7 s after a take-off with
2.3–2.7 m/s perpendicular to the table; mass 66 kg with gear; in-run drag area 0.22 m², friction 0.03.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.signals import Array, Flags, lerp, smooth
from backends.animatic.motion.terrain import soft
from backends.animatic.motion.track import AIR, G, Glider, Table, arclength, glide
from backends.animatic.scene import RATE

if TYPE_CHECKING:
    from collections.abc import Callable

MASS: Final = 66.0
TABLE: Final = np.radians(11.0)
STEEP: Final = np.radians(35.0)
RADIUS: Final = 96.0
FLAT: Final = 6.7
DROP: Final = 3.3
LEGS: Final = Glider(MASS, 0.22, 0.03)


@dataclass(frozen=True, slots=True)
class Air:
    """Areas of drag and lift (m²) in the stable flight position, and the take-off's own speed (m/s)."""

    drag: float = 0.55
    lift: float = 0.83
    push: float = 2.6


class Hill:
    """A height function: in-run, table, landing slope and out-run along y; the table's edge is at y = 0, z = 0."""

    def __init__(self, rng: np.random.Generator, scale: float = 1.0) -> None:
        self._inrun = _inrun()
        self.end = 205.0 * scale
        y = np.arange(-2.0, 900.0, 0.5)
        slope = 0.09 + (0.735 - 0.09) * soft(y, -6.0, 74.0 * scale) ** 0.9
        slope = slope * (1 - soft(y, 104.0 * scale, 188.0 * scale)) - 0.012 * soft(y, self.end, self.end + 60)
        z = -np.cumsum(slope) * 0.5
        self._slope = Table(-2.0, 0.5, z - lerp(0.0, y, z) - DROP)
        self._waves = rng.uniform(0.05, 0.2, (3, 2))

    def profile(self, y: Array) -> Array:
        """Height along the middle."""
        y = np.asarray(y, np.float64)
        return np.where(y <= 0.0, self._inrun(np.minimum(y, 0.0)), self._slope(np.maximum(y, 0.0)))

    def landing(self, y: Array) -> Array:
        """Height of the landing slope alone."""
        return self._slope(np.asarray(y, np.float64))

    def __call__(self, x: Array, y: Array) -> Array:
        """Height at places (equal shapes)."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        # Beside the in-run the mountain lies lower: the jump stands on a tower.
        under = np.where(y <= 0, self.mountainside(y), self._slope(np.maximum(y, 0.0)))
        deck = 1 - soft(np.abs(x), 1.6, 2.0)
        z = np.where(y <= 0, under + (self._inrun(np.minimum(y, 0.0)) - under) * deck, under)
        aside = np.maximum(np.abs(x) - 11.0 - 14.0 * soft(y, 0.6 * self.end, self.end), 0.0)
        waves = sum(np.sin(a * x + b * y) for a, b in self._waves)
        return z + 0.07 * aside * soft(aside, 0.0, 25.0) + 0.5 * waves * soft(aside, 1.0, 20.0)

    def mountainside(self, y: Array) -> Array:
        """Ground beside and under the in-run."""
        y = np.asarray(y, np.float64)
        return np.where(y <= 0, -DROP + np.maximum(-y - 6.0, 0.0) * 0.44, self._slope(np.maximum(y, 0.0)))


def _inrun() -> Table:
    """Heights of the in-run for y < 0, from the table's edge upwards."""
    s = np.arange(0.0, 130.0, 0.25)
    angle = np.clip(TABLE + np.maximum(s - FLAT, 0.0) / RADIUS, TABLE, STEEP)
    y = -np.concatenate([[0.0], np.cumsum(np.cos(angle[:-1]) * 0.25)])
    z = np.concatenate([[0.0], np.cumsum(np.sin(angle[:-1]) * 0.25)])
    grid = np.arange(-100.0, 0.01, 0.25)
    return Table(-100.0, 0.25, lerp(grid, y[::-1], z[::-1]))


@dataclass(frozen=True, slots=True)
class Jump:
    """A whole jump of a boot, N samples: y, z (m), speed m/s, whether it is in the air, times of take-off and landing,
    and the distance (m) along the landing slope."""

    y: Array
    z: Array
    speed: Array
    aloft: Flags
    takeoff: float
    landing: float
    distance: float


def jump(hill: Hill, n: int, gate: float, takeoff: float, air: Air | None = None, brake: float = 0.0) -> Jump:
    """In-run from rest `gate` metres up, flight, and out-run; cropped so that the take-off happens at `takeoff`."""
    air = air or Air()
    run_y, run_v = _approach(hill, gate)
    flight = _fly(hill, run_v[-1], air)
    lead = len(run_y)
    y = np.concatenate([run_y, flight[:, 0]])
    z = np.concatenate([hill.profile(run_y), flight[:, 1]])
    v = np.concatenate([run_v, np.hypot(flight[:, 2], flight[:, 3])])
    touch = len(y) - 1
    out_y, out_v = _outrun(hill, y[-1], flight[-1, 2:], n + lead, brake)
    y, z = np.concatenate([y, out_y[1:]]), np.concatenate([z, hill.landing(out_y[1:])])
    v = np.concatenate([v, out_v[1:]])
    first = lead - round(takeoff * RATE)
    if first < 0:
        y, z, v = (np.concatenate([np.full(-first, values[0]), values]) for values in (y, z, v))
    shift = max(first, 0)
    index = np.arange(len(y)) + first - shift
    aloft = (index >= lead) & (index < touch)
    path = np.column_stack([np.arange(0.0, y[touch - min(first, 0)], 0.25)] * 2)
    path[:, 1] = hill.landing(path[:, 0])
    cut = slice(shift, shift + n)
    smooth_v = smooth(v, 0.05)
    return Jump(
        y[cut], z[cut], smooth_v[cut], aloft[cut], takeoff, takeoff + (touch - lead) / RATE, float(arclength(path)[-1])
    )


def _approach(hill: Hill, gate: float) -> tuple[Array, Array]:
    """y and speed down to the table's edge."""
    y = np.arange(-100.0, 0.01, 0.25)
    z = hill.profile(y)
    length = arclength(np.column_stack([y, z]))
    grid = np.arange(0.0, length[-1], 0.25)
    fall = -np.gradient(lerp(grid, length, z), 0.25)

    def at(s: float) -> int:
        return min(int(4 * s), len(grid) - 1)

    way, pace = glide(
        round(9 * RATE), (float(length[-1]) - gate, 0.3), lambda s: float(fall[at(s)]), lambda _s, _v: 0.9, LEGS
    )
    end = int(np.count_nonzero(way < length[-1]))
    # Samples are shifted by less than one step so that the last one stands exactly on the edge.
    shifted = way[:end] + (length[-1] - way[end - 1])
    return lerp(shifted, length, y), pace[:end]


def _fly(hill: Hill, speed: float, air: Air) -> Array:
    """Rows y, z, vy, vz of the flight until the boots touch the slope, sampled at `RATE`."""
    vy = speed * np.cos(TABLE) + air.push * np.sin(TABLE)
    vz = -speed * np.sin(TABLE) + air.push * np.cos(TABLE)
    rows = [(0.0, 0.0, float(vy), float(vz))]
    ground: Callable[[float], float] = _floor(hill)
    y, z, step = 0.0, 0.0, 1.0 / RATE
    for i in range(1, 10 * RATE):
        open_ = min(1.0, i * step / 0.7)
        drag, lift = 0.30 + (air.drag - 0.30) * open_, 0.10 + (air.lift - 0.10) * open_
        if air.drag == 0.0:
            drag = lift = 0.0
        v = float(np.hypot(vy, vz))
        k = 0.5 * AIR * v / MASS
        ay, az = k * (-drag * vy - lift * vz), k * (-drag * vz + lift * vy) - G
        y, z = y + vy * step + 0.5 * ay * step * step, z + vz * step + 0.5 * az * step * step
        vy, vz = vy + ay * step, vz + az * step
        if z <= ground(y):
            rows.append((y, ground(y), vy, vz))
            break
        rows.append((y, z, vy, vz))
    return np.array(rows[1:])


def _floor(hill: Hill) -> Callable[[float], float]:
    grid = np.arange(0.0, 400.0, 0.25)
    values = hill.landing(grid)

    def at(y: float) -> float:
        place = min(max(4 * y, 0.0), len(grid) - 2.0)
        cell = int(place)
        return float(values[cell] + (values[cell + 1] - values[cell]) * (place - cell))

    return at


def _outrun(hill: Hill, y0: float, velocity: Array, n: int, brake: float) -> tuple[Array, Array]:
    y = np.arange(y0, y0 + 420.0, 0.25)
    z = hill.landing(y)
    length = arclength(np.column_stack([y, z]))
    fall = -np.gradient(z, length)

    def at(s: float) -> int:
        return min(int(np.searchsorted(length, s)), len(length) - 1)

    tangent = np.array([1.0, float(np.gradient(z, y)[0])])
    tangent /= np.linalg.norm(tangent)
    start = float(velocity @ tangent)
    way, pace = glide(
        n, (0.0, start), lambda s: float(fall[at(s)]), lambda _s, _v: 1.0, Glider(MASS, 0.5, 0.05),
        lambda s, v: -brake if s > 70 and v > 1 else 0.0,
    )  # fmt: skip
    return lerp(way, length, y), pace
