"""The one key light of a scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.noise import rng

if TYPE_CHECKING:
    from backends.animatic.draw.palette import Palette
    from backends.animatic.scene import Stage


@dataclass(frozen=True, slots=True)
class Light:
    """`toward` (3,) the unit vector to the sun, moon or lamps; `bearing` and `elevation` the same in radians, `disc`
    the elevation where the disc is painted, `course` the bearing the course runs to."""

    toward: Reals
    bearing: float
    elevation: float
    disc: float
    course: float


def light_of(stage: Stage, palette: Palette, seed: int, hall: bool) -> Light:
    """A light from the side and a little from ahead, so that the athlete gets a rim and shadows fall across."""
    way = stage.course[-1] - stage.course[0]
    course = float(np.arctan2(way[0], way[1]))
    side = 1 if rng(seed, 2).random() < 0.5 else -1
    bearing = course + side * (0.9 + 0.35 * float(rng(seed, 3).random()))
    elevation = np.deg2rad(72.0 if hall else palette.elevation)
    flat = np.cos(elevation)
    toward = np.array([flat * np.sin(bearing), flat * np.cos(bearing), np.sin(elevation)], np.float32)
    disc = min(float(elevation), 0.34)
    return Light(toward, bearing, float(elevation), disc, course)
