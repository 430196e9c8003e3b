"""Shapes of the world put on the canvas: cut at the lens, faded by air, hidden behind crests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.palette import Colour, Palette, mix, vector
from backends.animatic.draw.view import NEAR, before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backends.animatic.draw.surface import Paint
    from backends.animatic.draw.terrain import Sight
    from backends.animatic.draw.view import View


SIGHT: Final = 330.0
"""Metres beyond which no single thing is drawn."""


def fixed(points: Reals) -> np.ndarray:
    """Pixels as sixteenths, as OpenCV's sub-pixel drawing takes them, kept within what it can hold."""
    return np.rint(np.minimum(np.maximum(points, -8000), 8000) * 16).astype(np.int32)


def listed(shapes: np.ndarray) -> Sequence[np.ndarray]:
    """An array of shapes as the list that OpenCV asks for: it takes the array, and faster."""
    return cast("Sequence[np.ndarray]", shapes)


@dataclass(frozen=True, slots=True)
class Brush:
    """Draws on `canvas` (h, w, 3) what `view` sees."""

    canvas: np.ndarray
    view: View
    sight: Sight
    paint: Paint
    palette: Palette
    time: float
    ink: Colour | None = None
    breadth: int = 1
    hologram: bool = False
    air: Colour = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "air", self.paint.air)

    def put(self, shapes: Sequence[np.ndarray], colour: Colour) -> None:
        """Fill polygons of sixteenths of pixels, outlined where the style has an ink; a hologram is its outline."""
        self.plain(shapes, colour)
        if self.ink is not None and not self.hologram:
            cv2.polylines(self.canvas, shapes, True, self.ink, self.breadth, cv2.LINE_AA, 4)

    def plain(self, shapes: Sequence[np.ndarray], colour: Colour) -> None:
        """`put` without an outline of ink."""
        if self.hologram:
            cv2.fillPoly(self.canvas, shapes, mix(colour, self.palette.dark, 0.72), cv2.LINE_AA, 4)
            cv2.polylines(self.canvas, shapes, True, _bright(colour), self.breadth, cv2.LINE_AA, 4)
        else:
            cv2.fillPoly(self.canvas, shapes, colour, cv2.LINE_AA, 4)

    def aired(self, colour: Colour, distance: float) -> Colour:
        """The colour behind so many metres of air."""
        return mix(colour, self.air, self.paint.air_before(distance))

    def veiled(self, colour: Colour, air: float) -> Colour:
        """The colour behind so much air (0..1)."""
        return mix(colour, self.air, air)

    def airs(self, colours: Reals, distance: Reals) -> list[Colour]:
        """Colours (N, 3), each behind so many metres of air (N,)."""
        air = self.paint.veil(distance)[:, None]
        return [(b, g, r) for b, g, r in (colours + (vector(self.air) - colours) * air).tolist()]

    def distance(self, point: Reals) -> float:
        """Metres from the lens."""
        return float(np.linalg.norm(point - self.view.eye))

    def flat(self, points: Reals, colour: Colour, cover: float = 1e6) -> None:
        """A filled polygon of world points (P, 3), cut below the screen row `cover`."""
        shape = self.view.shape(points)
        if shape is not None:
            self.fill(shape, colour, cover)

    def flats(self, shapes: Reals, colours: list[Colour], cover: float = 1e6, lying: bool = False) -> None:
        """Many polygons of equally many world points (Q, P, 3), from far to near, each in its colour behind the air.

        What is `lying` on the ground vanishes behind nearer ground."""
        local = self.view.local(shapes)
        depth = local[..., 2]
        middle = depth.mean(axis=1)
        pixels = np.minimum(self.view.screen(local), np.array([1e6, cover], np.float32))
        seen = (depth.max(axis=1) > NEAR) & (middle < SIGHT) & self.view.meets(local)
        whole = depth.min(axis=1) > NEAR
        if lying:
            seen &= self.sight.open(pixels.mean(axis=1), middle)
        chosen = np.flatnonzero(seen)
        corners = fixed(pixels)
        chosen = chosen[np.argsort(-middle[chosen], kind="stable")]
        own = np.array([colours[index % len(colours)] for index in chosen.tolist()], np.float32).reshape(-1, 3)
        for index, colour in zip(chosen.tolist(), self.airs(own, middle[chosen]), strict=True):
            if whole[index]:
                self.put([corners[index]], colour)
            else:
                self.flat(shapes[index], colour, cover)

    def strips(self, left: Reals, right: Reals, pieces: np.ndarray, colour: Colour) -> None:
        """Strips of ground between two lines of as many world points (P, 3), far ones first, behind the air; each of
        the `pieces` (N, 2: its first point and the one after its last) is filled as one shape."""
        local = self.view.local(np.stack([left, right], 1))
        pixels = self.view.screen(local)
        shown, near, far = self._visible(local[..., 2], pixels, pieces)
        away = local[pieces[:, 0], :, 2].mean(axis=1) * 0.5 + local[pieces[:, 1] - 1, :, 2].mean(axis=1) * 0.5
        chosen = np.flatnonzero(shown & (far > NEAR) & (away < SIGHT))
        chosen = chosen[np.argsort(-away[chosen], kind="stable")]
        corners = fixed(pixels)
        shades = self.airs(np.tile(vector(colour), (len(chosen), 1)), away[chosen])
        for (first, last), whole, shade in zip(pieces[chosen].tolist(), near[chosen] > NEAR, shades, strict=True):
            if whole:
                self.put([np.concatenate([corners[first:last, 0], corners[first:last, 1][::-1]])], shade)
            else:
                self.flat(np.concatenate([left[first:last], right[first:last][::-1]]), shade)

    def _visible(self, depth: Reals, pixels: Reals, pieces: np.ndarray) -> tuple[np.ndarray, Reals, Reals]:
        """Which pieces of points (P, 2) may be in the frame, and their smallest and largest depth."""

        def extreme(least: bool, values: Reals) -> Reals:
            rows = values.min(axis=1) if least else values.max(axis=1)
            rows = np.concatenate([rows, rows[-1:]])
            return (np.minimum if least else np.maximum).reduceat(rows, pieces.ravel())[::2]

        near, far = extreme(True, depth), extreme(False, depth)
        low, high = extreme(True, pixels), extreme(False, pixels)
        inside = (high > 0).all(axis=1) & (low[:, 0] < self.view.width) & (low[:, 1] < self.view.height)
        return inside | (near <= NEAR), near, far

    def fill(self, shape: Reals, colour: Colour, cover: float = 1e6) -> np.ndarray | None:
        """A filled polygon of pixels (P, 2); its corners in sixteenths of pixels if it is in the frame."""
        if cover < 1e5:
            shape = shape.copy()
            np.minimum(shape[:, 1], cover, out=shape[:, 1])
        if self._outside(shape):
            return None
        corners = fixed(shape)
        self.put([corners], colour)
        return corners

    def stroke(self, points: Reals, colour: Colour, metres: float, cover: float = 1e6, least: float = 1.0) -> None:
        """A line of world points (P, 3) that is `metres` broad wherever it is, never thinner than `least` pixels."""
        depth = np.maximum(self.view.local(points)[:, 2], NEAR)
        breadth = np.rint(np.maximum(metres * self.view.scale * 2 / (depth[1:] + depth[:-1]), least)).astype(int)
        for first, last in _even(breadth):
            for piece in self.view.line(points[first : last + 1]):
                if cover < 1e5:
                    piece = np.minimum(piece, [1e9, cover]).astype(np.float32)
                if not self._outside(piece):
                    cv2.polylines(
                        self.canvas, [fixed(piece)], False, colour, max(1, int(breadth[first])), cv2.LINE_AA, 4
                    )

    def hairlines(self, ends: Reals, colour: Colour, metres: float) -> None:
        """Many straight lines between world points (S, 2, 3), each as broad as `stroke` draws one of its length."""
        local = self.view.local(ends)
        local = before(local[(local[..., 2].max(axis=1) > NEAR) & self.view.meets(local)])
        lines = fixed(self.view.screen(local))
        breadth = np.rint(np.maximum(metres * self.view.scale / np.maximum(local[..., 2].mean(axis=1), NEAR), 1))
        for thick in np.unique(breadth).tolist():
            some = listed(lines[breadth == thick])
            cv2.polylines(self.canvas, some, False, colour, int(thick), cv2.LINE_AA, 4)

    def tube(self, a: Reals, b: Reals, metres: tuple[float, float], colour: Colour, cover: float = 1e6) -> None:
        """A tapered bar between two world points with a lit flank."""
        local = self.view.local(np.stack([a, b]))
        if float(local[:, 2].min()) < 0.2:
            return
        ends = self.view.screen(local)
        breadth = np.maximum(np.array(metres, np.float32) * self.view.scale / local[:, 2], 0.9) / 2
        way = ends[1] - ends[0]
        across = np.array([-way[1], way[0]], np.float32) / max(float(np.linalg.norm(way)), 1e-3)
        if self._outside(ends, float(breadth.max()) + 2):
            return
        left, right = ends - across * breadth[:, None], ends + across * breadth[:, None]
        self.fill(np.concatenate([left, right[::-1]]), colour, cover)
        if breadth.max() > 1.5:
            inner = ends - across * breadth[:, None] * 0.35
            bright = tuple(min(255.0, value * 0.75 + 70) for value in colour)
            self.fill(np.concatenate([left, inner[::-1]]), (bright[0], bright[1], bright[2]), cover)

    def dot(self, point: Reals, metres: float, colour: Colour, least: float = 0.0) -> None:
        """A filled circle at a world point."""
        local = self.view.local(point)
        if local[2] < 0.2:
            return
        centre = self.view.screen(local)
        radius = max(least, metres * self.view.scale / float(local[2]))
        if radius > 0.3 and not self._outside(centre[None], radius):
            at = fixed(centre)
            cv2.circle(self.canvas, (int(at[0]), int(at[1])), max(1, round(radius * 16)), colour, -1, cv2.LINE_AA, 4)

    def glow(self, point: Reals, metres: float, colour: Colour, strength: float) -> None:
        """Light added around a world point, fading outwards."""
        local = self.view.local(point)
        if local[2] < 0.5:
            return
        centre, radius = self.view.screen(local), metres * self.view.scale / float(local[2])
        add_glow(self.canvas, (float(centre[0]), float(centre[1])), radius, vector(colour) * strength)

    def _outside(self, shape: Reals, margin: float = 2.0) -> bool:
        (left, top), (right, bottom) = shape.min(axis=0).tolist(), shape.max(axis=0).tolist()
        return (
            right + margin < 0
            or bottom + margin < 0
            or left - margin > self.view.width
            or top - margin > self.view.height
        )


