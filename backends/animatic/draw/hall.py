"""An ice hall: dark roof, rows of lamps, stands full of people around the rink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.backdrop import HIGH, LOW, Sky, Wall, doubled
from backends.animatic.draw.noise import hashed, rng
from backends.animatic.draw.palette import Palette, mix, vector
from backends.animatic.scene import Stage

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush

ROOF = 17.0
TALL = 15.0


def footprint(stage: Stage) -> tuple[tuple[float, float], tuple[float, float]]:
    """Centre and half axes in metres of the ellipse at the foot of the stands."""
    points = np.concatenate([stage.course, *[thing.points for thing in stage.furniture]])[:, :2]
    low, high = points.min(axis=0), points.max(axis=0)
    centre, half = (low + high) / 2, np.maximum((high - low) / 2, 12)
    return (float(centre[0]), float(centre[1])), (float(half[0] * 1.28 + 4), float(half[1] * 1.22 + 4))


def paint_roof(palette: Palette, quality: float) -> Sky:
    """The dark under the roof, a little lighter towards the stands."""
    rows, columns = max(8, int(90 * quality)), 16
    elevation = np.linspace(HIGH, LOW, rows, dtype=np.float32)
    deep, pale = vector(mix(palette.dark, (30, 16, 8), 0.5)), vector(mix(palette.dark, palette.shade, 0.32))
    part = np.exp(-np.abs(elevation - 0.22) / 0.28)[:, None, None]
    picture = np.broadcast_to(deep + (pale - deep) * part, (rows, columns, 3))
    return Sky(doubled(np.clip(picture, 0, 255).astype(np.uint8)))


def paint_stands(palette: Palette, stage: Stage, seed: int, quality: float) -> Wall:
    """Tiers of spectators, gangways, a ring of light over the boards and a ribbon of colour under the roof."""
    centre, reach = footprint(stage)
    around = float(np.pi * (reach[0] + reach[1]))
    columns = int(min(4096, around * 22) * quality)
    rows = int(columns / around * TALL)
    unit = columns / around
    canvas = np.empty((rows, columns, 3), np.uint8)
    shade = np.linspace(0.05, 0.8, rows)[::-1, None]
    base = vector(mix(palette.dark, palette.near, 0.22))
    canvas[:] = np.clip(base * (0.35 + 0.65 * shade[..., None]), 0, 255).astype(np.uint8)
    _people(canvas, palette, unit, seed)
    _ribbons(canvas, palette, unit, seed)
    alpha = np.full((rows, columns), 255, np.uint8)
    return Wall(doubled(np.dstack([canvas, alpha])), centre, reach, 0.0, TALL, 1.25)


def _people(canvas: np.ndarray, palette: Palette, unit: float, seed: int) -> None:
    rows, columns = canvas.shape[:2]
    tones = [palette.suit, palette.trim, palette.third, palette.near, palette.far, palette.shade, palette.light]
    step = max(2.0, 0.78 * unit)
    count, tiers = int(columns / (0.62 * unit)), int((TALL - 4.5) * unit / step)
    chance = rng(seed, 12)
    for tier in range(tiers):
        y = rows - (1.9 * unit + tier * step)
        lit = 0.85 - 0.6 * tier / max(tiers, 1)
        present = np.flatnonzero(chance.random(count) < 0.86)
        number = hashed(present, seed + tier)
        for place, value in zip(present.tolist(), number.tolist(), strict=True):
            if place % 26 < 2:
                continue
            x = (place + 0.5 + 0.3 * (value - 0.5)) * 0.62 * unit
            tone = mix(palette.dark, mix(tones[int(value * 991) % 7], palette.shade, 0.25), lit * 0.75)
            cv2.circle(
                canvas, (int(x * 16), int((y + 0.34 * unit) * 16)), int(0.27 * unit * 16), tone, -1, cv2.LINE_AA, 4
            )
            face = mix(palette.dark, (150, 178, 226), lit * 0.7)
            cv2.circle(canvas, (int(x * 16), int(y * 16)), int(0.14 * unit * 16), face, -1, cv2.LINE_AA, 4)


def _ribbons(canvas: np.ndarray, palette: Palette, unit: float, seed: int) -> None:
    rows, columns = canvas.shape[:2]
    foot = int(rows - 1.25 * unit)
    canvas[foot:] = np.array(mix(palette.dark, palette.third, 0.5), np.uint8)
    top = int(2.2 * unit)
    canvas[: int(1.2 * unit)] = np.array(mix(palette.dark, (8, 4, 2), 0.4), np.uint8)
    canvas[int(1.2 * unit) : top] = np.array(mix(palette.third, palette.dark, 0.35), np.uint8)
    chance = rng(seed, 13)
    for _ in range(40):
        x, wide = int(float(chance.random()) * columns), int((2 + 5 * float(chance.random())) * unit)
        tone = mix((palette.suit, palette.trim, palette.light)[int(chance.integers(0, 3))], palette.dark, 0.15)
        cv2.rectangle(canvas, (x, int(1.4 * unit)), (x + wide, int(2.0 * unit)), tone, -1)


def lamp_rows(stage: Stage) -> Reals:
    """Corners (L, 4, 3) of the lamps under the roof."""
    centre, reach = footprint(stage)
    found: list[Reals] = []
    for x in np.linspace(-0.62, 0.62, 5) * reach[0]:
        for y in np.linspace(-0.85, 0.85, max(5, int(reach[1] / 5))) * reach[1]:
            box = np.array([(-1.3, -0.35, 0), (1.3, -0.35, 0), (1.3, 0.35, 0), (-1.3, 0.35, 0)])
            found.append(box + np.array([centre[0] + x, centre[1] + y, ROOF]))
    return np.array(found, np.float32)


def draw_roof(brush: Brush, stage: Stage, lamps: Reals) -> None:
    """Trusses and lamps, with true parallax."""
    steel = mix(brush.palette.dark, brush.palette.shade, 0.3)
    brush.flats(_trusses(stage), [steel])
    brush.flats(lamps, [(255.0, 252.0, 244.0)])
    near = lamps[np.argsort(np.linalg.norm(lamps[:, 0] - brush.view.eye, axis=1))[:26]].mean(axis=1)
    for lamp in near[brush.view.local(near)[:, 2] > 0.5]:
        brush.glow(lamp, 3.2, (255.0, 236.0, 214.0), 0.35)


def _trusses(stage: Stage) -> Reals:
    """Beams (T, 4, 3) across the hall: an upper chord 0.3 m and a lower one 0.12 m broad, as seen from below."""
    centre, reach = footprint(stage)
    along = (centre[1] + np.linspace(-1.2, 1.2, 15) * reach[1])[:, None]
    wide = centre[0] + np.array([-1.5, 1.5, 1.5, -1.5]) * reach[0]
    chords = [
        np.stack(np.broadcast_arrays(wide, along + np.array([-1, -1, 1, 1]) * breadth / 2, height), -1)
        for breadth, height in ((0.3, ROOF + 1.2), (0.12, ROOF + 0.1))
    ]
    return np.concatenate(chords).astype(np.float32)


def gloss(stage: Stage, lamps: Reals, eye: Reals, rays: Reals, x: Reals, y: Reals) -> Reals:
    """How much lamplight the ice at `x`, `y` (rows, columns) mirrors into the rays, 0..1."""
    centre, reach = footprint(stage)
    up = np.maximum(-rays[..., 2], 0.02)
    far = ROOF / up
    u = (x + rays[..., 0] * far - centre[0]) / (0.31 * reach[0])
    row = lamps[1, 0, 1] - lamps[0, 0, 1]
    v = (y + rays[..., 1] * far - lamps[0, 0, 1]) / max(float(row), 1.0)
    near = np.exp(-((u - np.rint(u)) ** 2) * 26) * (np.abs(u) < 2.5)
    step = 0.55 + 0.45 * np.exp(-((v - np.rint(v)) ** 2) * 12)
    flat = np.maximum(np.hypot(rays[..., 0], rays[..., 1]), 1e-4)
    fresnel = 0.25 + 0.75 * np.exp(-np.abs(rays[..., 2]) / flat * 3.2)
    del eye
    return (near * step * fresnel).astype(np.float32)
