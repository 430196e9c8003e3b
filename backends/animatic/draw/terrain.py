"""The ground's shape as rasters, and which point of it each ray of a camera meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from backends.animatic.draw.view import View
    from backends.animatic.scene import Stage

REACH: Final = 900.0
"""Metres from the lens to the last ground that is drawn."""
STEPS: Final = 112
COLUMNS: Final = 112
FINE_CELLS: Final = 700_000


@dataclass(frozen=True, slots=True)
class Raster:
    """A rectangle of ground: `relief` (rows, columns, 3) holds z and its slopes along x and y; `cell` in metres."""

    x: float
    y: float
    cell: float
    relief: Reals

    def places(self, x: Reals, y: Reals) -> tuple[Reals, Reals]:
        """Columns and rows, as fractions, of world places."""
        return (x - self.x) / self.cell, (y - self.y) / self.cell

    def sample(self, x: Reals, y: Reals) -> Reals:
        """Relief (..., 3) at places of two dimensions."""
        column, row = self.places(x, y)
        column, row = np.asarray(column, np.float32), np.asarray(row, np.float32)
        found = cv2.remap(self.relief, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found, np.float32)

    def covers(self, x: Reals, y: Reals) -> np.ndarray:
        """Where places lie inside the rectangle."""
        column, row = self.places(x, y)
        rows, columns = self.relief.shape[:2]
        return (column >= 0) & (row >= 0) & (column <= columns - 1) & (row <= rows - 1)

    def grid(self) -> tuple[Reals, Reals]:
        """World places of all cells, two arrays (rows, columns)."""
        rows, columns = self.relief.shape[:2]
        x = self.x + np.arange(columns, dtype=np.float32) * self.cell
        y = self.y + np.arange(rows, dtype=np.float32) * self.cell
        return np.broadcast_to(x[None], (rows, columns)), np.broadcast_to(y[:, None], (rows, columns))


def survey(stage: Stage, low: Reals, high: Reals, cell: float) -> Raster:
    """The stage's height over the rectangle from `low` to `high` (x, y), measured every `cell` metres."""
    x = np.arange(low[0], high[0] + cell, cell, dtype=np.float32)
    y = np.arange(low[1], high[1] + cell, cell, dtype=np.float32)
    grid_x, grid_y = np.meshgrid(x, y)
    z = np.broadcast_to(np.asarray(stage.height(grid_x, grid_y), np.float32), grid_x.shape)
    slope_y, slope_x = np.gradient(z, cell)
    return Raster(float(x[0]), float(y[0]), cell, np.ascontiguousarray(np.stack([z, slope_x, slope_y], -1)))


@dataclass(frozen=True, slots=True)
class Ground:
    """The course measured finely and its surroundings coarsely."""

    fine: Raster
    coarse: Raster

    def relief(self, x: ArrayLike, y: ArrayLike) -> Reals:
        """Height and slopes (..., 3) at places of any shape."""
        shape = np.shape(x)
        flat_x = np.asarray(x, np.float32).reshape(-1, shape[-1] if shape else 1)
        flat_y = np.asarray(y, np.float32).reshape(flat_x.shape)
        inside = self.fine.covers(flat_x, flat_y)
        if bool(inside.all()):
            return self.fine.sample(flat_x, flat_y).reshape(*shape, 3)
        found = self.coarse.sample(flat_x, flat_y)
        if bool(inside.any()):
            np.copyto(found, self.fine.sample(flat_x, flat_y), where=inside[..., None])
        return found.reshape(*shape, 3)

    def height(self, x: ArrayLike, y: ArrayLike) -> Reals:
        """Height in metres at places of any shape."""
        return self.relief(x, y)[..., 0]


