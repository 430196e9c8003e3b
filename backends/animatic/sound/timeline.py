"""Clip time and world time, and where the athlete is heard from.

World time becomes clip time here and nowhere else, so that sound and picture cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from backends.animatic.scene import RATE, Floats, Shot
from backends.animatic.sound.noise import Reals
from backends.animatic.sound.score import CONTROL

SOUND: Final = 331.0
"""Metres a second that sound travels at 0 °C."""


def shown(shots: Sequence[Shot], time: float) -> tuple[tuple[Shot, float], ...]:
    """(shot, clip time) for every shot that shows this world time."""
    found: list[tuple[Shot, float]] = []
    for index, shot in enumerate(shots):
        ends = time <= shot.until if index == len(shots) - 1 else time < shot.until
        if shot.since <= time and ends:
            part = (time - shot.since) / max(shot.until - shot.since, 1e-6)
            found.append((shot, shot.begin + part * (shot.end - shot.begin)))
    return tuple(found)


def world(shots: Sequence[Shot], times: Floats) -> tuple[Floats, Floats]:
    """World time and its rate (1 = real time) at clip times."""
    begin = np.array([shot.begin for shot in shots])
    index = np.clip(np.searchsorted(begin, times + 1e-6, side="right") - 1, 0, len(shots) - 1)
    since = np.array([shot.since for shot in shots])[index]
    until = np.array([shot.until for shot in shots])[index]
    rates = np.array([(s.until - s.since) / max(s.end - s.begin, 1e-6) for s in shots])[index]
    now = np.minimum(since + np.maximum(times - begin[index], 0) * rates, until)
    return now.astype(np.float32), np.clip(rates, 0.05, 1.0).astype(np.float32)


def sample(track: Floats, now: Floats) -> Floats:
    """A simulated track (N,) or (N, 3) at world times."""
    at = np.clip(now * RATE, 0, len(track) - 1)
    low = at.astype(np.int64)
    high = np.minimum(low + 1, len(track) - 1)
    part = (at - low).reshape((-1,) + (1,) * (track.ndim - 1))
    return (track[low] * (1 - part) + track[high] * part).astype(np.float32)


def smooth(track: Reals, seconds: float) -> Floats:
    """A moving average, so that cuts do not click."""
    width = max(1, round(seconds * CONTROL)) | 1
    padded = np.pad(track, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), mode="valid").astype(np.float32)


def view(shots: Sequence[Shot], times: Floats, place: Floats) -> tuple[Floats, Floats, Floats]:
    """Where the athlete is heard: pan -1..1, distance in metres, and how much the lens brings them closer."""
    heard = np.stack([np.zeros_like(times), np.full_like(times, 20.0), np.ones_like(times)])
    for shot in shots:
        at = (times >= shot.begin - 1e-6) & (times < shot.end if shot is not shots[-1] else True)
        if at.any():
            heard[:, at] = _heard(shot, times[at], place[at])
    return heard[0], heard[1], heard[2]


def doppler(far: Floats) -> Floats:
    """Pitch by the speed at which the athlete comes closer; a cut is no speed."""
    away = np.clip(np.gradient(far) * CONTROL, -60, 60)
    away[np.abs(np.gradient(far)) > 0.5] = 0
    return (SOUND / (SOUND + away)).astype(np.float32)


def _heard(shot: Shot, times: Floats, place: Floats) -> Floats:
    """(3, C) of `_view` within one shot."""
    frame = (times - shot.begin) / max(shot.end - shot.begin, 1e-6) * len(shot.eye)
    nearest = np.clip(frame.astype(np.int64), 0, len(shot.eye) - 1)
    eye, focal = shot.eye[nearest], np.maximum(shot.focal[nearest], 0.6)
    ahead = shot.target[nearest] - eye
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-6)
    right = np.cross(ahead, np.array([0.0, 0.0, 1.0], np.float32))
    right /= np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-6)
    offset = place - eye
    depth = np.maximum(np.abs((offset * ahead).sum(1)), 0.5)
    side = (offset * right).sum(1) / depth * focal / 0.89
    return np.stack([0.7 * np.clip(side, -1, 1), np.linalg.norm(offset, axis=1), focal]).astype(np.float32)
