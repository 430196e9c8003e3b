"""What flies: spray from the edges, drifting powder, snowfall in three depths, streaks of speed.

Everything is a closed form of world time, so any frame can be drawn alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, sized
from backends.animatic.draw.brush import fixed, listed
from backends.animatic.draw.noise import hashed
from backends.animatic.draw.palette import Colour, mix, vector
from backends.animatic.scene import RATE, Weather

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.view import View
    from backends.animatic.scene import Actor

GRAVITY: Final = 9.81
LIFE: Final = 0.9
"""Seconds that a thrown crystal stays in the air."""
EACH: Final = 34
"""Crystals a sample of the track (at full spray)."""


@dataclass(frozen=True, slots=True)
class Thrown:
    """Crystals in the air: places `at` and speeds `moving` (C, 3), `age` in seconds, a `seed` 0..1 each, and how far
    before the lens (`away`, metres)."""

    at: Reals
    moving: Reals
    age: Reals
    seed: Reals
    away: Reals

    def part(self, chosen: np.ndarray) -> Thrown:
        """Only the chosen ones."""
        return Thrown(self.at[chosen], self.moving[chosen], self.age[chosen], self.seed[chosen], self.away[chosen])


def spray_of(brush: Brush, actor: Actor, ice: bool, depth: float) -> tuple[Thrown, Thrown] | None:
    """Snow thrown from the contact edge during the last second, and the powder that hangs about: what is behind an
    actor at `depth` metres, and what is before it, thinned so that it does not hide the actor."""
    now = brush.time
    first = max(0, int((now - LIFE) * RATE))
    last = min(len(actor.spray) - 1, int(now * RATE))
    samples = np.arange(first - first % 2, last + 1, 2)
    samples = samples[actor.spray[samples] > 0.04]
    if not len(samples) or not _near(brush, actor.contact[samples[::6]]):
        return None
    place, speed, seed, born = _thrown(actor, samples, ice)
    age = now - born
    alive = (age > 0) & (age < LIFE * (0.35 + 0.65 * seed))
    place, speed, seed, age = place[alive], speed[alive], seed[alive], age[alive]
    if not len(age):
        return None
    drag = 2.6
    at = place + speed * ((1 - np.exp(-drag * age)) / drag)[:, None]
    at[:, 2] -= 0.5 * GRAVITY * 0.62 * age**2
    moving = speed * np.exp(-drag * age)[:, None]
    moving[:, 2] -= GRAVITY * 0.62 * age
    up = at[:, 2] > brush.paint.ground.height(at[:, 0], at[:, 1]) - 0.02
    away = (at - brush.view.eye) @ brush.view.basis[2]
    found = Thrown(at, moving, age, seed, away)
    before = (away < depth) & (np.arange(len(at)) % 3 == 0)
    return found.part(up & (away >= depth)), found.part(up & before)


def _near(brush: Brush, places: Reals) -> bool:
    """Whether what is thrown at some of the places (P, 3) may be in the frame: they are not farther outside it than it
    is large."""
    pixels, depth = brush.view.project(places)
    size = np.array([brush.view.width, brush.view.height], np.float32)
    return bool(((depth < 3) | ((pixels > -size) & (pixels < 2 * size)).all(axis=1)).any())


def draw_spray(brush: Brush, thrown: Thrown, ice: bool) -> None:
    """The cloud and the crystals."""
    _puffs(brush, thrown.at, thrown.age, thrown.seed, ice)
    _streaks(brush, thrown.at, thrown.moving, thrown.age, thrown.seed)


@lru_cache(maxsize=8)
def _dice(samples: int, count: int) -> Reals:
    """Numbers 0..1 for every crystal of every second sample of a film (5, S, count)."""
    number = np.arange(0, samples, 2)[:, None] * 64 + np.arange(count)
    return np.stack([hashed(number, salt) for salt in (3, 5, 6, 7, 8)])


def _thrown(actor: Actor, samples: np.ndarray, ice: bool) -> tuple[Reals, Reals, Reals, Reals]:
    count = EACH if not ice else EACH // 2
    dice = _dice(len(actor.spray), count)[:, samples // 2]
    row, each = np.nonzero(dice[0] < actor.spray[samples][:, None])
    index = samples[row]
    a, b, c, d = dice[1:, row, each]
    velocity, contact = actor.velocity[index], actor.contact[index]
    speed = np.linalg.norm(velocity, axis=1, keepdims=True)
    ahead = velocity / np.maximum(speed, 0.5)
    across = np.stack([ahead[:, 1], -ahead[:, 0], np.zeros(len(ahead))], -1)
    body = actor.joints[index, 0] - contact
    outward = -np.sign((body * across).sum(axis=1))
    outward = np.where(outward == 0, 1, outward)[:, None]
    force = actor.spray[index][:, None]
    throw = ahead * (0.30 + 0.35 * b[:, None]) * speed * 0.75
    throw = throw + across * outward * (0.8 + 3.6 * a[:, None]) * force * (0.4 + speed / 22)
    throw[:, 2] += (0.5 + 3.9 * c * c) * force[:, 0] * (0.35 + speed[:, 0] / 20)
    start = contact + across * outward * 0.1 + ahead * (a[:, None] - 0.5) * 0.8
    born = (index + each / count) / RATE
    return start.astype(np.float32), throw.astype(np.float32), d, born.astype(np.float32)


def _puffs(brush: Brush, at: Reals, age: Reals, seed: Reals, ice: bool) -> None:
    """The cloud: the crystals' mass on a small layer, blurred by how far each group has spread."""
    if not len(at):
        return
    pixels, depth = brush.view.project(at)
    height, width = brush.canvas.shape[0] // 4 + 1, brush.canvas.shape[1] // 4 + 1
    spot = np.rint(pixels / 4).astype(np.intp)
    inside = (spot[:, 0] >= 0) & (spot[:, 1] >= 0) & (spot[:, 0] < width) & (spot[:, 1] < height)
    chosen = inside & (depth > 0.6) & (seed > (0.55 if not ice else 0.8))
    if not chosen.any():
        return
    radius = (0.05 + 0.30 * age) * brush.view.scale / np.maximum(depth, 0.6) / 4
    mass = np.clip(1 - age / LIFE, 0, 1) * 62 * np.minimum(radius, height / 4) ** 2
    young = age < LIFE * 0.35
    groups = [group for group in (chosen & young, chosen & ~young) if group.any()]
    soft = [float(np.clip(np.median(radius[group]) * 0.8, 0.8, height / 14)) for group in groups]
    margin = int(max(soft) * 3) + 2
    low = np.maximum(spot[chosen].min(axis=0) - margin, 0)
    size = np.minimum(spot[chosen].max(axis=0) + margin + 1, (width, height)) - low
    layer = np.zeros((int(size[1]), int(size[0])), np.float32)
    for group, sigma in zip(groups, soft, strict=True):
        layer += _cloud(spot[group] - low, mass[group], layer.shape, sigma)
    tone = mix(brush.palette.light, brush.palette.shade, 0.2)
    lay(brush.canvas, np.minimum(layer, 200).astype(np.uint8), tone, (int(low[0]), int(low[1])))


