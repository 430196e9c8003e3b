"""Ski jumping on the large hill: in-run, take-off, flight in the V, telemark, out-run (geometry and air: `hill`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import BOOT, Arm, Pose, assemble, framed
from backends.animatic.motion.gear import actor, reach, single, skis
from backends.animatic.motion.hill import TABLE, Air, Hill, Jump, jump
from backends.animatic.motion.signals import (
    Array,
    clock,
    col,
    keys,
    mix,
    noise,
    ramp,
    rates,
    smooth,
    spin,
    unit,
    vector,
)
from backends.animatic.motion.stance import Foot, alive
from backends.animatic.motion.terrain import beside, crowds, flags, line, mast, mountain, tribune
from backends.animatic.motion.track import ground_point
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.scene import Actor, Stage

SECONDS: Final = 14.0
TAKEOFF: Final = 6.4


class Flight(NamedTuple):
    """A jump made visible: boot path (N, 3) over the ground, its height over it, direction of the skis, their roll."""

    spot: Array
    rise: Array
    ahead: Array
    normal: Array
    pitch: Array


def build(options: Options, rng: np.random.Generator) -> Act:
    """One jump on the large hill."""
    t = clock(SECONDS)
    hill = Hill(rng)
    leap = jump(hill, len(t), options.number("gate", 91.5, 88.0, 94.0), TAKEOFF, brake=2.0)
    path = flown(hill, leap, t)
    jumper = flyer(rng, hill, leap, path, t, "athlete")
    attack = np.degrees(path.pitch - _path_angle(leap)) * leap.aloft
    events = [
        Event(EventKind.START, max(0.0, leap.takeoff - 6.2), 0.5), Event(EventKind.TAKEOFF, leap.takeoff),
        Event(EventKind.LANDING, leap.landing), Event(EventKind.FINISH, min(SECONDS - 0.4, leap.landing + 1.9), 0.8),
    ]  # fmt: skip
    cuts = (
        cut("establish", azimuth=112, elevation=-4, distance=36, size=0.16, orbit=10),
        cut("athlete", azimuth=168, elevation=20, distance=4.6, size=0.5, orbit=-12),
        cut("low", 3.5, rate=0.5, azimuth=64, elevation=-4, distance=7.5, size=0.5, orbit=36),
        cut("side", azimuth=88, elevation=1, distance=24, size=0.3, orbit=-22, lead=0.35),
        cut("finish", azimuth=40, elevation=1, distance=10, size=0.4, orbit=-26),
    )
    hud = {"angle": smooth(attack, 0.1), "height": path.rise}
    return Act(_stage(rng, hill), (jumper,), events, leap.takeoff, leap.speed, cuts, hud)


def _path_angle(leap: Jump) -> Array:
    return np.arctan2(smooth(rates(leap.z), 0.1), np.maximum(smooth(rates(leap.y), 0.1), 0.5))


def flown(hill: Hill, leap: Jump, t: Array) -> Flight:
    """The boots' path with the take-off's and the landing's kinks rounded over a tenth of a second."""
    n, up, down = len(t), leap.takeoff, leap.landing
    base = np.where(leap.y <= 0, hill.profile(leap.y), hill.landing(leap.y))
    rise = np.where(leap.aloft, np.maximum(_rounded(hill, leap, t) - hill.landing(leap.y), 0.0), 0.0)
    spot = np.column_stack([np.zeros(n), leap.y, base + rise])
    span = down - up
    angle = np.arctan((hill.profile(leap.y + 0.1) - hill.profile(leap.y - 0.1)) / 0.2)
    angle = np.where(np.abs(leap.y) < 0.2, -TABLE, angle)
    slope = float(angle[min(n - 1, round(down * RATE) + 2)])
    air = keys(t, (up - 0.02, -0.19), (up + 0.55, 0.16), (up + 0.6 * span, -0.10), (down - 0.5, -0.30), (down, slope))
    weight = ramp(t, up - 0.03, up + 0.03) * (1 - ramp(t, down - 0.06, down + 0.02))
    pitch = smooth(angle * (1 - weight) + air * weight, 0.06)
    ahead = vector(n, 0.0, np.cos(pitch), np.sin(pitch))
    normal = vector(n, 0.0, -np.sin(pitch), np.cos(pitch))
    return Flight(spot, rise, ahead, normal, pitch)


