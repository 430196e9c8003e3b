"""A forest of single trees near the course; farther away the ground itself is painted wooded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.brush import SIGHT, fixed, listed
from backends.animatic.draw.noise import hashed, rng
from backends.animatic.draw.palette import mix
from backends.animatic.scene import FurnitureKind, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.light import Light
    from backends.animatic.draw.surface import Paint

CELL: Final = 4.2
MOST: Final = 240
CLEAR: Final = 4.0
"""Metres around a camera's line of sight where no tree may grow."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees: `foot` (T, 3), `tall` metres, `number` a hash 0..1 that decides shape and thinning."""

    foot: Reals
    tall: Reals
    number: Reals


def plant(paint: Paint, stage: Stage, shots: tuple[Shot, ...], seed: int) -> Forest:
    """Trees where the painted ground is wooded, unevenly spaced, and those that must stand; none before a lens."""
    raster = paint.ground.coarse
    course = stage.course
    low, high = course[:, :2].min(axis=0) - 240, course[:, :2].max(axis=0) + 240
    grid = np.stack(np.meshgrid(np.arange(low[0], high[0], CELL), np.arange(low[1], high[1], CELL)), -1).reshape(-1, 2)
    chance = rng(seed, 91)
    place = (grid + chance.uniform(-CELL, CELL, grid.shape)).astype(np.float32)
    column, row = raster.places(place[:, 0], place[:, 1])
    dense = paint.woods[
        np.clip(row.astype(int), 0, paint.woods.shape[0] - 1), np.clip(column.astype(int), 0, paint.woods.shape[1] - 1)
    ]
    place = place[chance.random(len(place)) < dense * 0.5]
    place = place[_free(place, shots)]
    forced = [thing.points[:, :2] for thing in stage.furniture if thing.kind is FurnitureKind.TREE]
    place = np.concatenate([place, *forced]).astype(np.float32)
    z = paint.ground.height(place[:, 0], place[:, 1]) if len(place) else np.zeros(0, np.float32)
    number = hashed(np.arange(len(place)), seed)
    tall = (4.5 + 8.5 * chance.random(len(place)) ** 1.4).astype(np.float32)
    return Forest(np.column_stack([place, z - 0.15]).astype(np.float32), tall, number)


def _free(place: Reals, shots: tuple[Shot, ...]) -> np.ndarray:
    """Which places neither stand at a camera's way nor between a camera and what it looks at."""
    lines = [
        shot.eye[::8, :2] + (shot.target[::8, :2] - shot.eye[::8, :2]) * part
        for shot in shots
        for part in np.arange(0, 1.01, 0.12)
    ]
    ways = np.concatenate(lines).astype(np.float32)
    free = np.ones(len(place), bool)
    order = np.argsort(place[:, 0])  # only what lies close in x can stand in the way
    across = place[order, 0]
    first = np.searchsorted(across, ways[:, 0] - 2 * CLEAR).tolist()
    last = np.searchsorted(across, ways[:, 0] + 2 * CLEAR).tolist()
    for way, low, high in zip(ways, first, last, strict=True):
        near = order[low:high]
        free[near] &= np.abs(place[near] - way).max(axis=1) > CLEAR
    return free


def visible(forest: Forest, brush: Brush) -> tuple[np.ndarray, Reals]:
    """Numbers of the trees in the frame, farthest first, and their depths."""
    local = brush.view.local(forest.foot)
    depth = local[:, 2]
    half = brush.view.width / 2 / brush.view.scale
    inside = (depth > 1.5) & (depth < SIGHT) & (np.abs(local[:, 0]) < depth * half + 4)
    inside &= forest.number < np.clip(1.35 - depth / SIGHT * 1.1, 0.28, 1)
    found = np.flatnonzero(inside)
    found = found[np.argsort(depth[found])][:MOST][::-1]
    return found, depth[found]


