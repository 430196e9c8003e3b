"""Figure skating: crossovers, a triple axel, the landing edge and a scratch spin.

Air time 0.65–0.72 s, height 0.5–0.65 m and 3.5 turns, near 5 a second drawn in, after King et al. (1994, 2004) and
Albert & Miller (1996) on triple axels. Turning in the air and in the spin follows from angular momentum alone
(`rotation`): 3.6 kg·m² with arms and leg out, 1.2 kg·m² drawn in. Entry 5.5–6.5 m/s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import Arm, Pose, assemble
from backends.animatic.motion.gear import ANKLES, actor, blade, reach
from backends.animatic.motion.oval import SKATE_BOOT
from backends.animatic.motion.rink import flat, rounded, seats
from backends.animatic.motion.rotation import free_turn
from backends.animatic.motion.signals import Array, bump, clock, col, keys, mix, ramp, smooth, spin, unit, vector
from backends.animatic.motion.skating import Stride, skate
from backends.animatic.motion.stance import alive, leaned
from backends.animatic.motion.terrain import flags, hall, line
from backends.animatic.motion.track import G, Track, follow, ground_point
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.scene import Actor, Stage

SECONDS: Final = 14.0
OFF: Final = 6.4
SPIN: Final = 9.55
OPEN: Final = 3.6
CLOSED: Final = 1.2
STRIDE: Final = Stride(push=0.46, sway=0.10, tall=0.72, lift=0.12, trail=0.2, start=0.06)


def build(options: Options, rng: np.random.Generator) -> Act:
    """An axel of `turns` and a half, then a spin."""
    t = clock(SECONDS)
    turns = round(options.number("turns", 3.0, 1.0, 4.0)) + 0.5
    airtime = 0.46 + 0.065 * turns
    land = OFF + airtime
    way, speed = _way(t, land)
    xy = np.cumsum(col(speed) * np.column_stack([np.cos(way), np.sin(way)]), axis=0) / RATE
    xy += [2.0, 6.0] - xy[round(OFF * RATE)]
    leap = free_turn(
        t, OFF, land, turns, ramp(t, OFF - 0.08, OFF + 0.13) * (1 - ramp(t, land - 0.13, land + 0.06)), OPEN, CLOSED
    )
    whirl = free_turn(t, SPIN, SECONDS + 2.0, _spin_turns(t), _drawn(t), OPEN, CLOSED)
    back = keys(t, (OFF - 1.35, np.pi), (OFF - 0.85, 2 * np.pi))
    facing = way + back + smooth(leap.angle, 0.14) + smooth(whirl.angle, 0.7)
    rise = smooth(0.5 * G * np.clip(t - OFF, 0, None) * np.clip(land - t, 0, None), 0.06)
    skater = _skater(rng, t, xy, facing, rise, land, speed, way)
    events = [
        Event(EventKind.START, 0.0, 0.2), *(Event(EventKind.PUSH, k, 0.5) for k in (0.6, 1.5, 2.4, 3.3, 4.2)),
        Event(EventKind.TAKEOFF, OFF), Event(EventKind.LANDING, land), Event(EventKind.TURN, SPIN, 0.7),
        Event(EventKind.FINISH, SECONDS - 0.8, 0.9),
    ]  # fmt: skip
    cuts = (
        cut("establish", azimuth=118, elevation=12, distance=19, size=0.2, orbit=14),
        cut("follow", azimuth=150, elevation=7, distance=6.5, size=0.5, orbit=-40),
        cut("low", 3.5, rate=0.5, azimuth=66, elevation=2, distance=6.0, size=0.55, orbit=20, lead=0.1),
        cut("overhead", azimuth=200, elevation=19, distance=7, size=0.42, orbit=-30),
        cut("crane", azimuth=60, elevation=6, distance=7.5, size=0.58, orbit=70, post=None, rise=1.6, lead=0.0),
    )
    heading = np.column_stack([np.cos(way), np.sin(way), 0 * way])
    rate = smooth(np.gradient(facing) * RATE, 0.1)
    hud = {"angle": np.degrees(facing - facing[0]), "height": rise, "turns": np.abs(rate) / (2 * np.pi)}
    room = (-20.0, 20.0, -36.0, 36.0, 10.0)
    return Act(_stage(rng), (skater,), events, OFF, speed, cuts, hud, heading=heading, room=room)


def _way(t: Array, land: float) -> tuple[Array, Array]:
    """Direction of travel (rad) and speed (m/s): a wide curve, straight into the jump, a landing arc, the spin."""
    speed = keys(
        t, (0, 5.6), (4.2, 6.4), (OFF, 5.4), (land + 0.05, 4.5), (SPIN - 1.0, 3.9), (SPIN + 0.35, 0.05), (SPIN + 1, 0.0)
    )
    turn = keys(
        t,
        (0, 0.42),
        (3.4, 0.62),
        (OFF - 1.6, 0.35),
        (OFF - 0.9, -0.10),
        (OFF, 0.25),
        (land, 0.0),
        (land + 0.8, -0.55),
        (SPIN - 0.9, -0.2),
        (SPIN - 0.35, 1.1),
        (SPIN + 0.4, 0.0),
    )
    way = np.cumsum(turn) / RATE
    return way - way[round(OFF * RATE)] + 1.9, speed


def _drawn(t: Array) -> Array:
    """How far the spin is drawn in, 0..1."""
    return ramp(t, SPIN + 0.6, SPIN + 2.2) * (1 - 0.5 * ramp(t, SECONDS - 0.9, SECONDS + 0.2))


def _spin_turns(t: Array) -> float:
    """Turns that a start of 1.45 turns a second gives until the spin is left."""
    inertia = OPEN + (CLOSED - OPEN) * _drawn(t)
    mine = t >= SPIN
    return 1.45 * float(np.sum(OPEN / inertia[mine])) / RATE


def _skater(
    rng: np.random.Generator, t: Array, xy: Array, facing: Array, rise: Array, land: float, speed: Array, way: Array
) -> Actor:
    n = len(t)
    track = follow(flat, xy, np.column_stack([np.cos(facing), np.sin(facing)]))
    turning = smooth(np.gradient(way) * RATE, 0.3)
    tilt = np.arctan(speed * turning / G)
    # Leaning is into the curve of the travel, whichever way the body faces.
    side = np.cos(facing - way)
    lean = tilt * side
    stroking = 1 - ramp(t, OFF - 2.3, OFF - 1.5)
    skating = skate(flat, track, -0.56 * t + 0.1, STRIDE, stroking, 0.0, lean, SKATE_BOOT)
    feet = _feet(t, track, land, rise)
    keyed = 1 - stroking
    ankles = tuple(mix(old.ankle, new, keyed) for old, new in zip(skating.feet, feet, strict=True))
    drawn = _drawn(t) * ramp(t, SPIN, SPIN + 0.5)
    tall = keys(
        t,
        (0, 0.74),
        (OFF - 0.9, 0.78),
        (OFF - 0.22, 0.60),
        (OFF + 0.03, 0.86),
        (land - 0.06, 0.86),
        (land + 0.2, 0.68),
        (land + 0.8, 0.80),
        (SPIN - 0.5, 0.74),
        (SPIN + 0.5, 0.84),
    )
    frame = leaned(track, lean + 0.0 * side).pitched(
        keys(
            t,
            (0, 0.10),
            (OFF - 0.2, 0.16),
            (OFF + 0.1, -0.02),
            (land, 0.06),
            (land + 0.6, 0.24),
            (SPIN - 0.4, 0.12),
            (SPIN + 0.6, -0.02),
        )
    )
    base = track.spot + vector(n, 0, 0, 1.0) * col(rise + SKATE_BOOT)
    pelvis = base + track.right * col(skating.sway * stroking) + frame.up * col(tall)
    arms = _arms(t, land, drawn, stroking)
    look = unit(
        track.ahead
        + 0.6
        * np.column_stack([-np.sin(facing), np.cos(facing), 0 * t])
        * col(np.clip(np.gradient(facing) * RATE / 12, -1, 1))
    )
    bend = keys(
        t,
        (0, 0.28),
        (OFF - 0.2, 0.34),
        (OFF + 0.1, 0.02),
        (land, 0.12),
        (land + 0.6, 0.20),
        (SPIN - 0.4, 0.25),
        (SPIN + 0.6, 0.0),
        (SPIN + 2.4, -0.22),
        (SECONDS, -0.12),
    )
    toes = _toes(track, t, land)
    up = vector(n, 0, 0, 1.0)
    soles = tuple(unit(mix(foot.sole, frame.up * 0.5 + up * 0.5, keyed)) for foot in skating.feet)
    pose = Pose(
        pelvis, frame, (ankles[0], ankles[1]), toes, (soles[0], soles[1]),
        alive(rng, t, xy_path(xy, rise), frame, arms, 0.5), look, bend=bend, nod=0.45 - 0.3 * drawn,
        twist=0.25 * np.sin(2 * np.pi * 0.56 * t) * stroking - 0.35 * bump(t, OFF - 0.25, 0.5, 0.25),
        knees=(0.15, 0.15), planted=_planted(t, land, skating.pushes, keyed),
    )  # fmt: skip
    joints = assemble(pose)
    gears = tuple(
        blade(joints[:, ankle], toe, sole, 0.12, 0.17, SKATE_BOOT)
        for ankle, toe, sole in zip(ANKLES, toes, soles, strict=True)
    )
    aloft = (t > OFF) & (t < land)
    left_works = ((t < OFF) & (t > OFF - 1.45)) | (t > SPIN - 0.3)
    foot = np.where(left_works[:, None], joints[:, ANKLES[0]], joints[:, ANKLES[1]]).astype(np.float64)
    press = 1 + 1.6 * np.exp(-np.maximum(t - land, 0) / 0.15) * (t >= land) + 0.6 * bump(t, OFF - 0.12, 0.25, 0.11)
    spray = 0.06 + 0.7 * np.exp(-np.maximum(t - land, 0) / 0.25) * (t >= land) + 0.3 * bump(t, OFF - 0.05, 0.2, 0.05)
    contact = ground_point(flat, smooth(foot[:, :2], 0.1))
    press, spray = np.where(aloft, 0.0, press), np.where(aloft, 0.0, spray)
    return actor("athlete", pose, gears, contact, press, spray, joints, bare=True)


def xy_path(xy: Array, rise: Array) -> Array:
    """The body's path (N, 3) for what lags behind it."""
    return np.column_stack([xy, rise])


