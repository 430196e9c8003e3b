"""Short sounds, each (n,) mono at 48 kHz with its attack in the first two milliseconds and a peak near 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from backends.animatic.scene import EventKind, Floats
from backends.animatic.sound.loudness import fast
from backends.animatic.sound.noise import SAMPLES, Noise, Reals
from backends.animatic.sound.score import Cue, Ground, Kit, Score

Voice = Callable[[Noise, Score], Reals]


def seconds(length: float) -> Floats:
    """Times of a sound of `length` seconds."""
    return (np.arange(round(length * SAMPLES)) / SAMPLES).astype(np.float32)


def partials(length: float, tones: Sequence[tuple[float, float, float]]) -> Reals:
    """Struck tones of (Hz, decay in seconds, gain)."""
    t = seconds(length)
    return np.sum([gain * np.exp(-t / tau) * np.sin(2 * np.pi * hertz * t) for hertz, tau, gain in tones], axis=0)


def thud(length: float, start: float, end: float, tau: float) -> Reals:
    """A falling low tone, the body of an impact."""
    t = seconds(length)
    hertz = end + (start - end) * np.exp(-t / (tau / 2))
    return np.sin(2 * np.pi * np.cumsum(hertz) / SAMPLES) * np.exp(-t / tau)


def puff(noise: Noise, length: float, low: float, high: float, tau: float, attack: float = 0.001) -> Reals:
    """A burst of noise that falls away."""
    t = seconds(length)
    return noise.burst(length, low, high)[: len(t)] * np.exp(-t / tau) * np.minimum(1, t / attack) * 0.4


def layered(*sounds: Reals) -> Reals:
    """Sounds of different lengths on top of each other."""
    total = np.zeros(max(map(len, sounds)), np.float32)
    for sound in sounds:
        total[: len(sound)] += sound
    return total


def echoes(sound: Reals, taps: Sequence[tuple[float, float]]) -> Reals:
    """A sound and its returns of (seconds, gain), each duller than the last."""
    total = np.zeros(len(sound) + round(taps[-1][0] * SAMPLES) + 64, np.float32)
    total[: len(sound)] = sound
    for turn, (delay, gain) in enumerate(taps, start=1):
        softer = np.hanning(29 * turn + 2) / np.hanning(29 * turn + 2).sum()
        begin = round(delay * SAMPLES)
        total[begin : begin + len(sound)] += gain * np.convolve(sound, softer, mode="same")
    return total


def _start(noise: Noise, score: Score) -> Reals:
    if score.kit is Kit.STICK:
        return _whistle(noise)
    if score.kit is Kit.STONE:
        return 0.4 * puff(noise, 0.3, 900, 4000, 0.09, 0.01)
    if score.kit is Kit.BLADES:
        return 0.9 * layered(puff(noise, 0.5, 300, 8000, 0.03), thud(0.2, 220, 90, 0.05))
    beep = np.sin(2 * np.pi * 1175 * seconds(0.5)) * np.exp(-seconds(0.5) / 0.16) * 0.5
    return layered(beep, puff(noise, 0.15, 1500, 5000, 0.02))


def _whistle(noise: Noise) -> Reals:
    t = seconds(0.45)
    trill = np.sin(2 * np.pi * (2350 * t + 0.9 * np.sin(2 * np.pi * 38 * t)))
    shape = np.minimum(1, t / 0.004) * np.minimum(1, (0.45 - t) / 0.05)
    return 0.4 * (trill + 0.3 * noise.burst(0.45, 1900, 3200)[: len(t)]) * shape


def _takeoff(noise: Noise, score: Score) -> Reals:
    snap = puff(noise, 0.25, 1800, 7000, 0.03) if score.ground is Ground.ICE else puff(noise, 0.35, 500, 3500, 0.06)
    return layered(1.3 * snap, 0.8 * thud(0.25, 140, 60, 0.06))


def _landing(noise: Noise, score: Score) -> Reals:
    if score.ground is Ground.ICE:
        return layered(puff(noise, 0.5, 1800, 8000, 0.11), 0.7 * thud(0.2, 120, 70, 0.05))
    slap = puff(noise, 0.3, 400, 3000, 0.05)
    return layered(1.4 * slap, thud(0.4, 95, 42, 0.13), 0.8 * puff(noise, 0.7, 2500, 9000, 0.2, 0.01))


def _gate(noise: Noise, _: Score) -> Reals:
    pole = partials(0.3, [(236, 0.05, 0.5), (610, 0.03, 0.4), (1130, 0.02, 0.2)])
    return layered(1.8 * puff(noise, 0.12, 900, 11000, 0.014), pole)


def _turn(noise: Noise, score: Score) -> Reals:
    low, high = (1500, 6500) if score.ground in (Ground.ICE, Ground.CHANNEL) else (1200, 8000)
    return 0.8 * puff(noise, 0.45, low, high, 0.13, 0.03)


def _push(noise: Noise, score: Score) -> Reals:
    if score.kit is Kit.SLED:
        return layered(puff(noise, 0.12, 900, 6000, 0.02), 0.7 * thud(0.1, 150, 80, 0.03))
    if score.ground is Ground.SNOW:
        click = partials(0.08, [(2300, 0.006, 0.4), (1450, 0.01, 0.3)])
        return layered(click, 0.7 * puff(noise, 0.3, 1800, 7000, 0.08, 0.004))
    return layered(puff(noise, 0.25, 2200, 7500, 0.05, 0.002), 0.5 * partials(0.1, [(640, 0.02, 0.4)]))


def _hit(noise: Noise, score: Score) -> Reals:
    if score.kit is Kit.STONE:
        tones = [(415, 0.05, 0.5), (1060, 0.045, 0.6), (1790, 0.03, 0.4), (2840, 0.015, 0.25)]
        return layered(partials(0.4, tones), puff(noise, 0.03, 1500, 6000, 0.004), 0.5 * thud(0.15, 110, 70, 0.04))
    crack = puff(noise, 0.06, 900, 6000, 0.008)
    return layered(2.2 * crack, partials(0.15, [(880, 0.02, 0.5), (1720, 0.012, 0.4)]), 0.4 * thud(0.1, 160, 90, 0.03))


def _shot(noise: Noise, score: Score) -> Reals:
    crack = layered(
        2.2 * puff(noise, 0.05, 1200, 12000, 0.004), puff(noise, 0.3, 150, 1500, 0.035), thud(0.15, 180, 60, 0.03)
    )
    if score.hall:
        return crack
    return echoes(crack, [(0.31, 0.2), (0.58, 0.13), (0.94, 0.1), (1.37, 0.05)])


def _target(noise: Noise, _: Score) -> Reals:
    tones = [(1870, 0.28, 0.4), (3120, 0.2, 0.35), (4710, 0.12, 0.25), (6240, 0.06, 0.15)]
    return layered(partials(0.9, tones), puff(noise, 0.02, 2500, 9000, 0.003))


def _sweep(noise: Noise, _: Score) -> Reals:
    t = seconds(0.24)
    stroke = np.minimum(1, t / 0.006) * np.maximum(0, 1 - t / 0.24) ** 1.5
    return 0.4 * noise.burst(0.24, 1300, 7000)[: len(t)] * stroke


def _goal(noise: Noise, _: Score) -> Reals:
    t = seconds(1.6)
    chord = sum(np.tanh(2.5 * np.sin(2 * np.pi * hertz * t)) for hertz in (174.6, 220.0, 277.2))
    shape = np.minimum(1, t / 0.002) * np.minimum(1, (1.6 - t) / 0.25)
    return np.asarray(0.22 * chord * shape, np.float32) + 0.07 * noise.burst(1.6, 600, 6000)[: len(t)] * shape


def _finish(noise: Noise, score: Score) -> Reals:
    click = 1.8 * puff(noise, 0.08, 1500, 11000, 0.01)
    if score.hall:
        return layered(click, 0.6 * partials(0.9, [(880, 0.25, 0.4), (1760, 0.16, 0.25), (2217, 0.12, 0.2)]))
    return layered(click, 0.6 * partials(0.5, [(988, 0.15, 1.0)]))


VOICES: Final[dict[EventKind, tuple[Voice, float, float]]] = {
    EventKind.START: (_start, 0.45, 0.35),
    EventKind.TAKEOFF: (_takeoff, 0.5, 0.2),
    EventKind.LANDING: (_landing, 0.6, 0.25),
    EventKind.GATE: (_gate, 0.85, 0.1),
    EventKind.TURN: (_turn, 0.22, 0.08),
    EventKind.PUSH: (_push, 0.6, 0.12),
    EventKind.HIT: (_hit, 0.75, 0.35),
    EventKind.SHOT: (_shot, 0.85, 0.3),
    EventKind.TARGET: (_target, 0.42, 0.3),
    EventKind.SWEEP: (_sweep, 0.4, 0.15),
    EventKind.GOAL: (_goal, 0.6, 0.4),
    EventKind.FINISH: (_finish, 0.6, 0.3),
}
"""Voice, level and how much of it the room answers to, for every kind of event."""


def _lowered(sound: Reals, pitch: float) -> Reals:
    """A sound played slower, without the images a plain interpolation would leave above it."""
    rested = np.pad(sound, (0, 256))
    size = fast(int(len(rested) / pitch))
    return np.fft.irfft(np.fft.rfft(rested), size) * (size / len(rested))


def speak(noise: Noise, cue: Cue, score: Score) -> tuple[Floats, float]:
    """A cue's sound at its level and pitch, and its share for the room."""
    voice, level, send = VOICES[cue.kind]
    sound = voice(noise, score)
    if abs(cue.pitch - 1) > 0.01:
        sound = _lowered(sound, cue.pitch)
    loud = level * cue.gain * (0.35 + 0.65 * cue.strength)
    return (sound * loud).astype(np.float32), send
