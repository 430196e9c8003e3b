"""All layers of a score together, mastered."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np

from backends.animatic.scene import EventKind, Floats
from backends.animatic.sound.layers import contact, crowd, place, wind
from backends.animatic.sound.loudness import loudness, master
from backends.animatic.sound.noise import SAMPLES, Noise, Reals, rise
from backends.animatic.sound.ornaments import applause, bells, scatter, sting
from backends.animatic.sound.room import reverberate
from backends.animatic.sound.score import CONTROL, Ground, Score, clock
from backends.animatic.sound.voices import speak

_STRONG: Final = (
    EventKind.TAKEOFF, EventKind.LANDING, EventKind.GATE, EventKind.HIT, EventKind.SHOT, EventKind.TARGET,
)  # fmt: skip
_FADE: Final = 0.35
_STEADY: Final = -20.0
"""LUFS of a member's sound inside the mix, before mastering."""


class Blend(StrEnum):
    """What happens to a member's own sound."""

    REPLACE = "replace"
    UNDER = "under"


def render(score: Score, seed: int, under: Floats | None = None, mode: Blend = Blend.REPLACE) -> Floats:
    """(2, n) of exactly round(seconds · 48000) samples."""
    count = round(score.seconds * SAMPLES)
    own = None if under is None or not under.size else _fitted(under, count)
    if own is not None and mode == Blend.REPLACE:
        return master(_faded(own))
    room = rise(_yielding(score), count, CONTROL)
    front, send = _front(score, seed, count, room)
    back = _back(score, seed, count) * room
    if own is not None:
        back = back * _ducked(own) + own
    mix = front + back + reverberate(send, Noise(seed, "room"), hall=score.hall)
    return master(_faded(mix))


def _yielding(score: Score) -> Floats:
    """A gain with which everything steady makes room for a strong cue, for a tenth of a second."""
    times = clock(score.seconds)
    gain = np.ones_like(times)
    for cue in score.cues:
        if cue.kind in _STRONG:
            since = np.maximum(times - cue.at, 0)
            gain *= np.where(times >= cue.at, 1 - 0.6 * cue.strength * np.exp(-since / 0.09), 1)
    return gain.astype(np.float32)


def _front(score: Score, seed: int, count: int, room: Floats) -> tuple[Floats, Floats]:
    """Contact and cues, and what of them the room hears."""
    ground = contact(score, Noise(seed, "contact"), count) * room
    out = place(ground, rise(score.pan, count, CONTROL))
    send = out * np.float32(0.25 if score.hall else 0.06)
    noise = Noise(seed, "cues")
    for cue in score.cues:
        sound, share = speak(noise, cue, score)
        at = round(cue.at * SAMPLES)
        scatter(out, sound, at, cue.pan, 1.0)
        scatter(send, sound, at, cue.pan, share)
    return out, send


def _back(score: Score, seed: int, count: int) -> Floats:
    """Air, people and music."""
    out = wind(score, Noise(seed, "wind"), count) + crowd(score, Noise(seed, "crowd"), count)
    applause(out, score, Noise(seed, "hands"))
    if not score.hall and score.ground is not Ground.PEBBLE:
        bells(out, score, Noise(seed, "bells"))
    sting(out, score, Noise(seed, "sting"))
    return out


def _fitted(under: Floats, count: int) -> Floats:
    """A member's sound cut or padded to the film, at a steady level."""
    own = under[:, :count]
    measured = loudness(own)
    gain = 10 ** ((_STEADY - measured) / 20) if np.isfinite(measured) else 1.0
    tail = min(own.shape[1], SAMPLES // 2)
    own = own * np.float32(gain)
    own[:, own.shape[1] - tail :] *= np.linspace(1, 0, tail, dtype=np.float32)
    return np.pad(own, ((0, 0), (0, count - own.shape[1]))).astype(np.float32)


def _ducked(own: Floats) -> Floats:
    """Gain that lowers air and crowd by up to 10 dB while a member's sound speaks."""
    step = SAMPLES // 50
    count = own.shape[1]
    padded = np.pad(np.abs(own).max(0), (0, -count % step))
    level = padded.reshape(-1, step).max(1)
    open_gate = np.convolve(np.pad(level, (10, 10), mode="edge"), np.hanning(21) / np.hanning(21).sum(), mode="valid")
    gain = 1 - 0.68 * np.clip(open_gate / 0.08, 0, 1)
    return rise(np.append(gain, gain[-1]).astype(np.float32), count, 50)


def _faded(wave: Reals) -> Floats:
    """No click at either end."""
    mix = wave.astype(np.float32)
    first, last = min(mix.shape[1], SAMPLES // 50), min(mix.shape[1], round(_FADE * SAMPLES))
    mix[:, :first] *= np.linspace(0, 1, first, dtype=np.float32)
    mix[:, mix.shape[1] - last :] *= np.linspace(1, 0, last, dtype=np.float32) ** 2
    return mix
