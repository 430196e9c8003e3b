"""The cast of one frame: poses in world time, their bodies and gear on the canvas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw import equipment
from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.body import Buffer, Cloth, Lamp, Limb, splat
from backends.animatic.draw.figure import Pose, wardrobe
from backends.animatic.draw.subjects import fur_of, limbs_for
from backends.animatic.scene import RATE, Actor, GearKind, Material

if TYPE_CHECKING:
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.styles.base import Frame

WHITE = (255.0, 255.0, 255.0)
"""Marks gear in the mask of bodies."""


def between(track: Reals, time: float) -> Reals:
    """A track sampled `RATE` times a second, at a time between samples."""
    place = min(max(time * RATE, 0.0), len(track) - 1.001)
    first = int(place)
    part = np.float32(place - first)
    return track[first] * (1 - part) + track[min(first + 1, len(track) - 1)] * part


def pose_of(actor: Actor, time: float) -> Pose:
    """The actor at a world time."""
    return Pose(between(actor.joints, time), between(actor.facing, time), between(actor.velocity, time), time)


def gear_of(actor: Actor, time: float) -> list[equipment.Held]:
    """The actor's gear at a world time."""
    return [(gear.kind, between(gear.points, time), between(gear.normal, time)) for gear in actor.gear]


def cast(frame: Frame) -> list[tuple[int, Actor, list[Limb]]]:
    """Number, actor and limbs of everybody, gear included."""
    found: list[tuple[int, Actor, list[Limb]]] = []
    for number, actor in enumerate(frame.scenery.performance.actors):
        pose = pose_of(actor, frame.world)
        subject = frame.scenery.reading.subject if number == 0 else None
        limbs = limbs_for(subject, pose, actor)
        for held in gear_of(actor, frame.world):
            limbs += equipment.limbs_of_gear(*held)
        found.append((number, actor, limbs))
    return found


def draw_actor(frame: Frame, brush: Brush, number: int, actor: Actor, limbs: list[Limb], lamp: Lamp) -> None:
    """Boards under the feet, then the lit body, hidden where the ground is nearer."""
    scenery = frame.scenery
    suit, trim, third = scenery.worn(number)
    marker = replace(brush, canvas=frame.mask, ink=None, hologram=False)
    for kind, points, normal in gear_of(actor, frame.world):
        if kind in equipment.BOARDS:
            equipment.draw_board(brush, kind, points, normal, (trim, third))
            equipment.draw_board(marker, kind, points, normal, (WHITE, WHITE))
        elif kind is GearKind.BLADE:
            equipment.draw_blade(brush, points, normal)
        elif kind is GearKind.PUCK:
            equipment.draw_puck(brush, points[0])
    buffer = splat(limbs, frame.view)
    if buffer is None:
        return
    cloth = wardrobe(suit, trim, third, scenery.palette, fur_of(scenery.reading.subject, number))
    colours = scenery.style.shade(buffer, cloth, lamp, frame)
    if number == 0 and scenery.portrait is not None:
        _decal(colours, buffer, scenery.portrait.crop)
    away = float(np.median(buffer.depth[buffer.cover > 0.5])) if (buffer.cover > 0.5).any() else 10.0
    veil = scenery.paint.air_before(away) * 0.7
    colours = colours * (1 - veil) + scenery.paint.haze.astype(np.float32) * veil
    if scenery.mesh is None and not scenery.hall:
        _hide(frame, buffer)
    paste(frame, buffer, colours)
    frame.bodies.append((buffer, limbs, actor.role))


def _decal(colours: Reals, buffer: Buffer, crop: np.ndarray) -> None:
    """The member's picture on the helmet, where it faces the lens, with the light kept."""
    from backends.animatic.draw.figure import Part

    on = buffer.part == Part.HELMET
    if int(on.sum()) < 30:
        return
    side = crop.shape[0] - 1
    u = np.clip((buffer.normal[..., 0][on] * 0.62 + 0.5) * side, 0, side).astype(int)
    v = np.clip((buffer.normal[..., 1][on] * 0.62 + 0.5) * side, 0, side).astype(int)
    light = colours[on].mean(axis=1, keepdims=True) / max(float(colours[on].mean()), 1)
    colours[on] = np.clip(crop[v, u].astype(np.float32) * np.clip(0.45 + 0.6 * light, 0.4, 1.15), 0, 255)


