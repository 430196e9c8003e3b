"""Skis, blades, sleds, sticks and stones, drawn with the body they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, crossed, unit
from backends.animatic.draw.body import Limb
from backends.animatic.draw.figure import Part
from backends.animatic.draw.view import NEAR
from backends.animatic.scene import GearKind

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.palette import Colour

Held = tuple[GearKind, Reals, Reals]
"""Kind, points (P, 3) and upper side (3,) of one piece of gear at one instant."""

BOARDS = {GearKind.SKI: (0.055, 0.36), GearKind.BOARD: (0.14, 0.30)}
"""Half breadth in metres and how far, as a part of the length, the tip curls up."""


def _rise(t: Reals, curl: float) -> Reals:
    return np.clip((t - (1 - curl * 0.35)) / (curl * 0.35), 0, 1) ** 2 * np.float32(0.10)


def _waist(t: Reals) -> Reals:
    tip, tail = np.clip((t - 0.93) / 0.07, 0, 1) ** 2, np.clip((0.05 - t) / 0.05, 0, 1)
    return 1.12 - 0.35 * np.sin(np.pi * t) - 0.9 * tip - 0.4 * tail


def limbs_of_gear(kind: GearKind, points: Reals, normal: Reals) -> list[Limb]:
    """Gear that is solid enough to be drawn with the body's light."""
    if kind is GearKind.STONE:
        return _stone(points, normal)
    if kind is GearKind.BOB:
        return _bob(points, normal)
    if kind is GearKind.RIFLE:
        return _rifle(points)
    if kind is GearKind.SLED:
        return _sled(points, normal)
    if kind in {GearKind.POLE, GearKind.STICK, GearKind.BROOM}:
        return _shaft(kind, points)
    return []


def _stone(points: Reals, normal: Reals) -> list[Limb]:
    centre, handle = points
    grip = centre + normal * 0.11
    body = [Limb(centre + offset, centre + offset, 0.105, 0.105, Part.METAL) for offset in _ring(normal, 0.075)]
    return [
        *body,
        Limb(centre + normal * 0.045, grip, 0.07, 0.035, Part.SUIT),
        Limb(grip, handle, 0.024, 0.02, Part.SUIT),
    ]


def _ring(normal: Reals, radius: float) -> list[Reals]:
    side = unit(crossed(normal, np.array([0.3, 1, 0.1], np.float32)))
    other = crossed(normal, side)
    turn = np.arange(6) * np.pi / 3
    return [(side * np.cos(a) + other * np.sin(a)).astype(np.float32) * radius for a in turn]


def _bob(points: Reals, normal: Reals) -> list[Limb]:
    """A hull that the crew sits in up to the chest: nose, walls, floor and tail, on two pairs of runners."""
    rear, front = points
    way = unit(front - rear)
    across = unit(crossed(way, normal))

    def at(ahead: float, aside: float, up: float) -> Reals:
        return (rear + way * ahead + across * aside + normal * up).astype(np.float32)

    found = [
        Limb(at(1.75, 0, 0.34), at(2.68, 0, 0.26), 0.36, 0.15, Part.SUIT, Part.TRIM, (0.25, 0.42)),
        Limb(at(0.2, 0, 0.25), at(1.7, 0, 0.25), 0.21, 0.21, Part.SUIT),
        Limb(at(0.12, -0.28, 0.36), at(0.12, 0.28, 0.36), 0.15, 0.15, Part.SUIT, Part.TRIM, (0.3, 0.7)),
    ]
    for sign in (-1, 1):
        found += [
            Limb(at(0.1, 0.33 * sign, 0.34), at(1.85, 0.29 * sign, 0.34), 0.17, 0.2, Part.SUIT, Part.TRIM, stripe=0.2),
            Limb(at(0.2, 0.36 * sign, 0.54), at(1.7, 0.30 * sign, 0.55), 0.06, 0.1, Part.SUIT),
            Limb(at(0.25, 0.32 * sign, 0.04), at(0.95, 0.32 * sign, 0.04), 0.03, 0.03, Part.METAL),
            Limb(at(1.75, 0.3 * sign, 0.04), at(2.4, 0.3 * sign, 0.04), 0.03, 0.03, Part.METAL),
        ]
    return found


def _sled(points: Reals, normal: Reals) -> list[Limb]:
    rear, front = points
    across = unit(crossed(front - rear, normal))
    curl = front + normal * 0.12 + (front - rear) * 0.06
    found = [Limb(rear + normal * 0.08, front + normal * 0.08, 0.075, 0.06, Part.DARK)]
    for sign in (-1, 1):
        side = across * (0.19 * sign)
        found += [
            Limb(rear + normal * 0.04 + side, front + normal * 0.04 + side, 0.032, 0.032, Part.SUIT),
            Limb(front + normal * 0.04 + side, curl + side, 0.032, 0.02, Part.TRIM),
        ]
    return found


