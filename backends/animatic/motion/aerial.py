"""Freestyle skiing, big air: in-run, kicker, a double cork with a grab, landing and the run-out.

FIS big-air geometry: kicker 3.5–4.5 m high with a take-off of 28–32°, a gap of about 20 m, landing 35–38°, take-off
speeds 60–70 km/h, two and a half seconds in the air. Drag area 0.6 m² in the air, mass 85 kg, friction 0.05.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import BOOT, Arm, Frame, Pose, assemble, framed
from backends.animatic.motion.gear import HANDS, actor, hold, over_ground, pole, reach, single, skis
from backends.animatic.motion.rotation import free_turn, spun
from backends.animatic.motion.signals import (
    Array,
    Flags,
    bump,
    clock,
    col,
    keys,
    lerp,
    mix,
    ramp,
    smooth,
    spin,
    unit,
    vector,
)
from backends.animatic.motion.stance import Foot, alive
from backends.animatic.motion.terrain import Slope, beside, crowds, flags, line, mast, mountain, pair, soft, tribune
from backends.animatic.motion.track import AIR, G, Glider, Table, arclength, glide, ground_point
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind, Gear

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.motion.track import Height
    from backends.animatic.scene import Actor, Stage

SECONDS: Final = 14.0
TAKEOFF: Final = 6.0
LIP: Final = 4.2
KICK: Final = np.radians(30.0)
RISER: Final = Glider(85.0, 0.5, 0.05)
DRAG: Final = 0.6
POLE: Final = 1.05


class Kicker:
    """Ground along y: in-run, transition and kicker with its edge at y = 0, gap, landing hill, run-out."""

    def __init__(self, rng: np.random.Generator) -> None:
        y = np.arange(-260.0, 0.01, 0.25)
        slope = -0.40 * (1 - soft(y, -38.0, -16.0)) + np.tan(KICK) * soft(y, -16.0, -2.0)
        z = np.cumsum(slope) * 0.25
        self._inrun = Table(-260.0, 0.25, z - z[-1] + LIP)
        down = np.arange(0.0, 700.0, 0.25)
        slope = -0.05 - 0.70 * soft(down, 17.0, 35.0) * (1 - soft(down, 66.0, 106.0)) + 0.05 * soft(down, 130.0, 200.0)
        self._landing = Table(0.0, 0.25, np.cumsum(slope) * 0.25 - 0.4)
        self._side = Slope(rng, lambda v: 0.0 * v, lambda v: 0.0 * v, 30.0, 0.16, 1.2)

    def profile(self, y: Array) -> Array:
        """Height along the middle; past the edge that of the landing."""
        y = np.asarray(y, np.float64)
        return np.where(y <= 0.0, self._inrun(np.minimum(y, 0.0)), self._landing(np.maximum(y, 0.0)))

    def landing(self, y: Array) -> Array:
        """Height of knoll and landing alone."""
        return self._landing(np.asarray(y, np.float64))

    def __call__(self, x: Array, y: Array) -> Array:
        """Height at places (equal shapes)."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        foot = np.where(y <= 0, self._inrun(np.minimum(y, 0.0)), 0.0)
        low = np.where(y < -24.0, foot, self._inrun(np.array(-24.0)) + (y + 24.0) * -0.02)
        deck = 1 - soft(np.abs(x), 4.0, 5.2)
        front = np.where(y <= 0, low + (foot - low) * deck, self._landing(np.maximum(y, 0.0)))
        return front + self._side(x, y)


def build(options: Options, rng: np.random.Generator) -> Act:
    """One jump: three and a half or four turns about a tilted axis, a grab, landed."""
    t = clock(SECONDS)
    height = Kicker(rng)
    turns = round(options.number("turns", 4.0, 2.0, 5.0))
    side = float(rng.choice([-1.0, 1.0]))
    spot, aloft, speed, landing = _ride(height, len(t))
    skier, turn = _skier(rng, height, t, spot, aloft, landing, turns, side)
    events = [
        Event(EventKind.START, 0.0, 0.3), Event(EventKind.TAKEOFF, TAKEOFF), Event(EventKind.LANDING, landing),
        Event(EventKind.FINISH, min(SECONDS - 0.5, landing + 2.6), 0.9),
    ]  # fmt: skip
    cuts = (
        cut("establish", azimuth=112, elevation=3, distance=28, size=0.15, orbit=8),
        cut("follow", azimuth=168, elevation=9, distance=3.8, size=0.46),
        cut("low", 3.5, rate=0.5, azimuth=58, elevation=-6, distance=8.0, size=0.46, orbit=34),
        cut("side", azimuth=92, elevation=2, distance=15, size=0.36, orbit=-30),
        cut("finish", azimuth=24, elevation=5, distance=9, size=0.42, orbit=-20),
    )
    hud = {"angle": np.degrees(turn)}
    return Act(_stage(rng, height), (skier,), events, TAKEOFF + 0.45, speed, cuts, hud)


