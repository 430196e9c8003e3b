"""What is to be heard, on the clip's own clock: smooth tracks and single cues.

World time becomes clip time here and nowhere else, so that sound and picture cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from backends.animatic.scene import (
    RATE,
    Actor,
    Event,
    EventKind,
    Floats,
    FurnitureKind,
    GearKind,
    Material,
    Performance,
    Setting,
    Shot,
)

CONTROL: Final = 500
"""Samples a second of every control track."""

_KEY: Final = (EventKind.TAKEOFF, EventKind.SHOT, EventKind.HIT, EventKind.GOAL)
_CROWDS: Final = (FurnitureKind.CROWD, FurnitureKind.STAND, FurnitureKind.ARCH)
_SMALL: Final = (EventKind.PUSH, EventKind.GATE, EventKind.TURN, EventKind.SWEEP)


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
    """Tracks are (C,) at `CONTROL` a second: `speed` m/s as shown, `load` g, `spray` 0..1, `pan` -1..1, `near` and
    `crowd` gains by distance, `tension` 0..1, `hush` 0..1 (0 = hold your breath), `cheer` 0..1."""

    seconds: float
    hall: bool
    ground: Ground
    kit: Kit
    speed: Floats
    load: Floats
    spray: Floats
    pan: Floats
    near: Floats
    crowd: Floats
    tension: Floats
    hush: Floats
    cheer: Floats
    cues: tuple[Cue, ...]


def clock(seconds: float) -> Floats:
    """Clip times of the control samples."""
    return np.arange(int(np.ceil(seconds * CONTROL)) + 1, dtype=np.float32) / CONTROL


def compose(performance: Performance, seconds: float) -> Score:
    """The score of a performance as its shots show it."""
    times = clock(seconds)
    athlete = next((a for a in performance.actors if a.role == "athlete"), performance.actors[0])
    world, rate = _world(performance.shots, times)
    pan, far = _view(performance.shots, times, _sample(athlete.joints[:, 0], world))
    near = _smooth((8.0 / (8.0 + far)) ** 0.6, 0.03)
    pan = _smooth(pan, 0.03)
    moment = _moment(performance)
    cues = tuple(_cues(performance, times, near, pan, moment))
    ground, kit = _ground(performance, athlete), _kit(performance)
    return Score(
        seconds=seconds,
        hall=performance.stage.setting is Setting.HALL,
        ground=ground,
        kit=kit,
        speed=_smooth(_sample(_speed(performance, athlete, ground), world) * rate**0.4, 0.02),
        load=_smooth(np.clip(_sample(athlete.load, world), 0, 5), 0.01),
        spray=_smooth(np.clip(_sample(athlete.spray, world), 0, 1), 0.02),
        pan=pan,
        near=near,
        crowd=_smooth(_crowd(performance, times), 0.08),
        tension=_tension(np.maximum.accumulate(world), performance.decisive),
        hush=_hush(times, *_silence(performance.shots, moment, performance.events)),
        cheer=cheering(times, _reasons(cues, moment, performance)),
        cues=cues,
    )


def shown(shots: Sequence[Shot], time: float) -> tuple[tuple[Shot, float], ...]:
    """(shot, clip time) for every shot that shows this world time."""
    found: list[tuple[Shot, float]] = []
    for index, shot in enumerate(shots):
        ends = time <= shot.until if index == len(shots) - 1 else time < shot.until
        if shot.since <= time and ends:
            part = (time - shot.since) / max(shot.until - shot.since, 1e-6)
            found.append((shot, shot.begin + part * (shot.end - shot.begin)))
    return tuple(found)


def cheering(times: Floats, reasons: Iterable[tuple[float, float, float]]) -> Floats:
    """A crowd's outbursts from (clip time, strength, seconds it lasts)."""
    total = np.zeros_like(times)
    for at, strength, lasting in reasons:
        since = np.maximum(times - at - 0.08, 0.0)
        total += strength * (1 - np.exp(-since / 0.18)) * np.exp(-since / lasting)
    return np.minimum(total, 1.2).astype(np.float32)


# ------------------------------------------------------------------------------------------- clip time and world time


def _world(shots: Sequence[Shot], times: Floats) -> tuple[Floats, Floats]:
    """World time and its rate (1 = real time) at clip times."""
    begin = np.array([shot.begin for shot in shots])
    index = np.clip(np.searchsorted(begin, times + 1e-6, side="right") - 1, 0, len(shots) - 1)
    since = np.array([shot.since for shot in shots])[index]
    until = np.array([shot.until for shot in shots])[index]
    rates = np.array([(s.until - s.since) / max(s.end - s.begin, 1e-6) for s in shots])[index]
    world = np.minimum(since + np.maximum(times - begin[index], 0) * rates, until)
    return world.astype(np.float32), np.clip(rates, 0.05, 1.0).astype(np.float32)