def _rounded(hill: Hill, leap: Jump, t: Array) -> Array:
    """The boots' height: the take-off's push and the landing's stop take a twentieth of a second each."""
    soft_start, soft_end = np.maximum(t - leap.takeoff, 0.0), np.maximum(leap.landing - t, 0.0)
    rise = leap.z - hill.landing(leap.y)
    touch = round(leap.landing * RATE)
    sink = max(0.0, float(rise[touch - 4] - rise[touch - 2]) * RATE / 2) if 4 < touch < len(t) else 0.0
    brake = sink * 0.05 * (1 - np.exp(-soft_end / 0.05)) * (1 - ramp(soft_end, 0.3, 1.3))
    return leap.z - Air().push * soft_start * np.exp(-soft_start / 0.05) - brake


def flyer(rng: np.random.Generator, hill: Hill, leap: Jump, path: Flight, t: Array, role: str) -> Actor:
    """The jumper's body from the in-run's crouch to the out-run."""
    n, up, down = len(t), leap.takeoff, leap.landing
    flying = ramp(t, up - 0.02, up + 0.5) * (1 - ramp(t, down - 0.45, down - 0.02))
    telemark = ramp(t, down - 0.12, down + 0.18) * (1 - ramp(t, down + 1.1, down + 1.7))
    after = ramp(t, down + 1.0, down + 1.9)
    feet = _feet(hill, path, leap, flying, telemark, after)
    lean = keys(
        t,
        (up - 0.36, -0.34),
        (up + 0.06, 0.38),
        (up + 0.65, 1.02),
        (down - 0.75, 0.86),
        (down - 0.1, 0.10),
        (down + 0.35, -0.06),
        (down + 1.6, -0.1),
    )
    tall = keys(
        t,
        (up - 0.36, 0.44),
        (up + 0.06, 0.84),
        (down - 0.3, 0.84),
        (down + 0.05, 0.76),
        (down + 0.32, 0.52),
        (down + 0.9, 0.60),
        (down + 1.9, 0.74),
    )
    bend = keys(
        t,
        (up - 0.36, 1.92),
        (up + 0.1, 0.66),
        (up + 0.65, 0.24),
        (down - 0.75, 0.26),
        (down - 0.05, 0.34),
        (down + 0.35, 0.55),
        (down + 1.9, 0.42),
    )
    flutter = noise(rng, t, 1.3) * flying
    frame = framed(path.ahead, path.normal).pitched(lean + 0.02 * flutter).tipped(0.025 * noise(rng, t, 0.7) * flying)
    middle = 0.5 * (feet[0].ankle + feet[1].ankle)
    pelvis = middle + frame.up * col(tall)
    pelvis = mix(pelvis, smooth(pelvis, 0.22), ramp(t, down - 0.3, down - 0.1) * (1 - ramp(t, down + 0.5, down + 0.8)))
    cheer = ramp(t, down + 1.5, down + 2.1)
    pose = Pose(
        pelvis, frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead), (feet[0].sole, feet[1].sole),
        alive(rng, t, pelvis, frame, _arms(t, up, down, flying, telemark, cheer), 0.5), _look(path, n), bend=bend,
        nod=0.72 - 0.25 * flying, knees=(0.06, 0.06),
    )  # fmt: skip
    joints = assemble(pose)
    touching = path.rise < 0.01
    press = (
        1 + 1.6 * np.exp(-np.maximum(t - down, 0) / 0.15) * (t >= down) + 0.5 * np.exp(-(((t - up + 0.12) / 0.1) ** 2))
    )
    contact = ground_point(hill, (0.5 * (feet[0].spot + feet[1].spot))[:, :2])
    spray = (0.10 + 0.8 * np.exp(-np.maximum(t - down, 0) / 0.35) * (t > up) + 0.5 * after) * touching
    return actor(role, pose, skis(joints, feet, 1.05, 1.38), contact, press * touching, spray, joints)


