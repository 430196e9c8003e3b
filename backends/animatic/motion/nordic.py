"""Skiing on the flat: the skating stride with a poling stroke to each leg, baskets planted in the snow.

Speeds follow from a balance of power (Sandbakk & Holmberg 2014, Int J Sports Physiol Perform 9:117: sprint finals at
7–9 m/s on the flat, 450–600 W): drag area 0.55 m², friction of glide 0.03, mass 82 kg. Poles near 0.87 of the stature;
one poling stroke lasts about 40 % of its cycle (Stöggl & Holmberg 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.body import Arm, Pose, assemble
from backends.animatic.motion.gear import HANDS, actor, over_ground, pole, reach, skis
from backends.animatic.motion.signals import Array, col, mix, ramp, smooth, unit
from backends.animatic.motion.skating import Skate, Stride, pressed, skate, slide
from backends.animatic.motion.stance import alive, leaned
from backends.animatic.motion.track import Glider, ground_point

if TYPE_CHECKING:
    from backends.animatic.motion.track import Height, Track
    from backends.animatic.scene import Actor, Gear

SKIER: Final = Glider(mass=82.0, drag=0.55, friction=0.03)
STRIDE: Final = Stride(push=0.66, duty=0.57, lift=0.13, trail=0.16, sway=0.27, tall=0.77, start=0.04)
POLE: Final = 1.50
PLANTED: Final = 0.42


@dataclass(slots=True)
class Skier:
    """One skier's whole motion: what feet, arms and poles do along a track. `amount` 0..1 how much they skate and
    pole; `phase` counts cycles of two strokes."""

    track: Track
    phase: Array
    amount: Array
    feet: Skate
    pose: Pose
    strokes: Array


def stride(rng: np.random.Generator, height: Height, track: Track, phase: Array, amount: Array) -> Skier:
    """A skier that skates along a track; arms and trunk can still be changed before `finish`."""
    n = len(phase)
    lean = 0.5 * smooth(track.lean(), 0.5)
    feet = skate(height, track, phase, STRIDE, amount, 0.0, lean)
    strokes = np.mod(2 * phase + 0.12, 1.0)
    pull = slide(strokes, PLANTED, 0.0, 1.0)
    frame = leaned(track, lean - 0.10 * np.sin(2 * np.pi * phase) * amount)
    crunch = np.sin(np.pi * np.clip(pull, -0.1, 1.1)) * amount
    pelvis = track.spot + track.right * col(feet.sway) + frame.up * col(STRIDE.tall + 0.05 * (1 - pull) * amount)
    pelvis = pelvis + track.ahead * col(0.05 - 0.12 * pull * amount)
    arms: list[Arm] = []
    for sign in (-1.0, 1.0):
        local = mix(reach(n, 0.06 * sign, 0.48, -0.02).local, reach(n, 0.16 * sign, -0.40, -0.42).local, pull)
        calm = reach(n, 0.12 * sign, 0.26, -0.34).local
        arms.append(Arm(mix(calm, local, amount), elbow=reach(n, 0.6 * sign, -0.45, -0.45).local))
    ahead = np.minimum(np.arange(n) + 90, n - 1)
    look = unit(track.spot[ahead] - track.spot + 5 * track.ahead)
    left, right = feet.feet
    pose = Pose(
        pelvis, frame, (left.ankle, right.ankle), (left.ahead, right.ahead), (left.sole, right.sole),
        alive(rng, track.t, pelvis, frame, (arms[0], arms[1]), 0.6), look,
        bend=0.34 + (0.16 + 0.42 * pull) * amount + 0.04 * crunch,
        twist=0.10 * np.sin(2 * np.pi * phase) * amount, nod=0.8,
        planted=(np.clip(feet.pushes[0] * 3, 0, 1), np.clip(feet.pushes[1] * 3, 0, 1)),
    )  # fmt: skip
    return Skier(track, phase, amount, feet, pose, strokes)


def finish(skier: Skier, height: Height, role: str, extra: tuple[Gear, ...] = (), poles: bool = True) -> Actor:
    """The skier as an actor: poles planted where they push, skis under the feet."""
    gears: tuple[Gear, ...] = ()
    if poles:
        baskets, weight = plant(skier, height)
        joints = assemble(skier.pose)
        gears = planted_poles(skier, joints, baskets, weight, height)
    else:
        joints = assemble(skier.pose)
    contact, load = pressed(height, skier.feet)
    push = np.maximum(*skier.feet.pushes)
    spray = np.clip((0.10 + 0.35 * push * skier.amount) * np.clip(skier.track.speed / 6, 0, 1), 0, 1)
    return actor(
        role, skier.pose, (*skis(joints, skier.feet.feet, 0.80, 1.08), *gears, *extra), contact, load, spray, joints
    )


def plant(skier: Skier, height: Height) -> tuple[tuple[Array, Array], Array]:
    """Fix both baskets in the snow while they push: sets the arms' grips, returns the baskets' places (N, 3) and how
    much they hold (N,)."""
    free = assemble(skier.pose)
    w = skier.strokes
    begins = np.concatenate([[0], np.flatnonzero(np.diff(w) < -0.5) + 1])
    latest = begins[np.searchsorted(begins, np.arange(len(w)), side="right") - 1]
    weight = (
        ramp(w, 0.0, 0.13) * (1 - ramp(w, PLANTED - 0.12, PLANTED)) * skier.amount * ramp(skier.track.speed, 2.4, 4.2)
    )
    weight[: begins[1] if len(begins) > 1 else 0] = 0.0
    places: list[Array] = []
    for hand, arm in zip(HANDS, skier.pose.arms, strict=True):
        grip = free[:, hand][latest]
        ahead = skier.track.ahead[latest]
        tall = grip[:, 2] - height(grip[:, 0], grip[:, 1])
        back = np.sqrt(np.maximum(POLE**2 - tall**2, 0.02))
        place = ground_point(height, (grip - ahead * col(back))[:, :2])
        arm.world = place + unit(free[:, hand] - place) * POLE
        arm.grip = weight
        places.append(place)
    return (places[0], places[1]), weight


def planted_poles(
    skier: Skier, joints: Array, baskets: tuple[Array, Array], weight: Array, height: Height
) -> tuple[Gear, Gear]:
    """Poles from the hands to their baskets, or trailing while they swing forward."""
    pull = slide(skier.strokes, PLANTED, 0.0, 1.0) * skier.amount + 0.55 * (1 - skier.amount)
    ahead, up = skier.track.ahead, skier.track.normal
    result: list[Gear] = []
    for hand, basket, sign in zip(HANDS, baskets, (-1.0, 1.0), strict=True):
        grip = joints[:, hand]
        hang = unit(-ahead * col(0.3 + 0.65 * pull) - up * col(0.95 - 0.55 * pull) + skier.track.right * (0.10 * sign))
        along = unit(mix(hang, unit(basket - grip), weight))
        result.append(pole(grip, over_ground(grip, mix(hang, along, weight), POLE, height, 0.0), POLE))
    return result[0], result[1]