def measure(stage: Stage, places: Reals, quality: float = 1.0) -> Ground:
    """The ground around a stage and around further places (P, 3) that must be inside; `quality` 0..1 is how many pixels
    will show it."""
    points = np.concatenate([stage.course, places])[:, :2]
    low, high = points.min(axis=0) - 20, points.max(axis=0) + 20
    area = float(high[0] - low[0]) * float(high[1] - low[1])
    fine = survey(stage, low, high, max(0.12, (area / FINE_CELLS) ** 0.5 / quality))
    coarse = survey(stage, low - REACH * 0.7, high + REACH * 0.7, 4.0 * max(1.0, 0.5 / quality) ** 2)
    return Ground(fine, coarse)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a camera sees of the ground on a coarse grid: world `x`, `y` (rows, columns), `distance` along the ray in
    metres, `seen` where there is ground at all; `rays` (rows, columns, 3). The rest answers `cover`."""

    x: Reals
    y: Reals
    distance: Reals
    seen: np.ndarray
    rays: Reals
    view: View
    bearing: float
    first: float
    step: float
    ladder: Reals
    crest: Reals

    def cover(self, places: Reals) -> Reals:
        """The screen row (P,) above which things standing at `places` (P, 3) are not hidden by nearer ground."""
        offset = places[:, :2] - self.view.eye[:2]
        bearing = np.arctan2(offset[:, 0], offset[:, 1])
        distance = np.hypot(offset[:, 0], offset[:, 1])
        column = np.clip(np.rint((_turn(bearing - self.bearing) - self.first) / self.step), 0, len(self.crest) - 1)
        rung = np.clip(np.searchsorted(self.ladder, distance * 0.97 - 1.0) - 1, 0, len(self.ladder) - 1)
        slope = self.crest[column.astype(np.intp), rung]
        top = np.stack([np.sin(bearing), np.cos(bearing), slope], -1).astype(np.float32) * 100 + self.view.eye
        rows = self.view.project(top)[0][:, 1]
        return np.where(distance < 3.0, np.float32(1e6), rows).astype(np.float32)

    def open(self, pixels: Reals, depth: Reals) -> np.ndarray:
        """Whether points at pixels (P, 2) and depths (P,) in metres are not behind the ground."""
        rows, columns = self.distance.shape
        column = np.clip(pixels[:, 0] * columns / self.view.width, 0, columns - 1).astype(np.intp)
        row = np.clip(pixels[:, 1] * rows / self.view.height, 0, rows - 1).astype(np.intp)
        return (depth < self.distance[row, column] * 1.08 + 0.7) | ~self.seen[row, column]

    def horizon(self) -> Reals:
        """The skyline of the ground as world points (C, 3)."""
        bearing = self.bearing + self.first + self.step * np.arange(len(self.crest), dtype=np.float32)
        far = np.stack([np.sin(bearing), np.cos(bearing), self.crest[:, -1]], -1) * REACH
        return (far + self.view.eye).astype(np.float32)


def spread(sight: Sight) -> Reals:
    """Metres of ground between neighbours of the coarse grid (rows, columns), 0.02 at least, 60 at most."""
    down, across = (np.hypot(*parts) for parts in zip(np.gradient(sight.x), np.gradient(sight.y), strict=True))
    return np.clip(np.sqrt(down * across) * 0.84 + (down + across) * 0.08, 0.02, 60).astype(np.float32)


def look(ground: Ground, view: View, across: int, down: int) -> Sight:
    """Follow every ray of a coarse grid to the ground."""
    rays = view.rays(across, down)
    flat = np.maximum(np.hypot(rays[..., 0], rays[..., 1]), 1e-4)
    bearing = float(np.arctan2(view.basis[2, 0], view.basis[2, 1]))
    turned = _turn(np.arctan2(rays[..., 0], rays[..., 1]) - bearing)
    first, last = float(turned.min()) - 0.02, float(turned.max()) + 0.02
    step = (last - first) / (COLUMNS - 1)
    ladder = np.geomspace(0.5, REACH, STEPS).astype(np.float32)
    crest = _crests(ground, view, bearing + first + step * np.arange(COLUMNS, dtype=np.float32), ladder)
    column = np.clip(np.rint((turned - first) / step), 0, COLUMNS - 1).astype(np.intp)
    distance, seen = _meet(crest, ladder, column, rays[..., 2] / flat)
    x, y, along = _refine(ground, view, rays, distance / flat)
    return Sight(x, y, along, seen, rays, view, bearing, first, step, ladder, crest)


def _crests(ground: Ground, view: View, bearing: Reals, ladder: Reals) -> Reals:
    x = view.eye[0] + np.sin(bearing)[:, None] * ladder
    y = view.eye[1] + np.cos(bearing)[:, None] * ladder
    slope = (ground.height(x.astype(np.float32), y.astype(np.float32)) - view.eye[2]) / ladder
    return np.maximum.accumulate(slope, axis=1).astype(np.float32)


def _meet(crest: Reals, ladder: Reals, column: np.ndarray, slope: Reals) -> tuple[Reals, np.ndarray]:
    """First rung of the ladder whose ground rises to the ray, as a distance between rungs."""
    lift = np.float64(400.0)
    keys = (np.clip(crest, -190, 190) + np.arange(len(crest))[:, None] * lift).ravel()
    sought = np.clip(slope, -190, 190) + column * lift
    found = np.searchsorted(keys, sought.ravel()).reshape(slope.shape) - column * len(ladder)
    rung = np.clip(found, 1, len(ladder) - 1)
    before, after = crest[column, rung - 1], crest[column, rung]
    part = np.clip((slope - before) / np.maximum(after - before, 1e-6), 0, 1)
    distance = ladder[rung - 1] + (ladder[rung] - ladder[rung - 1]) * part
    distance = np.where(found <= 0, ladder[0] * crest[column, 0] / np.minimum(slope, -1e-3), distance)
    return distance.astype(np.float32), found < len(ladder)


def _refine(ground: Ground, view: View, rays: Reals, along: Reals) -> tuple[Reals, Reals, Reals]:
    """One of Newton's steps along each ray, no longer than a twentieth of the way."""
    place = view.eye + rays * along[..., None]
    relief = ground.relief(place[..., 0], place[..., 1])
    climb = relief[..., 1] * rays[..., 0] + relief[..., 2] * rays[..., 1] - rays[..., 2]
    climb = np.where(np.abs(climb) < 0.02, np.float32(0.02), climb)
    limit = along * 0.05 + 0.05
    along = along - np.clip((relief[..., 0] - place[..., 2]) / climb, -limit, limit)
    along = np.clip(along, 0.05, REACH * 1.5).astype(np.float32)
    place = view.eye + rays * along[..., None]
    return np.ascontiguousarray(place[..., 0]), np.ascontiguousarray(place[..., 1]), along


def _turn(angle: ArrayLike) -> Reals:
    return ((np.asarray(angle) + np.pi) % (2 * np.pi) - np.pi).astype(np.float32)
