"""The ground's shape as rasters, and which point of it each ray of a camera meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, polar

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from backends.animatic.draw.view import View
    from backends.animatic.scene import Stage

REACH: Final = 900.0
"""Metres from the lens to the last ground that is drawn."""
STEPS: Final = 112
COLUMNS: Final = 112
FINE_CELLS: Final = 700_000
LADDER: Final = np.geomspace(0.5, REACH, STEPS).astype(np.float32)
"""Distances in metres at which the ground is measured along each bearing."""
ROUGH: Final = 0.04
"""Metres by which measured heights in a row may bend until those between are measured, too."""
LIFT: Final = np.float64(400.0)
"""What keeps the slopes of neighbouring bearings apart, so that one sorted list holds them all."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A rectangle of ground: `tall` (rows, columns) holds z, `relief` (rows, columns, 3) z and its slopes along x and
    y; `cell` in metres."""

    x: float
    y: float
    cell: float
    tall: Reals
    relief: Reals

    def places(self, x: Reals, y: Reals) -> tuple[Reals, Reals]:
        """Columns and rows, as fractions, of world places."""
        return (x - self.x) / self.cell, (y - self.y) / self.cell

    def within(self, x: Reals, y: Reals) -> bool:
        """Whether all places lie inside the rectangle."""
        rows, columns = self.tall.shape
        inside = self.x <= x.min() and x.max() <= self.x + (columns - 1) * self.cell
        return bool(inside and self.y <= y.min() and y.max() <= self.y + (rows - 1) * self.cell)

    def covers(self, x: Reals, y: Reals) -> np.ndarray:
        """Where places lie inside the rectangle."""
        column, row = self.places(x, y)
        rows, columns = self.tall.shape
        return (column >= 0) & (row >= 0) & (column <= columns - 1) & (row <= rows - 1)

    def grid(self) -> tuple[Reals, Reals]:
        """World places of all cells, two arrays (rows, columns)."""
        rows, columns = self.tall.shape
        x = self.x + np.arange(columns, dtype=np.float32) * self.cell
        y = self.y + np.arange(rows, dtype=np.float32) * self.cell
        return np.broadcast_to(x[None], (rows, columns)), np.broadcast_to(y[:, None], (rows, columns))


def survey(stage: Stage, low: Reals, high: Reals, cell: float) -> Raster:
    """The stage's height over the rectangle from `low` to `high` (x, y), known every `cell` metres."""
    x = np.arange(low[0], high[0] + cell, cell, dtype=np.float32)
    y = np.arange(low[1], high[1] + cell, cell, dtype=np.float32)
    z = (_heights if cell < 1 else _all_heights)(stage, x, y)
    slope_y, slope_x = np.gradient(z, np.float32(cell))
    return Raster(float(x[0]), float(y[0]), cell, z, np.stack([z, slope_x, slope_y], -1))


def _all_heights(stage: Stage, x: Reals, y: Reals) -> Reals:
    grid_x, grid_y = np.meshgrid(x, y)
    return np.broadcast_to(np.asarray(stage.height(grid_x, grid_y), np.float32), grid_x.shape).copy()


def _heights(stage: Stage, x: Reals, y: Reals) -> Reals:
    """Heights (rows, columns), measured at every other place; between those only where the ground is too rough for a
    smooth curve through its neighbours."""
    rows, columns = len(y), len(x)
    x, y = (np.append(line, 2 * line[-1] - line[-2]) if len(line) % 2 == 0 else line for line in (x, y))
    grid_x, grid_y = np.meshgrid(x, y)
    wide, rough_x = _between(_all_heights(stage, x[::2], y[::2]))
    tall, rough_y = _between(np.ascontiguousarray(wide.T))
    rough = np.repeat(rough_x, 2, axis=0)[: len(y)] | rough_y.T
    z = np.ascontiguousarray(tall.T)
    places = np.nonzero(cv2.dilate(rough.astype(np.uint8), np.ones((3, 3), np.uint8)))
    if len(places[0]):
        z[places] = stage.height(grid_x[places], grid_y[places])
    return np.ascontiguousarray(z[:rows, :columns])


def _between(some: Reals) -> tuple[Reals, np.ndarray]:
    """Rows with a value more between any two of theirs, and which of all values lie where the rows bend sharply."""
    padded = np.pad(some, ((0, 0), (1, 1)), "edge")
    near, far = padded[:, 1:-2] + padded[:, 2:-1], padded[:, :-3] + padded[:, 3:]
    whole = np.empty((len(some), 2 * some.shape[1] - 1), np.float32)
    whole[:, ::2], whole[:, 1::2] = some, near * np.float32(9 / 16) - far * np.float32(1 / 16)
    rough = np.zeros(whole.shape, bool)
    bent = np.abs(padded[:, :-2] - 2 * padded[:, 1:-1] + padded[:, 2:]) > ROUGH
    rough[:, 1::2] = bent[:, :-1] | bent[:, 1:]
    return whole, rough


