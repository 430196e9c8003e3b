"""Pictures as a video carries them: BT.709 at limited range, brightness for each pixel, colour for every four."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals

RED: Final = 0.2126
BLUE: Final = 0.0722
"""How much of brightness red and blue make (ITU-R BT.709); green makes the rest."""


def _mixing() -> Reals:
    """The rows of Y, U and V: what each takes of blue, green and red, and what is added."""
    grey = np.array([BLUE, 1 - RED - BLUE, RED])
    blue = (np.array([1.0, 0.0, 0.0]) - grey) / (2 - 2 * BLUE)
    red = (np.array([0.0, 0.0, 1.0]) - grey) / (2 - 2 * RED)
    steps = np.array([219.0, 224.0, 224.0]) / 255
    return np.column_stack([np.stack([grey, blue, red]) * steps[:, None], [16.0, 128.0, 128.0]])


def _unmixing(rows: Reals) -> Reals:
    """The way back."""
    back = np.linalg.inv(rows[:, :3])
    return np.column_stack([back, -back @ rows[:, 3]])


_UNMIX: Final = _unmixing(_mixing())


def _planes(frame: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Y, U and V of a frame (height · 3 / 2, width); they share its memory."""
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    flat, whole, small = frame.reshape(-1), height * width, (height // 2, width // 2)
    quarter = small[0] * small[1]
    blue, red = flat[whole : whole + quarter], flat[whole + quarter : whole + 2 * quarter]
    return frame[:height], blue.reshape(small), red.reshape(small)


def encode(image: np.ndarray, frame: np.ndarray) -> None:
    """Write a picture (height, width, 3: blue, green, red) into a frame (height · 3 / 2, width: I420), each value true
    to two steps.

    Plane by plane, colour as its distance from brightness: half the time of a matrix for every pixel.
    """
    bright, *colours = _planes(frame)
    blue, green, red = cv2.split(image)
    cv2.addWeighted(green, (1 - RED - BLUE) * 219 / 255, red, RED * 219 / 255, 16, bright)
    cv2.addWeighted(bright, 1, blue, BLUE * 219 / 255, 0, bright)
    size = (colours[0].shape[1], colours[0].shape[0])
    grey = cv2.resize(bright, size, interpolation=cv2.INTER_AREA)
    for plane, share, coloured in zip((blue, red), (BLUE, RED), colours, strict=True):
        step = 224 / 255 / (2 - 2 * share)
        small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
        cv2.addWeighted(small, step, grey, -step * 255 / 219, 128 + 16 * step * 255 / 219, coloured)


def decode(frame: np.ndarray, tall: int) -> np.ndarray:
    """A picture (tall, width, 3: blue, green, red) of a frame, made smaller."""
    bright, *colours = _planes(frame)
    size = (round(bright.shape[1] * tall / bright.shape[0]), tall)
    planes = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in (bright, *colours)]
    return np.asarray(cv2.transform(cv2.merge(planes), _UNMIX))
