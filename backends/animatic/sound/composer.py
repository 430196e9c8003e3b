"""From a performance to its score."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from backends.animatic.scene import (
    RATE,
    Actor,
    Event,
    EventKind,
    Floats,
    GearKind,
    Material,
    Performance,
    Setting,
    Shot,
)
from backends.animatic.sound.score import CONTROL, Cue, Ground, Kit, Score, clock
from backends.animatic.sound.story import cheering, crowd, hush, moment, reasons, silence, tension
from backends.animatic.sound.timeline import doppler, sample, shown, smooth, view, world

_APART: Final = 0.07
"""Seconds between two cues of a kind that are still heard as two."""

_SMALL: Final = (EventKind.PUSH, EventKind.GATE, EventKind.TURN, EventKind.SWEEP)


def compose(performance: Performance, seconds: float) -> Score:
    """The score of a performance as its shots show it."""
    times = clock(seconds)
    athlete = next((a for a in performance.actors if a.role == "athlete"), performance.actors[0])
    now, rate = world(performance.shots, times)
    pan, far, lens = view(performance.shots, times, sample(athlete.joints[:, 0], now))
    near = smooth((8.0 / (8.0 + far / lens)) ** 0.5, 0.03)
    pan = smooth(pan, 0.03)
    key = moment(performance)
    cues = tuple(_cues(performance, times, near, pan, key))
    ground, kit = _ground(performance, athlete), _kit(performance)
    return Score(
        seconds=seconds,
        hall=performance.stage.setting is Setting.HALL,
        ground=ground,
        kit=kit,
        speed=smooth(np.maximum(sample(_speed(performance, athlete, ground), now), 0) * rate**0.4, 0.02),
        load=smooth(np.clip(sample(athlete.load, now), 0, 5), 0.01),
        spray=smooth(np.clip(sample(athlete.spray, now), 0, 1), 0.02),
        pan=pan,
        near=near,
        pitch=smooth(doppler(far) * rate**0.35, 0.1) * np.float32(_tone(performance)),
        crowd=smooth(crowd(performance, times), 0.08),
        tension=tension(np.maximum.accumulate(now), performance.decisive),
        hush=hush(times, *silence(performance.shots, key, performance.events)),
        cheer=cheering(times, reasons(cues, key, performance)),
        cues=cues,
    )


def _gear(performance: Performance) -> set[GearKind]:
    return {gear.kind for actor in performance.actors for gear in actor.gear}


def _ground(performance: Performance, athlete: Actor) -> Ground:
    kinds = _gear(performance)
    if GearKind.STONE in kinds:
        return Ground.PEBBLE
    if {GearKind.SLED, GearKind.BOB} & {gear.kind for gear in athlete.gear} or {GearKind.SLED, GearKind.BOB} & kinds:
        return Ground.CHANNEL
    return Ground.ICE if performance.stage.material is Material.ICE else Ground.SNOW


def _kit(performance: Performance) -> Kit:
    kinds = _gear(performance)
    for kind, kit in (
        (GearKind.STONE, Kit.STONE),
        (GearKind.STICK, Kit.STICK),
        (GearKind.SLED, Kit.SLED),
        (GearKind.BOB, Kit.SLED),
        (GearKind.BLADE, Kit.BLADES),
    ):
        if kind in kinds:
            return kit
    return Kit.BLADES if performance.stage.material is Material.ICE else Kit.SKIS


def _tone(performance: Performance) -> float:
    """How high the contact speaks: a heavy hull growls, a bare sled sings."""
    kinds = _gear(performance)
    return 0.72 if GearKind.BOB in kinds else 1.12 if GearKind.SLED in kinds else 1.0


def _speed(performance: Performance, athlete: Actor, ground: Ground) -> Floats:
    """(N,) m/s of what is in contact: the athlete, in curling the fastest stone."""
    if ground is Ground.PEBBLE:
        stones = [g.points[:, 0] for a in performance.actors for g in a.gear if g.kind is GearKind.STONE]
        return np.max([np.linalg.norm(np.gradient(s, 1 / RATE, axis=0), axis=1) for s in stones], axis=0)
    return performance.speed if performance.speed.size else np.linalg.norm(athlete.velocity, axis=1)


def _cues(performance: Performance, times: Floats, near: Floats, pan: Floats, moment: Event | None) -> Iterable[Cue]:
    """Every event at every clip time at which it is shown, in order; two of a kind at once sound as one."""
    breath = min((at for _, at in shown(performance.shots, moment.time)), default=-9.0) if moment else -9.0
    last: dict[EventKind, float] = {}
    for at, shot, event in sorted(_showings(performance), key=lambda showing: showing[0]):
        if at >= times[-1] or at - last.get(event.kind, -9.0) < _APART:
            continue
        last[event.kind] = at
        index = min(round(at * CONTROL), len(times) - 1)
        held = event.kind in _SMALL and breath - 0.8 < at < breath
        yield _cue(event, shot, at, near[index] ** 0.7 * (0.25 if held else 1.0), float(pan[index]))


def _showings(performance: Performance) -> Iterable[tuple[float, Shot, Event]]:
    for event in performance.events:
        for shot, at in shown(performance.shots, _heard_at(event, performance.shots[0])):
            yield at, shot, event


def _cue(event: Event, shot: Shot, at: float, gain: float, pan: float) -> Cue:
    """Lower in slow motion, lower and softer in a replay."""
    rate = np.clip((shot.until - shot.since) / max(shot.end - shot.begin, 1e-6), 0.3, 1.0)
    return Cue(
        kind=event.kind,
        at=float(at),
        strength=float(np.clip(event.strength, 0, 1)),
        pitch=float((0.9 if shot.replay else 1.0) * rate**0.25),
        pan=pan,
        gain=float(gain) * (0.7 if shot.replay else 1.0),
    )


def _heard_at(event: Event, first: Shot) -> float:
    """World time of an event; a start just before the film begins is heard with its first frame."""
    late = event.kind is EventKind.START and first.since - 0.5 <= event.time < first.since
    return first.since if late else event.time
