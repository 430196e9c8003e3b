"""One frame from back to front: sky, ranges, ground, shadows, paint, everything that stands, the air, the lens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw import air, lens, things, trees
from backends.animatic.draw.actors import between, cast, draw_actor, draw_reflection, icy
from backends.animatic.draw.body import Cloth, Lamp, Limb
from backends.animatic.draw.brush import Brush, fixed
from backends.animatic.draw.crowd import draw_people, draw_stand
from backends.animatic.draw.figure import tinted, wardrobe
from backends.animatic.draw.hall import draw_roof, gloss
from backends.animatic.draw.palette import mix
from backends.animatic.draw.shadows import cast_body, cast_things, cast_trees, darken
from backends.animatic.draw.styles.base import Frame
from backends.animatic.draw.subjects import fur_of
from backends.animatic.draw.terrain import look
from backends.animatic.draw.view import View, view_of
from backends.animatic.scene import RATE, Actor, EventKind, Floats, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.draw.scenery import Scenery
    from backends.animatic.scene import Performance, Shot

Item = tuple[float, str, object]
"""Depth in metres, what it is, and the thing itself."""


def moment(performance: Performance, clip: float, fps: float) -> tuple[Shot, int, float]:
    """The shot at a clip time, its frame's number, and the world time it shows."""
    shot = next((shot for shot in performance.shots if shot.begin <= clip + 1e-6 < shot.end), performance.shots[-1])
    within = min(max(round((clip - shot.begin) * fps), 0), len(shot.eye) - 1)
    part = (clip - shot.begin) / max(shot.end - shot.begin, 1e-6)
    return shot, within, shot.since + (shot.until - shot.since) * part


