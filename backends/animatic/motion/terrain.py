"""The mountain under a course, and what organisers put beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.gear import single
from backends.animatic.motion.signals import Array, lerp
from backends.animatic.motion.track import Height, Table
from backends.animatic.scene import Floats, Furniture, FurnitureKind, Material, Setting, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FAR: Final = 900.0
"""Metres of ground modelled before and behind the place of action."""


def profile(slope: Callable[[Array], Array], low: float = -400.0, high: float = FAR) -> Table:
    """Heights along y from a slope downwards (tangent) as a function of y; height 0 at y = 0."""
    y = np.arange(low, high + 1.0)
    drop = slope(y)
    z = -np.concatenate([[0.0], np.cumsum(0.5 * (drop[1:] + drop[:-1]))])
    return Table(low, 1.0, z - lerp(0.0, y, z))


def soft(x: Array, begin: float, end: float) -> Array:
    """A cubic step from 0 at `begin` to 1 at `end`, for ground (any shape of array)."""
    part = np.clip((x - begin) / (end - begin), 0.0, 1.0)
    return part * part * (3.0 - 2.0 * part)


class Slope:
    """A groomed course `width` metres broad along x = `middle(y)`, z = `fall(y)`, in a shallow valley with rough ground
    beside it."""

    def __init__(
        self, rng: np.random.Generator, fall: Callable[[Array], Array], middle: Callable[[Array], Array], width: float,
        valley: float = 0.14, rough: float = 1.1,
    ) -> None:  # fmt: skip
        self._fall, self._middle = fall, middle
        self._width, self._valley, self._rough = width, valley, rough
        self._waves = rng.uniform(0.07, 0.32, (4, 2)) * rng.choice([-1.0, 1.0], (4, 2))
        self._phases = rng.uniform(0.0, 2 * np.pi, 4)

    def __call__(self, x: Array, y: Array) -> Array:
        """Height at places (equal shapes)."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        aside = np.maximum(np.abs(x - self._middle(y)) - self._width / 2, 0.0)
        bumps = sum(np.sin(a * x + b * y + c) for (a, b), c in zip(self._waves, self._phases, strict=True))
        rough = self._rough * 0.5 * bumps * soft(aside, 0.5, 22.0)
        return self._fall(y) + self._valley * aside * aside / (aside + 12.0) + rough


def mountain(height: Height, course: Array, width: float, furniture: Sequence[Furniture]) -> Stage:
    """A stage on snow in the mountains; `course` (P, 2) is laid on the ground."""
    return Stage(Setting.MOUNTAIN, Material.SNOW, grounded(height), laid(height, course), width, tuple(furniture))


def hall(course: Array, width: float, furniture: Sequence[Furniture]) -> Stage:
    """A stage on flat ice under a roof; `course` (P, 2)."""

    def flat(x: Array, y: Array) -> Array:
        return np.zeros(np.broadcast(x, y).shape)

    return Stage(Setting.HALL, Material.ICE, grounded(flat), laid(flat, course), width, tuple(furniture))


def grounded(height: Height) -> Callable[[Floats, Floats], Floats]:
    """A height function in the precision of a `Performance`."""

    def at(x: Floats, y: Floats) -> Floats:
        return single(height(np.asarray(x, np.float64), np.asarray(y, np.float64)))

    return at


def laid(height: Height, xy: Array, above: float = 0.0) -> Floats:
    """Points (P, 3) over the ground at (P, 2)."""
    flat = np.asarray(xy, np.float64).reshape(-1, 2)
    return single(np.column_stack([flat, height(flat[:, 0], flat[:, 1]) + above]))


def line(height: Height, kind: FurnitureKind, xy: Array, hue: int = 0) -> Furniture:
    """A fence, a crowd, boards or paint along (P, 2) on the ground."""
    return Furniture(kind, laid(height, xy), hue)


def mast(height: Height, kind: FurnitureKind, x: float, y: float, tall: float, hue: int = 0) -> Furniture:
    """A flag or a lamp that stands at (x, y)."""
    foot = laid(height, np.array([[x, y]]))[0]
    return Furniture(kind, np.stack([foot, foot + single(np.array([0.0, 0.0, tall]))]), hue)


def pair(
    height: Height, kind: FurnitureKind, a: tuple[float, float], b: tuple[float, float], hue: int = 0
) -> Furniture:
    """An arch or a goal between two feet."""
    return Furniture(kind, laid(height, np.array([a, b])), hue)


def tribune(
    height: Height, front: tuple[tuple[float, float], tuple[float, float]], deep: float, hue: int = 0
) -> Furniture:
    """A stand whose front edge runs between two points and whose rows go `deep` metres to the left of that edge."""
    a, b = np.array(front[0]), np.array(front[1])
    along = (b - a) / np.linalg.norm(b - a)
    back = np.array([-along[1], along[0]]) * deep
    return Furniture(FurnitureKind.STAND, laid(height, np.array([a, b, b + back, a + back])), hue)


def beside(path: Array, offset: float) -> Array:
    """A path (P, 2) moved to its right by `offset` metres."""
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    return path + offset * np.column_stack([along[:, 1], -along[:, 0]])


def scattered(rng: np.random.Generator, begin: float, end: float, step: float) -> Array:
    """Places from `begin` to `end` about `step` apart, never evenly."""
    count = max(1, round((end - begin) / step))
    gaps = rng.uniform(0.45, 1.7, count + 1)
    return begin + (end - begin) * (np.cumsum(gaps) / gaps.sum())[:-1]


def flags(
    rng: np.random.Generator, height: Height, path: Array, offset: float, step: float, tall: float = 4.5
) -> list[Furniture]:
    """Flag poles along a path (P, 2), irregularly."""
    aside = beside(path, offset)
    length = np.linspace(0.0, 1.0, len(aside))
    total = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    places = scattered(rng, 0.02, 0.98, min(0.9, step / max(total, 1.0)))
    return [
        mast(
            height, FurnitureKind.FLAG, float(lerp(p, length, aside[:, 0])),
            float(lerp(p, length, aside[:, 1])),
            tall * rng.uniform(0.9, 1.15), int(rng.integers(4)),
        )
        for p in places
    ]  # fmt: skip


def crowds(rng: np.random.Generator, height: Height, path: Array, offset: float, groups: int) -> list[Furniture]:
    """Loose groups of people along a path (P, 2), behind a fence."""
    aside = beside(path, offset)
    result: list[Furniture] = []
    for begin in scattered(rng, 0.0, 0.93, 0.93 / groups):
        first = int(begin * len(aside))
        last = min(len(aside), first + max(3, int(rng.uniform(0.04, 0.12) * len(aside))))
        if last - first >= 2:
            result.append(line(height, FurnitureKind.CROWD, aside[first:last], int(rng.integers(4))))
    return result