def _rifle(points: Reals) -> list[Limb]:
    butt, muzzle = points
    way = muzzle - butt
    return [
        Limb(butt, butt + way * 0.45, 0.045, 0.028, Part.THIRD),
        Limb(butt + way * 0.4, muzzle, 0.018, 0.012, Part.DARK),
    ]


def _shaft(kind: GearKind, points: Reals) -> list[Limb]:
    if kind is GearKind.POLE:
        grip, basket = points
        ring = grip + (basket - grip) * 0.93
        return [
            Limb(grip, basket, 0.011, 0.008, Part.DARK),
            Limb(grip, grip + (basket - grip) * 0.1, 0.02, 0.018, Part.GLOVE),
            Limb(ring, ring, 0.035, 0.035, Part.TRIM),
        ]
    if kind is GearKind.BROOM:
        grip, head = points
        side = unit(crossed(head - grip, np.array([0, 0, 1], np.float32))) * np.float32(0.1)
        return [Limb(grip, head, 0.014, 0.014, Part.DARK), Limb(head - side, head + side, 0.04, 0.04, Part.SUIT)]
    butt, heel, tip = points
    return [Limb(butt, heel, 0.018, 0.018, Part.DARK, Part.TRIM, (0.0, 0.12)), Limb(heel, tip, 0.04, 0.032, Part.DARK)]


def draw_board(
    brush: Brush, mask: np.ndarray, kind: GearKind, points: Reals, normal: Reals, colours: tuple[Colour, Colour]
) -> None:
    """A ski or snowboard as a bent ribbon with a curled tip, a lit top and an edge; marked in the mask of bodies."""
    shapes = _ribbon(kind, points, normal)
    local = brush.view.local(shapes)
    whole = brush.view.screen(local) if bool((local[..., 2] >= NEAR).all()) else None
    for index, colour in enumerate((colours[1], colours[0], colours[1])):
        shape = brush.view.shape(shapes[index]) if whole is None else whole[index]
        if shape is not None:
            corners = brush.fill(shape, colour)
            if corners is not None:
                cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, 4)


def _ribbon(kind: GearKind, points: Reals, normal: Reals) -> Reals:
    """A board's underside, top and stripe as polygons (3, P, 3)."""
    tail, middle, tip = points
    line = _through(tail, middle, tip, STEPS) + normal * RISE[kind]
    side = unit(crossed(tip - tail, normal)) * WAIST[kind]
    top = np.concatenate([line - side, (line + side)[::-1]])
    side = side * 0.25
    stripe = np.concatenate([line - side, (line + side)[::-1]])
    return np.stack([top + normal * -0.022, top, stripe]).astype(np.float32)


STEPS: Final = np.linspace(0, 1, 21, dtype=np.float32)[:, None]
RISE: Final = {
    GearKind.SKI: _rise(STEPS, BOARDS[GearKind.SKI][1]),
    GearKind.BOARD: _rise(STEPS, BOARDS[GearKind.BOARD][1]) + _rise(1 - STEPS, BOARDS[GearKind.BOARD][1]),
}
"""Metres by which a board's ends curl up (21, 1)."""
WAIST: Final = {kind: _waist(STEPS) * half for kind, (half, _) in BOARDS.items()}
"""Half breadths in metres along a board (21, 1)."""


def _through(a: Reals, b: Reals, c: Reals, t: Reals) -> Reals:
    """The parabola through a at 0, b at its own share of the length, c at 1."""
    at = float(np.linalg.norm(b - a) / max(float(np.linalg.norm(b - a) + np.linalg.norm(c - b)), 1e-6))
    at = min(max(at, 0.2), 0.8)
    first = (t - at) * (t - 1) / at
    second = t * (t - 1) / (at * (at - 1))
    third = t * (t - at) / (1 - at)
    return a * first + b * second + c * third


def draw_blade(brush: Brush, points: Reals, normal: Reals) -> None:
    """A skate's blade under the boot."""
    heel, toe = points
    lift = normal * 0.045
    brush.flat(np.stack([heel, toe, toe + lift, heel + lift]).astype(np.float32), (235.0, 230.0, 226.0))
    brush.stroke(points, (120.0, 112.0, 108.0), 0.008)


def draw_puck(brush: Brush, point: Reals) -> None:
    """A puck, a little larger than life, with its shadow."""
    turn = np.arange(14) * (2 * np.pi / 14)
    ring = np.stack([np.cos(turn) * 0.06, np.sin(turn) * 0.06, np.zeros(14)], -1)
    brush.flat((point + ring).astype(np.float32), (26.0, 22.0, 20.0))
    brush.flat((point + ring * 0.85 + [0, 0, 0.025]).astype(np.float32), (60.0, 54.0, 50.0))
