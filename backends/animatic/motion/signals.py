"""Small tools on sampled signals: ramps, keys, springs, noise and vectors; time runs along axis 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backends.animatic.scene import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

Array: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.floating] | NDArray[np.integer]
Flags: TypeAlias = NDArray[np.bool_]


def clock(seconds: float) -> Array:
    """World times (N,) from 0 to `seconds`, `RATE` a second."""
    return np.arange(round(seconds * RATE) + 1) / RATE


def ramp(t: Array, begin: float, end: float) -> Array:
    """0 before `begin`, 1 after `end`, a quintic in between (velocity and acceleration vanish at both ends)."""
    x = np.clip((t - begin) / max(end - begin, 1e-6), 0.0, 1.0)
    return x * x * x * (x * (6.0 * x - 15.0) + 10.0)


def bump(t: Array, middle: float, before: float, after: float) -> Array:
    """A smooth hill of height 1 at `middle`, rising over `before` and falling over `after` seconds."""
    return ramp(t, middle - before, middle) * (1.0 - ramp(t, middle, middle + after))


def keys(t: Array, *marks: tuple[float, float | Sequence[float]]) -> Array:
    """A channel that rests at each (time, value) and eases between them; values may be numbers or vectors."""
    values = np.array([np.asarray(value, np.float64) for _, value in marks])
    result = np.zeros((len(t), *values.shape[1:])) + values[0]
    for (begin, _), (end, _), step in zip(marks[:-1], marks[1:], np.diff(values, axis=0), strict=True):
        part = ramp(t, begin, end)
        result += part.reshape(-1, *[1] * (values.ndim - 1)) * step
    return result


def smooth(x: Array, seconds: float, rate: float = RATE) -> Array:
    """`x` without lag through a raised-cosine window of that whole width; straight lines stay straight."""
    half = min(round(seconds * rate / 2), len(x) - 1)
    if half < 1:
        return x.copy()
    kernel = 1.0 + np.cos(np.linspace(-np.pi, np.pi, 2 * half + 3)[1:-1])
    outside = np.arange(1, half + 1).reshape(-1, *[1] * (x.ndim - 1))
    before, after = x[0] - outside[::-1] * (x[1] - x[0]), x[-1] + outside * (x[-1] - x[-2])
    padded = np.concatenate([before, x, after])
    flat = padded.reshape(len(padded), -1)
    size = len(flat) + len(kernel)
    spectrum = np.fft.rfft(flat, size, axis=0) * np.fft.rfft(kernel / kernel.sum(), size)[:, None]
    return np.fft.irfft(spectrum, size, axis=0)[2 * half : 2 * half + len(x)].reshape(x.shape)


def spring(x: Array, omega: float, damping: float = 1.0, rate: float = RATE) -> Array:
    """What a spring of angular frequency `omega` (rad/s) does when pulled along `x`: critically damped, or with a
    little overshoot where `damping` is below 1."""
    steps = (np.arange(int(10.0 / (omega * damping) * rate) + 2) + 1) / rate
    swing = omega * np.sqrt(max(1.0 - damping * damping, 0.0))
    kernel = np.exp(-damping * omega * steps) * (steps if swing < 1e-6 else np.sin(swing * steps))
    flat = x.reshape(len(x), -1)
    size = len(flat) + len(kernel)
    spectrum = np.fft.rfft(flat - flat[:1], size, axis=0) * np.fft.rfft(kernel / kernel.sum(), size)[:, None]
    return (flat[:1] + np.fft.irfft(spectrum, size, axis=0)[: len(x)]).reshape(x.shape)


def noise(rng: np.random.Generator, t: Array, hertz: float, width: int = 0) -> Array:
    """Smooth noise of RMS 1 around a frequency: (N,) or (N, width)."""
    columns = max(width, 1)
    rates = 2 * np.pi * hertz * rng.uniform(0.35, 1.3, (5, columns))
    phases = rng.uniform(0, 2 * np.pi, (5, columns))
    waves = np.sin(t[:, None, None] * rates + phases).sum(1) * np.sqrt(2 / 5)
    return waves if width else waves[:, 0]


def unit(v: Array) -> Array:
    """Vectors (..., 3) of length 1."""
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def dot(a: Array, b: Array) -> Array:
    """Scalar products along the last axis, which is kept."""
    return np.sum(a * b, axis=-1, keepdims=True)


def lerp(
    at: Numbers | float | Sequence[float],
    xs: Numbers | Sequence[float],
    ys: Numbers | Sequence[float],
    left: float | None = None,
    right: float | None = None,
) -> Array:
    """Linear interpolation of (xs, ys) at places, held or `left`/`right` outside; float64 of the same shape as `at`."""
    return np.asarray(np.interp(at, xs, ys, left=left, right=right), np.float64)


def col(x: Array | float) -> Array:
    """A channel (N,) as a column (N, 1)."""
    return np.asarray(x, np.float64).reshape(-1, 1)


def spin(v: Array, axis: Array, angle: Array | float) -> Array:
    """Vectors (N, 3) turned about unit axes (N, 3) by angles (N,), right-handed (Rodrigues)."""
    turn = col(angle)
    return v * np.cos(turn) + np.cross(axis, v) * np.sin(turn) + axis * dot(axis, v) * (1 - np.cos(turn))


def rates(x: Array, rate: float = RATE) -> Array:
    """Time derivative along axis 0, per second."""
    return np.gradient(x, axis=0) * rate


def mix(a: Array, b: Array, weight: Array | float) -> Array:
    """Vectors (N, 3) between a (weight 0) and b (weight 1)."""
    return a + (b - a) * col(weight)


def vector(n: int, *parts: Array | float) -> Array:
    """Columns of numbers or channels as vectors (n, len(parts))."""
    return np.stack([np.broadcast_to(np.asarray(part, np.float64), (n,)) for part in parts], axis=1)