def _cloud(spot: np.ndarray, mass: Reals, shape: tuple[int, int], sigma: float) -> Reals:
    """Masses at pixels (C, 2) spread over a layer (h, w); what is very soft needs fewer pixels."""
    shrunk = 1 if sigma < 3 else 2 if sigma < 7 else 4
    rows, columns = -(-shape[0] // shrunk), -(-shape[1] // shrunk)
    place = spot[:, 1] // shrunk * columns + spot[:, 0] // shrunk
    part = np.bincount(place, mass, rows * columns).reshape(rows, columns).astype(np.float32) / shrunk**2
    soft = np.asarray(cv2.GaussianBlur(part, (0, 0), sigma / shrunk), np.float32)
    if shrunk == 1:
        return soft
    return sized(soft, (columns * shrunk, rows * shrunk))[: shape[0], : shape[1]]


def lay(canvas: np.ndarray, small: np.ndarray, colour: Colour, corner: tuple[int, int] = (0, 0)) -> None:
    """Lay a colour over the canvas by a quarter-size mask that begins at `corner`, only where it is not empty."""
    scale_y, scale_x = canvas.shape[0] / (canvas.shape[0] // 4 + 1), canvas.shape[1] / (canvas.shape[1] // 4 + 1)
    box = cv2.boundingRect(small)
    if box[2] == 0:
        return
    x0, y0 = int((corner[0] + box[0]) * scale_x), int((corner[1] + box[1]) * scale_y)
    x1, y1 = int((corner[0] + box[0] + box[2]) * scale_x), int((corner[1] + box[1] + box[3]) * scale_y)
    part = np.ascontiguousarray(canvas[y0:y1, x0:x1])
    if not part.size:
        return
    mask = cv2.resize(small[box[1] : box[1] + box[3], box[0] : box[0] + box[2]], (x1 - x0, y1 - y0))
    weight = mask.astype(np.float32) * np.float32(1 / 255)
    over = np.full_like(part, vector(colour).astype(np.uint8))
    canvas[y0:y1, x0:x1] = cv2.blendLinear(over, part, weight, 1 - weight)


def _streaks(brush: Brush, at: Reals, moving: Reals, age: Reals, seed: Reals) -> None:
    """Crystals, each drawn along the way it goes while the shutter is open."""
    if not len(at):
        return
    head, depth = brush.view.project(at)
    tail, _ = brush.view.project(at - moving * (0.35 / 24))
    fine = seed < 0.75
    for low, high in ((0.0, 0.35), (0.35, 1.0)):
        chosen = fine & (depth > 0.4) & (age / LIFE >= low) & (age / LIFE < high)
        if chosen.any():
            lines = listed(fixed(np.stack([head[chosen], tail[chosen]], 1)))
            size = max(1, round(0.014 * brush.view.scale / float(np.median(depth[chosen]))))
            tone = mix(brush.palette.light, brush.palette.shade, 0.0 if low == 0 else 0.3)
            cv2.polylines(brush.canvas, lines, False, tone, min(size, 5), cv2.LINE_AA, 4)


FALL: Final = {Weather.CLEAR: 0.0, Weather.SNOWFALL: 1.0, Weather.STORM: 1.9}


def draw_snowfall(canvas: np.ndarray, view: View, before: View, time: float, weather: Weather, colour: Colour) -> None:
    """Flakes in three depths in a box that repeats about the lens, streaked by wind and the camera's own motion."""
    amount = FALL[weather]
    if amount == 0:
        return
    wind = np.array([3.2, 1.0, -1.5], np.float32) * (1 + 0.9 * (amount - 1))
    for size, count, flake in ((7.0, 110, 0.0045), (20.0, 480, 0.010), (46.0, 900, 0.017)):
        _flakes(canvas, (view, before), time, wind, (size, int(count * amount), flake), colour)


def _flakes(
    canvas: np.ndarray,
    views: tuple[View, View],
    time: float,
    wind: Reals,
    box: tuple[float, int, float],
    colour: Colour,
) -> None:
    size, count, flake = box
    view, before = views
    home, phase, ease = _flock(count, size)
    sway = 0.25 * np.sin(time * 1.7 + phase) * np.array([1, 0.6, 0], np.float32)
    drift = home + wind * ease * np.float32(time) + sway
    place = view.eye + (drift - view.eye + size / 2) % size - size / 2
    head, depth = view.project(place)
    tail, behind = before.project(place - wind * (0.5 / 24))
    tail = head + (tail - head) * 0.55
    good = (depth > 0.5) & (behind > 0.4) & (np.abs(head - tail).sum(axis=1) < canvas.shape[0] * 0.25)
    good &= (head[:, 0] > -20) & (head[:, 0] < view.width + 20) & (head[:, 1] > -20) & (head[:, 1] < view.height + 20)
    breadth = np.clip(np.rint(flake * 2 * view.scale / np.maximum(depth, 0.5)), 1, 4)
    if size < 10:
        _soft_flakes(canvas, head[good], tail[good], breadth[good], colour)
        return
    for thick in np.unique(breadth[good]).tolist():
        lines = listed(fixed(np.stack([head, tail], 1)[good & (breadth == thick)]))
        cv2.polylines(canvas, lines, False, colour, int(thick), cv2.LINE_AA, 4)


@lru_cache(maxsize=16)
def _flock(count: int, size: float) -> tuple[Reals, Reals, Reals]:
    """Where so many flakes begin in their box (C, 3), how they sway and how the wind takes them (C, 1)."""
    number = np.arange(count)
    home = np.stack([hashed(number, int(size) + salt) for salt in (1, 2, 3)], -1) * size
    return home, hashed(number, 9)[:, None] * 40, 0.75 + 0.5 * hashed(number, 10)[:, None]


def _soft_flakes(canvas: np.ndarray, head: Reals, tail: Reals, breadth: Reals, colour: Colour) -> None:
    """The nearest flakes are out of focus."""
    height, width = canvas.shape[:2]
    layer = np.zeros((height // 4 + 1, width // 4 + 1), np.uint8)
    for pair, size in zip(np.stack([head, tail], 1) / 4, breadth.tolist(), strict=True):
        cv2.polylines(layer, [fixed(pair)], False, 110, max(1, round(size * 0.6)), cv2.LINE_AA, 4)
    lay(canvas, cv2.GaussianBlur(layer, (0, 0), max(0.8, height / 620)), colour)
