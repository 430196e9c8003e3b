"""One frame's camera, ready for arrays: world metres to pixels and pixels to rays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.camera import axes
from backends.animatic.draw.arrays import Reals

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from backends.animatic.scene import Shot

NEAR: Final = 0.15
"""Metres in front of the lens where shapes are cut off."""


@dataclass(frozen=True, slots=True)
class View:
    """A pinhole camera at `eye`; `basis` (3, 3) has the rows right, down, forward; `scale` is focal length in px."""

    eye: Reals
    basis: Reals
    scale: float
    width: int
    height: int

    def local(self, points: ArrayLike) -> Reals:
        """Camera coordinates (..., 3) in metres: right, down, forward."""
        return (np.asarray(points, np.float32) - self.eye) @ self.basis.T

    def screen(self, local: Reals) -> Reals:
        """Pixels (..., 2) of camera coordinates (..., 3)."""
        depth = np.maximum(local[..., 2:], NEAR)
        centre = np.array([self.width / 2, self.height / 2], np.float32)
        return local[..., :2] * (self.scale / depth) + centre

    def project(self, points: ArrayLike) -> tuple[Reals, Reals]:
        """Pixels (..., 2) and depth in metres (...) of world points (..., 3)."""
        local = self.local(points)
        return self.screen(local), local[..., 2]

    def meets(self, local: Reals) -> np.ndarray:
        """Which shapes (Q, P, 3) in camera coordinates do not lie wholly beyond one side of the frame."""
        size = np.array([self.width, self.height], np.float32)
        limit = local[..., 2:] * (size / np.float32(2 * self.scale))
        past, short = (local[..., :2] > limit).all(axis=1), (local[..., :2] < -limit).all(axis=1)
        return np.asarray(~np.stack([past, short]).any(axis=(0, 2)))

    def rays(self, across: int, down: int) -> Reals:
        """World directions (down, across, 3), not normalised, through the centres of a coarse grid over the frame."""
        x, y = self._tangents(across, down)
        right, below, ahead = self.basis
        rows, columns = ahead[:, None] + below[:, None] * y, right[:, None] * x
        return np.moveaxis(rows[:, :, None] + columns[:, None], 0, -1)

    def reach(self, across: int, down: int) -> Reals:
        """The lengths (down, across) of `rays`."""
        x, y = self._tangents(across, down)
        return np.sqrt((1 + y * y)[:, None] + (x * x)[None])

    def _tangents(self, across: int, down: int) -> tuple[Reals, Reals]:
        """Where the centres of a coarse grid's columns and rows lie on a plane one metre ahead."""
        x = ((np.arange(across, dtype=np.float32) + 0.5) / across - 0.5) * np.float32(self.width / self.scale)
        y = ((np.arange(down, dtype=np.float32) + 0.5) / down - 0.5) * np.float32(self.height / self.scale)
        return x, y

    def shape(self, points: ArrayLike) -> Reals | None:
        """The polygon (P, 3) cut at the near plane, in pixels (Q, 2); None where nothing of it is in front."""
        local = self.local(points)
        if bool((local[:, 2] >= NEAR).all()):
            return self.screen(local)
        cut = clip(local)
        return self.screen(cut) if len(cut) > 2 else None

    def line(self, points: ArrayLike) -> list[Reals]:
        """The polyline (P, 3) cut at the near plane: its visible stretches in pixels, each (Q, 2)."""
        local = self.local(points)
        ahead = local[:, 2] >= NEAR
        if bool(ahead.all()):
            return [self.screen(local)]
        pieces: list[Reals] = []
        for first, last in runs(ahead):
            piece = [local[first:last]]
            if first > 0:
                piece.insert(0, _crossing(local[first - 1], local[first])[None])
            if last < len(local):
                piece.append(_crossing(local[last - 1], local[last])[None])
            pieces.append(self.screen(np.concatenate(piece)))
        return pieces


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Where each stretch of true begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _crossing(a: Reals, b: Reals) -> Reals:
    part = (NEAR - a[2]) / (b[2] - a[2])
    return a + part * (b - a)


def before(local: Reals) -> Reals:
    """Stretches (S, 2, 3) in camera coordinates, cut at the near plane."""
    depth, way = local[..., 2], local[:, ::-1] - local
    part = np.clip((NEAR - depth) / np.where(way[..., 2] == 0, 1, way[..., 2]), 0, 1)
    return local + way * np.where(depth < NEAR, part, 0)[..., None]


def clip(local: Reals) -> Reals:
    """Sutherland and Hodgman's cut of a polygon (P, 3) in camera coordinates at the near plane."""
    after = np.roll(local, -1, axis=0)
    ahead, change = local[:, 2] >= NEAR, (local[:, 2] >= NEAR) != (after[:, 2] >= NEAR)
    way = after - local
    part = (NEAR - local[:, 2:]) / np.where(change, way[:, 2], 1)[:, None]
    both = np.stack([local, local + part * way], 1)
    return both[np.stack([ahead, change], 1)].astype(np.float32)


def view_of(shot: Shot, index: int, width: int, height: int) -> View:
    """The camera of frame `index` of a shot."""
    basis = axes(shot.eye[index], shot.target[index], shot.roll[index]).astype(np.float32)
    basis[1] *= -1
    return View(shot.eye[index].astype(np.float32), basis, float(shot.focal[index]) * height, width, height)