def _local(track: Track, offsets: Array) -> Array:
    return (
        track.right * offsets[:, :1] + track.ahead * offsets[:, 1:2] + vector(len(offsets), 0, 0, 1.0) * offsets[:, 2:]
    )


def _feet(t: Array, track: Track, land: float, rise: Array) -> tuple[Array, Array]:
    """Ankles (N, 3) from the step into the jump on: take-off from the left, landing on the right, spin on the left."""
    left = keys(
        t, (OFF - 1.5, (-0.12, 0, 0)), (OFF - 0.9, (-0.02, 0.06, 0)), (OFF - 0.1, (-0.02, 0.04, 0.0)),
        (OFF + 0.2, (-0.02, 0.13, 0.03)),
        (land - 0.1, (-0.06, 0.16, 0.08)), (land + 0.12, (-0.14, 0.10, 0.22)), (land + 0.62, (-0.26, -0.66, 0.52)),
        (SPIN - 1.0, (-0.2, -0.62, 0.46)), (SPIN - 0.35, (-0.02, 0.0, 0.0)),
    )  # fmt: skip
    right = keys(
        t, (OFF - 1.5, (0.12, 0, 0)), (OFF - 0.9, (0.22, -0.52, 0.22)), (OFF - 0.28, (0.2, -0.40, 0.20)),
        (OFF + 0.0, (0.10, 0.52, 0.42)),
        (OFF + 0.22, (0.05, 0.02, 0.0)), (land + 0.05, (0.02, 0.0, 0.0)), (SPIN - 0.45, (0.04, 0, 0)),
        (SPIN + 0.1, (0.50, 0.36, 0.42)), (SPIN + 0.9, (0.34, 0.48, 0.46)), (SPIN + 2.1, (0.02, 0.14, 0.16)),
        (SECONDS + 0.4, (0.04, 0.14, 0.12)),
    )  # fmt: skip
    base = track.spot + vector(len(t), 0, 0, 1.0) * col(rise + SKATE_BOOT)
    return base + _local(track, left), base + _local(track, right)