def _ride(height: Kicker, n: int) -> tuple[Array, Flags, Array, float]:
    """Boot path (n, 3), whether in the air, speed, landing time; the take-off happens at `TAKEOFF`."""
    y = np.arange(-255.0, 0.01, 0.25)
    z = height.profile(y)
    length = arclength(np.column_stack([y, z]))
    fall = -np.gradient(z, length)
    spots = lerp(np.arange(0.0, length[-1], 0.25), length, fall)
    way, pace = glide(
        12 * RATE, (float(length[-1]) - 150.0, 5.0), lambda s: float(spots[min(int(4 * s), len(spots) - 1)]),
        lambda _s, _v: 1.15, RISER,
    )  # fmt: skip
    end = int(np.count_nonzero(way < length[-1]))
    shifted = way[:end] + (length[-1] - way[end - 1])
    run_y, run_v = lerp(shifted, length, y), pace[:end]
    air = _fly(height, float(run_v[-1]))
    out_y, out_v = _out(height, air[-1], n)
    first = end - round(TAKEOFF * RATE)
    y_all = np.concatenate([run_y, air[:, 0], out_y[1:]])
    z_all = np.concatenate([height.profile(run_y), air[:, 1], height.landing(out_y[1:])])
    v_all = np.concatenate([run_v, np.hypot(air[:, 2], air[:, 3]), out_v[1:]])
    if first < 0:
        y_all, z_all, v_all = (np.concatenate([np.full(-first, v[0]), v]) for v in (y_all, z_all, v_all))
    keep = slice(max(first, 0), max(first, 0) + n)
    index = np.arange(len(y_all))[keep] + min(first, 0)
    aloft = (index >= end) & (index < end + len(air) - 1)
    spot = np.column_stack([np.zeros(n), y_all[keep], z_all[keep]])
    return spot, aloft, smooth(v_all[keep], 0.06), TAKEOFF + (len(air) - 1) / RATE


def _fly(height: Kicker, speed: float) -> Array:
    y, z, vy, vz = 0.0, LIP, speed * float(np.cos(KICK)), speed * float(np.sin(KICK))
    grid = height.landing(np.arange(0.0, 300.0, 0.1))
    rows = [(y, z, vy, vz)]
    for _ in range(6 * RATE):
        k = 0.5 * AIR * DRAG * float(np.hypot(vy, vz)) / 85.0
        vy, vz = vy - k * vy / RATE, vz - (G + k * vz) / RATE
        y, z = y + vy / RATE, z + vz / RATE
        floor = float(grid[min(int(10 * y), len(grid) - 1)])
        if z <= floor:
            rows.append((y, floor, vy, vz))
            break
        rows.append((y, z, vy, vz))
    return np.array(rows[1:])


def _out(height: Kicker, last: Array, n: int) -> tuple[Array, Array]:
    y = np.arange(last[0], last[0] + 400.0, 0.25)
    z = height.landing(y)
    length = arclength(np.column_stack([y, z]))
    fall = -np.gradient(z, length)
    slope = np.array([1.0, (z[1] - z[0]) / 0.25])
    start = float(last[2:] @ slope / np.linalg.norm(slope))
    way, pace = glide(
        n, (0.0, start), lambda s: float(fall[min(int(np.searchsorted(length, s)), len(fall) - 1)]), lambda _s, _v: 1.0,
        RISER, lambda s, v: -5.0 if s > 30 and v > 2 else 0.0,
    )  # fmt: skip
    return lerp(way, length, y), pace


