"""Luge, skeleton and bobsleigh: one channel, three ways to ride it.

Published figures: luge up to 130–145 km/h, skeleton 120–135, two-man bob 130–145 (FIL and IBSF race timings; tracks
like Whistler's and Cortina's drop 9–10 % on average). Drag areas 0.05 (luge), 0.09 (skeleton) and 0.22 m² (bob) and ice
friction near 0.008 after Poirier et al. (2011, Sports Eng 13:199) and Braghin et al. (2011). Masses with crew: 117, 112
and 390 kg. Curves are felt with up to 5 g.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, Cut, cut
from backends.animatic.motion.body import Arm, Frame, Pose, assemble, framed
from backends.animatic.motion.channel import Channel, serpent
from backends.animatic.motion.gear import actor, gear, reach
from backends.animatic.motion.signals import Array, clock, col, lerp, mix, noise, ramp, rates, smooth, unit
from backends.animatic.motion.stance import alive
from backends.animatic.motion.terrain import beside, crowds, flags, line, mast, mountain, pair, scattered, tribune
from backends.animatic.motion.track import Glider, Track
from backends.animatic.scene import Event, EventKind, Furniture, FurnitureKind, GearKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.scene import Actor, Stage

SECONDS: Final = 13.8
BEGIN: Final = 70.0


@dataclass(frozen=True, slots=True)
class Sled:
    """A discipline: what slows it, how fast it comes in (m/s), the radius of its curves (m), its drop (tangent)."""

    glider: Glider
    speed: float
    radius: float
    drop: float


LUGE: Final = Sled(Glider(117.0, 0.05, 0.008), 32.5, 45.0, 0.095)
SKELETON: Final = Sled(Glider(112.0, 0.09, 0.008), 30.0, 38.0, 0.095)
BOB: Final = Sled(Glider(390.0, 0.22, 0.010), 32.5, 47.0, 0.095)


def luge(options: Options, rng: np.random.Generator) -> Act:
    """A luge run through three banked curves to the finish."""
    return _run(options, rng, LUGE, "luge")


def skeleton(options: Options, rng: np.random.Generator) -> Act:
    """A skeleton run, head first."""
    return _run(options, rng, SKELETON, "skeleton")


def bobsleigh(options: Options, rng: np.random.Generator) -> Act:
    """A two-man bob."""
    return _run(options, rng, BOB, "bob")


def _run(options: Options, rng: np.random.Generator, sled: Sled, kind: str) -> Act:
    t = clock(SECONDS)
    radius = options.number("radius", sled.radius, 28.0, 80.0)
    channel = Channel(rng, options.number("drop", sled.drop, 0.04, 0.14), serpent(rng, radius), 560.0)
    track = channel.ride(
        len(t), options.number("speed", sled.speed, 15.0, 38.0), BEGIN, sled.glider, lambda _s, _v: 0.0
    )
    tilt = np.arctan(track.speed**2 * channel.curve(track.spot[:, 1]) / 9.81)
    load = np.sqrt(1 + np.tan(tilt) ** 2)
    near = (t > 6.3) & (t < 6.85)
    decisive = float(t[near][np.argmax(load[near])])
    done = 12.4
    end = float(lerp(done, t, track.spot[:, 1]))
    crew = _CREWS[kind](rng, track, load)
    entering = np.flatnonzero((load[1:] > 1.5) & (load[:-1] <= 1.5)) / 120.0
    events = [Event(EventKind.START, 0.0, 0.2), *(Event(EventKind.TURN, float(k), 0.8) for k in entering)]
    events.append(Event(EventKind.FINISH, done))
    hud = {
        "angle": np.degrees(tilt),
        "height": smooth(np.maximum(track.spot[:, 2] - _bottom(channel, track), 0.0), 0.05),
    }
    return Act(_stage(rng, channel, end), crew, events, decisive, track.speed, _cuts(kind), hud)


def _bottom(channel: Channel, track: Track) -> Array:
    middle = channel.middle(track.spot[:, 1])
    return channel(middle[:, 0], middle[:, 1])


def _cuts(kind: str) -> tuple[Cut, ...]:
    # A bob is longer than its pilot, whom the sizes are measured by.
    big, part = (1.35, 0.66) if kind == "bob" else (1.0, 1.0)
    aside = 6 if kind == "bob" else 34  # who lies is not known from the front
    return (
        cut("establish", azimuth=170, elevation=8, distance=9 * big, size=0.15, orbit=12),
        cut("front", azimuth=10, elevation=7, distance=6.5 * big, size=0.3, post=None, orbit=-20),
        cut("low", 3.5, rate=0.5, azimuth=24, elevation=8, distance=3.9 * big, size=0.6 * part, orbit=22),
        cut("athlete", azimuth=176, elevation=13, distance=3.4 * big, size=0.42 * part),
        cut("finish", azimuth=aside, elevation=9, distance=5.0 * big, size=0.38 * part, orbit=-18),
    )


def _wobble(rng: np.random.Generator, track: Track, gain: float = 0.02) -> Array:
    return gain * noise(rng, track.t, 2.2) * np.clip(track.speed / 30.0, 0, 1)


def _luger(rng: np.random.Generator, track: Track, load: Array) -> tuple[Actor, ...]:
    n = len(track.t)
    base = framed(track.ahead, track.normal)
    press = smooth(np.clip((load - 1) / 3, 0, 1), 0.5)
    frame = base.pitched(-1.36 - 0.05 * press).turned(_wobble(rng, track))
    pelvis = track.spot + track.normal * 0.20 - track.ahead * 0.05
    steer = smooth(_wobble(rng, track, 0.035) + 0.03 * np.tanh(rates(load) / 2), 0.15)
    feet = [
        track.spot + track.normal * col(0.24 - steer * sign) + track.ahead * 0.80 + track.right * (0.085 * sign)
        for sign in (-1.0, 1.0)
    ]
    toes = unit(track.ahead * 0.8 + track.normal * 0.5)
    arms = _along_body(n, -0.06)
    look = unit(track.ahead + track.normal * 0.25)
    pose = Pose(
        pelvis, frame, (feet[0], feet[1]), (toes, toes), (track.normal, track.normal),
        alive(rng, track.t, pelvis, frame, arms, 0.25), look,
        nod=0.22 - 0.12 * press, knees=(0.3, 0.3), planted=(0.0, 0.0),
    )  # fmt: skip
    sled = gear(GearKind.SLED, track.normal, track.spot - track.ahead * 0.55 + track.normal * 0.1,
                track.spot + track.ahead * 0.75 + track.normal * 0.1)  # fmt: skip
    return (actor("athlete", pose, (sled,), track.spot, load, _ice(load)),)


def _along_body(n: int, front: float) -> tuple[Arm, Arm]:
    """Arms laid along a lying body, elbows behind it."""
    left, right = (
        Arm(reach(n, 0.06 * sign, front, -0.61).local, elbow=reach(n, 0.35 * sign, -1.0, 0.0).local)
        for sign in (-1.0, 1.0)
    )
    return left, right


def _ice(load: Array) -> Array:
    return np.clip(0.12 + 0.22 * (load - 1), 0, 0.9)


def _slider(rng: np.random.Generator, track: Track, load: Array) -> tuple[Actor, ...]:
    n = len(track.t)
    base = framed(track.ahead, track.normal)
    press = smooth(np.clip((load - 1) / 3, 0, 1), 0.5)
    frame = base.pitched(1.50 + 0.03 * press).turned(_wobble(rng, track, 0.015))
    pelvis = track.spot + track.normal * 0.22 - track.ahead * 0.12
    steer = smooth(_wobble(rng, track, 0.03), 0.2)
    feet = [
        track.spot + track.normal * col(0.22 + steer * sign) - track.ahead * 0.95 + track.right * (0.10 * sign)
        for sign in (-1.0, 1.0)
    ]
    toes = unit(-track.ahead * 0.9 - track.normal * 0.15)
    arms = _along_body(n, 0.10)
    look = unit(track.ahead + track.normal * 0.1)
    pose = Pose(
        pelvis, frame, (feet[0], feet[1]), (toes, toes), (-track.ahead, -track.ahead),
        alive(rng, track.t, pelvis, frame, arms, 0.25), look,
        bend=-0.10, nod=0.40 - 0.12 * press, knees=(0.1, 0.1), planted=(0.0, 0.0),
    )  # fmt: skip
    sled = gear(GearKind.SLED, track.normal, track.spot - track.ahead * 0.40 + track.normal * 0.1,
                track.spot + track.ahead * 0.62 + track.normal * 0.1)  # fmt: skip
    return (actor("athlete", pose, (sled,), track.spot, load, _ice(load)),)


def _crew(rng: np.random.Generator, track: Track, load: Array) -> tuple[Actor, ...]:
    hull = gear(GearKind.BOB, track.normal, track.spot - track.ahead * 1.35, track.spot + track.ahead * 1.45)
    pilot = _seated(rng, track, load, "athlete", 0.0, (hull,))
    brake = _seated(rng, track, load, "mate", -0.72, ())
    return (pilot, brake)


def _seated(
    rng: np.random.Generator, track: Track, load: Array, role: str, back: float, gears: tuple[object, ...]
) -> Actor:
    n = len(track.t)
    driver = role == "athlete"
    press = smooth(np.clip((load - 1) / 3, 0, 1), 0.4)
    base = framed(track.ahead, track.normal).tipped(_wobble(rng, track, 0.03))
    pelvis = track.spot + track.normal * col(0.20 - 0.02 * press) + track.ahead * back
    feet = [pelvis + track.ahead * 0.62 - track.normal * 0.03 + track.right * (0.12 * sign) for sign in (-1.0, 1.0)]
    turn = smooth(_wobble(rng, track, 0.05), 0.2)
    up = 0.02 if driver else -0.05
    arms = tuple(reach(n, -0.08 * sign, 0.40 + turn * sign, -0.30 + up) for sign in (-1.0, 1.0))
    look = unit(mix(track.ahead, track.ahead * 0.7 - track.normal, 0.0 if driver else 0.55))
    pose = Pose(
        pelvis, base, (feet[0], feet[1]), (track.ahead, track.ahead), (track.normal, track.normal),
        alive(rng, track.t, pelvis, base, (arms[0], arms[1]), 0.3), look,
        bend=(0.22 if driver else 0.80) + 0.16 * press, nod=0.7 if driver else 0.2, knees=(0.2, 0.2),
        planted=(0.0, 0.0),
    )  # fmt: skip
    return actor(role, pose, gears, track.spot, load, _ice(load), assemble(pose))  # pyright: ignore[reportArgumentType]


_CREWS: Final = {"luge": _luger, "skeleton": _slider, "bob": _crew}


def _stage(rng: np.random.Generator, channel: Channel, end: float) -> Stage:
    axis = channel.middle(np.linspace(20.0, end + 70.0, 260))
    items: list[Furniture] = channel.furniture(20.0, end + 150.0)
    items.append(pair(channel, FurnitureKind.ARCH, _off(channel, end, -4.2), _off(channel, end, 4.2), 0))
    for y in scattered(rng, 30.0, end + 60.0, 26.0):
        side = float(rng.choice([-1.0, 1.0]))
        x, place = _off(channel, float(y), side * 4.6)
        items.append(mast(channel, FurnitureKind.LAMP, x, place, 7.5))
    items += [line(channel, FurnitureKind.FENCE, beside(channel.middle(np.arange(a, a + 46.0, 4.0)), 5.5 * s), 2)
              for a, s in ((80.0, 1.0), (190.0, -1.0), (305.0, 1.0), (end - 20, -1.0))]  # fmt: skip
    items += crowds(rng, channel, axis, 7.2, 5) + crowds(rng, channel, axis, -7.2, 5)
    items += flags(rng, channel, axis, 6.4, 44.0)
    x, y = _off(channel, end + 6.0, 13.0)
    items.append(tribune(channel, ((x, y + 14.0), (x, y - 12.0)), 8.0, 1))
    return mountain(channel, axis, 1.5, items)


def _off(channel: Channel, y: float, aside: float) -> tuple[float, float]:
    x = float(channel.middle(np.array([y]))[0, 0])
    return x + aside, y


__all__ = ["Frame", "bobsleigh", "luge", "ramp", "skeleton"]
