"""Biathlon: ski into the range, five shots standing, ski off.

IBU rules: 50 m range, five targets of 115 mm standing; small-bore bullets leave with about 320 m/s, so a hit follows
its shot by 0.16 s. World-class rhythm between shots 1.5–2.5 s; the fastest near 1 s, as here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import assemble
from backends.animatic.motion.gear import HANDS, gear, hold, pole, reach, single
from backends.animatic.motion.nordic import POLE, Skier, finish, plant, planted_poles, stride
from backends.animatic.motion.signals import Array, clock, col, mix, noise, ramp, smooth, spring, unit, vector
from backends.animatic.motion.skating import beats
from backends.animatic.motion.terrain import Slope, crowds, flags, line, mast, mountain, tribune
from backends.animatic.motion.track import follow, ground_point
from backends.animatic.scene import RATE, Actor, Event, EventKind, Furniture, FurnitureKind, Gear, GearKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.motion.track import Height, Track
    from backends.animatic.scene import Stage

SECONDS: Final = 14.2
STOP: Final = 3.5
LEAVE: Final = 9.5
RANGE: Final = 50.0
RIFLE: Final = 1.1
FLIGHT: Final = RANGE / 320.0
LANE: Final = 0.25
TALL: Final = 1.35
APART: Final = 0.42
"""Where the athlete's five targets are, along the range and up, and how far from each other: larger than life, as they
decide and are seen from 50 m away."""


def build(options: Options, rng: np.random.Generator) -> Act:
    """Into the range, five shots, out of it."""
    t = clock(SECONDS)
    pace = options.number("speed", 6.6, 4.0, 8.5)
    height = Slope(rng, lambda y: 0.0 * y, lambda y: 0.0 * y - 21.0, 66.0)
    shots = 5.15 + np.cumsum(np.concatenate([[0.0], rng.uniform(0.78, 0.92, 4)]))
    shots += 8.65 - shots[-1]
    athlete = _shooter(rng, height, t, pace, shots)
    mates = tuple(_other(rng, height, t, lane, start) for lane, start in ((2.9, -19.0), (-2.8, 9.5)))
    speed = np.linalg.norm(athlete.velocity, axis=1).astype(np.float64)
    phase = _phase(t)
    events = [
        Event(EventKind.START, 0.0, 0.2),
        *beats(phase, 0.0, STOP - 1.2, 0.6),
        *beats(phase, LEAVE + 0.5, SECONDS),
    ]
    for shot in shots:
        events += [Event(EventKind.SHOT, float(shot)), Event(EventKind.TARGET, float(shot + FLIGHT))]
    events.append(Event(EventKind.FINISH, SECONDS - 0.9, 0.6))
    cuts = (
        cut("establish", 2.5, azimuth=-30, elevation=8, distance=22, size=0.2, orbit=10),
        cut("follow", 2.5, azimuth=150, elevation=12, distance=6.5, size=0.5, orbit=-16),
        cut("side", 3.0, azimuth=-62, elevation=3, distance=7.0, size=0.6, orbit=30, lead=0.0),
        cut("low", 3.0, rate=0.5, azimuth=80, elevation=6, distance=7.8, size=0.56, orbit=6, lead=0.0, regard=0.7),
        cut("finish", 4.0, azimuth=30, elevation=6, distance=8.5, size=0.46, orbit=-26),
    )
    heading = np.tile([0.0, 1.0, 0.0], (len(t), 1))
    return Act(
        _stage(rng, height), (athlete, *mates), events, float(shots[-1]), speed, cuts, {}, key=3, heading=heading,
        interest=vector(len(t), -RANGE, LANE, TALL),
    )  # fmt: skip


def _phase(t: Array) -> Array:
    return 0.74 * t + 0.2


def _track(height: Height, t: Array, pace: float, lane: float) -> Track:
    slow = pace * (1 - ramp(t, STOP - 2.3, STOP + 0.1)) + pace * 0.95 * ramp(t, LEAVE + 0.2, LEAVE + 3.0)
    y = np.concatenate([[0.0], np.cumsum(0.5 * (slow[1:] + slow[:-1]))]) / RATE
    y -= y[round((STOP + 0.3) * RATE)]
    xy = np.column_stack([np.full(len(t), lane), y])
    return follow(height, xy, np.tile([0.0, 1.0], (len(t), 1)))


def _shooter(rng: np.random.Generator, height: Height, t: Array, pace: float, shots: Array) -> Actor:
    track = _track(height, t, pace, 0.0)
    still = ramp(t, STOP - 1.5, STOP - 0.1) * (1 - ramp(t, LEAVE, LEAVE + 0.8))
    skier = stride(rng, height, track, _phase(t), 1 - still)
    aim = ramp(t, STOP + 0.75, STOP + 1.45) * (1 - ramp(t, shots[-1] + 0.25, shots[-1] + 0.8))
    shed = ramp(t, STOP - 0.1, STOP + 0.45) * (1 - ramp(t, LEAVE - 0.3, LEAVE + 0.2))
    recoil = spring(sum((np.exp(-np.maximum(t - s, 0) / 0.06) * (t >= s) for s in shots), np.zeros(len(t))), 38.0)
    rifle = _rifle(rng, skier, height, t, aim, recoil)
    baskets, weight = plant(skier, height)
    _hold(skier, rifle, aim, still, shed, t)
    joints = assemble(skier.pose)
    poles = _laid(skier, joints, planted_poles(skier, joints, baskets, weight, height), shed, height)
    butt, along = rifle
    gears = (*poles, gear(GearKind.RIFLE, track.normal, butt, butt + along * RIFLE))
    return finish(skier, height, "athlete", gears, poles=False)


def _rifle(
    rng: np.random.Generator, skier: Skier, height: Height, t: Array, aim: Array, recoil: Array
) -> tuple[Array, Array]:
    """Butt (N, 3) and direction (N, 3) of the rifle: across the back, or at the shoulder and on the targets."""
    pose, n = skier.pose, len(t)
    pose.bend = pose.bend * (1 - aim) + (0.008 * noise(rng, t, 0.5) - 0.10) * aim
    pose.side = -0.06 * aim
    pose.pelvis = pose.pelvis + skier.track.ahead * col(0.02 * aim) + skier.track.right * col(-0.05 * aim)
    pose.pelvis[:, 2] += 0.12 * aim
    joints = assemble(pose)
    chest, neck = joints[:, 1], joints[:, 2]
    frame = pose.frame.pitched(pose.bend)
    back = chest + hold(frame, 0.22, -0.20, -0.36)
    slung = unit(hold(frame, -0.30, -0.06, 1.0))
    shoulder = neck + hold(pose.frame, 0.02, 0.16, -0.03) + vector(n, 0.05 * recoil * aim, 0, 0.012 * recoil * aim)
    eye = shoulder + np.array([-0.3, 0.0, 0.05])
    sway = 0.0025 * noise(rng, t, 0.6, 2)
    target = vector(n, -RANGE, eye[:, 1] + RANGE * sway[:, 0], 1.45 + RANGE * sway[:, 1])
    del height
    line_of_fire = unit(target - shoulder) + vector(n, 0, 0, 0.02 * recoil * aim)
    bring = aim * (1 - aim) * 4
    butt = mix(back, shoulder, aim) + skier.track.ahead * col(0.28 * bring)
    return butt, unit(mix(slung, line_of_fire, aim) + skier.track.ahead * col(0.5 * bring))


def _hold(skier: Skier, rifle: tuple[Array, Array], aim: Array, still: Array, shed: Array, t: Array) -> None:
    """Both hands on the rifle while aiming, the head on its stock."""
    butt, along = rifle
    n = len(t)
    left, right = skier.pose.arms
    for arm, far, sign in ((left, 0.50, -1.0), (right, 0.24, 1.0)):
        planted = np.asarray(arm.grip) + np.zeros(n)
        busy = smooth(ramp(shed, 0.5, 1.0) * np.clip(still * 2, 0, 1), 0.3)
        grip = butt + along * far - [0.0, 0.0, 0.05]
        world = grip if arm.world is None else mix(arm.world, grip, np.where(planted > 0.01, 0.0, 1.0))
        arm.world = world
        arm.grip = np.maximum(planted * (1 - aim), aim)
        arm.elbow = mix(reach(n, 0.8 * sign, -0.35, -0.3).local, reach(n, 0.3 * sign, 0.35, -0.9).local, busy)
        drop = reach(n, 0.20 * sign, 0.10, -0.58).local
        arm.local = mix(arm.local, drop, np.sin(np.pi * np.clip(shed, 0, 1)) ** 2 * still)
    skier.pose.look = unit(mix(skier.pose.look, along, aim))
    skier.pose.twist = skier.pose.twist * (1 - aim) + 0.25 * aim
    skier.pose.nod = 0.8 - 0.25 * aim


def _laid(skier: Skier, joints: Array, held: tuple[Gear, Gear], shed: Array, height: Height) -> tuple[Gear, ...]:
    """Poles in the hands, or on the snow beside the mat."""
    stop = round((STOP + 0.4) * RATE)
    result: list[Gear] = []
    for hand, old, sign in zip(HANDS, held, (-1.0, 1.0), strict=True):
        rest = ground_point(height, skier.track.spot[[stop], :2] + np.array([0.55 * sign, 0.55])) + np.array(
            [0.0, 0.0, 0.04]
        )
        along = unit(
            mix(old.points[:, 1].astype(np.float64) - old.points[:, 0], vector(len(shed), 0.08 * sign, -1, 0), shed)
        )
        result.append(pole(mix(joints[:, hand], np.repeat(rest, len(shed), 0), shed), along, POLE))
    return tuple(result)


def _other(rng: np.random.Generator, height: Height, t: Array, lane: float, start: float) -> Actor:
    """Another skier who passes through behind the mats."""
    y = start + 5.8 * t + 0.2 * np.sin(t)
    track = follow(height, np.column_stack([np.full(len(t), lane + 1.4), y]))
    return finish(stride(rng, height, track, 0.7 * t + rng.uniform(), np.ones(len(t))), height, "rival")


def _stage(rng: np.random.Generator, height: Height) -> Stage:
    y = np.linspace(-70.0, 90.0, 60)
    course = np.column_stack([0 * y, y])
    items: list[Furniture] = []
    for lane in np.arange(-5, 6):
        place = 2.9 * lane + LANE
        marks = np.array([[-RANGE, place + (k - 2) * APART] for k in range(5)])
        foot = height(marks[:, 0], marks[:, 1]) + TALL
        items.append(Furniture(FurnitureKind.TARGETS, single(np.column_stack([marks, foot])), int(lane == 0)))
        items.append(line(height, FurnitureKind.LINE, np.array([[-1.1, place - 1.3], [-3.4, place - 1.3]]), 2))
    items.append(
        line(height, FurnitureKind.FENCE, np.column_stack([np.full(20, -RANGE - 3), np.linspace(-22, 22, 20)]), 3)
    )
    items.append(line(height, FurnitureKind.FENCE, np.column_stack([np.full(40, 8.4), np.linspace(-60, 80, 40)]), 1))
    items += [
        tribune(height, ((10.5, 24.0), (10.5, -9.0)), 10.0, 0), tribune(height, ((10.5, -13.0), (10.5, -38.0)), 9.0, 2),
    ]  # fmt: skip
    items += crowds(rng, height, course, 9.4, 3) + flags(rng, height, course, 9.2, 19.0)
    items += [
        mast(height, FurnitureKind.FLAG, -x, y0, 1.6, 0)
        for x, y0 in ((12.0, 3.1), (31.0, -6.4), (33.0, 8.2), (14.0, -11.0))
    ]
    items += [mast(height, FurnitureKind.LAMP, -8.0, y0, 12.0) for y0 in (-24.0, 19.0)]
    return mountain(height, course, 10.0, items)