def tiers(number: float, count: int) -> tuple[Reals, Reals]:
    """A spruce of unit height: left and right outline (2·count + 1, 2) from the tip down, x in heights."""
    spin = rng(int(number * 1e6))
    breadth = 0.17 + 0.07 * float(spin.random())
    sides: list[Reals] = []
    for _ in range(2):
        rows: list[tuple[float, float]] = [(0.0, 1.0)]
        for step in range(1, count + 1):
            part = step / count
            out = breadth * part**0.85 * (1 + 0.22 * float(spin.normal()))
            rows.append((out, 1 - 0.92 * part + 0.015 * float(spin.normal())))
            rows.append((out * 0.55, 1 - 0.92 * part + 0.03))
        sides.append(np.array(rows, np.float32))
    return sides[0], sides[1]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tree ready for the canvas: polygons in sixteenths of pixels (P, 2), (S, 4, 2) and (D, 4, 2), and how much air
    (0..1) is before it. A small one has no snow."""

    depth: float
    air: float
    body: np.ndarray
    lit: Sequence[np.ndarray]
    dim: Sequence[np.ndarray]


def _patches(side: Reals) -> Reals:
    """Where snow lies on a flank: a quad (S, 4, 2) for each tier."""
    found: list[Reals] = []
    for step in range(0, len(side) - 2, 2):
        top, tip, notch = side[step], side[step + 1], side[step + 2]
        inner = np.array([top[0] * 0.15, (top[1] + tip[1]) / 2 + 0.01], np.float32)
        found.append(np.stack([top * np.array([0.5, 1]), tip, notch * np.array([0.75, 1]), inner]))
    return np.array(found, np.float32)


KINDS: Final = 7
TIERS: Final = (3, 5, 7, 9)
TALL: Final = (44, 100, 190)
"""Pixels from which on a tree has the next larger number of tiers."""
MIRROR: Final = np.array([-1, 1], np.float32)


def _cut(number: float, count: int, sunny: bool) -> Reals:
    """A tree's outline, the snow on its sunny flank and the snow on the other, all their points (P, 2)."""
    left, right = tiers(number, count)
    sides = (_patches(right), _patches(left) * MIRROR)
    lit, dim = sides if sunny else sides[::-1]
    body = np.concatenate([left * MIRROR, right[::-1]])
    return np.concatenate([body, lit.reshape(-1, 2), (dim[::2] * np.array([0.8, 1], np.float32)).reshape(-1, 2)])


SHAPES: Final = {
    (level, sunny): np.array([_cut(0.137 * (index + 1), count, sunny) for index in range(KINDS)], np.float32)
    for level, count in enumerate(TIERS)
    for sunny in (False, True)
}
"""The points of all kinds of trees (KINDS, P, 2) with so many tiers, lit from the left or from the right."""


def stand(brush: Brush, forest: Forest, shown: np.ndarray, light: Light) -> list[Drawn]:
    """The shown trees as polygons, farthest first, cut where nearer ground hides them."""
    if not len(shown):
        return []
    foot, tall = forest.foot[shown], forest.tall[shown]
    low, depth = brush.view.project(foot)
    high, _ = brush.view.project(foot + np.array([0, 0, 1], np.float32) * tall[:, None])
    up = high - low
    size = np.hypot(up[:, 0], up[:, 1])
    cover = brush.sight.cover(foot)
    seen = (size > 3) & (np.minimum(low, high)[:, 1] < cover)
    level, kind = np.searchsorted(TALL, size, side="right"), (forest.number[shown] * 997).astype(np.intp) % KINDS
    sunny = bool(brush.view.basis[0] @ light.toward > 0)
    drawn: list[Drawn | None] = [None] * len(shown)
    air = brush.paint.veil(depth)
    for number, count in enumerate(TIERS):
        chosen = np.flatnonzero(seen & (level == number))
        if not len(chosen):
            continue
        points = _laid(SHAPES[number, sunny][kind[chosen]], low[chosen], up[chosen], cover[chosen])
        body, lit, dim = np.split(points, [4 * count + 2, 8 * count + 2], axis=1)
        lit, dim = _quads(lit), _quads(dim)
        for place, index in enumerate(chosen.tolist()):
            end = None if size[index] > 6 else 0
            drawn[index] = Drawn(
                float(depth[index]), float(air[index]), body[place], lit[place][:end], dim[place][:end]
            )
    return [tree for tree in drawn if tree is not None]


def _quads(points: np.ndarray) -> list[Sequence[np.ndarray]]:
    """The points of each tree's patches (T, S · 4, 2) as quads (S, 4, 2)."""
    return [listed(quads) for quads in points.reshape(len(points), -1, 4, 2)]


def _laid(shapes: Reals, low: Reals, up: Reals, cover: Reals) -> np.ndarray:
    """Shapes (T, P, 2) of unit height, each laid on its tree: (T, P, 2) in sixteenths of pixels."""
    aside, above = shapes[..., 0], shapes[..., 1]
    x = low[:, :1] + up[:, :1] * above - up[:, 1:] * aside
    y = low[:, 1:] + up[:, 1:] * above + up[:, :1] * aside
    return fixed(np.stack([x, np.minimum(y, cover[:, None])], -1))


def draw_tree(brush: Brush, tree: Drawn) -> None:
    """One spruce: dark body, snow narrow and blue on one flank, broad and bright on the sunny one."""
    palette = brush.palette
    brush.put([tree.body], brush.veiled(mix(palette.forest, palette.near, 0.1), tree.air))
    if len(tree.dim):
        brush.plain(tree.dim, brush.veiled(mix(palette.shade, palette.forest, 0.25), tree.air))
        brush.plain(tree.lit, brush.veiled(mix(palette.light, palette.shade, 0.08), tree.air))
