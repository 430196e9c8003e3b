"""Nordic combined: a jump on the normal hill that runs out into the cross-country track.

Normal hill (FIS, HS 98–109: everything about 0.70 of the large hill's landing slope, take-off speeds 84–88 km/h, see
`hill`), then the skating stride of `nordic`. One continuous run: the jumper lands, slows, takes poles that stand ready
beside the track and skates off after a rival, as the pursuit start of the discipline has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.blend import blend
from backends.animatic.motion.gear import HANDS, over_ground, pole, single
from backends.animatic.motion.hill import Hill, jump
from backends.animatic.motion.jump import arena, flown, flyer
from backends.animatic.motion.nordic import POLE, Skier, finish, plant, planted_poles, stride
from backends.animatic.motion.signals import Array, clock, mix, ramp, rates, smooth, unit
from backends.animatic.motion.skating import beats
from backends.animatic.motion.terrain import line, mountain, pair
from backends.animatic.motion.track import follow, ground_point
from backends.animatic.scene import RATE, Actor, Event, EventKind, FurnitureKind, Gear

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.motion.track import Height, Track
    from backends.animatic.scene import Stage

SECONDS: Final = 15.4
TAKEOFF: Final = 2.6
SCALE: Final = 0.70


def build(options: Options, rng: np.random.Generator) -> Act:
    """Jump and ski."""
    t = clock(SECONDS)
    hill = Hill(rng, SCALE)
    leap = jump(hill, len(t), options.number("gate", 72.0, 66.0, 78.0), TAKEOFF, brake=5.4)
    down = leap.landing
    begin = down + 4.0
    y = _carried_on(t, leap.y, begin)
    leap = type(leap)(
        y,
        np.where(t > down, hill.profile(y), leap.z),
        np.hypot(rates(y), rates(hill.profile(y))) * (t > down) + leap.speed * (t <= down),
        leap.aloft,
        leap.takeoff,
        down,
        leap.distance,
    )
    path = flown(hill, leap, t)
    jumper = flyer(rng, hill, leap, path, t, "athlete")
    track = follow(hill, np.column_stack([0 * t, y]), np.tile([0.0, 1.0], (len(t), 1)))
    going = ramp(t, begin + 0.15, begin + 1.0)
    phase = 0.76 * t
    skier = stride(rng, hill, track, phase, going)
    weight = ramp(t, begin - 1.1, begin - 0.1)
    athlete = _joined(hill, t, jumper, skier, weight, begin)
    rival = _rival(rng, hill, t, y)
    events = [
        Event(EventKind.START, 0.0, 0.3), Event(EventKind.TAKEOFF, leap.takeoff), Event(EventKind.LANDING, down),
        Event(EventKind.START, begin, 0.6), *beats(phase, begin + 0.5, SECONDS),
        Event(EventKind.FINISH, SECONDS - 1.1, 0.6),
    ]  # fmt: skip
    cuts = (
        cut("athlete", 2.0, azimuth=166, elevation=20, distance=4.8, size=0.5, orbit=-12),
        cut("low", 3.0, rate=0.55, azimuth=62, elevation=-4, distance=8.0, size=0.48, orbit=40),
        cut("crane", 2.8, azimuth=48, elevation=9, distance=26, size=0.28, post=0.85, rise=3, zoom=0.8),
        cut("establish", 3.0, azimuth=40, elevation=5, distance=18, size=0.2, orbit=18),
        cut("front", 4.2, azimuth=6, elevation=4, distance=30, size=0.46, post=1.0, zoom=0.8),
    )
    hud = {"height": path.rise * (t < down + 0.2)}
    speed = np.linalg.norm(athlete.velocity, axis=1).astype(np.float64)
    return Act(_stage(rng, hill), (athlete, rival), events, TAKEOFF, speed, cuts, hud, key=1, hinge=0.3)


def _carried_on(t: Array, y: Array, begin: float) -> Array:
    """The way along the out-run: slowed to a walk's pace, then on at a skater's."""
    pace = rates(y)
    slow = ramp(t, begin - 1.6, begin + 0.1)
    skating = 3.6 + 3.0 * ramp(t, begin + 0.3, begin + 3.2)
    wanted = smooth(pace * (1 - slow) + skating * slow, 0.5)
    start = round((begin - 2.2) * RATE)
    way = y.copy()
    way[start:] = y[start] + np.concatenate([[0.0], np.cumsum(0.5 * (wanted[start + 1 :] + wanted[start:-1]))]) / RATE
    return way


def _joined(hill: Height, t: Array, jumper: Actor, skier: Skier, weight: Array, begin: float) -> Actor:
    """The jumper's body that becomes the skier's: angles blend on the out-run, both feet stay on the snow."""
    n = len(t)
    baskets, hold = plant(skier, hill)
    skier.pose.bend = np.asarray(skier.pose.bend) + np.zeros(n)
    free = finish(skier, hill, "athlete", poles=False)
    joints = blend(jumper.joints.astype(np.float64), free.joints.astype(np.float64), weight)
    taken = ramp(t, begin - 0.55, begin - 0.15)
    sticks = planted_poles(skier, joints, baskets, hold, hill)
    poles = [
        _waiting(hill, t, joints, stick, side, taken, begin) for stick, side in zip(sticks, (-1.0, 1.0), strict=True)
    ]
    boards = tuple(
        Gear(
            a.kind,
            single(mix3(a.points.astype(float), b.points.astype(float), weight)),
            single(unit(mix(a.normal.astype(float), b.normal.astype(float), weight))),
        )
        for a, b in zip(jumper.gear[:2], free.gear[:2], strict=True)
    )
    contact = ground_point(hill, mix(jumper.contact.astype(float), free.contact.astype(float), weight)[:, :2])
    return Actor(
        "athlete", single(joints), single(rates(joints[:, 0])), single(jumper.load * (1 - weight) + free.load * weight),
        single(jumper.spray * (1 - weight) + free.spray * weight), single(contact),
        single(unit(mix(jumper.facing.astype(float), free.facing.astype(float), weight))), (*boards, *poles),
    )  # fmt: skip


def mix3(a: Array, b: Array, weight: Array) -> Array:
    """Between two sets of points (N, P, 3)."""
    return a + (b - a) * weight[:, None, None]


def _waiting(hill: Height, t: Array, joints: Array, stick: Gear, side: float, taken: Array, begin: float) -> Gear:
    """A pole that stands in the snow until the hand takes it."""
    index = round((begin - 0.3) * RATE)
    hand = joints[:, HANDS[0 if side < 0 else 1]]
    place = ground_point(hill, hand[index : index + 1, :2] + [[0.03 * side, 0.1]])
    n = len(t)
    grip = mix(np.repeat(place + np.array([0, 0, POLE - 0.06]), n, 0), hand, taken)
    held = stick.points.astype(np.float64)
    along = unit(mix(np.repeat([[0.0, 0.0, -1.0]], n, 0), held[:, 1] - held[:, 0], ramp(taken, 0.3, 1.0)))
    return pole(grip, over_ground(grip, along, POLE, hill, -0.05), POLE)


def _rival(rng: np.random.Generator, hill: Height, t: Array, y: Array) -> Actor:
    """The leader of the pursuit, a little ahead on the track."""
    end = y[-1] + 7.0
    way = end - 6.4 * (t[-1] - t)
    track: Track = follow(hill, np.column_stack([np.full(len(t), 2.6), way]), np.tile([0.0, 1.0], (len(t), 1)))
    return finish(stride(rng, hill, track, 0.74 * t + 0.3, np.ones(len(t))), hill, "rival")


def _stage(rng: np.random.Generator, hill: Hill) -> Stage:
    y = np.concatenate([np.arange(-96.0, 0.0, 4.0), [0.0], np.arange(2.0, hill.end + 120, 4.0)])
    items = arena(rng, hill)
    track = np.arange(hill.end + 2.0, hill.end + 110.0, 4.0)
    items += [line(hill, FurnitureKind.FENCE, np.column_stack([np.full_like(track, x), track]), 1) for x in (-5.5, 6.5)]
    items += [pair(hill, FurnitureKind.ARCH, (-6.0, hill.end + 64), (7.0, hill.end + 64), 1)]
    return mountain(hill, np.column_stack([0 * y, y]), 20.0, items)
