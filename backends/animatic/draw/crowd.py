"""People who watch: they sway, and they jump when it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.brush import fixed, listed
from backends.animatic.draw.noise import hashed
from backends.animatic.draw.palette import Colour, mix, vector

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


def stand_seats(points: Reals) -> Reals:
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
    seats = stand_seats(thing.points)
    draw_people(brush, seats, excitement, np.full(len(seats), cover, np.float32))


def draw_people(brush: Brush, feet: Reals, excitement: float, cover: Reals) -> None:
    """People standing at `feet` (P, 3), hidden below the screen rows `cover` (P); arms go up with `excitement` 0..1."""
    number = hashed(np.arange(len(feet)), 17)
    hop = np.abs(np.sin(brush.time * (6.5 + 2 * number) + number * 40)) * (0.03 + 0.22 * excitement)
    local = brush.view.local(feet + np.array([0, 0, 1], np.float32) * hop[:, None])
    half = brush.view.width / 2 / brush.view.scale
    inside = (local[:, 2] > 1.0) & (local[:, 2] < 200) & (np.abs(local[:, 0]) < local[:, 2] * half + 1)
    found = np.flatnonzero(inside)
    size = brush.view.scale / np.maximum(local[:, 2], 0.5)
    found = found[(size[found] > 2.2) & (size[found] < brush.view.height * 0.2)]
    if len(found) > MOST:
        found = found[np.argsort(number[found])[:MOST]]
    found = found[np.argsort(-local[found, 2])]
    if len(found):
        _draw(
            brush,
            brush.view.screen(local[found]),
            size[found],
            number[found],
            (excitement, cover[found]),
            local[found, 2],
        )


BODY: Final = np.array(
    [
        (-0.62, 0),
        (-0.8, 0.6),
        (-1, 1.08),
        (-0.55, 1.38),
        (0.55, 1.38),
        (1, 1.08),
        (0.8, 0.6),
        (0.62, 0),
        (0.14, 0),
        (0, 0.55),
        (-0.14, 0),
    ],
    np.float32,
)
"""A coat: sideways in half breadths, upwards in metres."""
HAT: Final = np.array([(-0.15, 1.55), (-0.12, 1.66), (0, 1.76), (0.12, 1.66), (0.15, 1.55)], np.float32)
ARM: Final = np.array([(0.8, 1.28), (1.5, 1.83)], np.float32)
LOW_ARM: Final = np.array([(0.9, 1.2), (1.25, 0.75)], np.float32)


def _draw(brush: Brush, place: Reals, size: Reals, number: Reals, mood: tuple[float, Reals], away: Reals) -> None:
    wide = 0.24 + 0.05 * number
    sway = np.sin(brush.time * 5 + number * 30) * 0.1
    low = mood[1][:, None].astype(np.float32)

    def laid(shape: Reals, breadth: Reals) -> Reals:
        x = place[:, :1] + shape[None, :, 0] * (breadth * size)[:, None]
        return np.stack([x, np.minimum(place[:, 1:] - shape[None, :, 1] * size[:, None], low)], -1)

    body, hat = fixed(laid(BODY, wide)), fixed(laid(HAT, np.ones_like(wide)))
    head = fixed(np.stack([place[:, 0], place[:, 1] - size * 1.52], -1))
    radius = np.maximum(8, size * 2.2).astype(np.intp)
    raised = (mood[0] > 0.25 + 0.6 * ((number * 7.3) % 1))[:, None, None]
    swung = [laid(ARM * [sign, 1], wide + sway * sign * 0.3) for sign in (-1, 1)]
    hanging = [laid(LOW_ARM * [sign, 1], wide) for sign in (-1, 1)]
    arms = np.stack([_sleeves(np.where(raised, *pair), size) for pair in zip(swung, hanging, strict=True)], 1)
    skin = mix((150.0, 178.0, 226.0), brush.palette.shade, 0.3)
    coat, cap, face = _dressed(brush, number, skin, away)
    sleeve = [mix(colour, brush.palette.dark, 0.25) for colour in coat]
    shown = (place[:, 1] - size * 1.3 < mood[1]) & (place[:, 1] > 0)
    shown &= place[:, 1] - size * 1.9 < brush.view.height
    for index in np.flatnonzero(shown).tolist():
        if size[index] > 8:
            cv2.fillPoly(brush.canvas, listed(arms[index]), sleeve[index], cv2.LINE_AA, 4)
        brush.put([body[index]], coat[index])
        x, y = head[index].tolist()
        cv2.circle(brush.canvas, (x, y), int(radius[index]), face[index], -1, cv2.LINE_AA, 4)
        if size[index] > 6:
            brush.put([hat[index]], cap[index])


def _sleeves(line: Reals, size: Reals) -> np.ndarray:
    """Arms from a shoulder to a hand (P, 2, 2) as quads (P, 4, 2)."""
    way = line[:, 1] - line[:, 0]
    way *= (size * 0.055 / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-3))[:, None]
    side, hand = np.stack([-way[:, 1], way[:, 0]], -1), line[:, 1] + way
    return fixed(np.stack([line[:, 0] + side, hand + side, hand - side, line[:, 0] - side], 1))


def _dressed(brush: Brush, number: Reals, skin: Colour, away: Reals) -> tuple[list[Colour], list[Colour], list[Colour]]:
    """The colours of everybody's coat, hat and face, behind the air."""
    tones = np.array(coats(brush), np.float32)
    coat, cap = (tones[(number * factor).astype(np.intp) % len(tones)] for factor in (1000, 777))
    face = np.broadcast_to(vector(skin), coat.shape)
    return brush.airs(coat, away), brush.airs(cap, away), brush.airs(face, away)
