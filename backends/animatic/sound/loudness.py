"""Loudness after ITU-R BS.1770-4 and a true-peak limiter.

The K filter is applied as its magnitude to the spectrum of each tenth of a second: energy does not depend on phase.
True peak is read from a fourfold interpolation with the standard's own filter length (four phases of twelve taps).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backends.animatic.scene import Floats
from backends.animatic.sound.noise import SAMPLES, Reals

TARGET: Final = -14.0
"""LUFS of every clip."""

CEILING: Final = -3.5
"""dBTP the limiter holds: an AAC encoder adds up to two decibels to sharp clicks, and the file must stay under -1."""

_NEAR: Final = 0.15
"""Decibels off the target that nobody hears."""

_TURNS: Final = 6
_STEP: Final = SAMPLES // 10
_BLOCK: Final = 48
_AHEAD: Final = 5
_SHELF: Final = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGHPASS: Final = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def loudness(wave: Floats) -> float:
    """Integrated loudness of (2, n) at 48 kHz in LUFS; -inf for silence."""
    steps = wave.shape[1] // _STEP
    if steps < 1:
        return float("-inf")
    spectrum = np.fft.rfft(wave[:, : steps * _STEP].reshape(2, steps, _STEP))
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    return _gated(np.asarray((power * _weighting()).sum(axis=(0, 2), dtype=np.float64)))


def _gated(tenths: Reals) -> float:
    """Mean power of the 400 ms blocks that pass both gates, in LUFS; `tenths` is that of each tenth of a second."""
    width = min(4, len(tenths))
    blocks = np.convolve(tenths, np.full(width, 1 / width), mode="valid")
    loud = blocks[_lufs(blocks) > -70]
    if not len(loud):
        return float("-inf")
    kept = loud[_lufs(loud) > _lufs(loud.mean(keepdims=True)) - 10]
    return float(_lufs(kept.mean(keepdims=True))[0])


def _lufs(power: Reals) -> Reals:
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-12))


@lru_cache(maxsize=1)
def _weighting() -> Floats:
    """What each bin of a tenth of a second's FFT adds to the mean power behind the K filter."""
    z = np.exp(-2j * np.pi * np.arange(_STEP // 2 + 1) / _STEP)
    gain = np.full(len(z), 2.0)
    gain[[0, -1]] = 1.0  # all others stand for two
    for above, below in (_SHELF, _HIGHPASS):
        gain *= np.abs(np.polyval(above[::-1], z) / np.polyval(below[::-1], z)) ** 2
    return (gain / _STEP**2).astype(np.float32)


@lru_cache(maxsize=64)
def fast(count: int) -> int:
    """The next length from `count` on that has only the factors 2, 3 and 5."""
    best = 1 << (count - 1).bit_length()
    for fives in (1, 5, 25, 125, 625):
        for threes in (1, 3, 9, 27, 81):
            odd = fives * threes
            twos = 1 << max(0, (-(-count // odd) - 1).bit_length())
            best = min(best, odd * twos)
    return best


def master(wave: Floats, target: float = TARGET) -> Floats:
    """(2, n) brought to `target` LUFS under the ceiling; silence stays silence."""
    measured = loudness(wave)
    if not np.isfinite(measured):
        return wave
    gain = step = target - measured
    limited, short = wave, step
    for turn in range(_TURNS):
        limited = limit(wave * np.float32(10 ** (gain / 20)))
        before, short = short, target - loudness(limited)
        if abs(short) < _NEAR:
            break
        step = short * (_yield(step, before - short) if turn else 1.0)
        gain += step
    return limited


def _yield(step: float, won: float) -> float:
    """Decibels of gain that one of loudness asks for, after the last step: the limiter takes part of each."""
    return min(max(step / won, 1.0), 4.0) if won > 0 else 4.0


def limit(wave: Floats, ceiling: float = CEILING) -> Floats:
    """(2, n) whose true peak stays under `ceiling` dBTP, by a gain that moves ahead of the peak and returns slowly."""
    top = 10 ** (ceiling / 20)
    peaks = _peaks(wave, 0.65 * top)
    if peaks.max(initial=0.0) <= top:
        return wave
    need = np.minimum(1.0, top / np.maximum(peaks, 1e-9))
    held = _released(_lowest(need, _AHEAD))
    gain = np.convolve(np.pad(held, _AHEAD // 2, mode="edge"), np.full(_AHEAD, 1 / _AHEAD), mode="valid")
    return wave * _between(gain, wave.shape[1])


def true_peak(wave: Floats) -> float:
    """dBTP of (2, n) at fourfold interpolation."""
    peak = float(_peaks(wave, 0.5 * float(np.abs(wave).max(initial=0.0))).max(initial=0.0))
    return float(20 * np.log10(max(peak, 1e-9)))


def _peaks(wave: Floats, above: float) -> Floats:
    """Largest magnitude of each block of `_BLOCK` samples over both channels, interpolated where it is over `above`."""
    count = wave.shape[1]
    padded = np.pad(wave, ((0, 0), (0, -count % _BLOCK)))
    blocks = np.abs(padded).max(0).reshape(-1, _BLOCK).max(1)
    near = np.flatnonzero(blocks > above)
    if len(near):
        blocks[near] = np.maximum(blocks[near], _interpolated(padded, near))
    return blocks


def _interpolated(wave: Floats, blocks: NDArray[np.int64]) -> Floats:
    """Largest magnitude between the samples of the given blocks."""
    taps = _phases()
    reach = taps.shape[1]
    around = np.pad(wave, ((0, 0), (reach // 2, reach // 2)))
    index = blocks[:, np.newaxis] * _BLOCK + np.arange(_BLOCK + reach, dtype=np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(around[:, index], reach, axis=2)
    return np.abs(windows @ taps.T).max(axis=(0, 2, 3))


@lru_cache(maxsize=1)
def _phases() -> Floats:
    """(3, 12) windowed-sinc taps for a quarter, a half and three quarters of a sample."""
    places = np.arange(-5, 7)
    rows = [np.sinc(places - part) * np.cos(np.pi * (places - part) / 14) ** 2 for part in (0.25, 0.5, 0.75)]
    return np.array([row / row.sum() for row in rows], np.float32)


def _lowest(gain: Floats, reach: int) -> Floats:
    """The minimum over `reach` blocks before and after each."""
    padded = np.pad(gain, reach, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(1)


def _released(gain: Floats, seconds: float = 0.12) -> Floats:
    """Falls at once, recovers within about `seconds`."""
    keep = float(np.exp(-_BLOCK / SAMPLES / seconds))
    out: list[float] = []
    now = 1.0
    for wanted in gain.tolist():
        now = wanted if wanted < now else wanted + (now - wanted) * keep
        out.append(now)
    return np.array(out, np.float32)


def _between(gain: Floats, count: int) -> Floats:
    """Block gains as `count` samples, straight between block centres."""
    middles = (np.arange(len(gain)) + 0.5) * _BLOCK
    return np.interp(np.arange(count), middles, gain).astype(np.float32)
