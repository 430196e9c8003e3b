"""Small made-up performances: a straight run with the gear, events and shots a test asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backends.animatic.scene import (
    JOINTS,
    RATE,
    Actor,
    Event,
    Floats,
    Furniture,
    FurnitureKind,
    Gear,
    GearKind,
    Material,
    Performance,
    Setting,
    Shot,
    Stage,
)

POINTS = {GearKind.SKI: 3, GearKind.BOARD: 3, GearKind.STICK: 3, GearKind.PUCK: 1}


def shot(
    begin: float,
    end: float,
    since: float,
    until: float,
    *,
    replay: bool = False,
    beside: float = 6.0,
    speed: float = 20.0,
) -> Shot:
    """A camera that travels beside an athlete who runs along y at `speed`, looking at them."""
    frames = round((end - begin) * 24)
    y = np.linspace(since, until, frames, dtype=np.float32) * speed
    eye = np.stack([np.full(frames, beside), y, np.full(frames, 2)], axis=1).astype(np.float32)
    target = np.stack([np.zeros(frames), y, np.ones(frames)], axis=1).astype(np.float32)
    flat = np.zeros(frames, np.float32)
    return Shot("replay" if replay else "follow", begin, end, since, until, eye, target, flat + 1, flat, replay)


def performance(
    *,
    speed: float = 20.0,
    load: float | Floats = 1.0,
    spray: float = 0.3,
    seconds: float = 15.0,
    gear: GearKind = GearKind.SKI,
    material: Material = Material.SNOW,
    setting: Setting = Setting.MOUNTAIN,
    events: Sequence[Event] = (),
    shots: Sequence[Shot] = (),
    decisive: float = 8.0,
    people: bool = True,
) -> Performance:
    """An athlete who runs straight along y at `speed` m/s."""
    count = round(seconds * RATE)
    one = np.ones(count, np.float32)
    path = np.stack([0 * one, np.arange(count, dtype=np.float32) / RATE * speed, one], axis=1)
    joints = np.repeat(path[:, None], len(JOINTS), axis=1)
    points = np.repeat(path[:, None], POINTS.get(gear, 2), axis=1)
    up = np.tile(np.array([0, 0, 1], np.float32), (count, 1))
    velocity = np.tile(np.array([0, speed, 0], np.float32), (count, 1))
    athlete = Actor("athlete", joints, velocity, one * load, one * spray, path, velocity, (Gear(gear, points, up),))
    crowd = Furniture(FurnitureKind.CROWD, np.array([[12, y, 0] for y in range(0, 300, 20)], np.float32))
    stage = Stage(setting, material, lambda x, _: x * 0, path[::RATE], 20.0, (crowd,) if people else ())
    return Performance(
        stage=stage,
        actors=(athlete,),
        shots=tuple(shots) or (shot(0, seconds, 0, seconds, speed=speed),),
        events=tuple(events),
        decisive=decisive,
        speed=one * speed,
    )
