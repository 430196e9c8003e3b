"""What gliding leaves behind: ruts of earlier runs, and the fresh line of whoever passes now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
LENGTH: Final = 10
"""Stretches of a line that are filled as one shape."""


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


def draw_tracks(brush: Brush, actors: tuple[Actor, ...], ground: Ground, ice: bool) -> None:
    """The lines that skis, boards and blades have just cut."""
    paths: list[Reals] = []
    breadths: list[float] = []
    for actor in actors:
        last = min(int(brush.time * RATE), len(actor.joints) - 1)
        first = max(0, last - int(LASTING * RATE))
        for gear in actor.gear if last - first >= 8 else ():
            if gear.kind in RUNNERS:
                paths.append(gear.points[first : last + 1 : 8, RUNNERS[gear.kind]])
                breadths.append(0.10 if gear.kind is GearKind.SKI else 0.2)
    if not paths:
        return
    lengths = [len(path) for path in paths]
    path = np.concatenate(paths)
    z = ground.height(path[:, 0], path[:, 1])
    down = path[:, 2] - z < 0.16
    path[:, 2] = z + 0.005
    if ice:
        _cuts(brush, path, down, lengths)
    else:
        _ribbons(brush, path, down, lengths, np.repeat(breadths, lengths))


def _cuts(brush: Brush, path: Reals, down: np.ndarray, lengths: list[int]) -> None:
    """The fine lines of blades in the ice along paths that lie one after another in `path` (P, 3)."""
    touching = down[:-1] & down[1:]
    touching[np.cumsum(lengths)[:-1] - 1] = False
    ends = np.stack([path[:-1], path[1:]], 1)[touching]
    brush.hairlines(ends, mix(brush.palette.light, (255, 255, 255), 0.6), 0.015)


def _ribbons(brush: Brush, path: Reals, down: np.ndarray, lengths: list[int], breadth: Reals) -> None:
    """Sunken ribbons along paths that lie one after another in `path` (P, 3), with a bright rim."""
    end = np.cumsum(lengths)
    number = np.arange(len(path))
    after = np.minimum(number + 1, np.repeat(end, lengths) - 1)
    way = path[after] - path[np.maximum(number - 1, np.repeat(end - lengths, lengths))]
    size = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-5)
    across = np.stack([way[:, 1] / size, -way[:, 0] / size, np.zeros(len(way))], -1) * (breadth / 2)[:, None]
    across = across.astype(np.float32)
    touching = down & down[after] & (np.linalg.norm(path[after] - path, axis=1) > 0.005)
    pieces = np.array([
        (place, min(place + LENGTH, last) + 1)
        for first, last in runs(touching)
        for place in range(first, last, LENGTH)
    ])  # fmt: skip
    if not len(pieces):
        return
    left, right, palette = path - across, path + across, brush.palette
    brush.strips(right, right + across, pieces, mix(palette.light, (255, 255, 255), 0.5))
    brush.strips(left, right, pieces, mix(palette.shade, palette.light, 0.25))
