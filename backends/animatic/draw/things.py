"""Furniture of the course: gates, fences, arches, flags, masts, channels, towers and paint on the ground."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.palette import Colour, Palette, mix
from backends.animatic.scene import FurnitureKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.animatic.draw.brush import Brush
    from backends.animatic.scene import Furniture

UP = np.array([0, 0, 1], np.float32)
WHITE: Colour = (250, 250, 248)
CLOTH = np.array([1.5 * np.cos(0.4), 1.5 * np.sin(0.4), -1.0], np.float32)
"""From the top of a flag's pole to the far lower corner of its cloth."""


def hue_of(palette: Palette, hue: int) -> Colour:
    """A slot of the palette for furniture: warm red, blue, amber, dark."""
    return ((58.0, 60.0, 214.0), (196.0, 98.0, 34.0), palette.trim, palette.dark)[hue % 4]


def draw_gate(brush: Brush, thing: Furniture, bend: Reals, cover: float) -> None:
    """A turning pole that gives way (`bend` (3,) metres at its top), an outer pole and the cloth between."""
    away = brush.distance(thing.points[0])
    colour = brush.aired(hue_of(brush.palette, thing.hue), away)
    foot, top, far_foot, far_top = thing.points
    for low, high, give in ((far_foot, far_top, np.zeros(3, np.float32)), (foot, top, bend)):
        path = [low + (high - low) * t + give * t * t for t in (0.0, 0.35, 0.7, 1.0)]
        for a, b in pairwise(path):
            brush.tube(a.astype(np.float32), b.astype(np.float32), (0.045, 0.04), colour, cover)
    for low, high, other, give in ((foot, top, far_foot, bend), (far_foot, far_top, foot, bend * 0)):
        side = other - low
        side = side / max(float(np.linalg.norm(side)), 1e-6) * 0.65
        a, b = low + (high - low) * 0.5 + give * 0.25, low + (high - low) * 0.95 + give * 0.9
        brush.flat(np.stack([a, a + side, b + side, b]).astype(np.float32), colour, cover)
        stripe = np.stack([a + (b - a) * 0.4, a + side + (b - a) * 0.4, a + side + (b - a) * 0.6, a + (b - a) * 0.6])
        brush.flat(stripe.astype(np.float32), brush.aired(WHITE, away), cover)


def draw_flag(brush: Brush, thing: Furniture, cover: float, wind: float, colours: tuple[Colour, Colour]) -> None:
    """A pole and a cloth that waves in two bands."""
    foot, top = thing.points
    away = brush.distance(foot)
    brush.tube(foot, top, (0.07, 0.05), brush.aired((206.0, 200.0, 196.0), away), cover)
    t = np.linspace(0, 1, 9, dtype=np.float32)
    phase = brush.time * 5.5 + float(foot[0]) * 3
    lift = 0.16 * t * np.sin(phase - t * 5.0)
    across = np.array([np.cos(0.4), np.sin(0.4), 0], np.float32) * (1 if wind >= 0 else -1)
    drop = UP * -0.25
    line = top[None] + across[None] * (1.5 * t)[:, None] + UP[None] * (lift - 0.12 * t)[:, None]
    for index, colour in enumerate(colours):
        upper, lower = line + drop * 2 * index, line + drop * 2 * (index + 1)
        brush.flat(np.concatenate([upper, lower[::-1]]).astype(np.float32), brush.aired(colour, away), cover)


def draw_lamp(brush: Brush, thing: Furniture, cover: float) -> None:
    """A floodlight mast; at night it glows."""
    foot, top = thing.points
    away = brush.distance(foot)
    brush.tube(foot, top, (0.28, 0.16), brush.aired(brush.palette.dark, away), cover)
    side = np.array([1.1, 0.3, 0], np.float32)
    lit = (196.0, 236.0, 255.0) if brush.palette.night else (226.0, 226.0, 226.0)
    brush.flat(
        np.stack([top - side, top + side, top + side - UP * 0.7, top - side - UP * 0.7]),
        brush.aired(lit, away * 0.3),
        cover,
    )
    if brush.palette.night:
        brush.glow(top, 9.0, (120.0, 190.0, 255.0), 0.55)
        brush.glow(top, 2.6, (190.0, 230.0, 255.0), 0.9)


