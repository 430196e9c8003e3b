"""The skating stride, on blades or on skis: one foot glides and pushes outwards, the other swings back under the body.

Stroke rates and shapes after van Ingen Schenau, de Groot & de Boer (1985, J Biomech 18:91) and de Koning et al. (1991):
one stroke 0.6–0.8 s, trunk 15–20° above the horizontal, knee 110° in the glide, push-off sideways. In curves both feet
push to the outside: the outer one crosses over in front, the inner one pushes underneath.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from backends.animatic.motion.body import BOOT, Arm
from backends.animatic.motion.gear import reach
from backends.animatic.motion.signals import Array, col, mix, rates, smooth, spin, unit
from backends.animatic.motion.stance import Foot
from backends.animatic.motion.track import Height, Track, ground_normal, ground_point
from backends.animatic.scene import RATE, Event, EventKind


@dataclass(frozen=True, slots=True)
class Stride:
    """A way of skating: lateral reach of the push (m), share of the cycle a foot carries (0..1), lift of the free foot
    (m), how far it trails (m), sideways swing of the pelvis (m), its height over the ice (m)."""

    push: float = 0.52
    duty: float = 0.58
    lift: float = 0.16
    trail: float = 0.28
    sway: float = 0.17
    tall: float = 0.60
    start: float = 0.10


class Skate(NamedTuple):
    """What a stride makes of a track: the feet, how hard each pushes 0..1, and the pelvis' sideways offset (N,)."""

    feet: tuple[Foot, Foot]
    pushes: tuple[Array, Array]
    sway: Array


def slide(u: Array, duty: float, begin: Array | float, end: Array | float) -> Array:
    """Sideways place of a foot over its cycle: slow then fast outwards while it carries, back while it swings, with
    one velocity at both changes."""
    slow, fast = 0.5, 1.5
    x = np.clip(u / duty, 0.0, 1.0)
    out = slow * x + (1 - slow) * x * x
    w = np.clip((u - duty) / (1 - duty), 0.0, 1.0)
    scale = (1 - duty) / duty
    h10, h01, h11 = w * (1 - w) ** 2, w * w * (3 - 2 * w), w * w * (w - 1)
    back = (1 - h01) + h10 * fast * scale + h11 * slow * scale
    return begin + (np.asarray(end) - begin) * np.where(u < duty, out, back)


def _carry(u: Array, duty: float) -> Array:
    """How hard a foot pushes 0..1 over its cycle; nothing while it swings."""
    x = np.clip(u / duty, 0.0, 1.0)
    rise, fall = np.clip(x / 0.2, 0, 1), np.clip((1 - x) / 0.14, 0, 1)
    return rise * rise * (3 - 2 * rise) * fall * fall * (3 - 2 * fall) * (0.65 + 0.35 * x)


def skate(
    height: Height, track: Track, phase: Array, stride: Stride, amount: Array | float = 1.0, cross: Array | float = 0.0,
    lean: Array | float = 0.0, boot: float = BOOT,
) -> Skate:  # fmt: skip
    """Feet that skate along a track; `phase` (N,) counts cycles of two strokes, `amount` 0..1 how much of the stride is
    done (0: both feet glide), `cross` 0..1 how much is a crossover to the left."""
    lean, cross, amount = (np.asarray(value, np.float64) + np.zeros(len(track.t)) for value in (lean, cross, amount))
    sway = amount * stride.sway * (1 - 0.7 * cross) * np.sin(2 * np.pi * (phase + 0.02))
    feet: list[Foot] = []
    pushes: list[Array] = []
    for sign, shift in ((-1.0, 0.5), (1.0, 0.0)):
        u = np.mod(phase + shift, 1.0)
        begin = (1 - cross) * sign * stride.start + cross * (-0.22 if sign < 0 else -0.12)
        end = (1 - cross) * sign * stride.push + cross * (0.20 if sign < 0 else 0.46)
        aside = mix(col(0.14 * sign + np.zeros(len(u))), col(slide(u, stride.duty, begin, end)), amount)[:, 0]
        swing = np.sin(np.pi * np.clip((u - stride.duty) / (1 - stride.duty), 0, 1)) ** 2
        forth = -stride.trail * swing * (1 - cross * (1.6 if sign > 0 else 0.2)) * amount
        pushes.append(_carry(u, stride.duty) * amount + 0.5 * (1 - amount))
        feet.append(_foot(height, track, aside, forth, swing * stride.lift * amount, lean, sway, stride, boot, sign))
    return Skate((feet[0], feet[1]), (pushes[0], pushes[1]), sway)


def _foot(
    height: Height, track: Track, aside: Array, forth: Array, lift: Array, lean: Array, sway: Array, stride: Stride,
    boot: float, sign: float,
) -> Foot:  # fmt: skip
    xy = (track.spot + track.right * col(aside) + track.ahead * col(forth))[:, :2]
    spot, normal = ground_point(height, xy), ground_normal(height, xy)
    drift = np.arctan2(smooth(rates(aside), 0.05), np.maximum(track.speed, 2.0))
    trailing = smooth(np.where(lift > 0.01, 0.14 * sign, drift), 0.12)
    ahead = spin(track.ahead, track.normal, -np.clip(trailing, -0.45, 0.45))
    ahead = unit(ahead - normal * np.sum(ahead * normal, axis=1, keepdims=True))
    tilt = 0.8 * np.arctan2(aside - sway, stride.tall)
    sole = spin(normal, ahead, -(lean + np.clip(tilt, -0.7, 0.7)))
    return Foot(spot, spot + sole * boot + normal * col(lift), ahead, sole)


def pressed(height: Height, skating: Skate) -> tuple[Array, Array]:
    """Contact (N, 3) on the ground between the feet that carry, and the load (N,) in g."""
    left, right = skating.pushes
    total = left + right + 1e-3
    point = mix(skating.feet[0].spot, skating.feet[1].spot, right**2 / (left**2 + right**2 + 1e-6))
    return ground_point(height, point[:, :2]), 0.55 + 0.6 * np.minimum(total, 1.4)


def swinging(phase: Array, amount: Array | float, wide: float = 1.0, tuck: Array | float = 0.0) -> tuple[Arm, Arm]:
    """Arms that swing against the legs; `tuck` 0..1 lays the left hand on the back."""
    n = len(phase)
    beat = np.sin(2 * np.pi * (phase + 0.08)) * amount
    arms: list[Arm] = []
    for sign in (-1.0, 1.0):
        s = beat * sign
        front, rear = np.clip(0.5 - 0.5 * s, 0, 1), np.clip(0.5 + 0.5 * s, 0, 1)
        local = reach(
            n, sign * wide * (0.02 * front + 0.34 * rear), 0.46 * front - 0.34 * rear, -0.30 * front - 0.02 * rear
        ).local
        if sign < 0:
            local = mix(local, reach(n, 0.22, -0.30, 0.02).local, tuck)
        arms.append(Arm(local, elbow=reach(n, 0.7 * sign, -0.3, -0.35 + 0.5 * rear).local))
    return arms[0], arms[1]


def beats(phase: Array, begin: float = 0.0, end: float = 1e9, strength: float = 0.8) -> list[Event]:
    """A PUSH at the hardest moment of every stroke between two world times."""
    strokes = np.floor(2 * phase + 0.15)
    moments = (np.flatnonzero(np.diff(strokes) > 0) + 1) / RATE
    return [Event(EventKind.PUSH, float(time), strength) for time in moments if begin <= time <= end]
