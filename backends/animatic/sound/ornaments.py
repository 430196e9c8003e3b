"""What people and music add: clapping, cow bells, whistles, and the short sting at both ends."""

from __future__ import annotations

from typing import Final

import numpy as np

from backends.animatic.scene import Floats
from backends.animatic.sound.noise import SAMPLES, Noise, Reals
from backends.animatic.sound.score import CONTROL, Score
from backends.animatic.sound.voices import partials, puff, seconds

_KEYS: Final = (0, 2, 4, 5, 7, 9)
_OPENING: Final = ((0.0, -12), (0.0, 7), (0.16, 12), (0.32, 16))
_CLOSING: Final = ((0.0, -12), (0.0, 0), (0.0, 7), (0.14, 12), (0.28, 16), (0.42, 19), (0.62, 24))
TAIL: Final = 2.6
"""Seconds before the end at which the closing chord begins."""


def scatter(out: Floats, sound: Floats, at: int, pan: float, gain: float) -> None:
    """Add a mono sound into (2, n) from sample `at` on; what lies beyond the end is cut."""
    if not 0 <= at < out.shape[1]:
        return
    part = sound[: out.shape[1] - at]
    angle = (pan + 1) * np.pi / 4
    out[0, at : at + len(part)] += part * np.float32(gain * np.cos(angle) * 2**0.5)
    out[1, at : at + len(part)] += part * np.float32(gain * np.sin(angle) * 2**0.5)


def applause(out: Floats, score: Score, noise: Noise) -> None:
    """Hands, as many as the cheer is loud."""
    hands = [puff(noise, 0.05, low, 2.6 * low, 0.009) for low in (700, 900, 1150, 1400)]
    chances = score.cheer * score.crowd * np.maximum(score.hush, 0.3)
    for at in _moments(chances * 55, noise):
        pan, gain = noise.random.uniform(-0.9, 0.9), noise.random.uniform(0.02, 0.11)
        scatter(out, hands[noise.random.integers(len(hands))], at, pan, gain)


def bells(out: Floats, score: Score, noise: Noise) -> None:
    """Cow bells along a mountain course: a few always, many when it matters."""
    sounds = [_bell(hertz) for hertz in (540, 610, 720, 835)]
    chances = score.crowd * score.hush * (0.5 + 4.0 * score.tension + 9.0 * score.cheer)
    for at in _moments(chances, noise):
        pan, gain = noise.random.uniform(-0.8, 0.8), noise.random.uniform(0.012, 0.05)
        scatter(out, sounds[noise.random.integers(len(sounds))], at, pan, gain)


def _bell(hertz: float) -> Floats:
    ratios = ((1.0, 0.24, 0.5), (1.51, 0.2, 0.45), (2.08, 0.13, 0.4), (2.73, 0.09, 0.3), (3.62, 0.05, 0.2))
    return partials(0.6, [(hertz * ratio, tau, gain) for ratio, tau, gain in ratios]).astype(np.float32)


def _moments(rate: Reals, noise: Noise) -> list[int]:
    """Sample numbers of random events that happen `rate` (C,) times a second."""
    struck = np.flatnonzero(noise.random.random(len(rate)) < rate / CONTROL)
    return [int((index + noise.random.random()) * SAMPLES / CONTROL) for index in struck]


def sting(out: Floats, score: Score, noise: Noise) -> None:
    """A few notes that open the film and a chord that closes it, in a key the seed chooses."""
    tonic = 146.83 * 2 ** (_KEYS[noise.random.integers(len(_KEYS))] / 12)
    _play(out, _OPENING, 0.12, tonic, 0.05)
    _play(out, _CLOSING, score.seconds - TAIL, tonic, 0.075)


def _play(out: Floats, notes: tuple[tuple[float, int], ...], begin: float, tonic: float, gain: float) -> None:
    for index, (delay, step) in enumerate(notes):
        sound = _note(tonic * 2 ** (step / 12))
        scatter(out, sound, round((begin + delay) * SAMPLES), 0.25 * (-1) ** index, gain)


def _note(hertz: float) -> Floats:
    """A struck, warm tone: brass in its body, a bell in its head."""
    t = seconds(2.2)
    body = sum(np.sin(2 * np.pi * hertz * k * t) * np.exp(-t * (0.6 + 0.9 * k)) / k**1.3 for k in range(1, 6))
    head = 0.25 * np.sin(2 * np.pi * hertz * 4.01 * t) * np.exp(-t / 0.12)
    return np.asarray((body + head) * np.minimum(1, t / 0.012) * np.minimum(1, (2.2 - t) / 0.3), np.float32)
