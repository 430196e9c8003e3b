"""Soft shadows on the ground: what anchors every object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.brush import fixed
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
    """The shadow of a body's limbs, drawn as 255 into the mask (h, w)."""
    ends = np.array([end for limb in limbs for end in (limb.a, limb.b)], np.float32)
    radii = np.array([radius for limb in limbs for radius in (limb.ra, limb.rb)], np.float32)
    lying = fallen(ends, ground, light)
    rings = np.repeat(lying[:, None], 8, axis=1)
    rings[..., :2] += RING * radii[:, None, None]
    local = view.local(rings)
    ahead = local[..., 2].min(axis=1) > 0.2
    screen = view.screen(local)
    for index in range(0, len(rings), 2):
        if ahead[index] and ahead[index + 1]:
            hull = cv2.convexHull(screen[index : index + 2].reshape(-1, 2))
            cv2.fillConvexPoly(mask, fixed(np.asarray(hull[:, 0], np.float32)), 255, cv2.LINE_AA, 4)


def cast_trees(mask: np.ndarray, view: View, forest: Forest, shown: np.ndarray, ground: Ground, light: Light) -> None:
    """Long pointed shadows of the nearest trees."""
    near = shown[-110:]
    if not len(near):
        return
    foot, tall = forest.foot[near], forest.tall[near]
    across = np.array([light.toward[1], -light.toward[0]], np.float32)
    across /= max(float(np.linalg.norm(across)), 1e-6)
    tips = fallen(foot + np.array([0, 0, 1], np.float32) * tall[:, None], ground, light)
    wide = fallen(foot + np.array([0, 0, 1], np.float32) * (tall * 0.12)[:, None], ground, light)
    spread = np.column_stack([across[None] * (tall * 0.17)[:, None], np.zeros(len(near))]).astype(np.float32)
    shapes = np.stack([foot, wide - spread, tips, wide + spread], 1)
    local = view.local(shapes)
    whole = local[..., 2].min(axis=1) > 0.3
    corners = fixed(view.screen(local))
    for index in np.flatnonzero(whole).tolist():
        cv2.fillConvexPoly(mask, corners[index], 200, cv2.LINE_AA, 4)


def shades_of(stage: Stage, ground: Ground, light: Light) -> tuple[tuple[Reals, float], ...]:
    """Shadows that never move: lines on the ground (P, 3) and their breadth in metres."""
    return tuple(
        (fallen(path, ground, light), breadth)
        for thing in stage.furniture for path, breadth in _outlines(thing.kind, thing.points)
    )  # fmt: skip


def cast_things(mask: np.ndarray, view: View, shades: tuple[tuple[Reals, float], ...]) -> None:
    """Thin shadows of poles, gates, masts, arches and people."""
    if not shades:
        return
    middles = view.local(np.array([path[0] for path, _ in shades], np.float32))
    half = view.width / 2 / view.scale
    near = (middles[:, 2] > -6) & (middles[:, 2] < 140) & (np.abs(middles[:, 0]) < np.abs(middles[:, 2]) * half + 14)
    for index in np.flatnonzero(near).tolist():
        path, breadth = shades[index]
        for piece in view.line(path):
            pixels = max(1, round(breadth * view.scale / max(float(middles[index, 2]), 1.5)))
            cv2.polylines(mask, [fixed(piece)], False, 200, min(pixels, 60), cv2.LINE_AA, 4)


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


def darken(background: np.ndarray, mask: np.ndarray, palette: Palette, soft: float) -> None:
    """Multiply the ground under the mask (h, w) by the scene's shadow tint, in place."""
    mask = cv2.GaussianBlur(mask, (0, 0), soft)
    light, shade = np.array(palette.light), np.array(palette.shade)
    tint = np.clip(shade / np.maximum(light, 1), 0, 1) ** 0.9
    depth = 0.35 + 0.6 * palette.shadow
    table = 255 * (1 + (tint[None] - 1) * depth * (np.arange(256)[:, None] / 255))
    factor = cv2.LUT(cv2.cvtColor(mask, cv2.COLOR_GRAY2BGR), table.astype(np.uint8)[:, None])
    cv2.multiply(background, factor, background, 1 / 255)
