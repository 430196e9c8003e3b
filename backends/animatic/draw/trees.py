"""A forest of single trees near the course; farther away the ground itself is painted wooded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.brush import fixed
from backends.animatic.draw.noise import hashed, rng
from backends.animatic.draw.palette import mix
from backends.animatic.scene import Floats, FurnitureKind, Shot, Stage

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.light import Light
    from backends.animatic.draw.surface import Paint

SIGHT: Final = 330.0
"""Metres beyond which no single tree is drawn."""
CELL: Final = 4.2
MOST: Final = 420
CLEAR: Final = 4.0
"""Metres around a camera's line of sight where no tree may grow."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees: `foot` (T, 3), `tall` metres, `number` a hash 0..1 that decides shape and thinning."""

    foot: Floats
    tall: Floats
    number: Floats


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


def _free(place: Floats, shots: tuple[Shot, ...]) -> np.ndarray:
    """Which places neither stand at a camera's way nor between a camera and what it looks at."""
    lines = [
        shot.eye[::8, :2] + (shot.target[::8, :2] - shot.eye[::8, :2]) * part
        for shot in shots
        for part in np.arange(0, 1.01, 0.12)
    ]
    ways = np.concatenate(lines).astype(np.float32)
    free = np.ones(len(place), bool)
    for way in ways:
        free &= np.abs(place - way).max(axis=1) > CLEAR
    return free


def visible(forest: Forest, brush: Brush) -> tuple[np.ndarray, Floats]:
    """Numbers of the trees in the frame, farthest first, and their depths."""
    local = brush.view.local(forest.foot)
    depth = local[:, 2]
    half = brush.view.width / 2 / brush.view.scale
    inside = (depth > 1.5) & (depth < SIGHT) & (np.abs(local[:, 0]) < depth * half + 4)
    inside &= forest.number < np.clip(1.35 - depth / SIGHT * 1.1, 0.28, 1)
    found = np.flatnonzero(inside)
    found = found[np.argsort(depth[found])][:MOST][::-1]
    return found, depth[found]


def tiers(number: float, count: int) -> tuple[Floats, Floats]:
    """A spruce of unit height: left and right outline (2·count + 1, 2) from the tip down, x in heights."""
    spin = rng(int(number * 1e6))
    breadth = 0.17 + 0.07 * float(spin.random())
    sides: list[Floats] = []
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


def draw_tree(brush: Brush, forest: Forest, index: int, light: Light, cover: float) -> None:
    """One spruce: dark body, lit flank, snow on its boughs, hidden below `cover`."""
    foot, tall, number = forest.foot[index], float(forest.tall[index]), float(forest.number[index])
    ends, depth = brush.view.project(np.stack([foot, foot + np.array([0, 0, tall], np.float32)]))
    up = ends[1] - ends[0]
    size = float(np.linalg.norm(up))
    if size < 3 or float(ends[:, 1].min()) > cover:
        return
    detail = 0 if size < 22 else 1 if size < 110 else 2
    left, right = SHAPES[detail * 7 + int(number * 997) % 7]
    across = np.array([-up[1], up[0]], np.float32)
    away = float(depth[0])
    palette = brush.palette
    body = brush.aired(mix(palette.forest, palette.near, 0.18 * number), away)
    shape = np.concatenate([_laid(left, -1, ends[0], up, across), _laid(right, 1, ends[0], up, across)[::-1]])
    brush.fill(shape, body, cover)
    if size < 7:
        return
    sunny = 1 if float(brush.view.basis[0] @ light.toward) > 0 else -1
    side = right if sunny > 0 else left
    _snow(brush, side, sunny, ends[0], (up, across), (away, cover, number))


def _laid(side: Floats, sign: int, foot: Floats, up: Floats, across: Floats) -> Floats:
    return foot + up * side[:, 1:2] + across * (sign * side[:, 0:1])


def _snow(
    brush: Brush, side: Floats, sunny: int, foot: Floats, axes: tuple[Floats, Floats], how: tuple[float, float, float]
) -> None:
    """Snow lies on each tier: broad and bright on the sunny flank, narrow and blue on the other."""
    away, cover, number = how
    palette = brush.palette
    lit = brush.aired(mix(palette.light, palette.shade, 0.08), away)
    dim = brush.aired(mix(palette.shade, palette.forest, 0.25), away)
    lit_shapes: list[np.ndarray] = []
    dim_shapes: list[np.ndarray] = []
    for step in range(0, len(side) - 2, 2):
        top, tip, notch = side[step], side[step + 1], side[step + 2]
        inner = np.array([top[0] * 0.15, (top[1] + tip[1]) / 2 + 0.01], np.float32)
        patch = np.stack([top * [0.5, 1], tip, notch * [0.75, 1], inner]).astype(np.float32)
        lit_shapes.append(_cut(_laid(patch, sunny, foot, *axes), cover))
        if (step // 2 + int(number * 10)) % 2:
            dim_shapes.append(_cut(_laid(patch * np.array([0.8, 1], np.float32), -sunny, foot, *axes), cover))
    for shapes, tone in ((dim_shapes, dim), (lit_shapes, lit)):
        if shapes:
            cv2.fillPoly(brush.canvas, shapes, tone, cv2.LINE_AA, 4)


def _cut(shape: Floats, cover: float) -> np.ndarray:
    return fixed(np.minimum(shape, np.array([1e6, cover], np.float32)))
