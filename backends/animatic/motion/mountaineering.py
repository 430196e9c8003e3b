"""Ski mountaineering: skinning up the last rise, skins off, off the crest and down.

Sprint format (ISMF): climbs of 70 m, world-class climbing near 1.4–2.0 m/s along the track on 15–20° (Duc et al. 2011:
about 1,700 m of ascent an hour), transitions of 2–3 s for the best; then a free descent at 40–60 km/h. Skier 78 kg with
gear, drag area 0.6 m², friction 0.06.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import Arm, Frame, Pose, assemble
from backends.animatic.motion.gear import HANDS, actor, hold, over_ground, pole, reach, single, skis
from backends.animatic.motion.signals import Array, bump, clock, col, keys, lerp, mix, ramp, smooth, unit
from backends.animatic.motion.stance import Foot, alive, leaned, stand
from backends.animatic.motion.terrain import Slope, crowds, flags, line, mountain, pair, profile, soft
from backends.animatic.motion.track import Glider, Table, Track, arclength, follow, glide, ground_point
from backends.animatic.motion.walk import cycles, walk
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.motion.track import Height
    from backends.animatic.scene import Actor, Gear, Stage

SECONDS: Final = 14.0
TOP: Final = 3.8
DROP: Final = 6.45
ARCH: Final = 50.0
TURN: Final = 2.6
HALF: Final = 18.0
SKIER: Final = Glider(78.0, 0.6, 0.06)
CYCLE: Final = 1.55
POLE: Final = 1.22


def build(options: Options, rng: np.random.Generator) -> Act:
    """Up, over and down."""
    t = clock(SECONDS)
    steep = options.number("slope", 0.46, 0.25, 0.6)
    climb = options.number("climb", 0.34, 0.15, 0.42)
    height = _crest(rng, climb, steep)
    xy = _way(t, height, steep)
    heading = smooth(
        np.where((t < DROP + 0.2)[:, None], [0.0, 1.0], unit(np.gradient(xy, axis=0) + np.array([0, 1e-3]))), 0.4
    )
    track = follow(height, xy, heading)
    athlete = _skier(rng, height, t, track)
    rival = _rival(rng, height, t)
    phase = cycles(track, CYCLE)
    strides = (np.flatnonzero(np.diff(np.floor(2 * phase)) > 0) + 1) / RATE
    done = float(lerp(ARCH, track.spot[:, 1], t))
    lean = track.lean() * ramp(t, DROP, DROP + 1.0)
    turns = np.flatnonzero(np.diff(np.sign(smooth(lean, 0.5))) != 0) / RATE
    events = [
        Event(EventKind.START, 0.0, 0.2), *(Event(EventKind.PUSH, float(k), 0.5) for k in strides if k < TOP),
        Event(EventKind.HIT, TOP + 1.25, 0.5), Event(EventKind.HIT, TOP + 1.85, 0.5),
        Event(EventKind.TAKEOFF, DROP, 0.5),
        *(Event(EventKind.TURN, float(k), 0.7) for k in turns if k > DROP + 0.8), Event(EventKind.FINISH, done, 0.9),
    ]  # fmt: skip
    cuts = (
        cut("establish", azimuth=70, elevation=6, distance=24, size=0.2, orbit=16, lead=0.2),
        cut("side", azimuth=64, elevation=5, distance=5.4, size=0.56, orbit=-26, lead=0.1),
        cut("low", 3.5, rate=0.6, azimuth=26, elevation=-2, distance=5.4, size=0.54, orbit=26, lead=0.1),
        cut("follow", azimuth=170, elevation=9, distance=4.2, size=0.42),
        cut("front", azimuth=4, elevation=3, distance=46, size=0.46, post=1.0, zoom=0.8),
    )
    hud = {"angle": np.degrees(lean)}
    return Act(
        _stage(rng, height),
        (athlete, rival),
        events,
        DROP,
        track.speed,
        cuts,
        hud,
        heading=np.column_stack([0.35 * heading[:, 0], heading[:, 1], 0 * t]),
    )


def _crest(rng: np.random.Generator, climb: float, steep: float) -> Height:
    def tangent(y: Array) -> Array:
        up = climb * (1 - soft(y, -3.4, -0.2))
        down = steep * soft(y, 0.8, 6.5) * (1 - soft(y, 96.0, 150.0))
        return down - up * soft(y, -160.0, -60.0) + 0.015 * np.sin(y / 9.0) * soft(y, 12, 30)

    return Slope(rng, profile(tangent), lambda y: 0.0 * y, 24.0, valley=0.05, rough=0.9)


def _way(t: Array, height: Height, steep: float) -> Array:
    """Places (N, 2): the climb at its own pace, a stop on the crest, then a glide with turns."""
    pace = keys(t, (0, 2.0), (TOP - 0.8, 1.9), (TOP + 0.1, 0.0))
    climb = np.cumsum(pace * 0.95) / RATE
    climb -= climb[-1]
    y_line = np.arange(0.0, 260.0, 0.25)
    fade = soft(y_line, 6.0, 16.0) * (1 - soft(y_line, ARCH - 20.0, ARCH - 2.0))
    x_line = TURN * np.sin(np.maximum(y_line - 6.0, 0.0) / HALF * np.pi) * fade
    line_xy = np.column_stack([x_line, y_line])
    z = height(x_line, y_line)
    length = arclength(np.column_stack([line_xy, z]))
    fall = Table(0.0, 0.25, lerp(np.arange(0, length[-1], 0.25), length, -np.gradient(z, length)))
    grid = fall(np.arange(0.0, length[-1], 0.25))
    count = len(t) - round(DROP * RATE)
    curve = TURN * (np.pi / HALF) ** 2 * 0.6
    way, _ = glide(
        count, (0.0, 0.0), lambda s: float(grid[min(int(4 * s), len(grid) - 1)]),
        lambda _s, v: float(np.hypot(1.0, v * v * curve / 9.81)), SKIER, lambda s, _v: 3.2 if s < 5.0 else 0.0,
    )  # fmt: skip
    del steep
    down = np.column_stack([lerp(way, length, line_xy[:, k]) for k in (0, 1)])
    still = np.column_stack([0 * t, climb])[: round(DROP * RATE)]
    return smooth(np.concatenate([still, down]), 0.3)


def _skier(rng: np.random.Generator, height: Height, t: Array, track: Track) -> Actor:
    n = len(t)
    down = ramp(t, DROP - 0.5, DROP + 0.3)
    stooped = bump(t, TOP + 1.5, 0.9, 0.9)
    phase = cycles(track, CYCLE)
    going = np.clip(track.speed / 1.2, 0, 1) * (1 - down)
    stepping, _ = walk(height, track, phase, CYCLE, duty=0.62, lift=0.035, width=0.26, pitch=0.0)
    lean = smooth(track.lean(), 0.3) * down
    carving = stand(height, track, 0.32 + 0.06 * down, lean * 0.95, stagger=0.16 * np.sin(lean))
    feet = tuple(_between(height, a, b, down) for a, b in zip(stepping, carving, strict=True))
    skiing = (feet[0], feet[1])
    press = np.minimum(np.abs(np.sin(lean)) / 0.75, 1.0)
    frame = leaned(track, smooth(lean + 0.05 * np.gradient(lean) * RATE, 0.25) * 0.92)
    up = np.array([0.0, 0.0, 1.0])
    bob = 0.03 * np.cos(4 * np.pi * phase) * going
    tall = mix_channel(
        0.86 + bob - 0.30 * stooped, 0.60 + 0.13 * press * press + 0.1 * ramp(t, SECONDS - 1.4, SECONDS - 0.8), down
    )
    lifted = unit(mix(np.repeat(up[None], n, 0), frame.up, down))
    pelvis = track.spot + lifted * col(tall) + track.ahead * col(0.10 * going - 0.12 * stooped - 0.10 * down)
    arms = _arms(t, track, phase, going, down, lean, skiing)
    cheer = ramp(t, SECONDS - 1.3, SECONDS - 0.7)
    ahead = np.minimum(np.arange(n) + 60, n - 1)
    look = unit(mix(track.spot[ahead] - track.spot + 3 * track.ahead, track.ahead - up * 1.6, stooped))
    bend = mix_channel(0.42 + 0.06 * going + 0.95 * stooped, 0.78 - 0.18 * press - 0.45 * cheer, down)
    pose = Pose(
        pelvis, frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead), (feet[0].sole, feet[1].sole),
        alive(rng, t, pelvis, frame, arms, 0.7), look, bend=bend,
        side=0.4 * lean, twist=0.16 * np.sin(2 * np.pi * phase) * going - 0.25 * np.sin(lean), nod=0.7,
        planted=(0.9, 0.9),
    )  # fmt: skip
    joints = assemble(pose)
    gears = (*skis(joints, skiing, 0.72, 0.92), *_poles(joints, height, track, frame, phase, going, down, cheer))
    contact = ground_point(height, (0.5 * (feet[0].spot + feet[1].spot))[:, :2])
    load = mix_channel(np.ones(n), np.sqrt(1 + np.tan(lean) ** 2), down)
    spray = 0.10 + 0.75 * np.clip(load - 1.02, 0, 1) * down + 0.15 * down * np.clip(track.speed / 12, 0, 1)
    return actor("athlete", pose, gears, contact, load, spray, joints)


def mix_channel(a: Array, b: Array, weight: Array) -> Array:
    """Between two channels (N,)."""
    return a + (b - a) * weight


def _between(height: Height, a: Foot, b: Foot, weight: Array) -> Foot:
    """A foot on its way from one kind of stance to another."""
    spot = mix(a.spot, b.spot, weight)
    spot = ground_point(height, spot[:, :2])
    ahead = unit(mix(a.ahead, b.ahead, weight))
    sole = unit(mix(a.sole, b.sole, weight))
    lift = np.sum((a.ankle - a.spot) * a.sole, axis=1)
    return Foot(spot, spot + sole * col(mix_channel(lift, np.full_like(lift, 0.10), weight)), ahead, sole)


def _arms(
    t: Array, track: Track, phase: Array, going: Array, down: Array, lean: Array,
    feet: tuple[Foot, Foot],
) -> tuple[Arm, Arm]:  # fmt: skip
    n = len(t)
    left, right = np.maximum(np.sin(lean), 0), np.maximum(-np.sin(lean), 0)
    cheer = ramp(t, SECONDS - 1.3, SECONDS - 0.7)
    arms: list[Arm] = []
    for sign, low, foot, when in ((-1.0, left, feet[0], 1.25), (1.0, right, feet[1], 1.85)):
        swing = np.sin(2 * np.pi * (phase + (0.5 if sign < 0 else 0.0)) + np.pi) * going
        climbing = reach(n, 0.14 * sign, 0.28 + 0.26 * swing, -0.30 + 0.05 * swing).local
        skiing = reach(n, 0.30 * sign + 0.06 * sign * low, 0.36, -0.24 + 0.28 * low).local
        local = mix(mix(climbing, skiing, down), reach(n, 0.26 * sign, 0.08, 0.52).local, cheer)
        # Each hand goes down to a binding, pulls the skin off forward and comes up again.
        pull = bump(t, TOP + when - 0.15, 0.75, 0.45)
        arms.append(Arm(local, world=foot.ankle + track.ahead * 0.22 + track.normal * 0.06, grip=pull))
    return arms[0], arms[1]


def _poles(
    joints: Array, height: Height, track: Track, frame: Frame, phase: Array, going: Array, down: Array, cheer: Array
) -> tuple[Gear, ...]:
    result: list[Gear] = []
    for hand, sign in zip(HANDS, (-1.0, 1.0), strict=True):
        swing = np.sin(2 * np.pi * (phase + (0.5 if sign < 0 else 0.0)) + np.pi) * going
        hang = unit(-track.ahead * col(0.35 - 0.25 * swing) - [0, 0, 1.0] + track.right * (0.08 * sign))
        trail = hold(frame, 0.25 * sign, -0.8, -0.5)
        along = mix(mix(hang, trail, down), hold(frame, 0.2 * sign, 0.1, 0.9), cheer)
        result.append(pole(joints[:, hand], over_ground(joints[:, hand], along, POLE, height), POLE))
    return tuple(result)


def _rival(rng: np.random.Generator, height: Height, t: Array) -> Actor:
    """One who is still climbing, on the next track."""
    y = -11.5 + 1.25 * t - 0.5 * np.maximum(t - 8.0, 0) ** 2 * 0.12
    y = np.minimum(smooth(y, 0.5), -0.8)
    xy = np.column_stack([np.full(len(t), 2.1), smooth(y, 1.0)])
    track = follow(height, xy, np.tile([0.0, 1.0], (len(t), 1)))
    phase = cycles(track, CYCLE)
    n = len(t)
    going = np.clip(track.speed / 1.0, 0, 1)
    feet, _ = walk(height, track, phase, CYCLE, duty=0.62, lift=0.035, width=0.26, pitch=0.0)
    frame = leaned(track, np.zeros(n))
    pelvis = (
        track.spot
        + np.array([0.0, 0.0, 1.0]) * col(0.86 + 0.03 * np.cos(4 * np.pi * phase) * going)
        + track.ahead * 0.08
    )
    none = np.zeros(n)
    arms = _arms(t, track, phase, going, none, none, feet)
    for arm in arms:
        arm.grip = 0.0
        arm.local = np.minimum(arm.local, 0.6)
    pose = Pose(
        pelvis, frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead), (feet[0].sole, feet[1].sole),
        alive(rng, t, pelvis, frame, arms), track.ahead, bend=0.46, twist=0.16 * np.sin(2 * np.pi * phase) * going,
        planted=(0.9, 0.9),
    )  # fmt: skip
    joints = assemble(pose)
    gears = (*skis(joints, feet, 0.72, 0.92), *_poles(joints, height, track, frame, phase, going, none, none))
    return actor("rival", pose, gears, track.spot, np.ones(n), 0.06 * np.ones(n), joints)


def _stage(rng: np.random.Generator, height: Height) -> Stage:
    y = np.arange(-40.0, 170.0, 3.0)
    axis = np.column_stack([0 * y, y])
    items: list[Furniture] = []
    for side in (-1.0, 1.0):
        items.append(
            line(
                height,
                FurnitureKind.LINE,
                np.array([[x + side * 0.14, v] for x, v in zip([0.0] * 12, np.linspace(-30, -1, 12), strict=True)]),
                2,
            )
        )
        items.append(
            line(height, FurnitureKind.LINE, np.array([[2.1 + side * 0.14, v] for v in np.linspace(-30, -1, 12)]), 2)
        )
    for k, place in enumerate((15.0, 33.0)):
        side = 1.0 if k % 2 == 0 else -1.0
        foot = np.array([[side * 1.9, place], [side * 6.5, place + 0.5]])
        ground = height(foot[:, 0], foot[:, 1])
        points = np.array(
            [[*foot[0], ground[0]], [*foot[0], ground[0] + 1.6], [*foot[1], ground[1]], [*foot[1], ground[1] + 1.6]]
        )
        items.append(Furniture(FurnitureKind.GATE, single(points), k % 2))
    items += flags(rng, height, axis[(y > -20) & (y < 8)], 4.2, 7.0, 3.0) + flags(
        rng, height, axis[(y > -20) & (y < 8)], -3.6, 9.0, 3.0
    )
    items += [line(height, FurnitureKind.FENCE, axis[(y > 10)] + [s * 12.5, 0.0], 1) for s in (-1, 1)]
    items += crowds(rng, height, axis[y < 15], 6.2, 2) + crowds(rng, height, axis[y < 15], -6.5, 3)
    items += crowds(rng, height, axis[y > 40], 14.5, 3) + crowds(rng, height, axis[y > 40], -14.5, 2)
    items.append(pair(height, FurnitureKind.ARCH, (-6.0, ARCH), (6.0, ARCH), 0))
    return mountain(height, axis, 24.0, items)
