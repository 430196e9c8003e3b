"""Alpine giant slalom: carved turns round gates, the lean set by speed and radius.

World Cup giant slalom, Gilgien et al. (2014, Br J Sports Med 48:742): mean speed near 64 km/h, turns mostly between 15
and 30 m of radius, gates 24–29 m apart. Drag area 0.25–0.45 m² and snow friction 0.05–0.13 when carving (Supej et al.
2013; Federolf et al. 2008). Mass 90 kg with gear.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import Pose, assemble
from backends.animatic.motion.gear import HANDS, actor, hold, over_ground, pole, reach, skis
from backends.animatic.motion.signals import Array, col, lerp, mix, ramp, rates, smooth, unit
from backends.animatic.motion.stance import alive, leaned, stand
from backends.animatic.motion.terrain import (
    Slope,
    beside,
    crowds,
    flags,
    laid,
    line,
    mountain,
    pair,
    profile,
    soft,
    tribune,
)  # fmt: skip
from backends.animatic.motion.track import G, Glider, Track, arclength, evenly, follow, glide, ground_point
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.motion.body import Frame
    from backends.animatic.motion.options import Options
    from backends.animatic.motion.track import Height
    from backends.animatic.scene import Actor, Gear, Stage

SKIER: Final = Glider(mass=90.0, drag=0.45, friction=0.12)
SECONDS: Final = 13.8
FINISH: Final = 11.9
POLE: Final = 1.15


def build(options: Options, rng: np.random.Generator) -> Act:
    """One run: a dozen gates, a steep middle, the finish."""
    slope = options.number("slope", 0.29, 0.2, 0.5)
    gates = _gates(options, rng)
    end = gates[-1, 1] + 24.0
    height = _hill(rng, slope, gates, end)
    line_xy = _racing_line(gates, end)
    track = follow(height, smooth(evenly(line_xy, 0.5)(_descent(line_xy, height, end)), 0.15))
    t = track.t
    events, passing = _events(track, gates, end)
    lean = track.lean()
    skier = _skier(rng, height, track, lean, t, passing[-1])
    middle = passing[:-1][np.argmin(np.abs(passing[:-1] - 6.7))]
    cuts = (
        cut("establish", azimuth=140, elevation=7, distance=22, size=0.17, orbit=14, lead=0.2),
        cut("follow", azimuth=168, elevation=8, distance=3.9, size=0.44),
        cut("low", 3.5, rate=0.5, azimuth=24, elevation=2, distance=5.2, size=0.62, orbit=26),
        cut("front", azimuth=3, elevation=2, distance=70, size=0.46, post=1.0, zoom=0.8),
        cut("finish", azimuth=-38, elevation=0, distance=6.5, size=0.46),
    )
    hud = {"angle": np.degrees(lean)}
    return Act(_stage(rng, height, gates, line_xy, end), (skier,), events, float(middle), track.speed, cuts, hud)


def _gates(options: Options, rng: np.random.Generator) -> Array:
    """Turning poles (K, 2), alternately right and left, in a rhythm that varies."""
    count = int(options.number("gates", 14, 6, 24))
    apart = rng.uniform(25.0, 28.5, count)
    side = np.where(np.arange(count) % 2 == 0, 1.0, -1.0) * rng.choice([-1.0, 1.0])
    out = rng.uniform(3.3, 4.0, count)
    return np.column_stack([side * out, 18.0 + np.cumsum(apart)])


def _racing_line(gates: Array, end: float) -> Array:
    """A path (P, 2) that is farthest out at each gate and crosses over in between."""
    y = np.arange(0.0, end + 90.0, 0.5)
    marks = np.concatenate([[gates[0, 1] - 27.0], gates[:, 1], [gates[-1, 1] + 27.0]])
    phase = lerp(y, marks, np.arange(len(marks)))
    phase = smooth(phase, 18.0, 2.0)
    sign = np.sign(gates[0, 0])
    fade = soft(y, marks[0] - 5, marks[1]) * (1 - soft(y, marks[-2] + 3, marks[-1] + 12))
    size = smooth(lerp(y, gates[:, 1], np.abs(gates[:, 0])), 20.0, 2.0)
    return np.column_stack([sign * size * np.sin(np.pi * (phase - 0.5)) * fade, y])


def _hill(rng: np.random.Generator, slope: float, gates: Array, end: float) -> Height:
    steep = float(gates[len(gates) // 2, 1])

    def tangent(y: Array) -> Array:
        start = 0.55 + 0.45 * soft(y, -120, 0)
        pitch = slope * start * (1 + 0.16 * np.exp(-(((y - steep) / 50) ** 2)) + 0.05 * np.sin(y / 17.0))
        return pitch * (1 - soft(y, end - 10, end + 75)) + 0.02

    bend = rng.uniform(0, 6)
    return Slope(rng, profile(tangent), lambda y: 3.0 * np.sin(y / 160.0 + bend) - 3.0 * np.sin(bend), 26.0)


def _descent(line_xy: Array, height: Height, end: float) -> Array:
    """Length along the line (seen from above) at each sample: the last `SECONDS` of the run and a little beyond."""
    z = height(line_xy[:, 0], line_xy[:, 1])
    length = arclength(np.column_stack([line_xy, z]))
    flat = arclength(line_xy)
    grid = np.arange(0.0, length[-1], 0.5)
    fall = -np.gradient(lerp(grid, length, z), 0.5)
    angle = np.unwrap(np.arctan2(*np.gradient(line_xy, axis=0).T[::-1]))
    curve = lerp(grid, length, np.abs(np.gradient(angle, flat)))

    def at(s: float) -> int:
        return min(int(2 * s), len(grid) - 1)

    def press(s: float, v: float) -> float:
        return math.sqrt(1 + (v * v * curve[at(s)] / G) ** 2)

    way, _ = glide(int(40 * RATE), (2.0, 14.0), lambda s: float(fall[at(s)]), press, SKIER)
    done = int(np.searchsorted(way, lerp(end, line_xy[:, 1], length)))
    first = max(0, done - round(FINISH * RATE))
    return lerp(way[first : first + round(SECONDS * RATE) + 1], length, flat)


def _events(track: Track, gates: Array, end: float) -> tuple[list[Event], Array]:
    y = track.spot[:, 1]
    passing = lerp(np.append(gates[gates[:, 1] > y[0] + 1, 1], end), y, track.t)
    events = [Event(EventKind.START, 0.0, 0.3)]
    for begin, time in zip(np.concatenate([[0.0], passing[:-2]]), passing[:-1], strict=True):
        events += [Event(EventKind.TURN, float(0.55 * begin + 0.45 * time), 0.6), Event(EventKind.GATE, float(time))]
    events.append(Event(EventKind.FINISH, float(passing[-1])))
    return events, passing


def _skier(rng: np.random.Generator, height: Height, track: Track, lean: Array, t: Array, done: float) -> Actor:
    n = len(t)
    body_lean = smooth(lean + 0.05 * rates(lean), 0.25) * 0.93
    press = np.minimum(np.abs(np.sin(body_lean)) / 0.85, 1.0)
    cheer = ramp(t, done + 0.15, done + 0.9)
    feet = stand(height, track, 0.34 + 0.12 * press, lean * 0.97, stagger=0.22 * np.sin(body_lean))
    frame = leaned(track, body_lean)
    tall = 0.56 + 0.15 * press * press + 0.22 * cheer
    pelvis = track.spot + frame.up * col(tall) - track.ahead * 0.1
    side = 0.42 * body_lean
    left, right = np.maximum(np.sin(body_lean), 0), np.maximum(-np.sin(body_lean), 0)
    bob = 0.04 * rates(smooth(press, 0.3))
    arms = (
        reach(
            n,
            -0.30 - 0.06 * left - 0.1 * cheer,
            0.36 - 0.06 * left - 0.2 * cheer,
            -0.24 + 0.30 * left + bob + 0.72 * cheer,
        ),
        reach(
            n,
            0.30 + 0.06 * right + 0.1 * cheer,
            0.36 - 0.06 * right - 0.2 * cheer,
            -0.24 + 0.30 * right + bob + 0.72 * cheer,
        ),
    )
    ahead = np.minimum(np.arange(n) + 60, n - 1)
    look = unit(mix(unit(track.spot[ahead] - track.spot + track.ahead), track.ahead, 0.3))
    pose = Pose(
        pelvis, frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead), (feet[0].sole, feet[1].sole),
        alive(rng, t, pelvis, frame, arms), look, bend=0.78 - 0.18 * press - 0.55 * cheer, side=side,
        twist=-0.3 * np.sin(body_lean), nod=0.75, knees=(0.1 + 0.25 * left, 0.1 + 0.25 * right),
    )  # fmt: skip
    joints = assemble(pose)
    load = np.sqrt(1 + np.tan(lean) ** 2)
    contact = ground_point(height, mix(feet[0].spot, feet[1].spot, np.clip(0.5 + lean * 2.0, 0, 1))[:, :2])
    spray = np.clip((load - 1.05) / 1.1, 0, 1) + 0.12
    gears = (*skis(joints, feet), *poles(joints, frame, height, cheer))
    return actor("athlete", pose, gears, contact, load, spray, joints)


def poles(joints: Array, frame: Frame, height: Height, raised: Array) -> tuple[Gear, Gear]:
    """Poles that trail behind, above the snow; raised when the arms are."""
    result: list[Gear] = []
    for hand, sign in zip(HANDS, (-1.0, 1.0), strict=True):
        along = mix(hold(frame, 0.28 * sign, -0.8, -0.45), hold(frame, 0.3 * sign, 0.1, 0.9), raised)
        result.append(pole(joints[:, hand], over_ground(joints[:, hand], along, POLE, height), POLE))
    return result[0], result[1]


def _stage(rng: np.random.Generator, height: Height, gates: Array, path: Array, end: float) -> Stage:
    items: list[Furniture] = []
    for index, (x, y) in enumerate(gates):
        side = np.sign(x)
        turning = laid(height, np.array([[x - 0.55 * side, y]]))
        outer = laid(height, np.array([[x + 5.5 * side, y + 0.4]]))
        tall = np.array([[0, 0, 1.7]], np.float32)
        items.append(
            Furniture(FurnitureKind.GATE, np.concatenate([turning, turning + tall, outer, outer + tall]), index % 2)
        )
    course = path[path[:, 1] < end + 50]
    axis = np.column_stack([np.zeros(140), np.linspace(-20, end + 45, 140)])
    items += [line(height, FurnitureKind.FENCE, beside(axis, offset)) for offset in (-15.5, 15.5)]
    items += flags(rng, height, axis, -17.5, 31.0) + flags(rng, height, axis, 17.8, 37.0)
    items += crowds(rng, height, axis, 18.5, 4) + crowds(rng, height, axis, -18.5, 3)
    items.append(pair(height, FurnitureKind.ARCH, (-7.0, end), (7.0, end)))
    items.append(line(height, FurnitureKind.LINE, np.array([[-7.0, end], [7.0, end]]), 1))
    items += [
        tribune(height, ((20.0, end + 30), (20.0, end + 4)), 9.0, 2),
        tribune(height, ((-20.0, end + 2), (-20.0, end + 34)), 9.0, 1),
    ]
    return mountain(height, course, 26.0, items)
