"""Everything made of flat upright pieces (fences, boards, walls) and paint, as quads computed once a film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.brush import SIGHT, fixed
from backends.animatic.draw.palette import Colour, Palette, mix
from backends.animatic.draw.things import UP, WHITE, beside, hue_of, ribbon
from backends.animatic.draw.view import NEAR
from backends.animatic.scene import Furniture, FurnitureKind, Stage

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush

LOOMING: Final = 0.6
TALL: Final = 0.45
"""Panels nearer than so much of the athlete's distance, where a metre fills so much of the frame, are a wall before the
lens; the operator would have stepped over it."""
Batch = tuple[Reals, list[Colour]]
"""Quads (Q, 4, 3) and the colours they wear by turns."""


@dataclass(frozen=True, slots=True)
class Panels:
    """Quads (Q, 4, 3), a colour for each, and its layer: of quads in one place the higher is drawn later."""

    quads: Reals
    colours: list[Colour]
    layer: Reals


@dataclass(frozen=True, slots=True)
class Panel:
    """One quad ready for the canvas: its corners in sixteenths of pixels, or in the world where it meets the lens."""

    corners: np.ndarray | None
    world: Reals
    colour: Colour
    depth: float


def bands(points: Reals, low: float, high: float) -> Reals:
    """Upright quads (P - 1, 4, 3) along a line of feet between two heights."""
    a, b = points[:-1], points[1:]
    return np.stack([a + UP * low, b + UP * low, b + UP * high, a + UP * high], 1).astype(np.float32)


def standing(stage: Stage, palette: Palette) -> Panels:
    """All upright panels of a stage."""
    batches: list[list[Batch]] = [
        MAKERS[thing.kind](thing, palette) for thing in stage.furniture if thing.kind in MAKERS
    ]
    return _gathered(batches)


def lying(stage: Stage, palette: Palette) -> Panels:
    """All paint on the ground of a stage: lines, lips, the in-run's track."""
    batches: list[list[Batch]] = []
    for thing in stage.furniture:
        tone = mix(hue_of(palette, thing.hue), palette.light, 0.2)
        if thing.kind is FurnitureKind.LINE:
            batches.append([(ribbon(thing.points, 0.12), [tone])])
        elif thing.kind is FurnitureKind.LIP:
            batches.append([(ribbon(thing.points, 0.16), [tone])])
        elif thing.kind is FurnitureKind.TOWER:
            track = [
                (ribbon(thing.points, 0.13, aside), [mix(palette.shade, palette.near, 0.2)]) for aside in (-0.16, 0.16)
            ]
            batches.append([(ribbon(thing.points, 3.7), [mix(palette.light, palette.shade, 0.12)]), *track])
    return _gathered(batches)


def _gathered(batches: list[list[Batch]]) -> Panels:
    quads: list[Reals] = [np.zeros((0, 4, 3), np.float32)]
    colours: list[Colour] = []
    layers: list[float] = []
    for batch in batches:
        for layer, (part, tones) in enumerate(batch):
            quads.append(part)
            colours += [tones[index % len(tones)] for index in range(len(part))]
            layers += [float(layer)] * len(part)
    return Panels(np.concatenate(quads), colours, np.array(layers, np.float32))


def _fence(thing: Furniture, palette: Palette) -> list[Batch]:
    points, net = thing.points, hue_of(palette, thing.hue)
    side = np.diff(points, axis=0)
    side = side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6) * 0.03
    foot = points[:-1]
    posts = np.stack([foot - side, foot + side, foot + side + UP * 1.12, foot - side + UP * 1.12], 1).astype(np.float32)
    return [
        (bands(points, 0.15, 1.0), [mix(net, palette.shade, 0.35)]),
        (bands(points, 0.64, 0.72), [mix(net, WHITE, 0.35)]),
        (bands(points, 0.97, 1.04), [mix(net, palette.dark, 0.35)]),
        (posts, [mix(palette.dark, WHITE, 0.15)]),
    ]


