"""Where a body travels: smooth tables, the ground under a path, and how fast something glides down it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from backends.animatic.motion.signals import Array, clock, lerp, rates, smooth, unit, vector
from backends.animatic.scene import RATE

G: Final = 9.81
"""m/s², standard gravity."""

AIR: Final = 1.1
"""kg/m³, density of air around 0 °C at 1,500 m of altitude (ISO 2533 gives 1.06 at 15 °C less the cold)."""

Height: TypeAlias = Callable[[Array, Array], Array]


class Table:
    """Values (K,) or (K, D) on a regular grid from `start` with `step`, read by a Catmull-Rom cubic; beyond both ends
    the first and last slope go on."""

    def __init__(self, start: float, step: float, values: Array) -> None:
        self.start, self.step = start, step
        first, last = 2 * values[:1] - values[1:2], 2 * values[-1:] - values[-2:-1]
        self._values = np.concatenate([first, values, last])
        self._count = len(values)

    def __call__(self, at: Array) -> Array:
        """Values at places of any shape."""
        x = (np.asarray(at, np.float64) - self.start) / self.step
        inside = np.clip(x, 0.0, self._count - 1.0)
        cell = np.minimum(inside.astype(np.int64), self._count - 2)
        part, beyond = inside - cell, x - inside
        if self._values.ndim > 1:
            part, beyond = part[..., None], beyond[..., None]
        a, b, c, d = (self._values[cell + k] for k in range(4))
        core = b + 0.5 * part * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a)))
        return core + beyond * np.where(beyond < 0, c - b, np.where(beyond > 0, c - b, 0.0))


@dataclass(slots=True)
class Track:
    """One point gliding over the ground, N samples: `spot` (N, 3) on the ground, `speed` m/s, unit vectors `ahead`
    (along the surface), `right` (across it) and `normal`, and `curve` 1/m of the path from above, left positive."""

    t: Array
    spot: Array
    speed: Array
    ahead: Array
    right: Array
    normal: Array
    curve: Array

    def lean(self) -> Array:
        """Angle (N,) of the resultant force from the vertical, left positive: tan φ = v² / (r · g)."""
        return np.arctan(self.speed**2 * self.curve / G)


def ground_point(height: Height, xy: Array) -> Array:
    """Points (N, 3) of the ground under (N, 2)."""
    return np.concatenate([xy, height(xy[:, 0], xy[:, 1])[:, None]], axis=1)


def ground_normal(height: Height, xy: Array, reach: float = 0.15) -> Array:
    """Unit normals (N, 3) of the ground at (N, 2), by central differences over ± `reach` metres."""
    x, y = xy[:, 0], xy[:, 1]
    across = (height(x + reach, y) - height(x - reach, y)) / (2 * reach)
    along = (height(x, y + reach) - height(x, y - reach)) / (2 * reach)
    return unit(vector(len(xy), -across, -along, 1.0))


def follow(height: Height, xy: Array, heading: Array | None = None) -> Track:
    """The track over the ground along (N, 2); `heading` (N, 2) where the path may stand still."""
    spot = ground_point(height, xy)
    velocity = rates(spot)
    normal = ground_normal(height, xy)
    flat = rates(xy) if heading is None else heading
    ahead = np.concatenate([unit(flat), np.zeros((len(xy), 1))], axis=1)
    ahead = unit(ahead - normal * np.sum(ahead * normal, axis=1, keepdims=True))
    angle = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
    speed = np.linalg.norm(velocity, axis=1)
    flat_speed = np.linalg.norm(rates(xy), axis=1)
    curve = smooth(rates(angle), 0.1) / np.maximum(flat_speed, 0.5)
    return Track(clock((len(xy) - 1) / RATE), spot, speed, ahead, np.cross(ahead, normal), normal, curve)


def arclength(points: Array) -> Array:
    """Length (P,) along points (P, D), starting with 0."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])


def evenly(points: Array, step: float) -> Table:
    """Points (P, D) as a table over their length, sampled every `step` metres."""
    length = arclength(points)
    grid = np.arange(0.0, length[-1] + step, step)
    return Table(0.0, step, np.stack([lerp(grid, length, points[:, k]) for k in range(points.shape[1])], axis=1))


@dataclass(frozen=True, slots=True)
class Glider:
    """What slows a glider: mass (kg, gear included), drag area CdA (m²), friction coefficient of the base."""

    mass: float
    drag: float
    friction: float

    def slow(self, speed: float, press: float) -> float:
        """Deceleration (m/s²) at `speed` when the base carries `press` times the weight."""
        return self.friction * G * press + 0.5 * AIR * self.drag * speed * speed / self.mass


def glide(
    n: int, start: tuple[float, float], fall: Callable[[float], float], press: Callable[[float, float], float],
    glider: Glider, drive: Callable[[float, float], float] = lambda _s, _v: 0.0,
) -> tuple[Array, Array]:  # fmt: skip
    """Length s (n,) and speed v (n,) of a glider, integrated at `RATE` by the midpoint rule.

    `start` (s, v); `fall(s)` the sine of the slope downwards; `press(s, v)` the load on the base in g; `drive(s, v)`
    the athlete's own forward acceleration, m/s².
    """
    s, v = start
    step = 1.0 / RATE
    way, pace = np.empty(n), np.empty(n)

    def push(s: float, v: float) -> float:
        return G * fall(s) - glider.slow(v, press(s, v)) + drive(s, v)

    for i in range(n):
        way[i], pace[i] = s, v
        half = v + 0.5 * step * push(s, v)
        v, s = max(0.0, v + step * push(s + 0.5 * step * v, half)), s + step * max(0.0, half)
    return way, pace
