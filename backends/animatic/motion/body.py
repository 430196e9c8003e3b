"""The athlete's body: proportions, the frame it leans in, and the limbs that reach for feet and hands.

Segment lengths for a stature of 1.75 m after Drillis & Contini (1966) as tabulated by Winter, Biomechanics and Motor
Control of Human Movement: thigh 0.245 H, shank 0.246 H, upper arm 0.186 H, forearm 0.146 H (the hand's middle lies
0.04 H further), shoulder half-breadth 0.1 H, hip 0.5 · 0.105 H, trunk 0.29 H.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from backends.animatic.motion.signals import Array, col, dot, mix, rates, smooth, spin, unit, vector

THIGH: Final = 0.43
SHANK: Final = 0.43
UPPER: Final = 0.325
FORE: Final = 0.325
SPINE: Final = 0.28  # pelvis to chest
RIBS: Final = 0.235  # chest to neck
NECK: Final = 0.19  # neck to the middle of the head
SHOULDER: Final = 0.185
HIP: Final = 0.095
FOOT: Final = 0.18  # ankle to toe
BOOT: Final = 0.10  # ankle above what the foot stands on
UP: Final = np.array([0.0, 0.0, 1.0])

BONES: Final[dict[tuple[int, int], float]] = {
    (0, 1): SPINE, (1, 2): RIBS, (2, 3): NECK, (2, 4): SHOULDER, (2, 7): SHOULDER, (4, 5): UPPER, (5, 6): FORE,
    (7, 8): UPPER, (8, 9): FORE, (0, 10): HIP, (0, 14): HIP, (10, 11): THIGH, (11, 12): SHANK, (12, 13): FOOT,
    (14, 15): THIGH, (15, 16): SHANK, (16, 17): FOOT,
}  # fmt: skip
"""Pairs of joints and their fixed distance in metres."""


class Frame(NamedTuple):
    """Three unit axes (N, 3): the body's right, forward and up."""

    right: Array
    forward: Array
    up: Array

    def at(self, offsets: Array) -> Array:
        """World vectors of offsets (N, 3) given as right, forward, up."""
        return self.right * offsets[:, :1] + self.forward * offsets[:, 1:2] + self.up * offsets[:, 2:3]

    def pitched(self, angle: Array | float) -> Frame:
        """Tipped forward."""
        return Frame(
            self.right, spin(self.forward, self.right, -_angle(angle)), spin(self.up, self.right, -_angle(angle))
        )

    def tipped(self, angle: Array | float) -> Frame:
        """Tipped to the right."""
        return Frame(spin(self.right, self.forward, angle), self.forward, spin(self.up, self.forward, angle))

    def turned(self, angle: Array | float) -> Frame:
        """Turned to the left about its own up axis."""
        return Frame(spin(self.right, self.up, angle), spin(self.forward, self.up, angle), self.up)


def _angle(angle: Array | float) -> Array:
    return np.asarray(angle, np.float64)


def framed(forward: Array, up: Array) -> Frame:
    """A frame that looks along `forward` (N, 3), its up as near to `up` (N, 3) as that allows."""
    ahead = unit(forward)
    right = unit(np.cross(ahead, np.broadcast_to(up, ahead.shape)))
    return Frame(right, ahead, np.cross(right, ahead))


def upright(up: Array, forward: Array) -> Frame:
    """A frame that stands along `up` (N, 3), its forward as near to `forward` (N, 3) as that allows."""
    above = unit(np.broadcast_to(up, forward.shape))
    right = unit(np.cross(forward, above))
    return Frame(right, np.cross(above, right), above)


@dataclass(slots=True)
class Arm:
    """Where a hand wants to be: `local` (N, 3) from its shoulder in the body's frame, or the place `world` (N, 3) in
    the world as far as `grip` (N,) goes from 0 to 1. `elbow` points the elbow in the body's frame."""

    local: Array
    world: Array | None = None
    grip: Array | float = 1.0
    elbow: Array | None = None


@dataclass(slots=True)
class Pose:
    """Everything that decides a body, one row a sample.

    `pelvis` (N, 3); `frame` of the pelvis; `bend` forward, `side` to the right and `twist` to the left of the trunk
    (rad); `ankles`, `toes` (directions) and `soles` (up of each foot): left, right; `arms`: left, right; `look`
    (N, 3) where the head faces; `knees`: how far each knee opens outwards; `planted` (N,) 0..1 how much each foot
    holds the pelvis within the leg's reach.
    """

    pelvis: Array
    frame: Frame
    ankles: tuple[Array, Array]
    toes: tuple[Array, Array]
    soles: tuple[Array, Array]
    arms: tuple[Arm, Arm]
    look: Array
    bend: Array | float = 0.0
    side: Array | float = 0.0
    twist: Array | float = 0.0
    nod: Array | float = 0.5
    knees: tuple[Array | float, Array | float] = (0.12, 0.12)
    planted: tuple[Array | float, Array | float] = (1.0, 1.0)
    extras: dict[str, Array] = field(default_factory=dict[str, Array])