def _boards(thing: Furniture, palette: Palette) -> list[Batch]:
    points = thing.points
    a, way = points[:-1], np.diff(points, axis=0)
    c, d = a + way * 0.06, a + way * 0.94
    blocks = np.stack([c + UP * 0.34, d + UP * 0.34, d + UP * 0.9, c + UP * 0.9], 1).astype(np.float32)
    number = np.arange(len(blocks))
    white = mix(WHITE, palette.shade, 0.14)
    tones = [white if n % 4 == 3 else (palette.third, palette.suit, palette.dark)[n // 4 % 3] for n in number.tolist()]
    return [
        (bands(points, 0.0, 1.1), [white, mix(WHITE, palette.shade, 0.2)]),
        (bands(points, 0.0, 0.2), [palette.trim]),
        (blocks, tones),
        (bands(points, 1.04, 1.12), [palette.third]),
    ]


def _walls(thing: Furniture, palette: Palette) -> list[Batch]:
    found: list[Batch] = []
    for aside, tone in ((-1.9, mix(palette.near, palette.dark, 0.3)), (1.9, mix(palette.near, palette.shade, 0.4))):
        line = beside(thing.points, aside)
        found += [(bands(line, -0.5, 0.2), [tone]), (bands(line, 0.16, 0.26), [palette.trim])]
    return found


MAKERS = {FurnitureKind.FENCE: _fence, FurnitureKind.BOARDS: _boards, FurnitureKind.TOWER: _walls}
ELSEWHERE: Final = {
    FurnitureKind.LINE, FurnitureKind.HOUSE, FurnitureKind.LIP, FurnitureKind.CHANNEL, FurnitureKind.TREE, *MAKERS,
}  # fmt: skip
"""Furniture that is drawn with the ground or as panels."""


def shown(panels: Panels, brush: Brush, body: tuple[Reals, Reals, float]) -> list[Panel]:
    """The panels in the frame, without those between the lens and the athlete's `body` (low and high corner in pixels,
    depth), cut where nearer ground hides them."""
    if not len(panels.quads):
        return []
    view = brush.view
    local = view.local(panels.quads)
    depth = local[..., 2].mean(axis=1)
    near = np.flatnonzero((local[..., 2].max(axis=1) > NEAR) & (depth < SIGHT))
    local, depth = local[near], depth[near]
    pixels = view.screen(local)
    low, high = pixels.min(axis=1), pixels.max(axis=1)
    whole = local[..., 2].min(axis=1) > NEAR
    inside = (high[:, 0] > 0) & (high[:, 1] > 0) & (low[:, 0] < view.width) & (low[:, 1] < view.height)
    metre = view.scale / np.maximum(depth, NEAR)
    looming = (depth < body[2] * LOOMING) & (metre > view.height * TALL)
    before = looming | (depth < body[2]) & (_meets(pixels, body[0], body[1]) | ~whole)
    chosen = np.flatnonzero((inside | ~whole) & ~before)
    pixels = pixels[chosen]
    pixels[..., 1] = np.minimum(pixels[..., 1], _covers(brush, panels.quads[near[chosen]]))
    corners = fixed(pixels)
    found: list[Panel] = []
    for place, index in enumerate(chosen.tolist()):
        number = int(near[index])
        away = float(depth[index])
        colour = brush.aired(panels.colours[number], away)
        ready = corners[place] if whole[index] else None
        found.append(Panel(ready, panels.quads[number], colour, away - 0.02 * float(panels.layer[number])))
    return found


def _meets(quads: Reals, low: Reals, high: Reals) -> np.ndarray:
    """Which upright quads (Q, 4, 2) on screen meet the box from `low` to `high`: by their slanting edges, not by the
    boxes around them."""
    left, right = np.maximum(quads[..., 0].min(axis=1), low[0]), np.minimum(quads[..., 0].max(axis=1), high[0])
    rows: list[Reals] = []
    for first, last in ((0, 1), (3, 2)):
        a, b = quads[:, first], quads[:, last]
        broad = b[:, 0] - a[:, 0]
        climb = (b[:, 1] - a[:, 1]) / np.where(np.abs(broad) < 1e-3, np.float32(1e9), broad)
        least, most = np.minimum(a[:, 0], b[:, 0]), np.maximum(a[:, 0], b[:, 0])
        rows += [a[:, 1] + climb * (np.clip(side, least, most) - a[:, 0]) for side in (left, right)]
        rows.append(np.where(np.abs(broad) < 1e-3, b[:, 1], rows[-1]))
    return (left < right) & (np.minimum.reduce(rows) < high[1]) & (np.maximum.reduce(rows) > low[1])


def _covers(brush: Brush, quads: Reals) -> Reals:
    """The screen row (Q, 4) below which nearer ground hides each corner: one for each upright end of a quad, so that
    neighbours along a line are cut alike where they meet."""
    ends = np.stack([quads[:, [0, 3]], quads[:, [1, 2]]], 1).mean(axis=2)
    return brush.sight.cover(ends.reshape(-1, 3)).reshape(-1, 2)[:, [0, 1, 1, 0]]


def draw_panel(brush: Brush, panel: Panel) -> None:
    """Fill one panel."""
    if panel.corners is not None:
        brush.put([panel.corners], panel.colour)
    else:
        brush.flat(panel.world, panel.colour)