def _skier(
    rng: np.random.Generator,
    height: Kicker,
    t: Array,
    spot: Array,
    aloft: Flags,
    landing: float,
    turns: int,
    side: float,
) -> tuple[Actor, Array]:
    span = landing - TAKEOFF
    grab = bump(t, TAKEOFF + 0.5 * span, 0.38 * span, 0.36 * span)
    turn = free_turn(t, TAKEOFF, landing, turns, smooth(grab, 0.1), 15.0, 7.5)
    rise = np.where(aloft, spot[:, 2] - height.landing(spot[:, 1]), 0.0)
    base = _base_frame(height, t, spot, landing)
    crouch = bump(t, TAKEOFF - 0.3, 0.7, 0.28) + bump(t, landing + 0.16, 0.22, 0.7)
    tall = 0.74 - 0.26 * np.minimum(crouch, 1) - 0.24 * grab
    # The body turns about its own middle, so the boots swing round it: middle first, feet from there.
    middle = spot + base.up * col(BOOT + 0.5)
    middle = mix(
        middle,
        smooth(middle, 0.24),
        ramp(t, TAKEOFF - 0.2, TAKEOFF - 0.1) * (1 - ramp(t, landing + 0.5, landing + 0.7)),
    )
    axis = unit(base.up * 0.80 + base.forward * 0.25 + base.right * (0.52 * side))
    twist = -side * turn.angle
    frame = spun(base, axis, twist)
    early = 0.5 * side * ramp(t, TAKEOFF - 0.35, TAKEOFF) * (1 - ramp(t, TAKEOFF, TAKEOFF + 0.4))
    air = aloft.astype(np.float64)
    fly = ramp(t, TAKEOFF - 0.02, TAKEOFF + 0.14) * (1 - ramp(t, landing - 0.14, landing - 0.01))
    feet = _feet(spot, middle, frame, base, fly, grab, side, t, landing)
    pelvis = mix(spot + base.up * col(BOOT + tall) - base.forward * 0.10, middle + frame.up * col(tall - 0.5), fly)
    arms = _arms(frame, feet, t, grab, side, landing)
    look = unit(mix(base.forward, frame.forward * 0.8 - frame.right * side - frame.up * 0.2, fly * 0.8))
    done = ramp(t, landing + 1.7, landing + 2.3)
    bend = 0.62 + 0.3 * np.minimum(crouch, 1) + 0.35 * grab - 0.45 * done
    pose = Pose(
        pelvis, frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead), (feet[0].sole, feet[1].sole),
        alive(rng, t, spot, frame, arms, 0.5), look, bend=bend,
        side=0.35 * side * grab, twist=early + 0.3 * side * grab, nod=0.6, planted=(1 - 0.7 * fly, 1 - 0.7 * fly),
    )  # fmt: skip
    joints = assemble(pose)
    gears = (*skis(joints, feet, 0.86, 0.92), *_poles(joints, frame, height, done, side))
    contact = ground_point(height, (0.5 * (feet[0].spot + feet[1].spot))[:, :2])
    load = np.where(
        aloft | (rise > 0.01),
        0.0,
        1 + 1.8 * np.exp(-np.maximum(t - landing, 0) / 0.2) * (t >= landing) + 0.8 * bump(t, TAKEOFF - 0.2, 0.5, 0.18),
    )
    spray = (
        0.12
        + 0.9 * np.exp(-np.maximum(t - landing, 0) / 0.5) * (t >= landing)
        + 0.5 * ramp(t, landing + 1.0, landing + 2.0)
    ) * (1 - air)
    return actor("athlete", pose, gears, contact, load, spray, joints), turn.angle


def _base_frame(height: Kicker, t: Array, spot: Array, landing: float) -> Frame:
    """The frame without the turn: along the ground, and from the kicker's pitch to the landing's in between."""
    angle = np.arctan((height.profile(spot[:, 1] + 0.1) - height.profile(spot[:, 1] - 0.1)) / 0.2)
    touch = min(len(t) - 1, round(landing * RATE) + 1)
    air = keys(t, (TAKEOFF, KICK), (landing, float(angle[touch])))
    pitch = smooth(np.where((t >= TAKEOFF - 0.02) & (t <= landing), air, angle), 0.12)
    ahead = vector(len(t), 0.0, np.cos(pitch), np.sin(pitch))
    return framed(ahead, vector(len(t), 0.0, -np.sin(pitch), np.cos(pitch)))


