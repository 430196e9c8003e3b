"""What stands far away: panoramas painted once a film and seen through every camera with true parallax."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals

if TYPE_CHECKING:
    from backends.animatic.draw.view import View

LOW: Final = -0.55
HIGH: Final = 1.25
"""Elevation in radians of the lowest and highest row of a sky."""


@dataclass(frozen=True, slots=True)
class Sky:
    """Everything at infinity: `picture` (rows, columns, 3), all bearings twice, from `HIGH` down to `LOW`."""

    picture: np.ndarray

    def paint(self, view: View, rays: Reals, width: int, height: int) -> np.ndarray:
        """The sky (height, width, 3) that a camera sees."""
        bearing = _bearing(rays[..., 0], rays[..., 1], view)
        elevation = np.arctan2(rays[..., 2], np.hypot(rays[..., 0], rays[..., 1]))
        rows, columns = self.picture.shape[0], self.picture.shape[1] // 2
        u = bearing * (columns / (2 * np.pi))
        v = (HIGH - elevation) * ((rows - 1) / (HIGH - LOW))
        return _sample(self.picture, u, v, width, height, rows)


@dataclass(frozen=True, slots=True)
class Wall:
    """A picture with alpha (rows, columns, 4), doubled, around the scene: an upright ellipse, half axes `reach`, about
    `centre`, widening by `lean` metres a metre of height, from height `foot` to `top`."""

    picture: np.ndarray
    centre: tuple[float, float]
    reach: tuple[float, float]
    foot: float
    top: float
    lean: float = 0.0

    def paint(self, view: View, rays: Reals, width: int, height: int) -> np.ndarray:
        """The wall (height, width, 4) that a camera inside it sees, colours multiplied by alpha."""
        along = self.meet(view, rays)
        x = (view.eye[0] - self.centre[0] + along * rays[..., 0]) / self.reach[0]
        y = (view.eye[1] - self.centre[1] + along * rays[..., 1]) / self.reach[1]
        z = view.eye[2] + along * rays[..., 2]
        rows, columns = self.picture.shape[0], self.picture.shape[1] // 2
        u = _bearing(x, y, view) * (columns / (2 * np.pi))
        v = (self.top - z) * ((rows - 1) / (self.top - self.foot))
        return _sample(self.picture, u, v, width, height, rows)

    def meet(self, view: View, rays: Reals) -> Reals:
        """Along each ray, where it leaves the wall's ellipse."""
        lean = self.lean / min(self.reach)
        grown = 1 + lean * (float(view.eye[2]) - self.foot)
        rise = lean * rays[..., 2]
        ex, ey = (view.eye[0] - self.centre[0]) / self.reach[0], (view.eye[1] - self.centre[1]) / self.reach[1]
        dx, dy = rays[..., 0] / self.reach[0], rays[..., 1] / self.reach[1]
        a = dx * dx + dy * dy - rise * rise
        b = ex * dx + ey * dy - grown * rise
        c = ex * ex + ey * ey - grown * grown
        a = np.where(np.abs(a) < 1e-9, np.float32(1e-9), a)
        root = np.sqrt(np.maximum(b * b - a * c, 0))
        return np.clip((root - b) / a, 0, 1e5).astype(np.float32)


def _bearing(x: Reals, y: Reals, view: View) -> Reals:
    """Bearings that stay continuous over the frame, though not within one turn."""
    middle = np.float32(np.arctan2(view.basis[2, 0], view.basis[2, 1]))
    turned = np.arctan2(x, y) - middle
    return ((turned + np.pi) % (2 * np.pi) - np.pi + middle).astype(np.float32)


def _sample(picture: np.ndarray, u: Reals, v: Reals, width: int, height: int, rows: int) -> np.ndarray:
    size = (width, height)
    columns = picture.shape[1] // 2
    low, high = (0, rows - 1) if picture.shape[2] == 3 else (-1, rows)
    u = u - np.float32(np.floor(float(u.min()) / columns) * columns)
    v = np.clip(v, low, high).astype(np.float32)
    return cv2.remap(picture, cv2.resize(u, size), cv2.resize(v, size), cv2.INTER_LINEAR)


def doubled(picture: np.ndarray) -> np.ndarray:
    """The picture beside itself, so that no frame crosses its seam."""
    return np.ascontiguousarray(np.concatenate([picture, picture], axis=1))