def _feet(hill: Hill, path: Flight, leap: Jump, flying: Array, telemark: Array, after: Array) -> tuple[Foot, Foot]:
    right = vector(len(flying), 1.0, 0.0, 0.0)
    width = 0.26 + 0.12 * flying + 0.12 * after
    feet: list[Foot] = []
    for sign in (-1.0, 1.0):
        yaw = 0.25 * flying - 0.16 * after
        ahead = unit(spin(path.ahead, path.normal, -sign * yaw))
        spot = path.spot + right * col(sign * 0.5 * width) + path.ahead * col(-sign * 0.20 * telemark)
        grounded = ground_point(hill, spot[:, :2])
        spot[:, 2] = np.where(leap.aloft, np.maximum(spot[:, 2], grounded[:, 2]), grounded[:, 2])
        normal = unit(path.normal - ahead * np.sum(path.normal * ahead, axis=1, keepdims=True))
        sole = spin(normal, ahead, sign * -0.22 * flying)
        feet.append(Foot(spot, spot + sole * BOOT, ahead, sole))
    return feet[0], feet[1]


def _arms(t: Array, up: float, down: float, flying: Array, telemark: Array, cheer: Array) -> tuple[Arm, Arm]:
    n = len(t)
    tuck = 1 - ramp(t, up - 0.25, up + 0.3)
    result: list[Arm] = []
    for sign in (-1.0, 1.0):
        local = reach(n, 0.20 * sign, -0.22, -0.55).local
        local = mix(local, reach(n, 0.02 * sign, -0.58, 0.22).local, tuck)
        local = mix(local, reach(n, 0.26 * sign, -0.12, -0.56).local, flying)
        local = mix(local, reach(n, 0.56 * sign, 0.05, 0.06 + 0.06 * sign).local, telemark)
        local = mix(local, reach(n, 0.30 * sign, 0.28, -0.32).local, ramp(t, down + 1.1, down + 1.7))
        arm = reach(n, 0, 0, 0)
        arm.local = mix(local, reach(n, 0.22 * sign, 0.1, 0.54).local, cheer if sign > 0 else 0 * cheer)
        result.append(arm)
    return result[0], result[1]


def _look(path: Flight, n: int) -> Array:
    ahead = np.minimum(np.arange(n) + 60, n - 1)
    return unit(path.spot[ahead] - path.spot + 4 * path.ahead)


def _stage(rng: np.random.Generator, hill: Hill) -> Stage:
    y = np.concatenate([np.arange(-96.0, 0.0, 4.0), [0.0], np.arange(2.0, hill.end + 60, 4.0)])
    items = arena(rng, hill)
    return mountain(hill, np.column_stack([0 * y, y]), 20.0, items)


def arena(rng: np.random.Generator, hill: Hill) -> list[Furniture]:
    """In-run tower, table edge, marks on the slope, fences, people and lamps."""
    inrun = np.arange(-92.0, 0.5, 4.0)
    items = [
        Furniture(FurnitureKind.TOWER, single(np.column_stack([0 * inrun, inrun, hill.profile(inrun)])), 1),
        Furniture(FurnitureKind.LIP, single(np.array([[-1.6, 0.0, 0.0], [1.6, 0.0, 0.0]])), 0),
    ]
    slope = np.column_stack([np.zeros(90), np.linspace(6.0, hill.end + 40, 90)])
    items += [line(hill, FurnitureKind.LINE, np.array([[-8.0, at * hill.end], [8.0, at * hill.end]]), hue)
              for at, hue in ((0.36, 1), (0.532, 0), (0.59, 2))]  # fmt: skip
    items += [line(hill, FurnitureKind.FENCE, beside(slope[:56], side * 11.5), 2) for side in (-1, 1)]
    items += flags(rng, hill, slope[20:], 24.0, 26.0) + flags(rng, hill, slope[4:60], -14.0, 34.0)
    items += crowds(rng, hill, slope[40:], 27.0, 3) + crowds(rng, hill, slope[44:], -27.0, 4)
    items += [
        mast(hill, FurnitureKind.LAMP, side * 19.0, at, 18.0)
        for side, at in ((-1, 22.0), (1, 57.0), (-1, 96.0), (1, 131.0))
    ]
    end = hill.end
    items += [
        tribune(hill, ((28.0, end + 42.0), (28.0, end + 6.0)), 12.0, 0),
        tribune(hill, ((-28.0, end + 2.0), (-28.0, end + 44.0)), 12.0, 3),
    ]
    return items
