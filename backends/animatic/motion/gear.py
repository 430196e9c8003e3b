"""Skis, blades, poles and the rest, fastened to feet and hands; and the actor they make together with a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.motion.body import BOOT, Arm, Frame, Pose, assemble
from backends.animatic.motion.signals import Array, col, rates, unit
from backends.animatic.scene import JOINTS, Actor, Floats, Gear, GearKind

if TYPE_CHECKING:
    from backends.animatic.motion.stance import Foot
    from backends.animatic.motion.track import Height

HANDS = (JOINTS.index("l_hand"), JOINTS.index("r_hand"))
ANKLES = (JOINTS.index("l_ankle"), JOINTS.index("r_ankle"))


def single(x: Array) -> Floats:
    """In the precision of a `Performance`."""
    return np.ascontiguousarray(x, np.float32)


def gear(kind: GearKind, normal: Array, *points: Array) -> Gear:
    """Equipment from its points (N, 3) each."""
    return Gear(kind, single(np.stack(points, axis=1)), single(np.broadcast_to(normal, points[0].shape)))


def ski(
    ankle: Array, ahead: Array, sole: Array, tail: float = 0.8, tip: float = 1.0, kind: GearKind = GearKind.SKI
) -> Gear:
    """A ski under an ankle: straight along `ahead`, its base `BOOT` below along `sole` (unit vectors (N, 3))."""
    boot = ankle - sole * BOOT
    return gear(kind, sole, boot - ahead * tail, boot, boot + ahead * tip)


def blade(ankle: Array, ahead: Array, sole: Array, heel: float = 0.17, toe: float = 0.27, under: float = BOOT) -> Gear:
    """A skate's blade under an ankle."""
    foot = ankle - sole * under
    return gear(GearKind.BLADE, sole, foot - ahead * heel, foot + ahead * toe)


def pole(hand: Array, along: Array, length: float) -> Gear:
    """A pole from the hand along a unit vector (N, 3)."""
    return gear(GearKind.POLE, -along, hand, hand + along * length)


def over_ground(grip: Array, along: Array, length: float, height: Height, above: float = 0.03) -> Array:
    """The direction `along` (N, 3) of a pole, lifted where its basket would go under the ground."""
    way = unit(along)
    for _ in range(3):
        basket = grip + way * length
        room = (grip[:, 2] - height(basket[:, 0], basket[:, 1]) - above) / length
        drop = np.minimum(-way[:, 2], np.clip(room, -0.99, 0.9995))
        flat = way[:, :2] / np.maximum(np.linalg.norm(way[:, :2], axis=1, keepdims=True), 1e-6)
        way = np.column_stack([flat * np.sqrt(1 - drop**2)[:, None], -drop])
    return way


def arc(a: Array, b: Array, weight: Array | float, sign: float) -> Array:
    """Hand offsets (N, 3) from `a` to `b` on a way round the shoulder, outside on side `sign` (−1 left)."""
    part = col(np.clip(weight, 0.0, 1.0))
    straight = a + (b - a) * part
    far = np.linalg.norm(a, axis=1, keepdims=True) * (1 - part) + np.linalg.norm(b, axis=1, keepdims=True) * part
    out = straight + np.array([0.55 * sign, 0.25, 0.0]) * (4 * part * (1 - part))
    return unit(out) * far


def skis(joints: Array, feet: tuple[Foot, Foot], tail: float = 0.8, tip: float = 1.0) -> tuple[Gear, Gear]:
    """Both skis under the feet of a body (N, 18, 3)."""
    left, right = feet
    return (
        ski(joints[:, ANKLES[0]], left.ahead, left.sole, tail, tip),
        ski(joints[:, ANKLES[1]], right.ahead, right.sole, tail, tip),
    )


def hold(frame: Frame, *offset: Array | float) -> Array:
    """World vectors of an offset in a frame."""
    n = len(frame.up)
    return frame.at(np.stack([np.broadcast_to(np.asarray(part, np.float64), (n,)) for part in offset], axis=1))


def reach(n: int, right: Array | float, forward: Array | float, up: Array | float) -> Arm:
    """An arm whose hand is at that offset from its shoulder, in the body's frame (metres)."""
    parts = [np.broadcast_to(np.asarray(part, np.float64), (n,)) for part in (right, forward, up)]
    return Arm(np.stack(parts, axis=1))


def actor(
    role: str,
    pose: Pose,
    gears: tuple[Gear, ...],
    contact: Array,
    load: Array,
    spray: Array,
    joints: Array | None = None,
    bare: bool = False,
) -> Actor:
    """An actor from a pose (or ready `joints`), velocity from its pelvis."""
    body = assemble(pose) if joints is None else joints
    return Actor(
        role, single(body), single(rates(body[:, 0])), single(load), single(np.clip(spray, 0.0, 1.0)), single(contact),
        single(unit(pose.look)), gears, bare,
    )  # fmt: skip
