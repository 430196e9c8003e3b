"""Walking and running: feet that stand still on the ground while they carry, whatever the body's speed does."""

from __future__ import annotations

import numpy as np

from backends.animatic.motion.body import BOOT
from backends.animatic.motion.signals import Array, col, spin, unit
from backends.animatic.motion.stance import Foot
from backends.animatic.motion.track import Height, Track, arclength, ground_normal, ground_point


def cycles(track: Track, length: float) -> Array:
    """Phase (N,) in cycles of two steps of `length` metres: it advances with the way, so planted feet stand."""
    return arclength(track.spot) / length


def walk(
    height: Height, track: Track, phase: Array, length: float, duty: float = 0.6, lift: float = 0.12,
    width: float = 0.22, boot: float = BOOT, pitch: float = 0.6,
) -> tuple[tuple[Foot, Foot], tuple[Array, Array]]:  # fmt: skip
    """Feet of a walk along a track and how much each carries 0..1; `length` of a cycle in metres, `duty` the share of
    it that a foot stands, `lift` of the free foot (m), `pitch` how far heels rise behind (rad)."""
    feet: list[Foot] = []
    carry: list[Array] = []
    for sign, shift in ((-1.0, 0.5), (1.0, 0.0)):
        u = np.mod(phase + shift, 1.0)
        # Standing: backwards past the body as fast as the body moves. Swinging: forward again, with one velocity.
        reach = 0.5 * length * duty
        w = np.clip((u - duty) / (1 - duty), 0.0, 1.0)
        slope = -length * (1 - duty)
        h10, h01, h11 = w * (1 - w) ** 2, w * w * (3 - 2 * w), w * w * (w - 1)
        swing = -reach + 2 * reach * h01 + slope * (h10 + h11)
        forth = np.where(u < duty, reach - length * u, swing)
        moving = np.clip(track.speed / 0.8, 0.0, 1.0)
        air = np.sin(np.pi * w) ** 2 * moving
        xy = (track.spot + track.ahead * col(forth) + track.right * (sign * width / 2))[:, :2]
        spot, normal = ground_point(height, xy), ground_normal(height, xy)
        ahead = unit(track.ahead - normal * np.sum(track.ahead * normal, axis=1, keepdims=True))
        late = np.clip((u - 0.75 * duty) / (0.25 * duty + 0.3 * (1 - duty)), 0, 1) * np.clip(
            (1 - u) / (0.6 * (1 - duty)), 0, 1
        )
        heel = pitch * np.sin(0.5 * np.pi * late) ** 2 * moving
        right = np.cross(ahead, normal)
        toe = spin(ahead, right, -heel)
        raised = normal * col(boot + lift * air + 0.16 * np.sin(heel))
        feet.append(Foot(spot, spot + raised, toe, np.cross(right, toe)))
        carry.append(1 - air)
    return (feet[0], feet[1]), (carry[0], carry[1])


__all__ = ["cycles", "walk"]
