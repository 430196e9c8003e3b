"""Turning in the air: no torque, so angular momentum stays and a tuck speeds the turn up.

Moments of inertia of a 1.75 m athlete after Yeadon (1990, J Biomech 23:67) and, about a skater's long axis, King et al.
(2004, Br J Sports Med): from 3.6 kg·m² with arms and free leg out to 1.2 kg·m² drawn in; for twisting somersaults with
skis or board 14–16 kg·m² stretched, 7–8 tucked (a rider crouched over a board 9 and 5.5).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backends.animatic.motion.body import Frame
from backends.animatic.motion.signals import Array, spin, unit
from backends.animatic.scene import RATE


class Turn(NamedTuple):
    """A free rotation: angle (N,) rad, rate (N,) rad/s, moment of inertia (N,) kg·m² and angular momentum kg·m²/s."""

    angle: Array
    rate: Array
    inertia: Array
    momentum: float


def free_turn(t: Array, begin: float, end: float, turns: float, tuck: Array, open_: float, closed: float) -> Turn:
    """`turns` revolutions between two moments while the body goes from `open_` to `closed` inertia as `tuck` (N,) 0..1
    tells; the momentum is what makes it come out."""
    inertia = open_ + (closed - open_) * np.clip(tuck, 0.0, 1.0)
    held = np.clip(np.minimum(t + 0.5 / RATE, end) - np.maximum(t - 0.5 / RATE, begin), 0.0, 1.0 / RATE)
    total = float(np.sum(held / inertia))
    momentum = 2 * np.pi * turns / max(total, 1e-9)
    rate = momentum / inertia
    angle = np.cumsum(held * rate) - 0.5 * held * rate
    return Turn(angle, np.where(held > 0, rate, 0.0), inertia, momentum)


def spun(frame: Frame, axis: Array, angle: Array) -> Frame:
    """A frame turned about unit axes (N, 3) by angles (N,)."""
    return Frame(*(unit(spin(vector, axis, angle)) for vector in frame))
