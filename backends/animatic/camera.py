"""The pinhole camera: where a point of the world lands in the picture.

World: x right, y along the course, z up (right-handed). The camera looks from `eye` to `target`. Without roll its
right axis is `forward × z` (looking along +y, right is +x) and its up axis `right × forward`. A positive roll leans the
camera to its own right, so the horizon's right end rises in the picture. Pixels: x to the right, y down, the origin in
the top left corner, the optical axis in the middle of the frame.

    x = width / 2 + focal · height · X / Z        y = height / 2 − focal · height · Y / Z

with X, Y, Z the point's coordinates along right, up and forward (metres).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from backends.animatic.scene import Shot

SIZE: Final = (1280, 720)
"""Width and height in pixels where nothing else is said."""

NEAR: Final = 0.05
"""Metres; points nearer than this (or behind) are projected as if they were here, their true depth is kept."""


def axes(eye: ArrayLike, target: ArrayLike, roll: ArrayLike) -> NDArray[np.float64]:
    """Camera axes for eyes and targets (..., 3) and rolls (...): (..., 3, 3), rows right, up, forward (unit)."""
    forward = np.asarray(target, np.float64) - np.asarray(eye, np.float64)
    forward /= np.maximum(np.linalg.norm(forward, axis=-1, keepdims=True), 1e-9)
    east, north, above = forward[..., 0], forward[..., 1], forward[..., 2]
    flat = np.maximum(np.hypot(east, north), 1e-9)
    right = np.stack([north / flat, -east / flat, np.zeros_like(flat)], axis=-1)
    up = np.stack([-east * above / flat, -north * above / flat, (east * east + north * north) / flat], axis=-1)
    turn = np.asarray(roll, np.float64)[..., None]
    cos, sin = np.cos(turn), np.sin(turn)
    return np.stack([cos * right - sin * up, cos * up + sin * right, forward], axis=-2)


def project(shot: Shot, index: int, points: ArrayLike, size: tuple[int, int] = SIZE) -> NDArray[np.float64]:
    """Screen places (P, 3) of world points (P, 3) in frame `index` of `shot`: x px, y px, depth m.

    Where depth < `NEAR` the point is behind the lens: x and y then only tell the side it lies on.
    """
    eye, target = shot.eye[index], shot.target[index]
    place = (np.asarray(points, np.float64) - eye) @ axes(eye, target, shot.roll[index]).T
    return screen(place, float(shot.focal[index]), size)


def screen(place: NDArray[np.float64], focal: ArrayLike, size: tuple[int, int] = SIZE) -> NDArray[np.float64]:
    """Camera coordinates (..., 3) (right, up, forward in metres) to x px, y px, depth m (..., 3)."""
    width, height = size
    scale = np.asarray(focal) * height / np.maximum(place[..., 2], NEAR)
    return np.stack([width / 2 + scale * place[..., 0], height / 2 - scale * place[..., 1], place[..., 2]], axis=-1)
