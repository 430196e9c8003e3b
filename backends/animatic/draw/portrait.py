"""A member's reference picture: its main colours and its face, worn by the athlete."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from backends.animatic.draw.palette import Colour

SIDE: Final = 128
MOST: Final = 25_000_000


class UnreadablePicture(Exception):
    """The reference picture cannot be used; the film is drawn without it."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """`crop` (SIDE, SIDE, 3) the middle of the picture, `colours` its main ones, most telling first."""

    crop: np.ndarray
    colours: tuple[Colour, ...]


def portrait(path: str) -> Portrait:
    """Read a picture file.

    :raises UnreadablePicture: not a picture, broken, or far too large.
    """
    try:
        with warnings.catch_warnings(), Path(path).open("rb") as file, Image.open(file) as opened:
            warnings.simplefilter("ignore")
            if opened.width * opened.height > MOST:
                raise UnreadablePicture("the picture has more than 25 million pixels")
            picture = np.asarray(opened.convert("RGB"))[..., ::-1]
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadablePicture("the reference picture could not be read") from error
    side = min(picture.shape[:2])
    top, left = int((picture.shape[0] - side) * 0.3), (picture.shape[1] - side) // 2
    crop = cv2.resize(
        np.ascontiguousarray(picture[top : top + side, left : left + side]), (SIDE, SIDE), interpolation=cv2.INTER_AREA
    )
    return Portrait(crop, _main(crop))


def _main(crop: np.ndarray) -> tuple[Colour, ...]:
    """Three colours by frequency and strength, found on a coarse grid of hues."""
    pixels = cv2.resize(crop, (48, 48), interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float32)
    cells = (pixels // 43).astype(int) @ np.array([36, 6, 1])
    found: list[tuple[float, Colour]] = []
    for cell in np.unique(cells).tolist():
        members = pixels[cells == cell]
        mean = members.mean(axis=0)
        weight = len(members) * (0.25 + float(np.ptp(mean)) / 255)
        found.append((weight, (float(mean[0]), float(mean[1]), float(mean[2]))))
    found.sort(key=lambda item: -item[0])
    return _apart([colour for _, colour in found])


def _apart(colours: list[Colour]) -> tuple[Colour, ...]:
    kept: list[Colour] = []
    for colour in colours:
        if all(float(np.abs(np.subtract(colour, other)).sum()) > 90 for other in kept):
            kept.append(colour)
    return tuple(kept[:3])
