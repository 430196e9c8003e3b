"""The story the crowd tells: it leans in, holds its breath, breaks out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from backends.animatic.scene import Event, EventKind, Floats, FurnitureKind, Performance, Shot
from backends.animatic.sound.score import Cue
from backends.animatic.sound.timeline import shown

_KEY: Final = (EventKind.TAKEOFF, EventKind.SHOT, EventKind.HIT, EventKind.GOAL)
_CROWDS: Final = (FurnitureKind.CROWD, FurnitureKind.STAND, FurnitureKind.ARCH)


def cheering(times: Floats, reasons: Iterable[tuple[float, float, float]]) -> Floats:
    """A crowd's outbursts from (clip time, strength, seconds it lasts)."""
    total = np.zeros_like(times)
    for at, strength, lasting in reasons:
        since = np.maximum(times - at - 0.08, 0.0)
        total += strength * (1 - np.exp(-since / 0.18)) * np.exp(-since / lasting)
    return np.minimum(total, 1.2).astype(np.float32)


def crowd(performance: Performance, times: Floats) -> Floats:
    """Gain of the crowd by the camera's distance to the nearest people."""
    people = [f.points for f in performance.stage.furniture if f.kind in _CROWDS]
    gains = np.full_like(times, 0.45)
    if not people:
        return gains
    spots = np.concatenate(people)
    for shot in performance.shots:
        far = np.linalg.norm(spots - shot.eye[len(shot.eye) // 2], axis=1).min()
        gains[times >= shot.begin] = 0.35 + 0.65 * 40 / (40 + far)
    return gains


def tension(story: Floats, decisive: float) -> Floats:
    """Rises towards the decisive moment and stays warm after it."""
    before = np.clip((story - story[0]) / max(decisive - story[0], 0.1), 0, 1) ** 2
    after = np.clip(story - decisive, 0, 4) / 4
    return (before * (1 - 0.5 * after)).astype(np.float32)


def moment(performance: Performance) -> Event | None:
    """The event that everyone holds their breath for, if one is near the decisive time."""
    near = [e for e in performance.events if e.kind in _KEY and abs(e.time - performance.decisive) <= 0.75]
    return min(near, key=lambda e: (_KEY.index(e.kind), abs(e.time - performance.decisive)), default=None)


def silence(shots: Sequence[Shot], moment: Event | None, events: Sequence[Event]) -> tuple[float, float]:
    """Clip times at which the held breath ends: the moment itself, and the landing where it is a take-off."""
    when = min((at for _, at in shown(shots, moment.time)), default=None) if moment else None
    if moment is None or when is None:
        return -9.0, -9.0
    landings = [e.time for e in events if e.kind is EventKind.LANDING and e.time > moment.time]
    if moment.kind is not EventKind.TAKEOFF or not landings:
        return when, when
    return when, min((at for _, at in shown(shots, min(landings)) if at > when), default=when)


def hush(times: Floats, moment: float, relief: float) -> Floats:
    """1, falling to almost nothing before the moment, growing slowly in flight, back at the relief."""
    if moment < 0:
        return np.ones_like(times)
    down = max(relief, moment + 0.25)
    points = [moment - 1.2, moment - 0.5, moment, moment + 0.2, down, down + 0.2]
    early, late = (0.18, 0.5) if relief > moment else (1.0, 1.0)
    return np.interp(times, points, [1, 0.04, 0.04, early, late, 1]).astype(np.float32)


def reasons(
    cues: Sequence[Cue], moment: Event | None, performance: Performance
) -> Iterable[tuple[float, float, float]]:
    """(clip time, strength, seconds) of what the crowd cheers for."""
    strengths = {EventKind.GOAL: (1.0, 2.2), EventKind.FINISH: (1.0, 3.0), EventKind.TARGET: (0.5, 0.7)}
    for cue in cues:
        if cue.kind in strengths:
            strength, lasting = strengths[cue.kind]
            yield cue.at, strength, lasting
        elif cue.kind is EventKind.LANDING:
            yield cue.at, 0.3 + 0.5 * cue.strength, 1.5
    if moment is None or moment.kind is EventKind.HIT:
        yield from ((at, 0.6, 1.6) for _, at in shown(performance.shots, performance.decisive)[:1])