def draw_arch(brush: Brush, thing: Furniture, cover: float) -> None:
    """Start or finish: two legs, a beam with chequers."""
    left, right = thing.points
    palette, away = brush.palette, brush.distance((left + right) / 2)
    for foot in (left, right):
        brush.tube(foot, foot + UP * 5, (0.8, 0.7), brush.aired(palette.third, away), cover)
    low, high = UP * 3.9, UP * 5.1
    brush.flat(np.stack([left + low, right + low, right + high, left + high]), brush.aired(palette.dark, away), cover)
    count = 14
    for index in range(count):
        a, b = left + (right - left) * (index / count), left + (right - left) * ((index + 1) / count)
        base = UP * (4.15 if index % 2 else 4.5)
        brush.flat(
            np.stack([a + base, b + base, b + base + UP * 0.35, a + base + UP * 0.35]), brush.aired(WHITE, away), cover
        )


def draw_goal(brush: Brush, thing: Furniture, cover: float) -> None:
    """A hockey goal: red posts, a bar and a net."""
    left, right = thing.points
    way = right - left
    back = np.cross(way, UP)
    centre = (left + right) / 2
    back = back / max(float(np.linalg.norm(back)), 1e-6)
    back = back if float(back @ np.sign(centre + 1e-6) * 1) > 0 else -back
    deep = (back * 0.9).astype(np.float32)
    bar, net, red = UP * 1.22, (222.0, 222.0, 222.0), (48.0, 44.0, 206.0)
    for t in np.linspace(0, 1, 9):
        foot = left + way * t
        path = np.stack([foot + bar, foot + deep * 0.6 + bar * 0.9, foot + deep])
        brush.stroke(path.astype(np.float32), net, 0.012, cover)
    for t in (0.3, 0.6, 0.9):
        ring = np.stack([left + bar * t, left + deep + bar * t * 0.6, right + deep + bar * t * 0.6, right + bar * t])
        brush.stroke(ring.astype(np.float32), net, 0.012, cover)
    for a, b in ((left, left + bar), (right, right + bar), (left + bar, right + bar)):
        brush.tube(a, b, (0.07, 0.07), red, cover)


def draw_targets(brush: Brush, thing: Furniture, cover: float, fallen: int) -> None:
    """Five black discs on a white board in a dark frame; those hit show white, ringed."""
    points = thing.points
    side = points[-1] - points[0]
    side = side / max(float(np.linalg.norm(side)), 1e-6) * 0.32
    for point in (points[0], points[-1]):
        brush.tube(point - UP * 0.3, point - UP * 1.35, (0.06, 0.06), (90.0, 84.0, 80.0), cover)
    for edge, tone in ((1.25, (64.0, 58.0, 54.0)), (1.0, WHITE)):
        low, high = points[0] - side * edge, points[-1] + side * edge
        tall = UP * (0.3 * edge)
        brush.flat(np.stack([low - tall, high - tall, high + tall, low + tall]), tone, cover)
    for index, point in enumerate(points):
        brush.dot(point, 0.19, (24.0, 20.0, 18.0))
        if index < fallen:
            brush.dot(point, 0.13, WHITE)


def beside(points: Reals, metres: float) -> Reals:
    """Points moved sideways, to the right of the way where positive, level."""
    across = np.cross(np.gradient(points, axis=0), UP)
    across = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    return (points + across * metres).astype(np.float32)


def ribbon(points: Reals, metres: float, aside: float = 0.0) -> Reals:
    """A band of quads (P - 1, 4, 3) of a breadth along points, moved aside."""
    left, right = beside(points, aside - metres / 2), beside(points, aside + metres / 2)
    return np.stack([left[:-1], right[:-1], right[1:], left[1:]], 1)


def draw_house(brush: Brush, thing: Furniture) -> None:
    """The rings of a curling house, seen exactly in perspective."""
    palette = brush.palette
    turn = np.linspace(0, 2 * np.pi, 49)[:-1]
    ring = np.stack([np.cos(turn), np.sin(turn), np.zeros(48)], -1)
    inks = ((176.0, 92.0, 40.0), palette.light, (62.0, 56.0, 206.0), palette.light)
    for radius, tone in zip((1.83, 1.22, 0.61, 0.15), inks, strict=True):
        brush.flat((thing.points[0] + ring * radius).astype(np.float32), mix(tone, palette.light, 0.18))


DRAW: dict[FurnitureKind, Callable[[Brush, Furniture, float], None]] = {
    FurnitureKind.LAMP: draw_lamp, FurnitureKind.ARCH: draw_arch, FurnitureKind.GOAL: draw_goal,
}  # fmt: skip
