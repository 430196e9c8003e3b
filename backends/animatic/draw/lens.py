"""What the lens and the film stock do: bloom, grade, vignette, grain, the blur of a moving camera."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, band, stretched
from backends.animatic.draw.noise import rng

if TYPE_CHECKING:
    from backends.animatic.draw.palette import Palette
    from backends.animatic.draw.view import View


def smear(image: np.ndarray, shift: Reals) -> np.ndarray:
    """Blur along a shift in pixels: the mean of copies moved along it, the middle one twice."""
    length = float(np.hypot(shift[0], shift[1]))
    part = 0.25 if length >= 12 else 0.19
    dx, dy = round(float(shift[0]) * part), round(float(shift[1]) * part)
    if length < 2.0 or (dx == 0 and dy == 0):
        return image
    # Two means of two copies are the mean of four.
    once = _doubled(image, max(dx, 0), max(-dx, 0), max(dy, 0), max(-dy, 0))
    return _doubled(once, max(-dx, 0), max(dx, 0), max(-dy, 0), max(dy, 0))


def _doubled(image: np.ndarray, right: int, left: int, down: int, up: int) -> np.ndarray:
    """The mean of an image and its copy moved by some pixels; its edges are drawn out."""
    height, width = image.shape[:2]
    wide = cv2.copyMakeBorder(image, down, up, right, left, cv2.BORDER_REPLICATE)
    moved = wide[up + 0 : up + height, left : left + width]
    return cv2.addWeighted(image, 0.5, moved, 0.5, 0)


def drift(view: View, before: View, point: Reals) -> Reals:
    """How far a world point moves over the picture from one frame to the next, in pixels (2,)."""
    here, depth = view.project(point)
    there, behind = before.project(point)
    if float(depth) < 0.5 or float(behind) < 0.5:
        return np.zeros(2, np.float32)
    return np.clip(here - there, -view.width * 0.1, view.width * 0.1)


def _halved(image: np.ndarray) -> np.ndarray:
    return cv2.resize(image, (max(1, image.shape[1] // 2), max(1, image.shape[0] // 2)), interpolation=cv2.INTER_AREA)


def bloom(image: np.ndarray, threshold: int, strength: float) -> None:
    """Let bright places glow, in place."""
    small = image
    for _ in range(3):
        small = _halved(small)
    over = _halved(cv2.subtract(small, np.full_like(small, threshold)))
    soft = cv2.convertScaleAbs(cv2.GaussianBlur(over, (0, 0), max(0.6, image.shape[0] / 360)), alpha=strength)
    rows = band(soft.max(axis=2) > 0, len(image))
    if rows is not None:
        cv2.add(image[rows], stretched(soft, image.shape[1::-1], rows), image[rows])


@lru_cache(maxsize=8)
def vignette(width: int, height: int, strength: float) -> np.ndarray:
    """Factors (height, width, 3), 255 in the middle, darker towards the corners."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    fall = 255 * (1 - strength * np.clip((x * x * 0.8 + y * y * 0.75) - 0.35, 0, 2) ** 1.2)
    return cv2.cvtColor(np.clip(fall, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)


@lru_cache(maxsize=4)
def grain(width: int, height: int, strength: float) -> np.ndarray:
    """A sheet of film grain larger than the frame, to be added; in the mean it adds half a tone."""
    noise = rng(4711).standard_normal((height + 64, width + 64)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.9) * (8.0 * strength)
    return cv2.cvtColor(np.rint(np.clip(0.5 + noise, 0, 255)).astype(np.uint8), cv2.COLOR_GRAY2BGR)


def grainy(image: np.ndarray, index: int, strength: float) -> None:
    """Add grain, in place; the sheet is shifted by the frame's number."""
    height, width = image.shape[:2]
    x, y = (index * 29) % 64, (index * 47) % 64
    cv2.add(image, grain(width, height, strength)[y : y + height, x : x + width], image)


def curve(contrast: float, lift: float) -> np.ndarray:
    """A grade as a table (256,): soft contrast, lifted shadows; `lift` 0..255."""
    value = np.arange(256, dtype=np.float32) / 255
    bent = value + contrast * (value * (1 - value) * (2 * value - 1))
    return np.clip(bent * 255 + lift * (1 - bent) ** 2, 0, 255).astype(np.uint8)


def grade(image: np.ndarray, contrast: float, palette: Palette) -> np.ndarray:
    """The image with more contrast and its shadows lifted by the scene's shade."""
    return cv2.LUT(image, curve(contrast, 0.07 * sum(palette.shade) / 3))


def darkened(image: np.ndarray, strength: float) -> None:
    """Darken the corners, in place."""
    cv2.multiply(image, vignette(image.shape[1], image.shape[0], strength), image, 1 / 255)