def bend_limb(root: Array, goal: Array, first: float, second: float, pole: Array) -> tuple[Array, Array]:
    """Two bones from `root` towards `goal`: the middle joint, bent towards `pole`, and the end actually reached."""
    line = goal - root
    far = np.linalg.norm(line, axis=1, keepdims=True)
    reach = _within(far, first + second)
    reach = np.maximum(reach, 0.25)
    along = line / np.maximum(far, 1e-6)
    along_first = (first * first - second * second + reach * reach) / (2 * reach)
    out = np.sqrt(np.maximum(first * first - along_first * along_first, 0.0))
    sideways = unit(pole - along * dot(pole, along))
    return root + along * along_first + sideways * out, root + along * reach


def _within(far: Array, limit: float) -> Array:
    """Distances softly held below a limb's length, so that a knee never snaps straight."""
    knee = 0.955 * limit
    room = 0.996 * limit - knee
    over = np.maximum(far - knee, 0.0)
    return np.minimum(far, knee) + room * (1.0 - np.exp(-over / room))


def assemble(pose: Pose) -> Array:
    """The joints (N, 18, 3) of a pose, in the order of `JOINTS`, bones of fixed length."""
    pelvis = _lowered(pose)
    frame = pose.frame
    half = frame.pitched(np.multiply(pose.bend, 0.6)).tipped(np.multiply(pose.side, 0.5))
    chest_frame = frame.pitched(pose.bend).tipped(pose.side).turned(pose.twist)
    chest = pelvis + half.up * SPINE
    neck = chest + chest_frame.up * RIBS
    head = neck + unit(mix(chest_frame.up, unit(frame.up + pose.look * 0.45), pose.nod)) * NECK
    joints = [pelvis, chest, neck, head]
    for sign, arm in zip((-1.0, 1.0), pose.arms, strict=True):
        joints += _arm(neck + chest_frame.right * (sign * SHOULDER), sign, arm, frame)
    for side, sign in enumerate((-1.0, 1.0)):
        joints += _leg(pelvis + frame.right * (sign * HIP), sign, pose, side)
    return np.stack(joints, axis=1)


def _arm(shoulder: Array, sign: float, arm: Arm, frame: Frame) -> list[Array]:
    goal = shoulder + frame.at(arm.local)
    if arm.world is not None:
        goal = mix(goal, arm.world, np.broadcast_to(_angle(arm.grip), (len(goal),)))
    usual = vector(len(goal), 0.45 * sign, -0.45, -0.75)
    goal = shoulder + _clear(goal - shoulder, sign, frame)
    pole = _elbow(goal - shoulder, sign, frame, frame.at(usual if arm.elbow is None else arm.elbow))
    elbow, hand = bend_limb(shoulder, goal, UPPER, FORE, pole)
    return [shoulder, elbow, hand]


def _clear(line: Array, sign: float, frame: Frame) -> Array:
    """A hand's offset from its shoulder (N, 3), led round the joint instead of through it: low, outside, in front."""
    far = np.linalg.norm(line, axis=1, keepdims=True)
    near = np.clip((0.42 - far) / 0.42, 0.0, 1.0)
    return line + frame.at(vector(len(line), 0.45 * sign, 0.35, -0.82)) * (0.40 * near * near)


def _elbow(line: Array, sign: float, frame: Frame, wanted: Array) -> Array:
    """Where the elbow points: as wanted, upwards and out where the hand itself lies there, never in a sudden flip."""
    along = unit(line)
    near = np.abs(dot(along, unit(wanted)))
    weight = np.clip((near - 0.7) / 0.27, 0.0, 1.0)
    weight = weight * weight * (3 - 2 * weight)
    other = frame.at(vector(len(line), 0.55 * sign, -0.25, 0.8))
    pole = wanted + (other * np.sign(dot(along, unit(wanted)) + 1e-9) - wanted) * weight
    side = smooth(unit(pole - along * dot(pole, along)), 0.16)
    return side - along * dot(side, along)


def _leg(hip: Array, sign: float, pose: Pose, side: int) -> list[Array]:
    out = np.broadcast_to(_angle(pose.knees[side]), (len(hip),))
    pole = pose.toes[side] * 0.5 + pose.frame.forward + pose.frame.right * col(out * sign) + pose.frame.up * 0.15
    knee, ankle = bend_limb(hip, pose.ankles[side], THIGH, SHANK, pole)
    toe = ankle + unit(pose.toes[side] * 0.94 - pose.soles[side] * 0.34) * FOOT
    return [hip, knee, ankle, toe]


def _lowered(pose: Pose) -> Array:
    """The pelvis drawn so near to its planted feet that both legs reach them."""
    pelvis = pose.pelvis.copy()
    limit = 0.95 * (THIGH + SHANK)
    for _ in range(5):
        for side, sign in enumerate((-1.0, 1.0)):
            line = pose.ankles[side] - (pelvis + pose.frame.right * (sign * HIP))
            far = np.linalg.norm(line, axis=1)
            over = far - limit
            pull = np.where(over > 0.03, over, np.where(over < -0.03, 0.0, (over + 0.03) ** 2 / 0.12))
            pelvis += line / np.maximum(far, 1e-6)[:, None] * col(pull * pose.planted[side] * 0.8)
    return pelvis


def inertia(path: Array, gain: float = 0.012, most: float = 0.12) -> Array:
    """How loose parts lag behind a moving body: offsets (N, 3) in metres against its smoothed acceleration."""
    push = -gain * rates(rates(smooth(path, 0.35)))
    size = np.linalg.norm(push, axis=1, keepdims=True)
    return smooth(push * most / (most + size), 0.25)
