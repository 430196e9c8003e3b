"""What is to be heard, on the clip's own clock: smooth tracks and single cues."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from backends.animatic.scene import EventKind, Floats

CONTROL: Final = 500
"""Samples a second of every control track."""


class Ground(StrEnum):
    """What the athlete's gear runs on; decides the sound of contact."""

    SNOW = "snow"
    ICE = "ice"
    CHANNEL = "channel"  # steel runners between ice walls
    PEBBLE = "pebble"  # granite on pebbled ice


class Kit(StrEnum):
    """What the athlete carries; decides what a push and a hit sound like."""

    SKIS = "skis"
    BLADES = "blades"
    SLED = "sled"
    STONE = "stone"
    STICK = "stick"


@dataclass(frozen=True, slots=True)
class Cue:
    """One sound that begins at `at` seconds of the clip; `pitch` < 1 is lower and longer; `pan` -1 left … 1 right."""

    kind: EventKind
    at: float
    strength: float = 1.0
    pitch: float = 1.0
    pan: float = 0.0
    gain: float = 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """Tracks are (C,) at `CONTROL` a second.

    `speed` m/s as shown, `load` g, `spray` 0..1, `pan` -1..1, `near` and `crowd` gains by distance, `pitch` of the
    contact (1 = as it is, lower in slow motion and when running away), `tension` 0..1, `hush` 0..1 (0 = hold your
    breath), `cheer` 0..1.
    """

    seconds: float
    hall: bool
    ground: Ground
    kit: Kit
    speed: Floats
    load: Floats
    spray: Floats
    pan: Floats
    near: Floats
    pitch: Floats
    crowd: Floats
    tension: Floats
    hush: Floats
    cheer: Floats
    cues: tuple[Cue, ...]


def clock(seconds: float) -> Floats:
    """Clip times of the control samples."""
    return (np.arange(int(np.ceil(seconds * CONTROL)) + 1) / CONTROL).astype(np.float32)
