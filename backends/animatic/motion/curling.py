"""Curling: a delivery, a sliding and curling stone (`stones`), two sweepers, a take-out in the far house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import BOOT, Arm, Pose, assemble
from backends.animatic.motion.gear import actor, gear, reach, single
from backends.animatic.motion.rink import flat
from backends.animatic.motion.signals import Array, clock, col, keys, lerp, mix, noise, ramp, smooth, unit, vector
from backends.animatic.motion.stance import alive, leaned
from backends.animatic.motion.stones import HOG, KICK, RELEASE, TEE, Stones, slide_out
from backends.animatic.motion.terrain import hall, line, tribune
from backends.animatic.motion.track import follow
from backends.animatic.motion.walk import cycles, walk
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind, GearKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.scene import Actor, Gear, Stage

SECONDS: Final = 15.0


def build(options: Options, rng: np.random.Generator) -> Act:
    """One take-out."""
    t = clock(SECONDS)
    stones = slide_out(t, options.number("speed", 3.95, 3.2, 4.6), float(rng.choice([-1.0, 1.0])))
    guard = _still(t, -1.05, TEE - 2.9)
    other = _still(t, 1.25, TEE + 0.7)
    thrower = _thrower(rng, t, stones, (guard, other))
    sweepers = tuple(_sweeper(rng, t, stones, side) for side in (-1.0, 1.0))
    skip = _skip(rng, t, stones)
    sweeps = np.arange(RELEASE + 0.9, stones.hit - 0.4, 0.24)
    events = [
        Event(EventKind.START, 0.0, 0.3), Event(EventKind.PUSH, KICK + 0.2, 0.7), Event(EventKind.TURN, RELEASE, 0.5),
        *(Event(EventKind.SWEEP, float(k), 0.5) for k in sweeps), Event(EventKind.HIT, stones.hit),
        Event(EventKind.FINISH, min(stones.hit + 2.6, SECONDS - 0.4), 0.8),
    ]  # fmt: skip
    cuts = (
        cut("front", 3.4, azimuth=24, elevation=5, distance=6.8, size=0.42, lead=0.0, orbit=-30),
        cut("low", 2.9, azimuth=62, elevation=3, distance=4.4, size=0.5, orbit=30, lead=0.3, regard=0.25),
        cut("overhead", 3.4, azimuth=150, elevation=50, distance=11, size=0.24, lead=0.3, regard=0.5),
        cut(
            "crane",
            2.8,
            rate=0.5,
            azimuth=9,
            elevation=9,
            distance=10.5,
            size=0.34,
            post=None,
            rise=0.6,
            lead=0.0,
            regard=0.3,
        ),
        cut("finish", 2.5, azimuth=30, elevation=8, distance=7.5, size=0.46, lead=0.0),
    )
    speed = stones.speed
    heading = np.tile([0.0, 1.0, 0.0], (len(t), 1))
    hud = {"speed": speed * 3.6, "height": np.zeros(len(t))}  # how far the stone has turned tells nobody anything
    return Act(
        _stage(rng), (thrower, *sweepers, skip), events, stones.hit, speed, cuts, hud, key=3, heading=heading,
        interest=stones.thrown, room=(-9.5, 9.5, -11.0, TEE + 9.0, 7.0),
    )  # fmt: skip


def _still(t: Array, x: float, y: float) -> Array:
    return vector(len(t), x, y, 0.115)


def _stone(way: Array, turn: Array | float) -> Gear:
    angle = np.asarray(turn) + np.zeros(len(way))
    handle = way + vector(len(way), 0.10 * np.sin(angle), -0.10 * np.cos(angle), 0.09)
    return gear(GearKind.STONE, vector(len(way), 0, 0, 1.0), way, handle)


def _thrower(rng: np.random.Generator, t: Array, stones: Stones, idle: tuple[Array, Array]) -> Actor:
    n = len(t)
    stone = stones.thrown
    rise = ramp(t, RELEASE + 0.75, RELEASE + 1.9)
    pace = np.where(t < RELEASE, np.gradient(stone[:, 1]) * RATE, 0)
    glide = stones.speed[round(RELEASE * RATE)] * np.exp(-np.clip(t - RELEASE, 0, None) * 0.42)
    jog = keys(
        t,
        (RELEASE + 1.2, 0.0),
        (RELEASE + 2.6, 3.4),
        (stones.hit - 1.2, 3.3),
        (stones.hit + 1.2, 0.9),
        (stones.hit + 2.4, 0.0),
    )
    speed = np.where(t < RELEASE, pace, glide * (1 - ramp(t, RELEASE + 1.0, RELEASE + 2.4)) + jog)
    y = np.cumsum(speed) / RATE
    y -= y[round(RELEASE * RATE)] - (5.75 - 0.72)
    x = smooth(
        np.where(
            t < RELEASE,
            stone[:, 0] - 0.12,
            lerp(y, stone[: round(stones.hit * RATE), 1], stone[: round(stones.hit * RATE), 0]) - 0.12,
        ),
        1.6,
    )
    x = x - 0.75 * ramp(t, RELEASE + 1.2, RELEASE + 3.5)
    track = follow(flat, np.column_stack([x, smooth(y, 0.2)]), np.tile([0.0, 1.0], (n, 1)))
    stance = walk(flat, track, cycles(track, 2.0), 2.0, duty=0.5, lift=0.10)[0]
    start = 1 - ramp(t, KICK, KICK + 0.55)
    up = vector(n, 0, 0, 1.0)
    left_low = track.spot + track.ahead * col(0.16 + 0.10 * start) - track.right * 0.10 + up * BOOT
    hack = keys(t, (KICK - 0.1, -0.42), (KICK + 0.75, -1.02), (RELEASE + 0.7, -0.98))
    right_low = track.spot + track.ahead * col(hack) + track.right * 0.16 + up * (BOOT + 0.08)
    ankles = (mix(left_low, stance[0].ankle, rise), mix(right_low, stance[1].ankle, rise))
    kicked = 1 - start
    toes = (
        unit(mix(track.ahead - track.right * 0.35, stance[0].ahead, rise)),
        unit(mix(track.ahead * 0.5 - up * 1.1 * col(kicked) + track.right * 0.5, stance[1].ahead, rise)),
    )
    frame = leaned(track, 0.0).tipped(-0.06 * (1 - rise))
    cheer = ramp(t, stones.hit + 0.5, stones.hit + 1.1)
    tall = keys(
        t, (KICK - 0.2, 0.52), (KICK + 0.2, 0.56), (KICK + 0.8, 0.34), (RELEASE + 0.7, 0.34), (RELEASE + 1.9, 0.93)
    )
    bob = 0.025 * np.cos(4 * np.pi * cycles(track, 2.0)) * rise * np.clip(track.speed / 2, 0, 1)
    pelvis = track.spot + up * col(tall + bob) + track.ahead * col(-0.10 * (1 - rise) + 0.02)
    swing = 0.26 * np.sin(2 * np.pi * cycles(track, 2.0)) * np.clip(track.speed / 2.5, 0, 1) * rise
    handle = stone + vector(n, 0.0, -0.09, 0.12)
    letting = ramp(t, RELEASE - 0.05, RELEASE + 0.35)
    right = Arm(
        mix(reach(n, 0.05, 0.55, -0.10).local, reach(n, 0.16, 0.05 + swing, -0.52).local, rise),
        world=handle,
        grip=1 - letting,
    )
    right.local = mix(right.local, reach(n, 0.2, 0.1, 0.54).local, cheer)
    left = Arm(mix(reach(n, -0.48, 0.10, -0.30).local, reach(n, -0.16, 0.05 - swing, -0.50).local, rise))
    bend = keys(t, (KICK, 0.98), (KICK + 0.8, 1.34), (RELEASE + 0.6, 1.28), (RELEASE + 1.9, 0.16))
    pose = Pose(
        pelvis, frame, ankles, toes, (stance[0].sole, stance[1].sole), alive(rng, t, pelvis, frame, (left, right), 0.6),
        unit(mix(track.ahead, stone - pelvis + [0, 0, 0.5], 0.6)), bend=bend,
        nod=0.85, knees=(0.35 * (1 - rise) + 0.1, 0.1), planted=(1.0, 0.3 + 0.0 * rise),
    )  # fmt: skip
    joints = assemble(pose)
    broom_hand = joints[:, 6]
    along = unit(mix(vector(n, -0.55, 0.25, -0.36), vector(n, -0.15, 0.55, -0.8), rise))
    head = broom_hand + along * 1.05
    head[:, 2] = np.maximum(head[:, 2], 0.02)
    broom = gear(GearKind.BROOM, up, broom_hand - along * 0.15, broom_hand + unit(head - broom_hand) * 1.05)
    gears = (_stone(stone, stones.turn), _stone(stones.struck, 0.4), _stone(idle[0], 1.0), _stone(idle[1], 2.2), broom)
    return actor(
        "athlete",
        pose,
        gears,
        mix(left_low * [1.0, 1.0, 0.0], track.spot, rise),
        np.ones(n),
        0.05 * np.ones(n),
        joints,
        bare=True,
    )


def _sweeper(rng: np.random.Generator, t: Array, stones: Stones, side: float) -> Actor:
    """One of the two who run beside the stone and brush the ice before it."""
    n = len(t)
    stone = smooth(stones.thrown, 0.5)
    early = 1 - ramp(t, RELEASE - 0.6, RELEASE + 0.7)
    ahead = (0.55 if side < 0 else 1.05) - 0.5 * early
    stop = ramp(t, stones.hit - 0.5, stones.hit + 0.3)
    y = stone[:, 1] + ahead
    y = smooth(
        np.minimum(y, TEE - 1.6 + ahead * 0.5),
        0.9,
    )
    away = side * (0.78 + 0.45 * stop + 1.0 * early)
    facing = unit(np.column_stack([-side * np.full(n, 0.75), np.ones(n)]))
    xy = np.column_stack([smooth(stone[:, 0], 0.6) * (1 - 0 * stop) + away, y])
    travel = follow(flat, xy, np.tile([0.0, 1.0], (n, 1)))
    body = follow(flat, xy, facing)
    phase = cycles(travel, 1.9)
    feet, _ = walk(flat, travel, phase, 1.9, duty=0.52, lift=0.07, width=0.26)
    busy = ramp(t, RELEASE + 0.5, RELEASE + 1.0) * (1 - ramp(t, stones.hit - 0.5, stones.hit - 0.1))
    up = vector(n, 0, 0, 1.0)
    frame = leaned(body, 0.0)
    brush = np.sin(2 * np.pi * 4.2 * t + (0.8 if side > 0 else 0.0)) * busy
    head = stone + vector(n, 0.17 * brush - 0.04 * side, 0.42 + 0.24 * (side > 0) + 0.03 * brush, -0.10)
    rest = travel.spot + vector(n, -0.35 * side, 0.6, 0.02)
    head = mix(rest, head, busy)
    head[:, 2] = 0.02
    pelvis = (
        travel.spot
        + up * col(0.90 - 0.14 * busy + 0.02 * np.cos(4 * np.pi * phase) * np.clip(travel.speed / 2, 0, 1))
        - body.ahead * col(0.12 * busy)
    )
    shoulder = pelvis + body.ahead * col(0.25 + 0.25 * busy) + up * col(0.30 + 0.02 * brush)
    along = unit(head - shoulder)
    grip = head - along * 1.15
    cheer = ramp(t, stones.hit + 0.7, stones.hit + 1.3)
    # The lower hand leads; in the end the arms go up with the broom.
    low, high = head - along * 0.62, head - along * 1.0
    lead = 1.0 if side < 0 else -1.0
    arms: list[Arm] = []
    for sign in (-1.0, 1.0):
        world = low if sign == lead else high
        local = mix(reach(n, 0.18 * sign, 0.25, -0.40).local, reach(n, 0.22 * sign, 0.08, 0.54).local, cheer)
        arms.append(Arm(local, world=world, grip=1 - cheer))
    look = unit(mix(head - pelvis, vector(n, 0, 1.0, 0), 0.5 * (1 - busy)) + vector(n, 0, 0, 0.15))
    pose = Pose(
        pelvis, frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead), (feet[0].sole, feet[1].sole),
        alive(rng, t, pelvis, frame, (arms[0], arms[1]), 0.4), look, bend=0.22 + 0.60 * busy + 0.03 * brush,
        twist=0.10 * brush, nod=0.6, planted=(0.6, 0.6),
    )  # fmt: skip
    joints = assemble(pose)
    hand = joints[:, 9 if lead > 0 else 6]
    lifted = unit(mix(head - hand, vector(n, -0.2 * side, 0.1, 1.0), cheer))
    broom = gear(GearKind.BROOM, up, mix(grip, hand - lifted * 0.4, cheer), mix(head, hand + lifted * 0.75, cheer))
    contact = mix(travel.spot, head * [1, 1, 0], busy)
    return actor("sweeper", pose, (broom,), contact, np.ones(n), 0.12 * busy, joints, bare=True)


def _skip(rng: np.random.Generator, t: Array, stones: Stones) -> Actor:
    """The skip behind the far house: crouches over the broom, then up with the hit."""
    n = len(t)
    glad = ramp(t, stones.hit + 0.3, stones.hit + 0.9)
    xy = np.column_stack([-1.75 + 0.05 * noise(rng, t, 0.2), np.full(n, TEE + 2.3)])
    track = follow(flat, xy, np.tile([0.0, -1.0], (n, 1)))
    up = vector(n, 0, 0, 1.0)
    fixed = np.repeat(track.spot[:1], n, 0)
    feet = [fixed + track.right * (0.17 * s) + up * BOOT for s in (-1.0, 1.0)]
    pelvis = fixed + up * col(0.74 + 0.18 * glad) - track.ahead * 0.08 + track.right * col(0.02 * noise(rng, t, 0.3))
    head = np.repeat(track.spot[:1], n, 0) + track.ahead * 0.55 + up * 0.02
    along = unit(head - (pelvis + up * 0.32 + track.ahead * 0.3))
    arms = [
        Arm(
            reach(n, s * 0.25, 0.05, 0.54).local,
            world=head - along * (0.95 if s > 0 else 0.75),
            grip=1 - glad * (s < 0),
        )
        for s in (-1.0, 1.0)
    ]
    frame = leaned(track, 0.0)
    pose = Pose(
        pelvis, frame, (feet[0], feet[1]), (track.ahead, track.ahead), (up, up),
        alive(rng, t, pelvis, frame, (arms[0], arms[1]), 0.6), unit(stones.thrown - pelvis + [0, 0, 0.3]),
        bend=0.55 - 0.4 * glad, nod=0.7,
    )  # fmt: skip
    joints = assemble(pose)
    broom = gear(GearKind.BROOM, up, head - along * 1.15, head)
    return actor("mate", pose, (broom,), track.spot, np.ones(n), np.zeros(n), joints, bare=True)


def _stage(rng: np.random.Generator) -> Stage:
    y = np.linspace(-6.0, TEE + 6.0, 30)
    course = np.column_stack([0 * y, y])
    items: list[Furniture] = []
    for sheet in (-4.9, 0.0, 4.9):
        for tee in (0.0, TEE):
            items.append(Furniture(FurnitureKind.HOUSE, single(np.array([[sheet, tee, 0.0]])), 0 if tee else 1))
            items.append(line(flat, FurnitureKind.LINE, np.array([[sheet - 2.3, tee], [sheet + 2.3, tee]]), 1))
        items += [
            line(flat, FurnitureKind.LINE, np.array([[sheet - 2.3, hog], [sheet + 2.3, hog]]), 0)
            for hog in (HOG, TEE - HOG)
        ]
        items.append(line(flat, FurnitureKind.LINE, np.array([[sheet, -3.6], [sheet, TEE + 3.6]]), 3))
    for edge in (-7.4, -2.45, 2.45, 7.4):
        kind = FurnitureKind.BOARDS if abs(edge) > 5 else FurnitureKind.LINE
        items.append(line(flat, kind, np.column_stack([np.full_like(y, edge), y]), 2))
    hue = rng.integers(4, size=8)
    for k, (low, high) in enumerate(((-4.0, 9.0), (10.5, 22.0), (24.0, 39.0))):
        items.append(tribune(flat, ((10.5, high), (10.5, low)), 9.0, int(hue[k])))
        items.append(tribune(flat, ((-10.5, low), (-10.5, high)), 9.0, int(hue[k + 3])))
    items.append(tribune(flat, ((-7.5, TEE + 10.0), (7.0, TEE + 10.0)), 7.0, int(hue[6])))
    return hall(course, 4.75, items)
