"""Flat icons on colour fields: no gradients, rounded bodies, bold shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, boxed
from backends.animatic.draw.figure import Part
from backends.animatic.draw.palette import Colour, Palette, mix, vector
from backends.animatic.draw.styles.base import Frame, Style

if TYPE_CHECKING:
    from backends.animatic.draw.body import Buffer, Cloth, Lamp
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.trees import Drawn

HEAD = (Part.HELMET, Part.VISOR, Part.SKIN, Part.HAIR, Part.BOOT)
OWN = (Part.FUR, Part.PALE, Part.EYE, Part.METAL, Part.GLOW)
"""Materials of the head's colour, and those that keep their own."""
LEVELS = 3
SMOOTH = 1.3
"""Texels over which a border runs, so that a long lens shows no stairs."""


class Pictogram(Style):
    """Three flat fields and a silhouette."""

    slug = "pictogram"
    blur = 0.0
    detail = False

    def palette(self, palette: Palette) -> Palette:
        """Bolder fields: one sky, one land, one shade."""
        sky = mix(palette.middle, palette.zenith, 0.35)
        land = palette.light
        return replace(
            palette,
            zenith=sky,
            middle=sky,
            horizon=mix(sky, land, 0.25),
            sun=mix(palette.trim, land, 0.2),
            far=mix(sky, land, 0.4),
            near=mix(sky, palette.dark, 0.3),
            forest=mix(sky, palette.dark, 0.55),
            shade=mix(palette.shade, sky, 0.3),
            haze=palette.haze * 0.3,
        )

    def texture(self, picture: np.ndarray, kind: str, seed: int, unit: float) -> np.ndarray:
        """Few flat tones with smooth borders."""
        del seed
        soft = {"ground": 1.2 * unit, "land": 2.0}.get(kind, 4.0)
        levels = 4 if kind in {"stands", "range"} else LEVELS
        smooth = cv2.GaussianBlur(picture, (0, 0), max(soft, 1.0))
        flat = _posterised(smooth[..., :3], levels)
        if picture.shape[2] == 4:
            alpha = np.where(picture[..., 3:] > 127, 255, 0).astype(np.uint8)
            whole = np.dstack([np.where(alpha > 0, flat, 0).astype(np.uint8), alpha])
            return cv2.GaussianBlur(whole, (0, 0), SMOOTH)
        return cv2.GaussianBlur(flat, (0, 0), SMOOTH) if kind == "sky" else flat

    def shade(self, buffer: Buffer, cloth: Cloth, lamp: Lamp, frame: Frame) -> Reals:
        """One colour for the body, another for the head, gaps where limbs cross."""
        del lamp
        land = vector(frame.scenery.palette.light)
        body, head = cloth.albedo[Part.SUIT], cloth.albedo[Part.THIRD]
        part = buffer.part
        colour = np.repeat(body[:, None], len(part), axis=1)
        colour[:, np.isin(part, HEAD)] = head[:, None]
        own = np.flatnonzero(np.isin(part, OWN))
        colour[:, own] = cloth.albedo.T[:, part[own]]
        depth = np.where(buffer.cover > 0.5, buffer.spread(buffer.depth), 0)
        near, far = cv2.erode(depth, np.ones((3, 3), np.uint8)), cv2.dilate(depth, np.ones((3, 3), np.uint8))
        gap = (far - near > 0.16) & (near > 0)
        thick = np.ones((max(1, round(3 / buffer.pixel * frame.height / 720)),) * 2, np.uint8)
        colour[:, cv2.dilate(gap.astype(np.uint8), thick).ravel()[buffer.at] > 0] = land[:, None]
        return colour

    def tree(self, brush: Brush, tree: Drawn) -> None:
        """A plain triangle on a short trunk."""
        body = tree.body
        tip = body[int(body[:, 1].argmin())]
        low = body[:, 1].max()
        left, right = body[:, 0].min(), body[:, 0].max()
        shape = np.array([tip, (right, low), (left, low)], np.int32)
        cv2.fillConvexPoly(brush.canvas, shape, brush.veiled(brush.palette.forest, tree.air), cv2.LINE_AA, 4)
        half = np.array([tip, (right, low), ((left + right) // 2, low)], np.int32)
        cv2.fillConvexPoly(brush.canvas, half, brush.veiled(brush.palette.near, tree.air), cv2.LINE_AA, 4)

    def finish(self, frame: Frame) -> np.ndarray:
        """A clear rim in the colour of the land sets the athlete off."""
        thick = max(1, round(frame.height / 260))
        box = boxed(frame.mask, 2 * thick)
        mask, part = np.ascontiguousarray(frame.mask[box]), frame.image[box]
        if mask.size:
            grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thick + 1, 2 * thick + 1)))
            rim = cv2.subtract(grown, mask).astype(np.float32) / 255
            land = np.empty_like(part)
            land[:] = np.array(frame.scenery.palette.light, np.uint8)
            part[:] = cv2.blendLinear(land, np.ascontiguousarray(part), rim, 1 - rim)
        return frame.image


def _posterised(picture: np.ndarray, levels: int) -> np.ndarray:
    """Each pixel takes the mean colour of its band of brightness."""
    grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_BGR2GRAY)
    edges = np.quantile(grey[::7, ::7], np.linspace(0, 1, levels + 1)[1:-1])
    band = np.digitize(grey, edges)
    table: list[Colour] = []
    for level in range(levels):
        chosen = picture[::5, ::5][band[::5, ::5] == level]
        mean = chosen.mean(axis=0) if len(chosen) else np.array([200.0, 200, 200])
        table.append((float(mean[0]), float(mean[1]), float(mean[2])))
    return np.array(table, np.uint8)[band]