def _sample(track: Floats, world: Floats) -> Floats:
    """A simulated track (N,) or (N, 3) at world times."""
    at = np.clip(world * RATE, 0, len(track) - 1)
    low = at.astype(np.int64)
    high = np.minimum(low + 1, len(track) - 1)
    part = (at - low).reshape((-1,) + (1,) * (track.ndim - 1))
    return (track[low] * (1 - part) + track[high] * part).astype(np.float32)


def _smooth(track: Floats, seconds: float) -> Floats:
    """A moving average, so that cuts do not click."""
    width = max(1, round(seconds * CONTROL)) | 1
    padded = np.pad(track, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), mode="valid").astype(np.float32)


def _view(shots: Sequence[Shot], times: Floats, place: Floats) -> tuple[Floats, Floats]:
    """Where the athlete is heard: pan -1..1 and apparent distance (metres at a normal lens)."""
    pan, far = np.zeros_like(times), np.full_like(times, 20.0)
    for shot in shots:
        at = (times >= shot.begin - 1e-6) & (times < shot.end if shot is not shots[-1] else True)
        if at.any():
            pan[at], far[at] = _heard(shot, times[at], place[at])
    return pan, far


def _heard(shot: Shot, times: Floats, place: Floats) -> tuple[Floats, Floats]:
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
    return 0.7 * np.clip(side, -1, 1), np.linalg.norm(offset, axis=1) / focal


# ------------------------------------------------------------------------------------------- what makes the sound


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


def _speed(performance: Performance, athlete: Actor, ground: Ground) -> Floats:
    """(N,) m/s of what is in contact: the athlete, in curling the fastest stone."""
    if ground is Ground.PEBBLE:
        stones = [g.points[:, 0] for a in performance.actors for g in a.gear if g.kind is GearKind.STONE]
        return np.max([np.linalg.norm(np.gradient(s, 1 / RATE, axis=0), axis=1) for s in stones], axis=0)
    return performance.speed if performance.speed.size else np.linalg.norm(athlete.velocity, axis=1)


def _cues(performance: Performance, times: Floats, near: Floats, pan: Floats, moment: Event | None) -> Iterable[Cue]:
    """Every event at every clip time at which it is shown; a replay plays it again, lower."""
    hush_end = min((at for _, at in shown(performance.shots, moment.time)), default=-9.0) if moment else -9.0
    for event in performance.events:
        for shot, at in shown(performance.shots, event.time):
            if at >= times[-1]:
                continue
            index = min(round(at * CONTROL), len(times) - 1)
            rate = np.clip((shot.until - shot.since) / max(shot.end - shot.begin, 1e-6), 0.3, 1.0)
            held = event.kind in _SMALL and hush_end - 0.8 < at < hush_end
            yield Cue(
                kind=event.kind,
                at=float(at),
                strength=float(np.clip(event.strength, 0, 1)),
                pitch=float((0.9 if shot.replay else 1.0) * rate**0.25),
                pan=float(pan[index]),
                gain=float(near[index]) ** 0.7 * (0.25 if held else 1.0) * (0.7 if shot.replay else 1.0),
            )


# ------------------------------------------------------------------------------------------- the story the crowd tells


def _crowd(performance: Performance, times: Floats) -> Floats:
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


def _tension(story: Floats, decisive: float) -> Floats:
    """Rises towards the decisive moment and stays warm after it."""
    before = np.clip((story - story[0]) / max(decisive - story[0], 0.1), 0, 1) ** 2
    after = np.clip(story - decisive, 0, 4) / 4
    return (before * (1 - 0.5 * after)).astype(np.float32)


def _moment(performance: Performance) -> Event | None:
    """The event that everyone holds their breath for, if one is near the decisive time."""
    near = [e for e in performance.events if e.kind in _KEY and abs(e.time - performance.decisive) <= 0.75]
    return min(near, key=lambda e: (_KEY.index(e.kind), abs(e.time - performance.decisive)), default=None)


def _silence(shots: Sequence[Shot], moment: Event | None, events: Sequence[Event]) -> tuple[float, float]:
    """Clip times at which the held breath ends: the moment itself, and the landing where it is a take-off."""
    when = min((at for _, at in shown(shots, moment.time)), default=None) if moment else None
    if moment is None or when is None:
        return -9.0, -9.0
    landings = [e.time for e in events if e.kind is EventKind.LANDING and e.time > moment.time]
    if moment.kind is not EventKind.TAKEOFF or not landings:
        return when, when
    return when, min((at for _, at in shown(shots, min(landings)) if at > when), default=when)


def _hush(times: Floats, moment: float, relief: float) -> Floats:
    """1, falling to almost nothing before the moment, a little above it in flight, back at the relief."""
    if moment < 0:
        return np.ones_like(times)
    points = [
        moment - 1.2,
        moment - 0.5,
        moment,
        moment + 0.2,
        max(relief, moment + 0.25),
        max(relief, moment + 0.25) + 0.2,
    ]
    flight = 0.22 if relief > moment else 1.0
    return np.interp(times, points, [1, 0.04, 0.04, flight, flight, 1]).astype(np.float32)


def _reasons(
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
