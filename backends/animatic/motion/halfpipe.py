"""Snowboard half-pipe: wall to wall, airs over the lip, one big spin.

FIS half-pipe: 7 m deep walls, 19–22 m wide, inclined 17–18°, walls 82–85° steep at the lip; airs of 4–5 m over the lip,
take-off near 9.5 m/s upwards. Cross-wise speed from energy: v² = v_lip² + 2 g (z_lip − z), what friction takes being
pumped back in the transitions. In the air: free fall, angular momentum conserved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import BOOT, Arm, Frame, Pose, assemble, framed
from backends.animatic.motion.gear import actor, gear, reach, single
from backends.animatic.motion.rotation import free_turn
from backends.animatic.motion.signals import Array, Flags, bump, clock, col, lerp, mix, ramp, smooth, spin, unit, vector
from backends.animatic.motion.stance import alive
from backends.animatic.motion.terrain import Slope, flags, laid, line, mast, mountain, pair, soft, tribune
from backends.animatic.motion.track import G
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind, GearKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.scene import Actor, Stage

SECONDS: Final = 14.2
SLOPE: Final = float(np.tan(np.radians(17.5)))
RADIUS: Final = 7.2
STEEP: Final = float(np.radians(83.0))
FLAT: Final = 3.4
LIP_X: Final = FLAT + RADIUS * float(np.sin(STEEP))
LIP_Z: Final = RADIUS * (1 - float(np.cos(STEEP)))
ALONG: Final = 4.8
"""m/s down the pipe."""


class Pipe:
    """A height function: a trough along y that falls with `SLOPE`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._side = Slope(rng, lambda y: 0.0 * y, lambda y: 0.0 * y, 40.0, 0.12, 1.2)

    def wall(self, x: Array) -> Array:
        """Height over the bottom at `x` metres from the middle."""
        over = np.clip(np.abs(x) - FLAT, 0.0, LIP_X - FLAT)
        return RADIUS - np.sqrt(RADIUS * RADIUS - over * over)

    def __call__(self, x: Array, y: Array) -> Array:
        """Height at places (equal shapes)."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        ends = soft(y, -75.0, -55.0) * (1 - soft(y, 96.0, 112.0))
        fall = -SLOPE * y + SLOPE * np.maximum(y - 110.0, 0.0) * 0.92
        return fall + (self.wall(x) - LIP_Z * soft(np.abs(x), LIP_X + 4.0, LIP_X + 16.0)) * ends + self._side(x, y)


class Ride(NamedTuple):
    """The board's path: spots (N, 3), air 0/1 (N,), side of the wall (N,), frame of board (forward = nose), take-offs,
    landings (s)."""

    spot: Array
    aloft: Array
    frame: Frame
    takeoffs: list[float]
    landings: list[float]


def build(options: Options, rng: np.random.Generator) -> Act:
    """Three hits; the second is the big one."""
    t = clock(SECONDS)
    pipe = Pipe(rng)
    high = options.number("air", 4.4, 2.0, 6.0)
    spins = round(options.number("turns", 2.0, 1.0, 3.0))
    ride, turn = _ride(pipe, t, high, spins, float(rng.choice([-1.0, 1.0])))
    rider, load = _rider(rng, pipe, t, ride)
    speed = np.linalg.norm(smooth(np.gradient(ride.spot, axis=0) * RATE, 0.1), axis=1)
    events = [Event(EventKind.START, 0.0, 0.2)]
    events += [Event(EventKind.TAKEOFF, time) for time in ride.takeoffs]
    events += [Event(EventKind.LANDING, time, 0.8) for time in ride.landings]
    events.append(Event(EventKind.FINISH, SECONDS - 0.9, 0.9))
    middle = min(ride.takeoffs, key=lambda time: abs(time - 5.6)) + 0.75
    cuts = (
        cut("establish", azimuth=170, elevation=10, distance=12, size=0.14, orbit=14, lead=0.1),
        cut("follow", azimuth=168, elevation=9, distance=5.5, size=0.36, lead=0.1),
        cut("low", 3.5, rate=0.5, azimuth=22, elevation=-14, distance=9.0, size=0.42, orbit=30, lead=0.05),
        cut("crane", azimuth=12, elevation=8, distance=24, size=0.34, post=0.8, rise=4, zoom=0.85),
        cut("finish", azimuth=-12, elevation=6, distance=15, size=0.34, orbit=16, lead=0.05),
    )
    heading = np.tile([0.0, 1.0, 0.0], (len(t), 1))
    over = np.where(ride.aloft > 0, ride.spot[:, 2] + SLOPE * ride.spot[:, 1] - LIP_Z, 0.0)
    hud = {"angle": np.degrees(turn), "height": np.maximum(over, 0.0)}
    del load
    return Act(_stage(rng, pipe), (rider,), events, middle, speed, cuts, hud, heading=heading)


def _crossing(high: float) -> tuple[Array, Array]:
    """Times and places (arc length from one lip to the other) of one ride through the pipe."""
    length = FLAT + RADIUS * STEEP
    u = np.linspace(-length, length, 1201)
    angle = np.clip((np.abs(u) - FLAT) / RADIUS, 0.0, STEEP)
    z = RADIUS * (1 - np.cos(angle))
    v = np.sqrt(2 * G * (high + LIP_Z - z))
    times = np.concatenate([[0.0], np.cumsum(np.diff(u) * 0.5 * (1 / v[1:] + 1 / v[:-1]))])
    return times, u


def _ride(pipe: Pipe, t: Array, high: float, spins: int, first: float) -> tuple[Ride, Array]:
    times, places = _crossing(high)
    ground, lift = times[-1], float(np.sqrt(2 * G * high))
    air = 2 * lift / G
    period = ground + air
    offset = 5.6 - period * np.floor(5.6 / period) - ground
    clocked = t - offset
    lap = np.floor(clocked / period)
    inner = clocked - lap * period
    side = first * np.where(np.mod(lap, 2) == 0, 1.0, -1.0)
    aloft = inner >= ground
    u = lerp(inner, times, places)
    angle = np.clip((np.abs(u) - FLAT) / RADIUS, 0.0, STEEP)
    x_ground = np.sign(u) * (np.minimum(np.abs(u), FLAT) + RADIUS * np.sin(angle))
    tau = np.maximum(inner - ground, 0.0)
    out = lift / np.tan(STEEP)
    x = side * np.where(aloft, LIP_X + out * tau * (1 - tau / air), x_ground)
    rise = np.where(aloft, LIP_Z + lift * tau - 0.5 * G * tau * tau, pipe.wall(x))
    y = ALONG * (t - 6.5)
    spot = vector(len(t), x, y, rise - SLOPE * y)
    tilt = np.where(aloft, STEEP, angle) * np.where(aloft, 1.0, np.sign(u)) * side
    frame, turn = _board(t, spot, tilt, aloft, lap, period, offset, ground, air, spins)
    laps = range(int(lap[0]) - 1, int(lap[-1]) + 2)
    ups = [float(k * period + offset + ground) for k in laps]
    downs = [float((k + 1) * period + offset) for k in laps]
    return Ride(spot, aloft.astype(np.float64), frame, _within(ups, t), _within(downs, t)), turn


def _within(moments: list[float], t: Array) -> list[float]:
    return [moment for moment in moments if 0.05 < moment < t[-1] - 0.05]


def _board(
    t: Array, spot: Array, tilt: Array, aloft: Flags, lap: Array, period: float, offset: float, ground: float,
    air: float, spins: int,
) -> tuple[Frame, Array]:  # fmt: skip
    """Frame of the board: along its way on the wall, turning about the wall's normal in the air."""
    n = len(t)
    velocity = unit(np.gradient(spot, axis=0))
    normal = vector(n, -np.sin(tilt), 0.0, np.cos(tilt))
    normal = unit(normal + [0.0, SLOPE, 0.0] * np.cos(tilt)[:, None])
    nose = velocity.copy()
    turn = np.zeros(n)
    upward = normal.copy()
    for index in np.unique(lap):
        mine = (lap == index) & aloft
        if not mine.any():
            continue
        begin, end = float(index * period + offset + ground), float((index + 1) * period + offset)
        big = spins if abs(begin - 5.6) < 0.9 else max(spins - 1, 0)
        first = np.flatnonzero(mine)[0]
        n0 = normal[first]
        v0 = velocity[max(first - 1, 0)] if first > 0 else velocity[0]
        v1 = v0 * [-1.0, 1.0, 0.0] + [0, 0, -v0[2] - 2 * SLOPE * v0[1]]
        a, b = (v - n0 * (v @ n0) for v in (v0, v1))
        half = float(np.arctan2(np.cross(a, b) @ n0, a @ b))
        total = half + np.sign(half) * 2 * np.pi * big
        tuck = bump(t, 0.5 * (begin + end), 0.42 * air, 0.42 * air)
        free = free_turn(t, begin, end, abs(total) / (2 * np.pi), tuck, 9.0, 5.5)
        angle = np.sign(total) * free.angle[mine]
        axis = np.repeat(n0[None], mine.sum(), 0)
        nose[mine] = spin(np.repeat(unit(a)[None], mine.sum(), 0), axis, angle)
        turn[mine] = free.angle[mine]
        # In the air the rider tips from the wall's normal towards upright and back.
        lift = 0.75 * bump(t, 0.5 * (begin + end), 0.5 * air, 0.5 * air)[mine]
        tip = np.array([0.0, 1.0, 0.0]) * np.sign(n0[0])
        upward[mine] = spin(axis, np.repeat(-tip[None], mine.sum(), 0), lift)
        nose[mine] = spin(nose[mine], np.repeat(-tip[None], mine.sum(), 0), lift)
    up = unit(smooth(upward, 0.08))
    ahead = smooth(nose, 0.08)
    ahead = unit(ahead - up * np.sum(ahead * up, axis=1, keepdims=True))
    return framed(ahead, up), turn


