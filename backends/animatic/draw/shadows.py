"""Soft shadows on the ground: what anchors every object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.brush import fixed
from backends.animatic.draw.view import NEAR, before
from backends.animatic.scene import FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.draw.body import Limb
    from backends.animatic.draw.light import Light
    from backends.animatic.draw.palette import Palette
    from backends.animatic.draw.terrain import Ground
    from backends.animatic.draw.trees import Forest
    from backends.animatic.draw.view import View
    from backends.animatic.scene import Stage

RING = np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], -1).astype(np.float32)

END = np.stack([np.cos(np.linspace(-1, 1, 5) * np.pi / 2), np.sin(np.linspace(-1, 1, 5) * np.pi / 2)], -1)
"""Corners of a round end, along and across a line."""


def fallen(points: Reals, ground: Ground, light: Light) -> Reals:
    """Where the shadows of points (P, 3) lie on the ground (P, 3)."""
    slant = light.toward[:2] / max(float(light.toward[2]), 0.12)
    place = points[:, :2]
    z = ground.height(place[:, 0], place[:, 1])
    for _ in range(3):
        drop = np.clip(points[:, 2] - z, 0, 60)[:, None]
        place = points[:, :2] - slant * drop
        z = ground.height(place[:, 0], place[:, 1])
    return np.column_stack([place, z + 0.01]).astype(np.float32)


def cast_body(mask: np.ndarray, view: View, limbs: list[Limb], ground: Ground, light: Light) -> None:
    """The shadow of the limbs of any number of bodies, drawn as 255 into the mask (h, w)."""
    if not limbs:
        return
    ends = np.array([end for limb in limbs for end in (limb.a, limb.b)], np.float32)
    radii = np.array([radius for limb in limbs for radius in (limb.ra, limb.rb)], np.float32)
    lying = fallen(ends, ground, light)
    rings = np.repeat(lying[:, None], 8, axis=1)
    rings[..., :2] += RING * radii[:, None, None]
    local = view.local(rings)
    ahead = local[..., 2].min(axis=1).reshape(-1, 2).min(axis=1) > 0.2
    outlines = fixed(view.screen(local)).reshape(-1, 16, 2)
    for index in np.flatnonzero(ahead).tolist():
        hull = np.asarray(cv2.convexHull(outlines[index]), np.int32)
        cv2.fillConvexPoly(mask, hull, 255, cv2.LINE_AA, 4)


def shades_of_trees(forest: Forest, ground: Ground, light: Light) -> Reals:
    """Long pointed shadows (T, 4, 3) of all trees; they never move."""
    foot, tall = forest.foot, forest.tall
    if not len(foot):
        return np.zeros((0, 4, 3), np.float32)
    across = np.array([light.toward[1], -light.toward[0]], np.float32)
    across /= max(float(np.linalg.norm(across)), 1e-6)
    tips = fallen(foot + np.array([0, 0, 1], np.float32) * tall[:, None], ground, light)
    wide = fallen(foot + np.array([0, 0, 1], np.float32) * (tall * 0.12)[:, None], ground, light)
    spread = np.column_stack([across[None] * (tall * 0.17)[:, None], np.zeros(len(foot))]).astype(np.float32)
    return np.stack([foot, wide - spread, tips, wide + spread], 1)


def cast_trees(mask: np.ndarray, view: View, shapes: Reals) -> None:
    """Draw shadows of trees (T, 4, 3)."""
    local = view.local(shapes)
    corners = fixed(view.screen(local[(local[..., 2].min(axis=1) > 0.3) & view.meets(local)]))
    for shape in corners:
        cv2.fillConvexPoly(mask, shape, 200, cv2.LINE_AA, 4)


@dataclass(frozen=True, slots=True)
class Shades:
    """Shadows of thin things, which never move: straight stretches on the ground (S, 2, 3), their breadths (S,) in
    metres and the feet (S, 3) of what throws them."""

    ends: Reals
    breadth: Reals
    foot: Reals


def shades_of(stage: Stage, ground: Ground, light: Light) -> Shades:
    """The shadows of poles, gates, masts, arches and people."""
    found = [(path, breadth) for thing in stage.furniture for path, breadth in _outlines(thing.kind, thing.points)]
    ends = np.array([path[i : i + 2] for path, _ in found for i in range(len(path) - 1)], np.float32)
    times = [len(path) - 1 for path, _ in found]
    breadth = np.repeat(np.array([breadth for _, breadth in found], np.float32), times)
    feet = np.array([path[0] for path, _ in found], np.float32).reshape(-1, 3)
    lying = fallen(ends.reshape(-1, 3), ground, light) if len(ends) else ends
    return Shades(lying.reshape(-1, 2, 3), breadth, np.repeat(feet, times, axis=0))


def cast_things(mask: np.ndarray, view: View, shades: Shades) -> None:
    """Draw the shadows of things, thin ones first, as those are paler instead of thinner than a pixel."""
    if not len(shades.ends):
        return
    foot = view.local(shades.foot)
    half = view.width / 2 / view.scale
    near = (foot[:, 2] > -6) & (foot[:, 2] < 140) & (np.abs(foot[:, 0]) < np.abs(foot[:, 2]) * half + 14)
    local = view.local(shades.ends[near])
    ahead = local[..., 2].max(axis=1) > NEAR
    pixels = np.minimum(shades.breadth[near] * view.scale / np.maximum(foot[near, 2], 1.5), 30)[ahead]
    corners = fixed(_ribbons(view.screen(before(local[ahead])), np.maximum(pixels, 1) - 1))
    for index in np.argsort(pixels).tolist():
        tone = 200 * min(max(float(pixels[index]), 0.5), 1)
        cv2.fillConvexPoly(mask, corners[index], tone, cv2.LINE_AA, 4)


def _ribbons(ends: Reals, breadth: Reals) -> Reals:
    """Outlines (S, 10, 2) around stretches (S, 2, 2) of some breadth (S,), with round ends."""
    way = ends[:, 1] - ends[:, 0]
    way = way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-3) * (breadth[:, None] / 2)
    across = np.stack([-way[:, 1], way[:, 0]], -1)
    cap = way[:, None] * END[:, :1] + across[:, None] * END[:, 1:]
    return np.concatenate([ends[:, 1:] + cap, ends[:, :1] - cap], 1)


def _outlines(kind: FurnitureKind, points: Reals) -> list[tuple[Reals, float]]:
    if kind is FurnitureKind.GATE:
        return [(points[:2], 0.08), (points[2:], 0.08)]
    if kind in {FurnitureKind.FLAG, FurnitureKind.LAMP}:
        return [(points, 0.12)]
    if kind is FurnitureKind.ARCH:
        up = np.array([0, 0, 5], np.float32)
        return [(np.stack([points[0], points[0] + up, points[1] + up, points[1]]), 0.9)]
    if kind is FurnitureKind.CROWD:
        return [(np.stack([foot, foot + np.array([0, 0, 1.6], np.float32)]), 0.45) for foot in points]
    return []


def remaining(mask: np.ndarray, palette: Palette, soft: float) -> np.ndarray:
    """What is left of the light (h, w, 3) under a mask (h, w) of shadows; `soft` is how far their edges run, in
    pixels."""
    mask = cv2.GaussianBlur(mask, (5, 5), soft) if soft > 0.3 else mask
    return cv2.applyColorMap(mask, _tints(palette))


def _tints(palette: Palette) -> np.ndarray:
    """A table (256, 1, 3) of the light that is left in no shadow, at first, to full shadow."""
    light, shade = np.array(palette.light), np.array(palette.shade)
    tint = np.clip(shade / np.maximum(light, 1), 0, 1) ** 0.9
    depth = 0.35 + 0.6 * palette.shadow
    return (255 * (1 + (tint[None] - 1) * depth * (np.arange(256)[:, None] / 255))).astype(np.uint8)[:, None]