def draw(scenery: Scenery, index: int) -> np.ndarray:
    """Frame `index` of the film without words: (height, width, 3)."""
    frame = background(scenery, index)
    scenery.style.behind(frame)
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
    sight = look(scenery.paint.ground, view, width // 8, height // 8)
    half = (width // 2, height // 2)
    image = scenery.sky.paint(view, sight.rays, *half)
    for wall in scenery.walls:
        image = _over(wall.paint(view, sight.rays, *half), image)
    ground = scenery.paint.paint(sight, *half)
    frame = Frame(
        scenery, index, clip, world, shot, within, view, before, sight, image, np.zeros((height, width), np.uint8)
    )
    if icy(frame) and scenery.hall:
        _polish(ground, frame)
    if scenery.style.shadows:
        _shadow(ground, frame)
    frame.image = _joined(ground, image, frame, half)
    frame.image = _blurred(frame)
    frame.image = cv2.resize(frame.image, (width, height), interpolation=cv2.INTER_LINEAR)
    return frame


def _earlier(shot: Shot, width: int, height: int) -> View:
    """The camera one frame before a shot's first, had it been moving."""
    first = view_of(shot, 0, width, height)
    if len(shot.eye) < 2:
        return first
    return replace(first, eye=(2 * shot.eye[0] - shot.eye[1]).astype(np.float32))


def _over(wall: np.ndarray, image: np.ndarray) -> np.ndarray:
    keep = cv2.cvtColor(cv2.bitwise_not(wall[..., 3]), cv2.COLOR_GRAY2BGR)
    return cv2.add(cv2.multiply(image, keep, scale=1 / 255), cv2.cvtColor(wall, cv2.COLOR_BGRA2BGR))


def _half(view: View) -> View:
    return replace(view, scale=view.scale / 2, width=view.width // 2, height=view.height // 2)


def _joined(ground: np.ndarray, image: np.ndarray, frame: Frame, size: tuple[int, int]) -> np.ndarray:
    """Ground below its skyline, sky above."""
    seen = frame.sight.seen
    if bool(seen.all()):
        return ground
    mask = cv2.resize(seen.astype(np.uint8) * 255, size, interpolation=cv2.INTER_LINEAR)
    view = _half(frame.view)
    if abs(float(frame.view.basis[2, 2])) < 0.85:
        mask[:] = 0
        down = np.array([0, size[1] * 3], np.float32)
        for line in view.line(frame.sight.horizon()):
            below = np.concatenate([line, line[::-1] + down])
            cv2.fillPoly(mask, [fixed(below)], 255, cv2.LINE_AA, 4)
    weight = mask.astype(np.float32) * (1 / 255)
    return cv2.blendLinear(ground, image, weight, 1 - weight)


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


def _shadow(ground: np.ndarray, frame: Frame) -> None:
    scenery = frame.scenery
    mask = np.zeros(ground.shape[:2], np.uint8)
    view, terrain, light = _half(frame.view), scenery.paint.ground, scenery.light
    if not scenery.hall:
        brush = _brush(frame)
        shown, _ = trees.visible(scenery.forest, brush)
        cast_trees(mask, view, scenery.forest, shown, terrain, light)
        cast_things(mask, view, scenery.performance.stage, terrain, light)
    for _, _, limbs in cast(frame):
        cast_body(mask, view, limbs, terrain, light)
    darken(ground, mask, scenery.palette, max(0.8, ground.shape[0] / 280))


def _brush(frame: Frame) -> Brush:
    scenery = frame.scenery
    return Brush(frame.image, frame.view, frame.sight, scenery.paint, scenery.palette, frame.world)


def foreground(frame: Frame) -> None:
    """Paint on the ground, then all that stands, from far to near, then the air."""
    scenery = frame.scenery
    brush = _brush(frame)
    for thing in scenery.performance.stage.furniture:
        if thing.kind in things.FLAT:
            things.draw_paint(brush, thing)
    if scenery.style.detail:
        scenery.paint.detail(frame.image, frame.sight)
    if scenery.hall:
        draw_roof(brush, scenery.performance.stage, scenery.lamps)
    lamp = _lamp(frame)
    company = cast(frame)
    if icy(frame) and scenery.hall:
        for number, _, limbs in company:
            draw_reflection(frame, limbs, _cloth(frame, number), lamp)
    for _, kind, thing in sorted(_standing(frame, brush, company), key=lambda item: -item[0]):
        _draw_item(frame, brush, kind, thing, lamp)
    colour = mix(scenery.palette.light, scenery.palette.horizon, 0.2)
    air.draw_snowfall(frame.image, frame.view, frame.before, frame.world, scenery.reading.weather, colour)


def _cloth(frame: Frame, number: int) -> Cloth:
    scenery = frame.scenery
    suit, trim, third = scenery.worn(number)
    return wardrobe(suit, trim, third, scenery.palette, fur_of(scenery.reading.subject, number))


def _lamp(frame: Frame) -> Lamp:
    key, fill, rim = tinted(frame.scenery.palette, np.float32(1.06))
    return Lamp((frame.view.basis @ frame.scenery.light.toward).astype(np.float32), key, fill, rim)


def _standing(frame: Frame, brush: Brush, company: list[tuple[int, Actor, list[Limb]]]) -> list[Item]:
    scenery, view = frame.scenery, frame.view
    found: list[Item] = []
    if len(scenery.forest.foot):
        shown, depth = trees.visible(scenery.forest, brush)
        cover = frame.sight.cover(scenery.forest.foot[shown])
        found += [(float(d), "tree", (int(i), float(c))) for i, d, c in zip(shown, depth, cover, strict=True)]
    for thing in scenery.performance.stage.furniture:
        if thing.kind not in things.FLAT and thing.kind is not FurnitureKind.TREE:
            found += _pieces(view, thing)
    for number, actor, limbs in company:
        depth = float(view.local(between(actor.joints, frame.world)[0])[2])
        found.append((depth - 0.3, "actor", (number, actor, limbs)))
        found.append((depth - 0.5, "spray", actor))
    return [item for item in found if item[0] > -30]


LONG = {FurnitureKind.FENCE, FurnitureKind.BOARDS, FurnitureKind.CHANNEL, FurnitureKind.TOWER}


def _pieces(view: View, thing: Furniture) -> list[Item]:
    """Long things in pieces of a few metres, so that they sort with what stands before and behind."""
    points = thing.points
    if thing.kind not in LONG or len(points) < 4:
        depth = view.local(points)[:, 2]
        return [(float(depth.mean()), thing.kind.value, thing)]
    size = max(2, len(points) // 24)
    found: list[Item] = []
    for first in range(0, len(points) - 1, size):
        piece = points[first : first + size + 1]
        depth = view.local(piece)[:, 2]
        if float(depth.max()) > 0:
            found.append((float(depth.mean()), thing.kind.value, Furniture(thing.kind, piece, thing.hue)))
    return found


def _draw_item(frame: Frame, brush: Brush, kind: str, thing: object, lamp: Lamp) -> None:
    if kind == "tree" and isinstance(thing, tuple):
        trees.draw_tree(brush, frame.scenery.forest, thing[0], frame.scenery.light, thing[1])
    elif kind == "actor" and isinstance(thing, tuple):
        place = between(thing[1].joints, frame.world)[:1]
        draw_actor(frame, brush, *thing, lamp, float(frame.sight.cover(place)[0]))
    elif kind == "spray" and isinstance(thing, Actor):
        air.draw_spray(brush, thing, icy(frame))
    elif isinstance(thing, Furniture):
        _furnish(frame, brush, thing)


def _furnish(frame: Frame, brush: Brush, thing: Furniture) -> None:
    scenery = frame.scenery
    cover = float(frame.sight.cover(thing.points.mean(axis=0)[None])[0])
    if thing.kind is FurnitureKind.GATE:
        things.draw_gate(brush, thing, _bend(frame, thing), cover)
    elif thing.kind is FurnitureKind.CROWD:
        draw_people(brush, thing.points, _excitement(frame, thing), 1e6)
    elif thing.kind is FurnitureKind.STAND:
        draw_stand(brush, thing, _excitement(frame, thing), cover)
    elif thing.kind is FurnitureKind.FLAG:
        things.draw_flag(brush, thing, cover, 1.0, (scenery.palette.suit, scenery.palette.trim))
    elif thing.kind is FurnitureKind.TARGETS:
        hits = [
            event
            for event in scenery.performance.events
            if event.kind is EventKind.TARGET and event.time <= frame.world
        ]
        things.draw_targets(brush, thing, cover, len(hits))
    elif thing.kind in things.DRAW:
        things.DRAW[thing.kind](brush, thing, cover)


def _bend(frame: Frame, thing: Furniture) -> Floats:
    """How a struck pole leans and swings back: from when the athlete passed within reach."""
    athlete = frame.scenery.performance.actors[0]
    track = athlete.joints[::6, 0]
    away = np.hypot(track[:, 0] - thing.points[0, 0], track[:, 1] - thing.points[0, 1])
    nearest = int(away.argmin())
    since = frame.world - nearest * 6 / RATE
    if float(away[nearest]) > 1.3 or since < 0 or since > 2.2:
        return np.zeros(3, np.float32)
    velocity = athlete.velocity[nearest * 6]
    ahead = velocity / max(float(np.linalg.norm(velocity)), 0.5)
    swing = np.exp(-2.4 * since) * np.cos(11 * since) * min(1.0, since * 14) * 1.1
    return (ahead * swing - np.array([0, 0, 0.45 * abs(swing)])).astype(np.float32)


def _excitement(frame: Frame, thing: Furniture) -> float:
    """The crowd rises when the athlete is near and after the decisive moment."""
    performance = frame.scenery.performance
    place = between(performance.actors[0].joints, frame.world)[0]
    away = float(np.linalg.norm(thing.points.mean(axis=0) - place))
    close = np.clip(1.2 - away / 45, 0, 0.8)
    done = np.clip((frame.world - performance.decisive) / 1.5, 0, 1) * 0.75
    return float(min(1.0, 0.12 + close + done))
