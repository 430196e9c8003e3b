"""An ice channel as a mesh: its walls are too steep for the ground's rasters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.noise import hashed, smooth
from backends.animatic.draw.palette import Colour, Palette, mix, vector
from backends.animatic.scene import FurnitureKind, Stage

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.light import Light

ACROSS: Final = np.array([-3.6, -2.6, -2.0, -1.72, -1.58, -1.4, -1.2, -1.0, -0.8, -0.6, -0.4, -0.15], np.float32)
OFFSETS: Final = np.concatenate([ACROSS, -ACROSS[::-1]])
"""Metres from the centre line where the cross-section is measured."""
SIGHT: Final = 130.0


@dataclass(frozen=True, slots=True)
class Mesh:
    """Quads (Q, 4, 3) of a channel, their colours, their middles (Q, 3) and how far from the centre line (Q,)."""

    quads: Reals
    colours: list[Colour]
    middles: Reals
    aside: Reals


def mesh_of(stage: Stage, palette: Palette, light: Light) -> Mesh | None:
    """The stage's channel, if it has one, lit by the slope of every strip."""
    lines = [thing.points for thing in stage.furniture if thing.kind is FurnitureKind.CHANNEL]
    if not lines:
        return None
    points = lines[0]
    way = np.gradient(points[:, :2], axis=0)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    right = np.stack([way[:, 1], -way[:, 0]], -1)
    place = points[:, None, :2] + right[:, None] * OFFSETS[None, :, None]
    z = np.asarray(stage.height(place[..., 0].astype(np.float32), place[..., 1].astype(np.float32)), np.float32)
    grid = np.concatenate([place, z[..., None]], -1).astype(np.float32)
    quads = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], 2).reshape(-1, 4, 3)
    aside = np.tile((OFFSETS[:-1] + OFFSETS[1:]) / 2, len(points) - 1).astype(np.float32)
    return Mesh(quads, _colours(quads, aside, palette, light), quads.mean(axis=1), aside)


def _colours(quads: Reals, aside: Reals, palette: Palette, light: Light) -> list[Colour]:
    normal = np.cross(quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    normal *= np.where(normal[:, 2:] < 0, -1, 1)
    facing = normal @ light.toward
    tone = smooth(-0.35, 1.0, facing - facing[np.abs(aside) < 0.3].mean() + 0.55)[:, None]
    inside = (np.abs(aside) < 1.66)[:, None]
    ice = vector(mix(mix(palette.light, palette.middle, 0.22), palette.shade, 0.2))
    deep = vector(mix(palette.shade, palette.near, 0.30))
    snow, shade = vector(palette.light), vector(palette.shade)
    colour = np.where(inside, deep + (ice - deep) * tone, shade + (snow - shade) * tone)
    polish = np.repeat(hashed(np.arange(len(quads)), 7)[:, None], 3, axis=1) - 0.5
    colour = np.clip(colour * (1 + np.where(inside, polish * 0.035, 0)), 0, 255)
    colour[(np.abs(aside) > 1.55) & (np.abs(aside) < 1.75)] = vector(mix(palette.third, palette.light, 0.35))
    return [(float(b), float(g), float(r)) for b, g, r in colour]


def draw_channel(brush: Brush, mesh: Mesh) -> None:
    """The quads within sight, from far to near."""
    offset = mesh.middles - brush.view.eye
    depth = offset @ brush.view.basis[2]
    chosen = np.flatnonzero((depth > -3) & (depth < SIGHT) & (np.abs(offset).max(axis=1) < SIGHT))
    chosen = chosen[brush.view.meets(brush.view.local(mesh.quads[chosen]))]
    if len(chosen):
        brush.flats(mesh.quads[chosen], [mesh.colours[index] for index in chosen.tolist()])
