"""Curling stones: pushed, released, slowed by friction, curling, and meeting another.

Sheet (World Curling): tee lines 34.75 m apart, hog lines 6.40 m before each tee, hacks 3.66 m behind; stones 19.1 kg,
0.145 m of radius. Running friction 0.008–0.013 (Nyberg et al. 2013, Wear 301:583; Penner 2001, Am J Phys 69:332): a
constant deceleration μ·g near 0.1 m/s²; up-weight hits leave the hand near 4 m/s; curl about half a metre at that
weight, most of it late; stones meet with a restitution of about 0.8.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from backends.animatic.motion.signals import Array, keys, ramp
from backends.animatic.motion.track import G
from backends.animatic.scene import RATE

TEE: Final = 34.75
HOG: Final = 6.40
FRICTION: Final = 0.0105
RELEASE: Final = 3.0
KICK: Final = 0.75
STONE: Final = 0.145
BOUNCE: Final = 0.82


class Stones(NamedTuple):
    """The thrown stone's and the struck stone's ways (N, 3), the thrown one's turn (N,) rad and when they meet (s)."""

    thrown: Array
    struck: Array
    turn: Array
    hit: float
    speed: Array


def slide_out(t: Array, speed: float, side: float, friction: float = FRICTION) -> Stones:
    """Stone ways: pushed with the slide, released, slowed by friction and curling, until it strikes and both run
    out."""
    push = keys(t, (0, 0.0), (KICK, 0.0), (KICK + 0.85, speed * 1.02), (RELEASE, speed))
    slow = speed - friction * G * np.clip(t - RELEASE, 0, None)
    pace = np.where(t < RELEASE, push, np.maximum(slow, 0.0))
    way = np.cumsum(pace) / RATE
    way -= way[round(RELEASE * RATE)] - 5.75
    target = TEE + 0.25
    struck_at = target - 2 * STONE * 0.97
    index = int(np.searchsorted(way, struck_at))
    index = min(index, len(t) - 2)
    hit, before = float(t[index]), float(pace[index])
    after = np.clip(t - hit, 0, None)
    gone = _coast(before * (1 - BOUNCE) / 2, after, friction)
    driven = _coast(before * (1 + BOUNCE) / 2, after, friction)
    done = np.clip((way - 5.75) / (struck_at - 5.75), 0.0, 1.0)
    x = side * (0.50 * (1 - done**2.6) - 0.02) * ramp(t, -1.0, -0.9)
    y = np.asarray(np.where(t < hit, np.minimum(way, way[index]), way[index] + gone * 0.97), np.float64)
    x = np.asarray(np.where(t < hit, x, x[index] - side * gone * 0.25), np.float64)
    spread = np.array([side * 0.24, np.sqrt(1 - 0.24**2)])
    struck = np.column_stack(
        [-side * 0.02 + side * 0.065 + spread[0] * driven, target + spread[1] * driven, 0 * t + 0.115]
    )
    turn = side * 2 * np.pi * np.cumsum(np.where(t < RELEASE - 0.4, 0.0, 0.26 * pace / speed)) / RATE
    moving = np.where(t < hit, pace, np.maximum(before * (1 - BOUNCE) / 2 - friction * G * after, 0.0))
    return Stones(np.column_stack([x, y, 0 * t + 0.115]), struck, turn, hit, moving)


def _coast(speed: float, after: Array, friction: float) -> Array:
    """Metres run after a while at an initial speed under friction."""
    slow = friction * G
    time = np.minimum(after, speed / slow)
    return speed * time - 0.5 * slow * time * time
