"""The kinds of arrays that drawing passes around."""

from __future__ import annotations

from math import sqrt
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.floating[Any]]
"""Metres, pixels, angles or tones, single or double."""


def sized(field: Reals, size: tuple[int, int]) -> Reals:
    """A field (rows, columns) stretched to `size` (width, height)."""
    return np.asarray(cv2.resize(np.asarray(field, np.float32), size), np.float32)


def stepped(field: Reals, size: tuple[int, int]) -> Reals:
    """A field (rows, columns) repeated to `size` (width, height), without values between."""
    return np.asarray(cv2.resize(np.asarray(field, np.float32), size, interpolation=cv2.INTER_NEAREST), np.float32)


def unit(way: Reals) -> Reals:
    """A single vector (3,) of length 1 along `way`; for so few numbers plain arithmetic is the fastest."""
    x, y, z = way.tolist()
    size = max(sqrt(x * x + y * y + z * z), 1e-6)
    return np.array((x / size, y / size, z / size), np.float32)


def crossed(a: Reals, b: Reals) -> Reals:
    """The cross product of two single vectors (3,)."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx), np.float32)