def _hide(frame: Frame, buffer: Buffer) -> None:
    """Take away what lies behind nearer ground: the wall of a channel, a crest."""
    sight = frame.sight
    rows, columns = buffer.cover.shape
    scale_x, scale_y = sight.distance.shape[1] / frame.image.shape[1], sight.distance.shape[0] / frame.image.shape[0]
    x = (buffer.left + (np.arange(columns, dtype=np.float32) + 0.5) * buffer.pixel) * scale_x - 0.5
    y = (buffer.top + (np.arange(rows, dtype=np.float32) + 0.5) * buffer.pixel) * scale_y - 0.5
    ground = np.where(sight.seen, sight.distance, np.float32(1e5))
    x, y = np.broadcast_to(x[None], (rows, columns)), np.broadcast_to(y[:, None], (rows, columns))
    before = cv2.remap(
        ground, np.ascontiguousarray(x), np.ascontiguousarray(y), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    slack = 0.35 + 0.02 * before
    buffer.cover[(buffer.depth > before + slack) & (buffer.depth < 1e8)] = 0


def paste(frame: Frame, buffer: Buffer, colours: Reals) -> None:
    """Lay a body's colours over the frame and mark it in the mask."""
    height, width = frame.image.shape[:2]
    rows, columns = buffer.cover.shape
    size = (round(columns * buffer.pixel), round(rows * buffer.pixel))
    x1, y1 = min(width, buffer.left + size[0]), min(height, buffer.top + size[1])
    if x1 <= buffer.left or y1 <= buffer.top:
        return
    how = cv2.INTER_AREA if buffer.pixel < 1 else cv2.INTER_LINEAR
    picture, alpha = colours.astype(np.uint8), buffer.cover
    if size != (columns, rows):
        picture, alpha = cv2.resize(picture, size, interpolation=how), cv2.resize(alpha, size, interpolation=how)
    window = (slice(buffer.top, y1), slice(buffer.left, x1))
    part = np.ascontiguousarray(frame.image[window])
    alpha = np.ascontiguousarray(alpha[: part.shape[0], : part.shape[1]])
    picture = np.ascontiguousarray(picture[: part.shape[0], : part.shape[1]])
    frame.image[window] = cv2.blendLinear(picture, part, alpha, 1 - alpha)
    np.maximum(frame.mask[window], (alpha * 255).astype(np.uint8), out=frame.mask[window])


def mirrored(limbs: list[Limb]) -> list[Limb]:
    """The limbs as still ice at height 0 mirrors them."""
    flip = np.array([1, 1, -1], np.float32)
    return [limb._replace(a=limb.a * flip, b=limb.b * flip) for limb in limbs]


def draw_reflection(frame: Frame, limbs: list[Limb], cloth: Cloth, lamp: Lamp) -> None:
    """A dim image of a body under the ice."""
    if float(frame.view.local(limbs[0].a)[2]) > 26:
        return
    buffer = splat(mirrored(limbs), frame.view, max(2.0, frame.height / 240))
    if buffer is None:
        return
    colours = frame.scenery.style.shade(buffer, cloth, lamp, frame)
    soft = Buffer(buffer.left, buffer.top, buffer.pixel, buffer.normal, buffer.part,
                  cv2.GaussianBlur(buffer.cover, (0, 0), 0.9) * 0.26, buffer.depth, buffer.along)  # fmt: skip
    mask = frame.mask.copy()
    paste(frame, soft, colours)
    frame.mask[:] = mask


def icy(frame: Frame) -> bool:
    """Whether the scene's ground mirrors."""
    return frame.scenery.performance.stage.material is Material.ICE
