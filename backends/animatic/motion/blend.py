"""From one body to another: joints blended, bones kept at their length, feet kept where they are."""

from __future__ import annotations

from typing import Final

import numpy as np

from backends.animatic.motion.body import (
    FOOT,
    FORE,
    HIP,
    NECK,
    RIBS,
    SHANK,
    SHOULDER,
    SPINE,
    THIGH,
    UPPER,
    bend_limb,
)  # fmt: skip
from backends.animatic.motion.signals import Array, unit

TRUNK: Final = (
    (0, 1, SPINE),
    (1, 2, RIBS),
    (2, 3, NECK),
    (2, 4, SHOULDER),
    (2, 7, SHOULDER),
    (0, 10, HIP),
    (0, 14, HIP),
)


def blend(a: Array, b: Array, weight: Array) -> Array:
    """Bodies (N, 18, 3) `weight` (N,) of the way from `a` to `b`."""
    raw = a + (b - a) * weight[:, None, None]
    body = raw.copy()
    for parent, child, length in TRUNK:
        body[:, child] = body[:, parent] + unit(raw[:, child] - raw[:, parent]) * length
    for shoulder, elbow, hand in ((4, 5, 6), (7, 8, 9)):
        pole = raw[:, elbow] - 0.5 * (raw[:, shoulder] + raw[:, hand])
        body[:, elbow], body[:, hand] = bend_limb(body[:, shoulder], raw[:, hand], UPPER, FORE, pole)
    for hip, knee, ankle, toe in ((10, 11, 12, 13), (14, 15, 16, 17)):
        pole = raw[:, knee] - 0.5 * (raw[:, hip] + raw[:, ankle])
        body[:, knee], body[:, ankle] = bend_limb(body[:, hip], raw[:, ankle], THIGH, SHANK, pole)
        body[:, toe] = body[:, ankle] + unit(raw[:, toe] - raw[:, ankle]) * FOOT
    same = np.minimum(np.abs(weight), np.abs(1 - weight)) < 1e-9
    body[same] = raw[same]
    return body
