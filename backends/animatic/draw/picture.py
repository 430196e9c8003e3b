"""One frame from back to front: sky, ranges, ground, shadows, paint, everything that stands, the air, the lens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw import air, lens, trees
from backends.animatic.draw.actors import between, cast, draw_reflections, icy
from backends.animatic.draw.arrays import band, grown, mixed, shared
from backends.animatic.draw.body import Lamp
from backends.animatic.draw.brush import Brush, fixed
from backends.animatic.draw.channel import draw_channel
from backends.animatic.draw.figure import tinted
from backends.animatic.draw.hall import draw_roof, gloss
from backends.animatic.draw.palette import mix
from backends.animatic.draw.shadows import cast_body, cast_things, cast_trees, remaining
from backends.animatic.draw.staging import draw_item, standing
from backends.animatic.draw.styles.base import Frame
from backends.animatic.draw.terrain import look
from backends.animatic.draw.things import draw_house
from backends.animatic.draw.tracks import draw_tracks
from backends.animatic.draw.view import View, view_of
from backends.animatic.scene import FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.draw.scenery import Scenery
    from backends.animatic.draw.terrain import Sight
    from backends.animatic.scene import Performance, Shot

RAYS: Final = 60
"""Rows of the coarse grid on which rays are followed to the ground."""


def moment(performance: Performance, clip: float, fps: float) -> tuple[Shot, int, float]:
    """The shot at a clip time, its frame's number, and the world time it shows."""
    shot = next((shot for shot in performance.shots if shot.begin <= clip + 1e-6 < shot.end), performance.shots[-1])
    within = min(max(round((clip - shot.begin) * fps), 0), len(shot.eye) - 1)
    part = (clip - shot.begin) / max(shot.end - shot.begin, 1e-6)
    return shot, within, shot.since + (shot.until - shot.since) * part


def draw(scenery: Scenery, index: int) -> np.ndarray:
    """Frame `index` of the film without words: (height, width, 3)."""
    frame = background(scenery, index)
    foreground(frame)
    return scenery.style.finish(frame)


