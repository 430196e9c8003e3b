"""What stands far away: panoramas painted once a film and seen through every camera with true parallax."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, mapped, polar, sized

if TYPE_CHECKING:
    from backends.animatic.draw.view import View

LOW: Final = -0.55
HIGH: Final = 1.25
"""Elevation in radians of the lowest and highest row of a sky."""
PITCH: Final = 8
"""Pixels of a canvas between rays that are followed to what is far away."""


@dataclass(frozen=True, slots=True)
class Sky:
    """Everything at infinity: `picture` (rows, columns, 3), all bearings twice, from `HIGH` down to `LOW`."""

    picture: np.ndarray

    def paint(self, canvas: np.ndarray, view: View, rows: slice) -> None:
        """Fill rows of a canvas (h, w, 3) with the sky that a camera sees."""
        rays = _rays(view, canvas)
        flat, bearing = _bearing(rays[..., 0], rays[..., 1], view)
        _, elevation = polar(flat, rays[..., 2])
        tall, wide = self.picture.shape[0], self.picture.shape[1] // 2
        u = _unwound(bearing * np.float32(wide / (2 * np.pi)), wide)
        v = np.clip((HIGH - elevation) * np.float32((tall - 1) / (HIGH - LOW)), 0, tall - 1)
        maps = mapped((u, v), canvas.shape[1::-1], rows)
        cv2.remap(self.picture, *maps, cv2.INTER_LINEAR, canvas[rows], cv2.BORDER_REPLICATE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a camera sees of a wall on a coarse grid: columns `u` and rows `v` of its picture, whether it is `there` and
    whether it is `thin` (something may shine through)."""

    u: Reals
    v: Reals
    there: np.ndarray
    thin: np.ndarray


@dataclass(frozen=True, slots=True)
class Wall:
    """A picture with alpha (rows, columns, 4), doubled, around the scene: an upright ellipse, half axes `reach`, about
    `centre`, widening by `lean` metres a metre of height, from height `foot` to `top`; nothing shines through
    the picture from its row `solid` on."""

    picture: np.ndarray
    centre: tuple[float, float]
    reach: tuple[float, float]
    foot: float
    top: float
    lean: float = 0.0
    solid: int = 0

    def seen(self, view: View, canvas: np.ndarray) -> Seen:
        """Which of its columns and rows a camera inside it sees on a canvas, on a coarse grid."""
        rays = _rays(view, canvas)
        along = self.meet(view, rays)
        x = (view.eye[0] - self.centre[0] + along * rays[..., 0]) * np.float32(1 / self.reach[0])
        y = (view.eye[1] - self.centre[1] + along * rays[..., 1]) * np.float32(1 / self.reach[1])
        z = view.eye[2] + along * rays[..., 2]
        tall, wide = self.picture.shape[0], self.picture.shape[1] // 2
        u = _unwound(_bearing(x, y, view)[1] * np.float32(wide / (2 * np.pi)), wide)
        v = np.clip((self.top - z) * np.float32((tall - 1) / (self.top - self.foot)), -1, tall)
        return Seen(u, v, v > -1, (v < self.solid) | (v > tall - 1))

    def paint(self, canvas: np.ndarray, seen: Seen, rows: slice) -> None:
        """Lay the wall over rows of a canvas (h, w, 3)."""
        u, v = (sized(place, canvas.shape[1::-1], rows) for place in (seen.u, seen.v))
        wall = cv2.remap(self.picture, u, v, cv2.INTER_LINEAR)
        part = canvas[rows]
        keep = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(wall, 3)), cv2.COLOR_GRAY2BGR)
        cv2.multiply(part, keep, part, 1 / 255)
        cv2.add(part, cv2.cvtColor(wall, cv2.COLOR_BGRA2BGR), part)

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


def _bearing(x: Reals, y: Reals, view: View) -> tuple[Reals, Reals]:
    """Lengths on the map, and bearings that stay continuous over the frame, though not within one turn."""
    middle = np.float32(np.arctan2(view.basis[2, 0], view.basis[2, 1]))
    sine, cosine = np.sin(middle), np.cos(middle)
    flat, turned = polar(x * sine + y * cosine, x * cosine - y * sine)
    return flat, turned + middle


def _rays(view: View, canvas: np.ndarray) -> Reals:
    """Rays through every eighth pixel of a canvas that spans the view."""
    return view.rays(max(2, canvas.shape[1] // PITCH), max(2, canvas.shape[0] // PITCH))


def _unwound(u: Reals, columns: int) -> Reals:
    """Columns of a doubled picture, from its first half on."""
    return u - np.float32(np.floor(float(u.min()) / columns) * columns)


def solid_from(picture: np.ndarray) -> int:
    """The first row of a picture with alpha (rows, columns, 4) below which it hides everything."""
    clear = np.flatnonzero(cv2.reduce(cv2.extractChannel(picture, 3), 1, cv2.REDUCE_MIN)[:, 0] < 255)
    return int(clear[-1]) + 2 if len(clear) else 0


def doubled(picture: np.ndarray) -> np.ndarray:
    """The picture beside itself, so that no frame crosses its seam."""
    return np.ascontiguousarray(np.concatenate([picture, picture], axis=1))