def _rider(rng: np.random.Generator, pipe: Pipe, t: Array, ride: Ride) -> tuple[Actor, Array]:
    n = len(t)
    board = ride.frame
    fly, grab, crouch = np.zeros(n), np.zeros(n), np.zeros(n)
    for up in ride.takeoffs:
        down = next((x for x in ride.landings if x > up), up + 1.9)
        span = down - up
        fly += ramp(t, up - 0.02, up + 0.16) * (1 - ramp(t, down - 0.16, down + 0.02))
        grab += bump(t, up + 0.52 * span, 0.36 * span, 0.34 * span)
        crouch += bump(t, up - 0.55, 0.7, 0.5)
    for down in ride.landings:
        crouch += bump(t, down + 0.22, 0.26, 0.8)
    crouch = np.minimum(crouch, 1.0)
    middle = ride.spot + board.up * 0.45
    height = 0.72 - 0.24 * crouch - 0.30 * grab
    centre = mix(ride.spot, middle - board.up * col(0.45 - 0.06 * grab), fly)
    frame = Frame(-board.forward, board.right, board.up)
    feet = [centre + board.up * BOOT + board.forward * (0.27 * s) for s in (1.0, -1.0)]
    toes = [unit(board.right + board.forward * (0.3 * s)) for s in (1.0, -1.0)]
    back = board.forward * col(0.02 * crouch) - board.right * col(0.06 + 0.12 * crouch + 0.10 * grab)
    pelvis = centre + board.up * col(BOOT + height) + back
    arms = _arms(n, grab, fly, crouch, centre, board)
    look = unit(mix(board.forward, board.forward * 0.6 + board.right * 0.6 - board.up * 0.4, fly))
    pose = Pose(
        pelvis, frame, (feet[0], feet[1]), (toes[0], toes[1]), (board.up, board.up),
        alive(rng, t, ride.spot, frame, arms, 0.6), look, bend=0.42 + 0.40 * crouch + 0.55 * grab, side=-0.10,
        twist=0.45 - 0.2 * grab, nod=0.65, knees=(0.45, 0.45),
    )  # fmt: skip
    joints = assemble(pose)
    base = 0.5 * (joints[:, 12] + joints[:, 16]) - board.up * BOOT
    deck = gear(GearKind.BOARD, board.up, base - board.forward * 0.78, base, base + board.forward * 0.78)
    press = 1.0 + 1.3 * np.clip(np.abs(ride.spot[:, 0]) - FLAT, 0, 4) / 4
    load = np.where(ride.aloft > 0, 0.0, press)
    contact = laid(pipe, ride.spot[:, :2]).astype(np.float64)
    landed = sum((np.exp(-np.maximum(t - down, 0) / 0.3) * (t >= down) for down in ride.landings), np.zeros(n))
    spray = np.where(ride.aloft > 0, 0.0, 0.15 + 0.35 * (press - 1) / 1.3 + 0.6 * landed)
    return actor("athlete", pose, (deck,), contact, load, spray, joints), load


