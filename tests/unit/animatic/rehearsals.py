"""Runs that several tests look at, simulated once."""

from functools import cache

import numpy as np

from backends.animatic.motion import STAGINGS, rehearse
from backends.animatic.scene import RATE, Brief, EventKind

SPORTS = tuple(STAGINGS)
SEEDS = (1, 2, 3)
CAMERAS = ("multi", "follow", "low", "front", "overhead", "athlete", "crane", "side")


def brief(staging, seed=1, camera="multi", options=(), **changes):
    return Brief("", staging, "", staging, dict(options), "realistic", camera, seed, **changes)


@cache
def act(staging, seed=1, options=()):
    return rehearse(brief(staging, seed, options=options))


def times(run, kind):
    return [event.time for event in run.events if event.kind is EventKind(kind)]


def at(track, moments):
    """A track at world times, linearly between its samples."""
    place = np.clip(np.asarray(moments, float) * RATE, 0, len(track) - 1.0001)
    cell = place.astype(int)
    part = (place - cell).reshape(-1, *[1] * (track.ndim - 1))
    return track[cell] * (1 - part) + track[cell + 1] * part