def _even(breadth: np.ndarray) -> list[tuple[int, int]]:
    """Stretches of segments equally broad: their first point and their last."""
    ends = np.flatnonzero(np.diff(breadth)) + 1
    return list(zip([0, *ends.tolist()], [*ends.tolist(), len(breadth)], strict=True))


def _bright(colour: Colour) -> Colour:
    """The colour at full strength."""
    most = max(*colour, 1.0)
    return colour[0] / most * 255, colour[1] / most * 255, colour[2] / most * 255


def add_glow(canvas: np.ndarray, centre: tuple[float, float], radius: float, light: Reals) -> None:
    """Add a round glow of `light` (3,) at pixels `centre`."""
    radius = min(radius, canvas.shape[0] * 0.8)
    x0, x1 = max(0, int(centre[0] - radius)), min(canvas.shape[1], int(centre[0] + radius) + 1)
    y0, y1 = max(0, int(centre[1] - radius)), min(canvas.shape[0], int(centre[1] + radius) + 1)
    if radius < 1 or x1 <= x0 or y1 <= y0:
        return
    x = (np.arange(x0, x1, dtype=np.float32) - centre[0]) / radius
    y = (np.arange(y0, y1, dtype=np.float32) - centre[1]) / radius
    fall = np.maximum(1 - (x * x)[None] - (y * y)[:, None], 0)
    fall *= fall * fall
    part = canvas[y0:y1, x0:x1]
    cv2.add(part, cv2.merge([(fall * value).astype(np.uint8) for value in light]), part)