@dataclass(frozen=True, slots=True)
class Ground:
    """The course measured finely and its surroundings coarsely."""

    fine: Raster
    coarse: Raster

    def relief(self, x: ArrayLike, y: ArrayLike) -> Reals:
        """Height and slopes (..., 3) at places of any shape."""
        found = self._sampled(self.fine.relief, self.coarse.relief, x, y)
        return found.reshape(*np.shape(x), 3)

    def height(self, x: ArrayLike, y: ArrayLike) -> Reals:
        """Height in metres at places of any shape."""
        return self._sampled(self.fine.tall, self.coarse.tall, x, y).reshape(np.shape(x))

    def _sampled(self, fine: Reals, coarse: Reals, x: ArrayLike, y: ArrayLike) -> Reals:
        """The fine values where there are any, elsewhere the coarse ones."""
        shape = np.shape(x)
        flat_x = np.asarray(x, np.float32).reshape(-1, shape[-1] if shape else 1)
        flat_y = np.asarray(y, np.float32).reshape(flat_x.shape)
        found = None
        if not self.fine.within(flat_x, flat_y):
            column, row = self.coarse.places(flat_x, flat_y)
            found = cv2.remap(coarse, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        column, row = self.fine.places(flat_x, flat_y)
        border = cv2.BORDER_REPLICATE if found is None else cv2.BORDER_TRANSPARENT
        return np.asarray(cv2.remap(fine, column, row, cv2.INTER_LINEAR, found, border), np.float32)


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
    """Metres of ground (rows, columns) over a hundredth of the frame's height, 0.012 at least, 60 at most."""
    down, across = (np.hypot(*parts) for parts in zip(np.gradient(sight.x), np.gradient(sight.y), strict=True))
    whole = np.sqrt(down * across) * 0.84 + (down + across) * 0.08
    return np.clip(whole * (len(sight.x) / 100), 0.012, 60).astype(np.float32)


def look(ground: Ground, view: View, across: int, down: int) -> Sight:
    """Follow every ray of a coarse grid to the ground."""
    rays = view.rays(across, down)
    bearing = float(np.arctan2(view.basis[2, 0], view.basis[2, 1]))
    flat, turned = _flattened(rays, bearing)
    first, last = float(turned.min()) - 0.02, float(turned.max()) + 0.02
    step = (last - first) / (COLUMNS - 1)
    crest = _crests(ground, view, bearing + first + step * np.arange(COLUMNS, dtype=np.float32))
    column = np.rint((turned - first) * (1 / step)).astype(np.intp)
    distance, seen = _meet(crest, column, rays[..., 2] / flat)
    x, y, along = _refine(ground, view, rays, distance / flat)
    return Sight(x, y, along, seen, rays, view, bearing, first, step, LADDER, crest)


def _flattened(rays: Reals, bearing: float) -> tuple[Reals, Reals]:
    """Each ray's length on the map and its turn from a bearing, in radians."""
    sine, cosine = np.float32(np.sin(bearing)), np.float32(np.cos(bearing))
    ahead = rays[..., 0] * sine + rays[..., 1] * cosine
    aside = rays[..., 0] * cosine - rays[..., 1] * sine
    flat, turned = polar(ahead, aside)
    return np.maximum(flat, np.float32(1e-4)), turned


def _crests(ground: Ground, view: View, bearing: Reals) -> Reals:
    """How steeply one looks up to the highest ground so far, at each rung of the ladder along each bearing."""
    x = view.eye[0] + np.sin(bearing)[:, None] * LADDER
    y = view.eye[1] + np.cos(bearing)[:, None] * LADDER
    slope = (ground.height(x, y) - view.eye[2]) / LADDER
    return np.maximum.accumulate(slope, axis=1)


def _meet(crest: Reals, column: np.ndarray, slope: Reals) -> tuple[Reals, np.ndarray]:
    """First rung of the ladder whose ground rises to the ray, as a distance between rungs."""
    rungs = len(LADDER)
    keys = (np.clip(crest, -190, 190) + np.arange(len(crest))[:, None] * LIFT).ravel()
    sought = np.clip(slope, -190, 190) + column * LIFT
    # Sought down the columns, where neighbours are found close together.
    found = np.searchsorted(keys, sought.T.ravel()).reshape(sought.shape[::-1]).T - column * rungs
    rung = np.clip(found, 1, rungs - 1)
    place = column * rungs + rung
    before, after = np.take(crest, place - 1), np.take(crest, place)
    near, far = np.take(LADDER, rung - 1), np.take(LADDER, rung)
    part = np.clip((slope - before) / np.maximum(after - before, np.float32(1e-6)), 0, 1)
    distance = near + (far - near) * part
    under = found <= 0
    if under.any():
        distance[under] = LADDER[0] * crest[column[under], 0] / np.minimum(slope[under], -1e-3)
    return distance, found < rungs


def _refine(ground: Ground, view: View, rays: Reals, along: Reals) -> tuple[Reals, Reals, Reals]:
    """One of Newton's steps along each ray, no longer than a twentieth of the way."""
    east, north, up = (rays[..., axis] for axis in range(3))
    relief = ground.relief(view.eye[0] + east * along, view.eye[1] + north * along)
    climb = relief[..., 1] * east + relief[..., 2] * north - up
    climb[np.abs(climb) < 0.02] = 0.02
    limit = along * np.float32(0.05) + np.float32(0.05)
    step = (relief[..., 0] - view.eye[2] - up * along) / climb
    along = np.clip(along - np.minimum(np.maximum(step, -limit), limit), 0.05, REACH * 1.5)
    return view.eye[0] + east * along, view.eye[1] + north * along, along


def _turn(angle: ArrayLike) -> Reals:
    return ((np.asarray(angle) + np.pi) % (2 * np.pi) - np.pi).astype(np.float32)
