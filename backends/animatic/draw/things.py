"""Furniture of the course: gates, fences, arches, flags, masts, channels, towers and paint on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.draw.palette import Colour, mix
from backends.animatic.scene import Floats, FurnitureKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.animatic.draw.brush import Brush
    from backends.animatic.scene import Furniture

UP = np.array([0, 0, 1], np.float32)
WHITE: Colour = (250, 250, 248)


def hue_of(brush: Brush, hue: int) -> Colour:
    """A slot of the palette for furniture: warm red, blue, amber, dark."""
    palette = brush.palette
    return ((58.0, 60.0, 214.0), (196.0, 98.0, 34.0), palette.trim, palette.dark)[hue % 4]


def draw_gate(brush: Brush, thing: Furniture, bend: Floats, cover: float) -> None:
    """A turning pole that gives way (`bend` (3,) metres at its top), an outer pole and the cloth between."""
    away = brush.distance(thing.points[0])
    colour = brush.aired(hue_of(brush, thing.hue), away)
    foot, top, far_foot, far_top = thing.points
    for low, high, give in ((far_foot, far_top, np.zeros(3, np.float32)), (foot, top, bend)):
        path = [low + (high - low) * t + give * t * t for t in (0.0, 0.35, 0.7, 1.0)]
        for a, b in zip(path, path[1:], strict=False):
            brush.tube(a.astype(np.float32), b.astype(np.float32), (0.045, 0.04), colour, cover)
    for low, high, other, give in ((foot, top, far_foot, bend), (far_foot, far_top, foot, bend * 0)):
        side = other - low
        side = side / max(float(np.linalg.norm(side)), 1e-6) * 0.65
        a, b = low + (high - low) * 0.5 + give * 0.25, low + (high - low) * 0.95 + give * 0.9
        brush.flat(np.stack([a, a + side, b + side, b]).astype(np.float32), colour, cover)
        stripe = np.stack([a + (b - a) * 0.4, a + side + (b - a) * 0.4, a + side + (b - a) * 0.6, a + (b - a) * 0.6])
        brush.flat(stripe.astype(np.float32), brush.aired(WHITE, away), cover)


def draw_fence(brush: Brush, thing: Furniture, cover: float) -> None:
    """Safety net on posts along a line of feet."""
    points = thing.points
    net, post = hue_of(brush, thing.hue), mix(brush.palette.dark, WHITE, 0.2)
    for a, b in zip(points, points[1:], strict=False):
        away = brush.distance((a + b) / 2)
        if away > 220:
            continue
        band = np.stack([a + UP * 0.15, b + UP * 0.15, b + UP, a + UP])
        brush.flat(band, brush.aired(mix(net, brush.palette.shade, 0.35), away), cover)
        for height in (0.4, 0.7):
            brush.stroke(
                np.stack([a + UP * height, b + UP * height]), brush.aired(mix(net, WHITE, 0.3), away), 0.03, cover
            )
        brush.tube(a, a + UP * 1.1, (0.05, 0.05), brush.aired(post, away), cover)


def draw_boards(brush: Brush, thing: Furniture, cover: float) -> None:
    """Rink boards: white, a kick plate, a cap and blocks of colour."""
    palette = brush.palette
    points = thing.points
    order = np.argsort([-brush.distance((a + b) / 2) for a, b in zip(points, points[1:], strict=False)])
    for index in order.tolist():
        a, b = points[index], points[index + 1]
        away = brush.distance((a + b) / 2)
        white = brush.aired(mix(WHITE, palette.shade, 0.12 + 0.1 * (index % 2)), away)
        brush.flat(np.stack([a, b, b + UP * 1.1, a + UP * 1.1]), white, cover)
        brush.flat(np.stack([a, b, b + UP * 0.2, a + UP * 0.2]), brush.aired(palette.trim, away), cover)
        brush.flat(
            np.stack([a + UP * 1.04, b + UP * 1.04, b + UP * 1.12, a + UP * 1.12]),
            brush.aired(palette.third, away),
            cover,
        )
        if index % 3:
            tone = (palette.third, palette.suit, palette.dark)[index // 3 % 3]
            c, d = a + (b - a) * 0.08, a + (b - a) * 0.92
            brush.flat(
                np.stack([c + UP * 0.34, d + UP * 0.34, d + UP * 0.9, c + UP * 0.9]), brush.aired(tone, away), cover
            )


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
        brush.tube(foot, foot + UP * 5, (0.8, 0.7), brush.aired(palette.suit, away), cover)
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
    """Five black discs in a white frame; those hit show white."""
    points = thing.points
    side = points[-1] - points[0]
    side = side / max(float(np.linalg.norm(side)), 1e-6) * 0.35
    low, high = points[0] - side, points[-1] + side
    brush.flat(np.stack([low - UP * 0.3, high - UP * 0.3, high + UP * 0.3, low + UP * 0.3]), (64.0, 58.0, 54.0), cover)
    for point in (points[0], points[-1]):
        brush.tube(point - UP * 0.3, point - UP * 1.2, (0.06, 0.06), (90.0, 84.0, 80.0), cover)
    for index, point in enumerate(points):
        brush.dot(point, 0.15, WHITE)
        if index >= fallen:
            brush.dot(point, 0.115, (24.0, 20.0, 18.0))


def draw_tower(brush: Brush, thing: Furniture, cover: float) -> None:
    """The in-run of a jump: a white track between walls on slender supports."""
    points = thing.points
    palette = brush.palette
    way = np.gradient(points, axis=0)
    across = np.cross(way, UP)
    across = (across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6) * 1.6).astype(np.float32)
    for index in range(0, len(points), max(1, len(points) // 8)):
        foot = points[index].copy()
        foot[2] = float(brush.paint.ground.height(foot[0:1], foot[1:2])[0])
        if points[index][2] - foot[2] > 2.0:
            brush.tube(
                foot,
                points[index],
                (1.3, 0.8),
                brush.aired(mix(palette.near, palette.dark, 0.3), brush.distance(foot)),
                cover,
            )
    for index in _far_first(brush, points):
        a, b, u, v = points[index], points[index + 1], across[index], across[index + 1]
        away = brush.distance((a + b) / 2)
        under = UP * 1.1
        for sign in (-1, 1):
            brush.flat(np.stack([a + u * sign - under, b + v * sign - under, b + v * sign + UP * 0.6, a + u * sign + UP * 0.6]),
                       brush.aired(mix(palette.suit if sign > 0 else palette.third, palette.shade, 0.25), away), cover)  # fmt: skip
        brush.flat(np.stack([a - u, a + u, b + v, b - v]), brush.aired(palette.light, away), cover)
        for offset in (-0.12, 0.12):
            brush.stroke(np.stack([a + u * offset, b + v * offset]), brush.aired(palette.shade, away), 0.1, cover)


def _far_first(brush: Brush, points: Floats) -> list[int]:
    middle = (points[:-1] + points[1:]) / 2
    return np.argsort(-np.linalg.norm(middle - brush.view.eye, axis=1)).tolist()


PROFILE = np.array([(-1.25, 1.0), (-1.0, 1.25), (-0.92, 0.55), (-0.72, 0.16), (-0.3, 0.0), (0.3, 0.0), (0.72, 0.16), (0.92, 0.55), (1.0, 1.25), (1.25, 1.0)], np.float32)  # fmt: skip
"""Cross-section of an ice channel: sideways and upwards in metres."""


def draw_channel(brush: Brush, thing: Furniture, cover: float) -> None:
    """An ice channel as a bent trough, shaded by the slope of each strip."""
    points = thing.points
    way = np.gradient(points, axis=0)
    across = np.cross(way, UP)
    across = (across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)).astype(np.float32)
    sections = points[:, None] + across[:, None] * PROFILE[None, :, :1] + UP * PROFILE[None, :, 1:]
    tones = _trough(brush)
    for index in _far_first(brush, points):
        away = brush.distance(points[index])
        if away > 260:
            continue
        for strip in range(len(PROFILE) - 1):
            quad = np.stack(
                [
                    sections[index, strip],
                    sections[index, strip + 1],
                    sections[index + 1, strip + 1],
                    sections[index + 1, strip],
                ]
            )
            brush.flat(quad, brush.aired(tones[strip], away), cover)


def _trough(brush: Brush) -> list[Colour]:
    palette = brush.palette
    ice, deep = mix(palette.light, palette.shade, 0.25), mix(palette.shade, palette.near, 0.35)
    parts = (0.15, 0.8, 0.55, 0.25, 0.05, 0.2, 0.4, 0.62, 0.1)
    tones = [mix(ice, deep, part) for part in parts]
    tones[0], tones[-1] = mix(palette.suit, ice, 0.25), mix(palette.third, ice, 0.25)
    return tones


def draw_paint(brush: Brush, thing: Furniture) -> None:
    """Lines and houses on ice or snow, seen exactly in perspective."""
    palette = brush.palette
    if thing.kind is FurnitureKind.HOUSE:
        turn = np.linspace(0, 2 * np.pi, 49)[:-1]
        ring = np.stack([np.cos(turn), np.sin(turn), np.zeros(48)], -1)
        inks = ((176.0, 92.0, 40.0), palette.light, (62.0, 56.0, 206.0), palette.light)
        for radius, tone in zip((1.83, 1.22, 0.61, 0.15), inks, strict=True):
            brush.flat((thing.points[0] + ring * radius).astype(np.float32), mix(tone, palette.light, 0.18))
        return
    tone = hue_of(brush, thing.hue)
    if thing.kind is FurnitureKind.LIP:
        brush.stroke(thing.points, mix(tone, palette.light, 0.15), 0.12)
        return
    for a, b in zip(thing.points, thing.points[1:], strict=False):
        side = np.cross(b - a, UP)
        side = (side / max(float(np.linalg.norm(side)), 1e-6) * 0.06).astype(np.float32)
        brush.flat(np.stack([a - side, b - side, b + side, a + side]), mix(tone, palette.light, 0.2))


DRAW: dict[FurnitureKind, Callable[[Brush, Furniture, float], None]] = {
    FurnitureKind.FENCE: draw_fence, FurnitureKind.BOARDS: draw_boards, FurnitureKind.LAMP: draw_lamp,
    FurnitureKind.ARCH: draw_arch, FurnitureKind.GOAL: draw_goal, FurnitureKind.TOWER: draw_tower,
    FurnitureKind.CHANNEL: draw_channel,
}  # fmt: skip
FLAT = {FurnitureKind.LINE, FurnitureKind.HOUSE, FurnitureKind.LIP}
