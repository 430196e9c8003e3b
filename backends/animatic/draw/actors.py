"""The cast of one frame: poses in world time, their bodies and gear on the canvas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw import equipment
from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.body import Buffer, Cloth, Lamp, Limb, splat
from backends.animatic.draw.figure import Part, Pose, wardrobe
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
    if scenery.mesh is None and not scenery.hall:
        _hide(frame, buffer)
    colours = scenery.style.shade(buffer, cloth, lamp, frame)
    if number == 0 and scenery.portrait is not None:
        _decal(colours, buffer, scenery.portrait.crop)
    core = buffer.core()
    away = float(buffer.depth[core].mean()) if core.any() else 10.0
    veil = scenery.paint.air_before(away) * 0.7
    if veil > 0:
        colours *= np.float32(1 - veil)
        colours += (scenery.paint.haze.astype(np.float32) * np.float32(veil))[:, None]
    paste(frame, buffer, colours)
    frame.bodies.append((buffer, limbs, actor.role))


def _decal(colours: Reals, buffer: Buffer, crop: np.ndarray) -> None:
    """The member's picture on the helmet, where it faces the lens, with the light kept."""
    on = np.flatnonzero(buffer.part == Part.HELMET)
    if len(on) < 30:
        return
    side = crop.shape[0] - 1
    u, v = np.clip((buffer.normal[:2, on] * 0.62 + 0.5) * side, 0, side).astype(int)
    light = colours[:, on].mean(axis=0) / max(float(colours[:, on].mean()), 1)
    colours[:, on] = np.clip(crop[v, u].T.astype(np.float32) * np.clip(0.45 + 0.6 * light, 0.4, 1.15), 0, 255)


def _hide(frame: Frame, buffer: Buffer) -> None:
    """Take away what lies behind nearer ground: the wall of a channel, a crest."""
    sight = frame.sight
    rows, columns = buffer.cover.shape
    scale_x, scale_y = sight.distance.shape[1] / frame.image.shape[1], sight.distance.shape[0] / frame.image.shape[0]
    move = np.array([
        (scale_x * buffer.pixel, 0, (buffer.left + 0.5 * buffer.pixel) * scale_x - 0.5),
        (0, scale_y * buffer.pixel, (buffer.top + 0.5 * buffer.pixel) * scale_y - 0.5),
    ])  # fmt: skip
    ground = np.where(sight.seen, sight.distance, np.float32(1e5))
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    before = cv2.warpAffine(ground, move, (columns, rows), flags=how, borderMode=cv2.BORDER_REPLICATE)
    hidden = buffer.depth > before.ravel()[buffer.at] * np.float32(1.02) + np.float32(0.35)
    buffer.cover.ravel()[buffer.at[hidden]] = 0


def paste(frame: Frame, buffer: Buffer, colours: Reals, marked: bool = True) -> None:
    """Lay a body's colours (3, K) over the frame and mark it in the mask."""
    height, width = frame.image.shape[:2]
    rows, columns = buffer.cover.shape
    size = (round(columns * buffer.pixel), round(rows * buffer.pixel))
    x1, y1 = min(width, buffer.left + size[0]), min(height, buffer.top + size[1])
    if x1 <= buffer.left or y1 <= buffer.top:
        return
    how = cv2.INTER_AREA if buffer.pixel < 1 else cv2.INTER_LINEAR
    picture = cv2.merge([buffer.spread(channel) for channel in colours.astype(np.uint8)])
    alpha = cv2.convertScaleAbs(buffer.cover, alpha=255)
    if size != (columns, rows):
        picture, alpha = cv2.resize(picture, size, interpolation=how), cv2.resize(alpha, size, interpolation=how)
    window = (slice(buffer.top, y1), slice(buffer.left, x1))
    part, mask = frame.image[window], frame.mask[window]
    picture, alpha = picture[: part.shape[0], : part.shape[1]], alpha[: part.shape[0], : part.shape[1]]
    if marked:
        _lay(part, picture, alpha)
        np.maximum(mask, alpha, out=mask)
    else:
        weight = alpha.astype(np.float32) * np.float32(1 / 255)
        frame.image[window] = cv2.blendLinear(np.ascontiguousarray(picture), part.copy(), weight, 1 - weight)


def _lay(part: np.ndarray, picture: np.ndarray, alpha: np.ndarray) -> None:
    """Lay a picture over a part of the frame: whole pixels are copied, only the edge is mixed."""
    cv2.copyTo(picture, cv2.inRange(alpha, np.array(255), np.array(255)), part)
    edge = np.nonzero(alpha - np.uint8(1) < 254)
    weight = alpha[edge].astype(np.float32)[:, None] * np.float32(1 / 255)
    below = part[edge].astype(np.float32)
    below += (picture[edge] - below) * weight
    part[edge] = np.rint(below).astype(np.uint8)


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
    paste(frame, replace(buffer, cover=cv2.GaussianBlur(buffer.cover, (0, 0), 0.9) * 0.26), colours, marked=False)


def icy(frame: Frame) -> bool:
    """Whether the scene's ground mirrors."""
    return frame.scenery.performance.stage.material is Material.ICE
