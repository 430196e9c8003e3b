"""The kinds of arrays that drawing passes around."""

from __future__ import annotations

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
