"""The space around it all: a hall's tail or a valley's answer, from one synthetic impulse response each."""

from __future__ import annotations

import numpy as np

from backends.animatic.scene import Floats
from backends.animatic.sound.loudness import fast
from backends.animatic.sound.noise import SAMPLES, Noise


def reverberate(send: Floats, noise: Noise, *, hall: bool) -> Floats:
    """(2, n) what the room answers to `send` (2, n)."""
    response = _hall(noise) if hall else _valley(noise)
    count = send.shape[1]
    size = fast(count + response.shape[1])
    answer = np.fft.irfft(np.fft.rfft(send, size) * np.fft.rfft(response, size), size)
    return answer[:, :count].astype(np.float32)


def _hall(noise: Noise) -> Floats:
    """1.7 s of dense tail, darker as it fades, after 20 ms."""
    t = np.arange(round(1.7 * SAMPLES), dtype=np.float32) / SAMPLES
    sides: list[Floats] = []
    for _ in range(2):
        low = noise.burst(1.7, 120, 1400)[: len(t)] * np.exp(-t / 0.34)
        high = noise.burst(1.7, 1400, 7000)[: len(t)] * np.exp(-t / 0.17)
        sides.append((low + 0.7 * high).astype(np.float32))
    return _normal(np.stack(sides), delay=0.02) * np.float32(0.9)


def _valley(noise: Noise) -> Floats:
    """Snow swallows almost everything: a short breath near by and a few dull returns from the far side."""
    count = round(1.4 * SAMPLES)
    t = np.arange(count, dtype=np.float32) / SAMPLES
    sides: list[Floats] = []
    for _ in range(2):
        near = noise.burst(1.4, 200, 4000)[:count] * np.exp(-t / 0.05)
        far = noise.burst(1.4, 150, 900)[:count] * 0.3 * np.exp(-t / 0.5) * np.clip((t - 0.25) / 0.2, 0, 1)
        sides.append((near + far).astype(np.float32))
    return _normal(np.stack(sides), delay=0.012) * np.float32(0.45)


def _normal(sides: Floats, delay: float) -> Floats:
    """Unit energy on each side, after a delay in seconds."""
    sides = sides / np.sqrt(np.square(sides).sum(1, keepdims=True))
    return np.pad(sides, ((0, 0), (round(delay * SAMPLES), 0))).astype(np.float32)
