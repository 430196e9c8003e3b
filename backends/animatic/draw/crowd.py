"""People who watch: they sway, and they jump when it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.brush import fixed
from backends.animatic.draw.noise import hashed
from backends.animatic.draw.palette import Colour, mix
from backends.animatic.scene import Floats

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush
    from backends.animatic.scene import Furniture

ROW: Final = 0.85
SEAT: Final = 0.62
MOST: Final = 420


def coats(brush: Brush) -> list[Colour]:
    """What a crowd wears, taken from the scene's palette."""
    palette = brush.palette
    base = [
        palette.suit,
        palette.trim,
        palette.third,
        palette.dark,
        palette.near,
        palette.far,
        (80, 70, 190),
        (170, 120, 40),
    ]
    return [mix(colour, palette.shade, 0.22) for colour in base]


def stand_seats(points: Floats) -> Floats:
    """Feet (P, 3) of everybody in a tribune over the ground rectangle (4, 3), rows rising away from points 0-1."""
    a, b, c, d = points
    across, back = b - a, d - a
    seats, rows = max(2, int(np.linalg.norm(across) / SEAT)), max(2, int(np.linalg.norm(back) / ROW))
    u, v = np.meshgrid((np.arange(seats) + 0.5) / seats, (np.arange(rows) + 0.5) / rows)
    place = a + across * u.reshape(-1, 1) + back * v.reshape(-1, 1)
    place[:, 2] += 0.8 + 0.5 * np.repeat(np.arange(rows), seats)
    del c
    return place.astype(np.float32)


def draw_stand(brush: Brush, thing: Furniture, excitement: float, cover: float) -> None:
    """The steps of a tribune and the people on them."""
    a, b, c, d = thing.points
    up = np.array([0, 0, 1], np.float32)
    deep = float(np.linalg.norm(d - a)) / ROW * 0.5
    away = brush.distance((a + b) / 2)
    brush.flat(
        np.stack([a + up * 0.6, b + up * 0.6, c + up * (0.6 + deep), d + up * (0.6 + deep)]),
        brush.aired(mix(brush.palette.dark, brush.palette.near, 0.3), away),
        cover,
    )
    brush.flat(np.stack([a, b, b + up * 0.9, a + up * 0.9]), brush.aired(brush.palette.third, away), cover)
    draw_people(brush, stand_seats(thing.points), excitement, cover)


def draw_people(brush: Brush, feet: Floats, excitement: float, cover: float) -> None:
    """People standing at `feet` (P, 3); arms go up with `excitement` 0..1."""
    number = hashed(np.arange(len(feet)), 17)
    hop = np.abs(np.sin(brush.time * (6.5 + 2 * number) + number * 40)) * (0.03 + 0.22 * excitement)
    local = brush.view.local(feet + np.array([0, 0, 1], np.float32) * hop[:, None])
    half = brush.view.width / 2 / brush.view.scale
    inside = (local[:, 2] > 1.0) & (local[:, 2] < 200) & (np.abs(local[:, 0]) < local[:, 2] * half + 1)
    found = np.flatnonzero(inside)
    size = brush.view.scale / np.maximum(local[:, 2], 0.5)
    found = found[size[found] > 2.2]
    if len(found) > MOST:
        found = found[np.argsort(number[found])[:MOST]]
    found = found[np.argsort(-local[found, 2])]
    tones = coats(brush)
    for index in found.tolist():
        place = brush.view.screen(local[index])
        _person(
            brush, place, float(size[index]), float(number[index]), (excitement, cover), tones, float(local[index, 2])
        )


def _person(
    brush: Brush, place: Floats, size: float, number: float, mood: tuple[float, float], tones: list[Colour], away: float
) -> None:
    x, y = float(place[0]), float(place[1])
    if y - size * 1.7 > min(mood[1], brush.view.height) or y < 0:
        return
    coat = brush.aired(tones[int(number * 1000) % len(tones)], away)
    low, high, wide = y, y - size * 1.38, size * (0.24 + 0.05 * number)
    shape = np.array([(x - wide * 0.8, low), (x - wide, high + size * 0.3), (x - wide * 0.55, high), (x + wide * 0.55, high), (x + wide, high + size * 0.3), (x + wide * 0.8, low)], np.float32)  # fmt: skip
    brush.fill(shape, coat, mood[1])
    canvas = brush.canvas
    raised = mood[0] > 0.25 + 0.6 * ((number * 7.3) % 1)
    if size > 7:
        sway = np.sin(brush.time * 5 + number * 30) * size * 0.1
        lift = high - size * 0.45 if raised else high + size * 0.5
        for sign in (-1, 1):
            arm = np.array(
                [(x + sign * wide * 0.8, high + size * 0.1), (x + sign * wide * 1.5 + sway, lift)], np.float32
            )
            cv2.polylines(
                canvas,
                [fixed(arm)],
                False,
                mix(coat, brush.palette.dark, 0.25),
                max(1, round(size * 0.11)),
                cv2.LINE_AA,
                4,
            )
    face = brush.aired(mix((150.0, 178.0, 226.0), brush.palette.shade, 0.3), away)
    at = fixed(np.array([x, high - size * 0.14], np.float32))
    cv2.circle(canvas, (int(at[0]), int(at[1])), max(8, int(size * 0.135 * 16)), face, -1, cv2.LINE_AA, 4)
    if size > 5:
        hat = np.array(
            [(x - size * 0.14, high - size * 0.16), (x, high - size * 0.36), (x + size * 0.14, high - size * 0.16)],
            np.float32,
        )
        brush.fill(hat, brush.aired(tones[int(number * 777) % len(tones)], away), mood[1])
