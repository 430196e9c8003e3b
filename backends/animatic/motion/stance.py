"""How bodies stand on what glides: both feet on skis or on a board, arms that balance, and one's own little life."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backends.animatic.motion.body import BOOT, Arm, Frame, framed, inertia
from backends.animatic.motion.signals import Array, col, noise, spin, unit
from backends.animatic.motion.track import Height, Track, ground_normal, ground_point


class Foot(NamedTuple):
    """One foot on the ground: where its sole touches (N, 3), the ankle, the direction of the toes, the sole's up."""

    spot: Array
    ankle: Array
    ahead: Array
    sole: Array


def on_ground(height: Height, xy: Array, heading: Array, edge: Array | float = 0.0, boot: float = BOOT) -> Foot:
    """A foot on the ground at (N, 2), pointing along `heading` (N, 3), rolled to its left by `edge` (rad)."""
    spot = ground_point(height, xy)
    normal = ground_normal(height, xy)
    ahead = unit(heading - normal * np.sum(heading * normal, axis=1, keepdims=True))
    sole = spin(normal, ahead, -np.asarray(edge, np.float64))
    return Foot(spot, spot + sole * boot, ahead, sole)


def stand(
    height: Height, track: Track, width: Array | float, edge: Array | float, stagger: Array | float = 0.0,
    spread: Array | float = 0.0,
) -> tuple[Foot, Foot]:  # fmt: skip
    """Left and right foot of someone gliding along a track: `width` apart (m), both rolled left by `edge`, the left one
    `stagger` metres ahead, toes opened by `spread` (rad)."""
    feet: list[Foot] = []
    for sign in (-1.0, 1.0):
        offset = track.right * col(sign * 0.5 * np.asarray(width)) + track.ahead * col(
            -0.5 * sign * np.asarray(stagger)
        )
        heading = spin(track.ahead, track.normal, -sign * np.asarray(spread, np.float64))
        feet.append(on_ground(height, (track.spot + offset)[:, :2], heading, edge))
    return feet[0], feet[1]


def leaned(track: Track, lean: Array | float) -> Frame:
    """The body's frame: upright on the ground, leaned to the left by `lean` (rad)."""
    frame = framed(track.ahead, track.normal)
    return frame.tipped(-np.asarray(lean, np.float64) + np.zeros(len(track.t)))


def alive(
    rng: np.random.Generator, t: Array, path: Array, frame: Frame, arms: tuple[Arm, Arm], amount: float = 1.0
) -> tuple[Arm, Arm]:
    """Arms with breath, small noise and the lag of loose parts behind the body's own acceleration."""
    lag = inertia(path) * amount
    loose = np.stack([np.sum(lag * axis, axis=1) for axis in frame], axis=1)
    breath = 0.006 * np.sin(2 * np.pi * 0.55 * t + rng.uniform(0, 6))
    for arm in arms:
        arm.local = arm.local + loose + noise(rng, t, 0.8, 3) * 0.012 * amount
        arm.local[:, 2] += breath
    return arms
