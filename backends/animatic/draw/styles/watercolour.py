"""Wet edges, pooled pigment, granulation, and the paper showing through."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, picked, sized
from backends.animatic.draw.noise import clouds, rng, smooth
from backends.animatic.draw.palette import Palette, mix, vector
from backends.animatic.draw.styles.base import Frame, Style
from backends.animatic.draw.titles import Inks

if TYPE_CHECKING:
    from backends.animatic.draw.body import Buffer, Cloth, Lamp

PAPER = (238.0, 246.0, 250.0)


class Watercolour(Style):
    """Transparent washes on rough paper."""

    slug = "watercolour"
    blur = 0.6
    detail = False

    def palette(self, palette: Palette) -> Palette:
        """Thinner paint: every large field closer to the paper."""
        thin = {
            name: mix(getattr(palette, name), PAPER, part)
            for name, part in (
                ("zenith", 0.22),
                ("middle", 0.30),
                ("horizon", 0.45),
                ("far", 0.30),
                ("near", 0.18),
                ("forest", 0.10),
                ("light", 0.75),
                ("shade", 0.25),
            )
        }
        return replace(palette, **thin, haze=palette.haze * 1.2, night=palette.night)

    def inks(self, palette: Palette) -> Inks:
        """Written in diluted ink."""
        return Inks(
            mix(palette.dark, (60, 40, 30), 0.3), mix(palette.dark, palette.suit, 0.5), 246.0, PAPER, palette.suit
        )

    def texture(self, picture: np.ndarray, kind: str, seed: int, unit: float) -> np.ndarray:
        """Washes: blotches of more and less water, darker where a wash ended."""
        colour = picture[..., :3].astype(np.float32)
        rows, columns = colour.shape[:2]
        soft = (
            cv2.bilateralFilter(np.ascontiguousarray(picture[..., :3]), 0, 30, 4)
            if rows * columns < 400_000
            else cv2.GaussianBlur(picture[..., :3], (0, 0), 1.6)
        )
        grey = cv2.cvtColor(np.ascontiguousarray(soft), cv2.COLOR_BGR2GRAY).astype(np.float32)
        step = np.clip(cv2.GaussianBlur(grey, (0, 0), 2.5) - grey, 0, 30)
        cells = {"ground": max(rows, columns) / unit / 9, "land": max(rows, columns) / unit / 40}.get(kind, 26)
        blotch = clouds(seed + 201, rows, columns, float(cells), 4)
        blotch -= blotch.mean()
        ring = np.exp(-(((np.abs(blotch - 0.7)) / 0.10) ** 2))
        paint = soft.astype(np.float32)
        depth = 1 + 0.085 * blotch + 0.11 * ring + step * 0.020
        washed = 255 - (255 - paint) * depth[..., None]
        washed = np.clip(washed, 0, 255).astype(np.uint8)
        if picture.shape[2] == 4:
            alpha = picture[..., 3:]
            return np.dstack([np.minimum(washed, alpha), alpha])
        return washed

    def shade(self, buffer: Buffer, cloth: Cloth, lamp: Lamp, frame: Frame) -> Reals:
        """Two layers of a wash; white left where the light falls; a dark rim where the pigment dried."""
        del frame
        facing = lamp.toward @ buffer.normal
        albedo = cloth.albedo.T[:, buffer.part]
        layer = smooth(-0.25, 0.05, facing) * np.float32(0.45) + smooth(0.30, 0.5, facing) * np.float32(0.35)
        deep = albedo * (np.float32(0.62) * lamp.fill[:, None] + np.float32(0.32))
        colour = deep + (albedo - deep) * np.minimum(layer * np.float32(1.6), 1)
        white = smooth(0.80, 0.93, facing) * np.float32(0.7)
        colour += (vector(PAPER)[:, None] - colour) * white
        pooled = smooth(0.55, 0.95, 1 + buffer.normal[2])
        return np.clip(colour * (1 - np.float32(0.32) * pooled) + _speckle(buffer) * 7, 0, 255)

    def finish(self, frame: Frame) -> np.ndarray:
        """Edges wander with the paper, pigment darkens them, the margin stays bare."""
        height, width = frame.image.shape[:2]
        image = picked(frame.image, _wobble(width, height))
        half = cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        small = cv2.resize(half, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
        soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), 0.45 + height / 720), half.shape[1::-1])
        rim = cv2.convertScaleAbs(cv2.subtract(soft, half), alpha=0.75)
        cv2.subtract(image, cv2.resize(rim, (width, height)), image)
        cv2.multiply(image, _paper(width, height), image, 1 / 235)
        for window, bare, part in _margin(width, height):
            image[window] = cv2.blendLinear(bare, np.ascontiguousarray(image[window]), part, 1 - part)
        return image


def _speckle(buffer: Buffer) -> Reals:
    """Blotches of a wash (K,), always as many along the longer side of a body."""
    rows, columns = buffer.cover.shape
    sheet = _blotches()
    part = sheet[
        : max(2, len(sheet) * rows // max(rows, columns)), : max(2, len(sheet) * columns // max(rows, columns))
    ]
    return sized(part, (columns, rows)).ravel()[buffer.at]


@lru_cache(maxsize=1)
def _blotches() -> Reals:
    return clouds(77, 256, 256, 9, 3)


@lru_cache(maxsize=4)
def _wobble(width: int, height: int) -> np.ndarray:
    """Whence each pixel comes (height, width, 2)."""
    size = height / 720 * 2.6
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x = x + clouds(301, height, width, 46, 3) * (size * 0.8)
    y = y + clouds(302, height, width, 46, 3) * (size * 0.8)
    x, y = np.clip(np.rint(x), 0, width - 1), np.clip(np.rint(y), 0, height - 1)
    return np.stack([x, y], -1).astype(np.int16)


@lru_cache(maxsize=4)
def _paper(width: int, height: int) -> np.ndarray:
    rough = rng(303).standard_normal((height, width)).astype(np.float32)
    tooth = np.asarray(cv2.GaussianBlur(rough, (0, 0), max(0.8, height / 480)), np.float32) * 9
    tooth += clouds(304, height, width, 12, 3) * 1.5
    sheet = np.clip(236 + tooth * 1.5, 200, 255)
    return np.clip(sheet[..., None] * np.array([0.965, 0.99, 1.0]), 0, 255).astype(np.uint8)


Strip = tuple[tuple[slice, slice], np.ndarray, np.ndarray]


@lru_cache(maxsize=4)
def _margin(width: int, height: int) -> tuple[Strip, ...]:
    """Strips along the edges: their windows, bare paper and where it shows (0..1); the washes end unevenly before the
    sheet does."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    edge = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y)) / height
    ragged = clouds(305, height, width, 14, 5) * 0.0045 + clouds(306, height, width, 150, 2) * 0.0018
    part = 1 - smooth(0.020, 0.025, edge + ragged)
    bare = np.empty((height, width, 3), np.uint8)
    bare[:] = np.array(PAPER, np.uint8)
    bare = cv2.multiply(bare, _paper(width, height), scale=1 / 240)
    deep = int(height * 0.06)
    rows, whole = slice(deep, height - deep), slice(0, width)
    windows = [(slice(0, deep), whole), (slice(height - deep, height), whole),
               (rows, slice(0, deep)), (rows, slice(width - deep, width))]  # fmt: skip
    return tuple((window, bare[window].copy(), part[window].copy()) for window in windows)