def _toes(track: Track, t: Array, land: float) -> tuple[Array, Array]:
    down = vector(len(t), 0, 0, -1.0)
    aloft = ramp(t, OFF - 0.02, OFF + 0.12) * (1 - ramp(t, land - 0.12, land))
    behind = ramp(t, land + 0.1, land + 0.6) * (1 - ramp(t, SPIN - 1.0, SPIN - 0.5))
    lift = ramp(t, SPIN - 0.2, SPIN + 0.4)
    left = unit(track.ahead + down * col(0.8 * aloft + 0.9 * behind) - track.right * col(0.4 * behind))
    right = unit(track.ahead + down * col(0.8 * aloft + 0.5 * lift) + track.right * col(0.25 * lift))
    return left, right


def _arms(t: Array, land: float, drawn: Array, stroking: Array) -> tuple[Arm, Arm]:
    n = len(t)
    result: list[Arm] = []
    for sign in (-1.0, 1.0):
        wave = 0.08 * np.sin(2 * np.pi * 0.56 * t + (1.5 if sign < 0 else 0.0)) * stroking
        local = reach(n, 0.54 * sign, 0.12 * sign + wave, -0.04 + wave).local
        wind = bump(t, OFF - 0.25, 0.5, 0.2)
        local = mix(local, reach(n, 0.30 * sign, -0.42, -0.28).local, wind)
        closed = ramp(t, OFF - 0.02, OFF + 0.16) * (1 - ramp(t, land - 0.14, land + 0.1))
        local = mix(local, reach(n, -0.14 * sign, 0.24, -0.20 - 0.05 * sign).local, closed)
        local = mix(local, reach(n, -0.13 * sign, 0.24, -0.16).local, np.clip(drawn * 2, 0, 1))
        local = mix(local, reach(n, -0.10 * sign, 0.10, 0.60).local, ramp(t, SPIN + 2.1, SPIN + 3.2))
        result.append(Arm(local, elbow=reach(n, 0.8 * sign, -0.1, -0.5).local))
    return result[0], result[1]


def _planted(t: Array, land: float, pushes: tuple[Array, Array], keyed: Array) -> tuple[Array, Array]:
    left = ramp(t, OFF - 1.2, OFF - 0.9) * (1 - ramp(t, OFF - 0.1, OFF)) + ramp(t, SPIN - 0.5, SPIN - 0.3)
    right = ramp(t, land - 0.1, land) * (1 - ramp(t, SPIN - 0.6, SPIN - 0.4))
    both = [
        np.clip(push * 3, 0, 1) * (1 - keyed) + own * keyed for push, own in zip(pushes, (left, right), strict=True)
    ]
    return both[0], both[1]


def _stage(rng: np.random.Generator) -> Stage:
    rink = rounded(15.0, 30.0, 8.5)
    items: list[Furniture] = [line(flat, FurnitureKind.BOARDS, rink, 0)]
    items += seats(rng, flat)
    items += flags(rng, flat, np.array([[-14.0, 32.5], [0.0, 32.6], [14.0, 32.5]]), 0.0, 6.0, 6.5)
    return hall(rink, 30.0, items)


__all__ = ["build", "spin"]