def _arms(n: int, grab: Array, fly: Array, crouch: Array, centre: Array, board: Frame) -> tuple[Arm, Arm]:
    # Left is the leading hand; the right one grabs the toe edge between the feet.
    left, right = reach(n, -0.42, 0.18, -0.10 + 0.25 * fly), reach(n, 0.40, 0.12, -0.16)
    left.local = mix(left.local, reach(n, -0.50, -0.20, 0.28).local, grab)
    left.local = mix(left.local, reach(n, -0.40, 0.30, -0.20).local, crouch * (1 - fly))
    right.world = centre + board.right * 0.16 + board.up * 0.06 - board.forward * 0.05
    right.grip = grab
    return left, right


def _stage(rng: np.random.Generator, pipe: Pipe) -> Stage:
    y = np.arange(-54.0, 96.0, 3.0)
    axis = np.column_stack([0 * y, np.linspace(-54, 96, len(y))])
    items: list[Furniture] = []
    for side in (-1.0, 1.0):
        x = np.full_like(y, side * LIP_X)
        items.append(Furniture(FurnitureKind.LIP, single(np.column_stack([x, y, LIP_Z - SLOPE * y])), 1))
        items.append(line(pipe, FurnitureKind.FENCE, np.column_stack([x + side * 3.6, y]), 2))
    items += flags(rng, pipe, axis, LIP_X + 4.2, 19.0) + flags(rng, pipe, axis, -LIP_X - 4.4, 24.0)
    for side in (-1.0, 1.0):
        for begin in (-30.0, 4.0, 43.0):
            place = np.arange(begin, begin + rng.uniform(9, 20), 1.5)
            items.append(
                line(
                    pipe,
                    FurnitureKind.CROWD,
                    np.column_stack([np.full_like(place, side * (LIP_X + 4.4)), place]),
                    int(rng.integers(4)),
                )
            )
    items += [
        mast(pipe, FurnitureKind.LAMP, s * (LIP_X + 7.0), at, 14.0)
        for s, at in ((-1.0, -31.0), (1.0, -9.0), (-1.0, 24.0), (1.0, 61.0))
    ]
    items.append(pair(pipe, FurnitureKind.ARCH, (-8.0, 124.0), (8.0, 124.0), 0))
    items.append(tribune(pipe, ((-15.0, 134.0), (14.0, 134.0)), 12.0, 3))
    return mountain(pipe, axis, 2 * LIP_X, items)
