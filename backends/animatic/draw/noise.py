"""Randomness that belongs to places and indices, never to the order of drawing."""

from __future__ import annotations

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals


def rng(*words: int) -> np.random.Generator:
    """A generator of its own for each tuple of whole numbers."""
    return np.random.default_rng([word & 0xFFFFFFFF for word in words])


def clouds(seed: int, height: int, width: int, cells: float, octaves: int = 4, wrap: bool = False) -> Reals:
    """Fractal noise (height, width) about 0 with deviation about 1; `cells` waves across the larger side."""
    total = np.zeros((height, width), np.float32)
    longest = max(height, width)
    for octave in range(octaves):
        count = cells * 2**octave
        rows = max(2, round(count * height / longest) + 1)
        columns = max(2, round(count * width / longest) + 1)
        grid = rng(seed, octave, 77).standard_normal((rows, columns)).astype(np.float32)
        if wrap:
            grid = np.concatenate([grid[:, -2:], grid, grid[:, :2]], axis=1)
        pad = round(width * 2 / columns) if wrap else 0
        layer = cv2.resize(grid, (width + 2 * pad, height), interpolation=cv2.INTER_CUBIC)
        total += layer[:, pad : pad + width] * 0.55**octave
    return total


def hashed(index: np.ndarray, salt: int) -> Reals:
    """Numbers 0..1, one for each whole number of `index`, the same on every machine."""
    value = (index.astype(np.int64) * 2654435761 + salt * 40503) & 0xFFFFFFFF
    value = ((value ^ (value >> 15)) * 2246822519) & 0xFFFFFFFF
    value = ((value ^ (value >> 13)) * 3266489917) & 0xFFFFFFFF
    return ((value ^ (value >> 16)) & 0xFFFFFF).astype(np.float32) / np.float32(0xFFFFFF)


def smooth(low: float, high: float, value: Reals) -> Reals:
    """Hermite step from 0 at `low` to 1 at `high`."""
    part = np.clip((value - low) / (high - low), 0, 1)
    return (part * part * (3 - 2 * part)).astype(np.float32, copy=False)
