"""What gliding leaves behind: ruts of earlier runs, and the fresh line of whoever passes now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.noise import rng
from backends.animatic.draw.palette import mix
from backends.animatic.draw.view import runs
from backends.animatic.scene import RATE, GearKind

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.terrain import Ground
    from backends.animatic.scene import Actor, Performance

RUNNERS = {GearKind.SKI: 1, GearKind.BOARD: 1, GearKind.BLADE: 0}
"""Gear that leaves a line, and which of its points does."""
LASTING = 5.0
"""Seconds for which a fresh line is drawn."""


def ruts_of(performance: Performance, seed: int) -> list[Reals]:
    """Lines (P, 3) a little beside the athlete's own, wherever the run touches the ground."""
    athlete = performance.actors[0]
    path, spray = athlete.contact[::8], athlete.spray[::8]
    chance = rng(seed, 44)
    found: list[Reals] = []
    for _ in range(5):
        drift = np.cumsum(chance.normal(0, 0.05, (len(path), 2)), axis=0) + chance.normal(0, 0.5, 2)
        moved = path.copy()
        moved[:, :2] += drift * 0.8
        found += [piece for piece in _stretches(moved, spray > 0.12) if len(piece) > 3]
    return found


def _stretches(path: Reals, kept: np.ndarray) -> list[Reals]:
    return [path[first:last] for first, last in runs(kept)]


def draw_tracks(brush: Brush, actor: Actor, ground: Ground, ice: bool) -> None:
    """The lines that skis, boards and blades have just cut."""
    last = min(int(brush.time * RATE), len(actor.joints) - 1)
    first = max(0, last - int(LASTING * RATE))
    if last - first < 8:
        return
    for gear in actor.gear:
        if gear.kind not in RUNNERS:
            continue
        path = gear.points[first : last + 1 : 8, RUNNERS[gear.kind]].copy()
        relief = ground.relief(path[:, 0], path[:, 1])
        down = path[:, 2] - relief[:, 0] < 0.16
        path[:, 2] = relief[:, 0] + 0.005
        breadth = 0.10 if gear.kind is GearKind.SKI else 0.2
        if ice:
            _cut(brush, path, down)
        else:
            _ribbon(brush, path, down, breadth)


def _cut(brush: Brush, path: Reals, down: np.ndarray) -> None:
    """A blade's fine line in the ice."""
    colour = mix(brush.palette.light, (255, 255, 255), 0.6)
    for piece in _stretches(path, down):
        if len(piece) > 1:
            brush.stroke(piece, colour, 0.015)


def _ribbon(brush: Brush, path: Reals, down: np.ndarray, breadth: float) -> None:
    way = np.gradient(path, axis=0)
    across = np.stack([way[:, 1], -way[:, 0], np.zeros(len(way))], -1)
    across = (across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-5) * breadth / 2).astype(np.float32)
    touching = down[:-1] & down[1:] & (np.linalg.norm(np.diff(path, axis=0), axis=1) > 0.005)
    if not touching.any():
        return
    left, right = path - across, path + across
    palette = brush.palette
    for first, last in runs(touching):
        stretch = slice(first, last + 1)
        brush.band(right[stretch], right[stretch] + across[stretch], mix(palette.light, (255, 255, 255), 0.5))
        brush.band(left[stretch], right[stretch], mix(palette.shade, palette.light, 0.25))
