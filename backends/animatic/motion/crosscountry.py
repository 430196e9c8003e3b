"""Cross-country: the last rise and the finish of a free-technique sprint, four skiers abreast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.gear import arc, reach
from backends.animatic.motion.nordic import SKIER, finish, stride
from backends.animatic.motion.signals import Array, clock, col, keys, lerp, noise, ramp, smooth
from backends.animatic.motion.skating import beats
from backends.animatic.motion.terrain import Slope, beside, crowds, flags, line, mountain, pair, profile, soft, tribune
from backends.animatic.motion.track import Table, arclength, evenly, follow, glide
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.motion.track import Height, Track
    from backends.animatic.scene import Actor, Stage

SECONDS: Final = 14.0
END: Final = 96.0
FINISH: Final = 12.0


def build(options: Options, rng: np.random.Generator) -> Act:
    """A sprint's last hundred metres; the athlete attacks on the rise."""
    t = clock(SECONDS)
    height, path = _world(rng, options.number("rise", 0.09, 0.0, 0.16))
    power = options.number("power", 450.0, 300.0, 700.0)
    way = _way(len(t), height, path, power)
    plans = ((0.0, 0.0), (-1.9, 2.3), (1.2, -2.4), (-4.4, 0.6))
    actors: list[Actor] = []
    for index, (gap, aside) in enumerate(plans):
        lead = keys(t, (0, -2.2), (4, -1.6), (8.2, 0.9), (12, 1.4)) if index == 0 else gap + 0.3 * noise(rng, t, 0.1)
        lane = aside + 0.25 * noise(rng, t, 0.12)
        actors.append(_skier(rng, height, t, way + lead, path, lane, "athlete" if index == 0 else "rival", index))
    pelvis = actors[0].joints[:, 0].astype(np.float64)
    done = float(lerp(END, pelvis[:, 1], t))
    phase = _phase(t, 0)
    events = [Event(EventKind.START, 0.0, 0.2), *beats(phase, 0.0, done), Event(EventKind.FINISH, done)]
    speed = np.linalg.norm(actors[0].velocity, axis=1).astype(np.float64)
    cuts = (
        cut("establish", azimuth=36, elevation=5, distance=22, size=0.2, orbit=12),
        cut("side", azimuth=84, elevation=5, distance=10, size=0.48, orbit=-18),
        cut("low", 3.5, rate=0.6, azimuth=24, elevation=4, distance=5.0, size=0.56, orbit=26),
        cut("overhead", azimuth=165, elevation=58, distance=13, size=0.27),
        cut("front", azimuth=4, elevation=3, distance=38, size=0.44, post=1.0, zoom=0.75),
    )
    slope = np.degrees(np.arcsin(np.clip(smooth(actors[0].velocity[:, 2] / np.maximum(speed, 1), 0.5), -1, 1)))
    return Act(_stage(rng, height, path), tuple(actors), events, 6.6, speed, cuts, {"angle": slope})


def _world(rng: np.random.Generator, rise: float) -> tuple[Height, Array]:
    bend = rng.choice([-1.0, 1.0])
    y = np.arange(-60.0, END + 120.0, 0.5)
    x = bend * 6.0 * np.sin((y + 20.0) / 85.0 * np.pi) * (1.0 - soft(y, END - 30.0, END + 40.0))
    path = np.column_stack([smooth(x, 20.0, 2.0), y])
    middle = Table(-60.0, 0.5, path[:, 0])
    fall = profile(lambda v: -rise * np.exp(-(((v - 38.0) / 22.0) ** 2)) + 0.5 * rise * np.exp(-(((v - 78) / 16) ** 2)))
    return Slope(rng, fall, lambda v: middle(np.clip(v, -60.0, END + 100.0)), 11.0, valley=0.10), path


def _way(n: int, height: Height, path: Array, power: float) -> Array:
    z = height(path[:, 0], path[:, 1])
    fall = Table(0.0, 0.5, -np.gradient(z, arclength(path)))
    grid = fall(np.arange(0.0, 400.0, 0.5))
    way, _ = glide(
        n, (0.0, 7.0), lambda s: float(grid[min(int(2 * s) + 90, len(grid) - 1)]), lambda _s, _v: 1.0, SKIER,
        lambda _s, v: power / SKIER.mass / max(v, 3.0),
    )  # fmt: skip
    at_end = float(lerp(END, path[:, 1], arclength(path)))
    return way + at_end - way[round(FINISH * RATE)]


def _phase(t: Array, index: int) -> Array:
    return 0.78 * t + 0.05 * np.sin(t * 0.7 + index) + 0.31 * index


def _skier(
    rng: np.random.Generator, height: Height, t: Array, way: Array, path: Array, lane: Array, role: str, index: int
) -> Actor:  # fmt: skip
    middle = smooth(evenly(path, 0.5)(way), 0.8)
    along = np.gradient(middle, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    track: Track = follow(height, middle + col(lane) * np.column_stack([along[:, 1], -along[:, 0]]))
    done = float(lerp(END, track.spot[:, 1], t, right=99.0))
    calm = ramp(t, done + 0.1, done + 1.0)
    skier = stride(rng, height, track, _phase(t, index), 1 - calm)
    if index == 0:
        for arm, sign in zip(skier.pose.arms, (-1.0, 1.0), strict=True):
            arm.local = arc(arm.local, reach(len(t), 0.3 * sign, 0.08, 0.50).local, calm, sign)
        skier.pose.bend = skier.pose.bend - 0.3 * calm
    return finish(skier, height, role)


def _stage(rng: np.random.Generator, height: Height, path: Array) -> Stage:
    course = path[(path[:, 1] > -50) & (path[:, 1] < END + 70)]
    items: list[Furniture] = [line(height, FurnitureKind.FENCE, beside(course[::6], side * 6.4), 1) for side in (-1, 1)]
    x = float(lerp(END, path[:, 1], path[:, 0]))
    items += [
        pair(height, FurnitureKind.ARCH, (x - 6.0, END), (x + 6.0, END)),
        line(height, FurnitureKind.LINE, np.array([[x - 5.5, END], [x + 5.5, END]]), 0),
        tribune(height, ((x + 10.5, END + 22), (x + 10.5, END - 14)), 9.0, 2),
        tribune(height, ((x - 10.5, END - 18), (x - 10.5, END + 12)), 8.0, 1),
    ]
    items += [
        line(height, FurnitureKind.LINE, beside(course[course[:, 1] > END - 45], side * 2.0), 1) for side in (-1, 1)
    ]
    items += crowds(rng, height, course, 8.0, 4) + crowds(rng, height, course, -8.0, 4)
    items += flags(rng, height, course, 7.2, 21.0, 4.0) + flags(rng, height, course, -7.4, 27.0, 4.0)
    return mountain(height, course, 11.0, items)