def background(scenery: Scenery, index: int) -> Frame:
    """Everything behind the things that stand, blurred by the camera's motion."""
    brief = scenery.brief
    width, height = brief.width, brief.height
    clip = index / brief.fps
    shot, within, world = moment(scenery.performance, clip, brief.fps)
    view = view_of(shot, within, width, height)
    before = view_of(shot, max(within - 1, 0), width, height) if within else _earlier(shot, width, height)
    sight = look(scenery.paint.ground, view, round(RAYS * width / height), RAYS)
    half = (width // 2, height // 2)
    image = _afar(scenery, sight, half)
    ground = scenery.paint.paint(sight, *half)
    frame = Frame(
        scenery, index, clip, world, shot, within, view, before, sight, image, np.zeros((height, width), np.uint8)
    )
    frame.trees, _ = trees.visible(scenery.forest, _brush(frame))
    if scenery.mesh is not None:
        clear = replace(scenery.paint, thickness=0.0)
        draw_channel(replace(_brush(frame), canvas=ground, view=_shrunk(view, 2), paint=clear), scenery.mesh)
    if icy(frame) and scenery.hall:
        _polish(ground, frame)
    if scenery.style.detail:
        scenery.paint.detail(ground, sight)
    _light(ground, frame)
    frame.image = _joined(ground, image, frame, half)
    frame.image = _blurred(frame)
    scenery.style.behind(frame)
    frame.image = cv2.resize(frame.image, (width, height), interpolation=cv2.INTER_LINEAR)
    return frame


def _afar(scenery: Scenery, sight: Sight, size: tuple[int, int]) -> np.ndarray:
    """Sky and walls (half a frame), only where any of it is seen."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    open_ = band(~sight.seen, size[1])
    if open_ is None:
        return image
    walls = [(wall, wall.seen(sight.view, image)) for wall in scenery.walls]
    thin = band(np.logical_and.reduce([seen.thin for _, seen in walls]), size[1])
    if rows := shared(thin, open_):
        scenery.sky.paint(image, sight.view, rows)
    for wall, seen in walls:
        if rows := shared(band(seen.there, size[1]), open_):
            wall.paint(image, seen, rows)
    return image


def _earlier(shot: Shot, width: int, height: int) -> View:
    """The camera one frame before a shot's first, had it been moving."""
    first = view_of(shot, 0, width, height)
    if len(shot.eye) < 2:
        return first
    return replace(first, eye=(2 * shot.eye[0] - shot.eye[1]).astype(np.float32))


def _shrunk(view: View, by: int) -> View:
    return replace(view, scale=view.scale / by, width=view.width // by, height=view.height // by)


def _joined(ground: np.ndarray, image: np.ndarray, frame: Frame, size: tuple[int, int]) -> np.ndarray:
    """Ground below its skyline, sky above."""
    seen = frame.sight.seen
    if bool(seen.all()):
        return ground
    mask = _below(frame, size)
    first, last = np.flatnonzero(mask.max(axis=1) == 0), np.flatnonzero(mask.min(axis=1) < 255)
    first, last = int(first[-1]) + 1 if len(first) else 0, int(last[-1]) + 1 if len(last) else 0
    mixed(ground[first:last], image[first:last], mask[first:last])
    image[last:] = ground[last:]
    return image


def _below(frame: Frame, size: tuple[int, int]) -> np.ndarray:
    """A mask (half a frame), 255 where there is ground."""
    view = _shrunk(frame.view, 2)
    if abs(float(frame.view.basis[2, 2])) >= 0.85:
        return cv2.resize(frame.sight.seen.astype(np.uint8) * 255, size, interpolation=cv2.INTER_LINEAR)
    mask = np.zeros(size[::-1], np.uint8)
    down = np.array([0, size[1] * 3], np.float32)
    for line in view.line(frame.sight.horizon()):
        cv2.fillPoly(mask, [fixed(np.concatenate([line, line[::-1] + down]))], 255, cv2.LINE_AA, 4)
    return mask


def _blurred(frame: Frame) -> np.ndarray:
    """Blur the background along the way it moves over the picture."""
    strength = frame.scenery.style.blur
    if strength == 0:
        return frame.image
    athlete = frame.scenery.performance.actors[0]
    place = between(athlete.joints, frame.world)[0] + frame.view.basis[2] * 14
    return lens.smear(frame.image, lens.drift(frame.view, frame.before, place) * (0.5 * 0.5 * strength))


def _polish(ground: np.ndarray, frame: Frame) -> None:
    """Lamplight mirrored in the ice."""
    scenery, sight = frame.scenery, frame.sight
    shine = gloss(scenery.performance.stage, scenery.lamps, sight.view.eye, sight.rays, sight.x, sight.y)
    light = cv2.resize(
        (shine * 95).astype(np.uint8), (ground.shape[1], ground.shape[0]), interpolation=cv2.INTER_LINEAR
    )
    cv2.add(ground, cv2.cvtColor(light, cv2.COLOR_GRAY2BGR), ground)


def _light(ground: np.ndarray, frame: Frame) -> None:
    """Air and soft shadows over the ground; at a quarter of the frame's size, as neither has a sharp edge."""
    scenery = frame.scenery
    rows = band(grown(frame.sight.seen), len(ground))
    if rows is None:
        return
    lit = scenery.paint.light(frame.sight, ground.shape[1] // 2, ground.shape[0] // 2)
    if scenery.style.shadows:
        # Drawing small and growing again softens by a pixel of the ground already.
        soft = max(0.0, (len(ground) / 280) ** 2 - 1) ** 0.5 / 2
        lit.shaded(remaining(_shadows(frame, lit.keep.shape[:2]), scenery.palette, soft))
    lit.over(ground, rows)


def _shadows(frame: Frame, size: tuple[int, int]) -> np.ndarray:
    """A mask of all shadows on the ground, of a size (rows, columns)."""
    scenery = frame.scenery
    mask, view = np.zeros(size, np.uint8), _shrunk(frame.view, 4)
    if not scenery.hall:
        cast_things(mask, view, scenery.shades)
        cast_trees(mask, view, scenery.tree_shades[frame.trees[-110:]])
    everybody = [limb for _, _, limbs in cast(frame) for limb in limbs]
    cast_body(mask, view, everybody, scenery.paint.ground, scenery.light)
    return mask


def _brush(frame: Frame) -> Brush:
    scenery = frame.scenery
    ink = scenery.style.ink(scenery.palette)
    breadth = max(1, round(frame.height / 720 * 2))
    return Brush(
        frame.image,
        frame.view,
        frame.sight,
        scenery.paint,
        scenery.palette,
        frame.world,
        ink,
        breadth,
        scenery.style.hologram,
    )


def foreground(frame: Frame) -> None:
    """Paint on the ground, then all that stands, from far to near, then the air."""
    scenery = frame.scenery
    brush = _brush(frame)
    brush.flats(scenery.paintwork.quads, scenery.paintwork.colours, lying=True)
    for thing in scenery.performance.stage.furniture:
        if thing.kind is FurnitureKind.HOUSE:
            draw_house(brush, thing)
    draw_tracks(brush, scenery.performance.actors, scenery.paint.ground, icy(frame))
    if scenery.hall:
        draw_roof(brush, scenery.performance.stage, scenery.lamps)
    lamp = _lamp(frame)
    company = cast(frame)
    if icy(frame) and scenery.hall:
        draw_reflections(frame, company, lamp)
    for _, item in sorted(standing(frame, brush, company), key=lambda found: -found[0]):
        draw_item(frame, brush, item, lamp)
    colour = mix(scenery.palette.light, scenery.palette.horizon, 0.2)
    air.draw_snowfall(frame.image, frame.view, frame.before, frame.world, scenery.reading.weather, colour)


def _lamp(frame: Frame) -> Lamp:
    key, fill, rim = tinted(frame.scenery.palette, 1.06)
    return Lamp((frame.view.basis @ frame.scenery.light.toward).astype(np.float32), key, fill, rim)
