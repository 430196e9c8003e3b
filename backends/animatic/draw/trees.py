"""A forest of single trees near the course; farther away the ground itself is painted wooded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.brush import SIGHT, fixed
from backends.animatic.draw.noise import hashed, rng
from backends.animatic.draw.palette import mix
from backends.animatic.scene import FurnitureKind, Shot, Stage

if TYPE_CHECKING:
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


SHAPES: Final = tuple(tiers(0.137 * (index + 1), count) for count in (3, 6, 9) for index in range(7))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tree ready for the canvas: polygons in sixteenths of pixels."""

    depth: float
    body: np.ndarray
    lit: list[np.ndarray]
    dim: list[np.ndarray]


def _patches(side: Reals) -> Reals:
    """Where snow lies on a flank: a quad (S, 4, 2) for each tier."""
    found: list[Reals] = []
    for step in range(0, len(side) - 2, 2):
        top, tip, notch = side[step], side[step + 1], side[step + 2]
        inner = np.array([top[0] * 0.15, (top[1] + tip[1]) / 2 + 0.01], np.float32)
        found.append(np.stack([top * np.array([0.5, 1]), tip, notch * np.array([0.75, 1]), inner]))
    return np.array(found, np.float32)


SNOW: Final = tuple((_patches(left), _patches(right)) for left, right in SHAPES)


def stand(brush: Brush, forest: Forest, shown: np.ndarray, light: Light) -> list[Drawn]:
    """The shown trees as polygons, farthest first, cut where nearer ground hides them."""
    if not len(shown):
        return []
    foot, tall = forest.foot[shown], forest.tall[shown]
    low, depth = brush.view.project(foot)
    high, _ = brush.view.project(foot + np.array([0, 0, 1], np.float32) * tall[:, None])
    up = high - low
    size = np.linalg.norm(up, axis=1)
    detail = np.where(size < 22, 0, np.where(size < 110, 1, 2))
    shape = detail * 7 + (forest.number[shown] * 997).astype(int) % 7
    cover = brush.sight.cover(foot)
    sunny = bool(brush.view.basis[0] @ light.toward > 0)
    drawn: list[Drawn | None] = [None] * len(shown)
    for kind in np.unique(shape).tolist():
        chosen = np.flatnonzero((shape == kind) & (size > 3) & (np.minimum(low, high)[:, 1] < cover))
        _cut_out(drawn, chosen, kind, (low, up, cover, depth), sunny, size)
    return [tree for tree in drawn if tree is not None]


def _cut_out(
    drawn: list[Drawn | None], chosen: np.ndarray, kind: int, axes: tuple[Reals, ...], sunny: bool, size: Reals
) -> None:
    low, up, cover, depth = (part[chosen] for part in axes)
    across = np.stack([-up[:, 1], up[:, 0]], -1)
    left, right = SHAPES[kind]
    outline = np.concatenate([left * np.array([-1, 1], np.float32), right[::-1]])
    body = _laid(outline, low, up, across, cover)
    snow_left, snow_right = SNOW[kind]
    sides = (snow_right, snow_left * np.array([-1, 1], np.float32))
    bright, other = sides if sunny else sides[::-1]
    lit = _laid(bright, low, up, across, cover)
    dim = _laid(other[::2] * np.array([0.8, 1], np.float32), low, up, across, cover)
    for place, index in enumerate(chosen.tolist()):
        snowy = float(size[index]) > 6
        drawn[index] = Drawn(
            float(depth[place]), body[place], list(lit[place]) if snowy else [], list(dim[place]) if snowy else []
        )


def _laid(shape: Reals, low: Reals, up: Reals, across: Reals, cover: Reals) -> np.ndarray:
    """A shape (..., 2) of unit height laid on every tree: (T, ..., 2) in sixteenths of pixels."""
    spread = (slice(None), *([None] * (shape.ndim - 1)), slice(None))
    pixels = low[spread] + up[spread] * shape[None, ..., 1:2] + across[spread] * shape[None, ..., 0:1]
    limit = cover.reshape(-1, *([1] * (shape.ndim - 1)))
    pixels[..., 1] = np.minimum(pixels[..., 1], limit)
    return fixed(pixels)


def draw_tree(brush: Brush, tree: Drawn) -> None:
    """One spruce: dark body, snow narrow and blue on one flank, broad and bright on the sunny one."""
    palette = brush.palette
    brush.put([tree.body], brush.aired(mix(palette.forest, palette.near, 0.1), tree.depth))
    plain = replace(brush, ink=None)
    if tree.dim:
        plain.put(tree.dim, brush.aired(mix(palette.shade, palette.forest, 0.25), tree.depth))
    if tree.lit:
        plain.put(tree.lit, brush.aired(mix(palette.light, palette.shade, 0.08), tree.depth))
