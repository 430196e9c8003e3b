"""An ice rink of 60 × 30 m: its outline, circles on the ice, and the people around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.motion.terrain import tribune

if TYPE_CHECKING:
    from backends.animatic.motion.signals import Array
    from backends.animatic.motion.track import Height
    from backends.animatic.scene import Furniture


def flat(x: Array, y: Array) -> Array:
    """Ice: a height function."""
    return np.zeros(np.broadcast(x, y).shape)


def rounded(half_x: float, half_y: float, corner: float, count: int = 12) -> Array:
    """A rink's outline (P, 2) with round corners, closed."""
    turn = np.linspace(0, np.pi / 2, count)
    parts = [
        np.column_stack([cx + corner * np.cos(turn + k * np.pi / 2), cy + corner * np.sin(turn + k * np.pi / 2)])
        for k, (cx, cy) in enumerate(
            (sx * (half_x - corner), sy * (half_y - corner)) for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))
        )
    ]
    return np.concatenate([*parts, parts[0][:1]])


def ring(x: float, y: float, radius: float, count: int = 33) -> Array:
    """A circle (P, 2) painted on the ice."""
    turn = np.linspace(0, 2 * np.pi, count)
    return np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])


def seats(rng: np.random.Generator, height: Height, aside: float = 18.5, behind: float = 33.5) -> list[Furniture]:
    """Tribunes along both sides and behind both ends, with gaps of uneven width."""
    hue = rng.integers(4, size=8)
    items: list[Furniture] = []
    for k, (low, high) in enumerate(((-29.0, -9.5), (-7.0, 8.0), (11.0, 30.0))):
        items.append(tribune(height, ((aside, high), (aside, low)), 11.0, int(hue[k])))
        items.append(tribune(height, ((-aside, low), (-aside, high)), 11.0, int(hue[k + 3])))
    items.append(tribune(height, ((-13.0, behind), (13.0, behind)), 9.0, int(hue[6])))
    items.append(tribune(height, ((13.0, -behind), (-13.0, -behind)), 9.0, int(hue[7])))
    return items