def _feet(
    spot: Array, middle: Array, frame: Frame, base: Frame, fly: Array, grab: Array, side: float,
    t: Array, landing: float,
) -> tuple[Foot, Foot]:  # fmt: skip
    plough = 0.30 * ramp(t, landing + 1.0, landing + 1.9)
    feet: list[Foot] = []
    for sign in (-1.0, 1.0):
        wide = sign * (0.17 + 0.04 * ramp(t, landing - 0.3, landing))
        xy = (spot + base.right * col(wide))[:, :2]
        normal, ground = base.up, np.column_stack([xy, spot[:, 2]])
        down = -(0.5 - 0.20 * grab)
        free = middle + frame.right * col(wide) + frame.up * col(down) - frame.forward * col(0.06 + 0.0 * grab)
        cross = 0.30 * grab * side * sign
        ahead_air = unit(spin(frame.forward, frame.right, 0.35 * grab) + frame.right * col(-sign * cross))
        ahead = unit(mix(unit(spin(base.forward, normal, sign * plough)), ahead_air, fly))
        sole = mix(normal, frame.up, fly)
        sole = unit(sole - ahead * np.sum(sole * ahead, axis=1, keepdims=True))
        ankle = mix(ground + normal * BOOT, free, fly)
        feet.append(Foot(mix(ground, free - sole * BOOT, fly), ankle, ahead, sole))
    return feet[0], feet[1]


def _arms(frame: Frame, feet: tuple[Foot, Foot], t: Array, grab: Array, side: float, landing: float) -> tuple[Arm, Arm]:
    n = len(t)
    load = bump(t, TAKEOFF - 0.3, 0.6, 0.4)
    balance = bump(t, landing + 0.1, 0.35, 0.9)
    cheer = ramp(t, landing + 1.7, landing + 2.3)
    arms: list[Arm] = []
    for sign, foot in zip((-1.0, 1.0), feet, strict=True):
        local = reach(n, 0.26 * sign, 0.34, -0.28).local
        local = mix(local, reach(n, 0.42 * sign + 0.3 * side, -0.1, -0.15).local, load)
        local = mix(local, reach(n, 0.46 * sign, 0.16, 0.10).local, balance)
        local = mix(local, reach(n, 0.28 * sign, 0.05, 0.52).local, cheer)
        arm = reach(n, 0, 0, 0)
        inside = sign == -side
        if inside:
            arm.world, arm.grip = foot.ankle + foot.ahead * 0.12 + frame.right * (sign * 0.10), grab
            arm.local = local
        else:
            arm.local = mix(local, reach(n, 0.48 * sign, -0.05, 0.30).local, grab)
        arms.append(arm)
    return arms[0], arms[1]


def _poles(joints: Array, frame: Frame, height: Height, done: Array, side: float) -> tuple[Gear, ...]:
    del side
    result: list[Gear] = []
    for hand, sign in zip(HANDS, (-1.0, 1.0), strict=True):
        along = mix(hold(frame, 0.25 * sign, -0.85, -0.35), hold(frame, 0.2 * sign, 0.1, 0.9), done)
        result.append(pole(joints[:, hand], over_ground(joints[:, hand], along, POLE, height), POLE))
    return tuple(result)


def _stage(rng: np.random.Generator, height: Kicker) -> Stage:
    y = np.arange(-150.0, 210.0, 3.0)
    axis = np.column_stack([0 * y, y])
    below = axis[y > 20]
    items: list[Furniture] = [
        Furniture(FurnitureKind.LIP, single(np.array([[-4.0, 0.0, LIP], [4.0, 0.0, LIP]])), 0),
        pair(height, FurnitureKind.ARCH, (-7.5, 152.0), (7.5, 152.0), 1),
    ]
    items += [line(height, FurnitureKind.FENCE, axis[y < -26] + [side * 7.0, 0.0], 2) for side in (-1, 1)]
    items += [line(height, FurnitureKind.FENCE, beside(below, side * 15.5), 2) for side in (-1, 1)]
    items += [line(height, FurnitureKind.LINE, np.array([[-9.0, at], [9.0, at]]), 1) for at in (28.0, 52.0)]
    items += flags(rng, height, axis, 9.0, 23.0) + flags(rng, height, below, -17.0, 29.0)
    items += crowds(rng, height, below, 18.0, 4) + crowds(rng, height, below, -18.5, 4)
    items += [
        mast(height, FurnitureKind.LAMP, s * 20.0, at, 15.0) for s, at in ((-1.0, -14.0), (1.0, 22.0), (-1.0, 71.0))
    ]
    items += [
        tribune(height, ((20.0, 165.0), (20.0, 122.0)), 12.0, 0),
        tribune(height, ((-20.0, 118.0), (-20.0, 160.0)), 12.0, 3),
    ]
    return mountain(height, axis, 12.0, items)
