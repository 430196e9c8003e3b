"""The kinds of arrays that drawing passes around."""

from __future__ import annotations

from math import sqrt
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.floating[Any]]
"""Metres, pixels, angles or tones, single or double."""

NOTHING = np.empty((0, 0), np.int16)
"""No fractions: all places are whole."""


def polar(x: Reals, y: Reals) -> tuple[Reals, Reals]:
    """Length and angle (-π..π, true to a hundredth of a degree) of vectors, quickly."""
    length, angle = cv2.cartToPolar(x, y)
    return np.asarray(length, np.float32), np.where(angle > np.pi, angle - np.float32(2 * np.pi), angle)


def sized(field: Reals, size: tuple[int, int], rows: slice | None = None) -> Reals:
    """A field (rows, columns) stretched to `size` (width, height); only some of the rows of that, if given."""
    return np.asarray(stretched(np.asarray(field, np.float32), size, rows or slice(0, size[1])), np.float32)


def stepped(field: Reals, size: tuple[int, int], rows: slice) -> Reals:
    """Some rows of a field (rows, columns) repeated to `size` (width, height), without values between."""
    return np.asarray(stretched(np.asarray(field, np.float32), size, rows, cv2.INTER_NEAREST), np.float32)


def stretched(field: np.ndarray, size: tuple[int, int], rows: slice, how: int = cv2.INTER_LINEAR) -> np.ndarray:
    """Some rows of a field (rows, columns, ...) of any kind stretched to `size` (width, height)."""
    step, rest = divmod(size[1], len(field))
    if rest or not step:
        return cv2.resize(field, size, interpolation=how)[rows]
    # The rows asked for depend on these of the field only.
    first, last = max(0, rows.start // step - 1), min(len(field), -(-rows.stop // step) + 1)
    part = cv2.resize(field[first:last], (size[0], (last - first) * step), interpolation=how)
    return part[rows.start - first * step : rows.stop - first * step]


def mapped(places: tuple[Reals, Reals], size: tuple[int, int], rows: slice) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows known on a coarse grid, for each pixel of some rows of a picture of `size` (width, height), as
    OpenCV reads them fastest."""
    first, second = cv2.convertMaps(sized(places[0], size, rows), sized(places[1], size, rows), cv2.CV_16SC2)
    return first, second


def picked(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The picture's pixels at whole places (rows, columns, 2: column and row)."""
    return cv2.remap(picture, places, NOTHING, cv2.INTER_NEAREST)


def band(where: np.ndarray, height: int) -> slice | None:
    """The rows of a picture so high that the true cells of a coarse grid (rows, columns) reach; None without any."""
    rows = np.flatnonzero(where.any(axis=1))
    if not len(rows):
        return None
    scale = height / len(where)
    return slice(max(0, int((rows[0] - 0.5) * scale)), min(height, int(np.ceil((rows[-1] + 1.5) * scale))))


def shared(one: slice | None, other: slice | None) -> slice | None:
    """The rows of both bands; None without any."""
    if one is None or other is None:
        return None
    first, last = max(one.start, other.start), min(one.stop, other.stop)
    return slice(first, last) if first < last else None


def grown(where: np.ndarray) -> np.ndarray:
    """The true cells of a coarse grid and their neighbours: all that values between cells depend on."""
    return cv2.dilate(where.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0


def mixed(over: np.ndarray, under: np.ndarray, part: np.ndarray) -> None:
    """Lay one picture over another by a weight 0..255 (rows, columns), in place of the one below."""
    if not len(part):
        return
    weight = cv2.cvtColor(part, cv2.COLOR_GRAY2BGR)
    cv2.multiply(under, cv2.bitwise_not(weight), under, 1 / 255)
    cv2.add(cv2.multiply(over, weight, None, 1 / 255), under, under)


def tinted(canvas: np.ndarray, colour: tuple[float, float, float], part: Reals) -> None:
    """Mix a colour into a canvas by a weight 0..1 (rows, columns), in place."""
    over = np.empty_like(canvas)
    over[:] = np.array(colour, np.uint8)
    mixed(over, canvas, cv2.convertScaleAbs(part, alpha=255))


def boxed(mask: np.ndarray, margin: int) -> tuple[slice, slice]:
    """The rows and columns of a mask (rows, columns) that are not 0, and some more around them."""
    x, y, width, height = cv2.boundingRect(mask)
    down, across = slice(max(0, y - margin), y + height + margin), slice(max(0, x - margin), x + width + margin)
    return (down, across) if width else (slice(0, 0), slice(0, 0))


def unit(way: Reals) -> Reals:
    """A single vector (3,) of length 1 along `way`; for so few numbers plain arithmetic is the fastest."""
    x, y, z = way.tolist()
    size = max(sqrt(x * x + y * y + z * z), 1e-6)
    return np.array((x / size, y / size, z / size), np.float32)


def crossed(a: Reals, b: Reals) -> Reals:
    """The cross product of two single vectors (3,)."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx), np.float32)
