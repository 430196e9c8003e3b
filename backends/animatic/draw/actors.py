"""The cast of one frame: poses in world time, their bodies and gear on the canvas."""

from __future__ import annotations

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

LIMIT = (0.47, 300.0)
BESIDE = (0.42, 260.0)
"""The athlete, or anybody else, who is taller than this part of the frame and so many pixels is drawn smaller and
enlarged."""
TOGETHER = 4
"""Bodies whose limbs can all have names in one buffer."""
REFLECTED = 26.0
"""Metres from the lens within which ice mirrors a body."""


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
    """Number, actor and limbs of everybody, gear included; found once a frame."""
    if frame.company:
        return frame.company
    found: list[tuple[int, Actor, list[Limb]]] = []
    for number, actor in enumerate(frame.scenery.performance.actors):
        pose = pose_of(actor, frame.world)
        subject = frame.scenery.reading.subject if number == 0 else None
        pictured = number == 0 and frame.scenery.portrait is not None  # a helmet to wear the picture on
        limbs = limbs_for(subject, pose, actor.bare and not pictured)
        for held in gear_of(actor, frame.world):
            limbs += equipment.limbs_of_gear(*held)
        found.append((number, actor, limbs))
    frame.company = found
    return found


def draw_actor(frame: Frame, brush: Brush, number: int, actor: Actor, limbs: list[Limb], lamp: Lamp) -> None:
    """Boards under the feet, then the lit body, hidden where the ground is nearer."""
    scenery = frame.scenery
    _, trim, third = scenery.worn(number)
    for kind, points, normal in gear_of(actor, frame.world):
        if kind in equipment.BOARDS:
            equipment.draw_board(brush, frame.mask, kind, points, normal, (trim, third))
        elif kind is GearKind.BLADE:
            equipment.draw_blade(brush, points, normal)
        elif kind is GearKind.PUCK:
            equipment.draw_puck(brush, points[0])
    buffer = splat(limbs, frame.view, limit=_limit(frame, number))
    if buffer is None:
        return
    if scenery.mesh is None and not scenery.hall:
        _hide(frame, buffer)
    colours = scenery.style.shade(buffer, cloth_of(frame, number), lamp, frame)
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


def _limit(frame: Frame, number: int) -> float:
    part, least = LIMIT if number == 0 else BESIDE
    return max(part * frame.height, least)


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


def paste(frame: Frame, buffer: Buffer, colours: Reals) -> None:
    """Lay a body's colours (3, K) over the frame and mark it in the mask."""
    height, width = frame.image.shape[:2]
    alpha = cv2.convertScaleAbs(buffer.cover, alpha=255)
    picture, alpha = _enlarged(_picture(buffer, colours), alpha, buffer.pixel)
    window = (slice(buffer.top, min(height, buffer.top + len(alpha))),
              slice(buffer.left, min(width, buffer.left + alpha.shape[1])))  # fmt: skip
    part, mask = frame.image[window], frame.mask[window]
    alpha = alpha[: part.shape[0], : part.shape[1]]
    _lay(part, picture[: part.shape[0], : part.shape[1]], alpha)
    np.maximum(mask, alpha, out=mask)


def _picture(buffer: Buffer, colours: Reals) -> np.ndarray:
    """A body's colours (3, K) as a picture (h, w, 3), black elsewhere."""
    return cv2.merge([buffer.spread(channel) for channel in colours.astype(np.uint8)])


def _enlarged(picture: np.ndarray, alpha: np.ndarray, pixel: float) -> tuple[np.ndarray, np.ndarray]:
    """A picture and its cover 0..255 at the frame's own scale."""
    size = (round(alpha.shape[1] * pixel), round(alpha.shape[0] * pixel))
    if size == (alpha.shape[1], alpha.shape[0]):
        return picture, alpha
    how = cv2.INTER_AREA if pixel < 1 else cv2.INTER_LINEAR
    return cv2.resize(picture, size, interpolation=how), cv2.resize(alpha, size, interpolation=how)


def _lay(part: np.ndarray, picture: np.ndarray, alpha: np.ndarray) -> None:
    """Lay a picture over a part of the frame, as far as it covers (0..255)."""
    over = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
    below = cv2.multiply(part, cv2.bitwise_not(over), scale=1 / 255)
    cv2.add(below, cv2.multiply(picture, over, scale=1 / 255), part)


def draw_reflections(frame: Frame, company: list[tuple[int, Actor, list[Limb]]], lamp: Lamp) -> None:
    """Dim images of bodies under still ice of height 0, several in one buffer, without what is too thin to be seen."""
    coarse = max(2.0, frame.height / 140)
    near: list[tuple[int, list[Limb]]] = []
    for number, _, limbs in company:
        depth = float(frame.view.local(limbs[0].a)[2])
        least = 0.7 * coarse * depth / frame.view.scale
        if depth <= REFLECTED:
            near.append((number, [limb for limb in limbs if max(limb.ra, limb.rb) > least]))
    for first in range(0, len(near), TOGETHER):
        _mirror(frame, near[first : first + TOGETHER], coarse, lamp)


def _mirror(frame: Frame, near: list[tuple[int, list[Limb]]], coarse: float, lamp: Lamp) -> None:
    buffer = splat([limb for _, limbs in near for limb in limbs], frame.view, coarse, mirrored=True)
    if buffer is None:
        return
    colours = np.empty(buffer.normal.shape, np.float32)
    first = 0
    for number, limbs in near:
        chosen = np.flatnonzero((buffer.limb >= first) & (buffer.limb < first + len(limbs)))
        first += len(limbs)
        if len(chosen):
            colours[:, chosen] = frame.scenery.style.shade(buffer.only(chosen), cloth_of(frame, number), lamp, frame)
    _sink(frame, buffer, colours)


def _sink(frame: Frame, buffer: Buffer, colours: Reals) -> None:
    """Lay mirrored bodies softly and dimly over the frame, each stretch of columns that holds any by itself."""
    picture, cover = _picture(buffer, colours), cv2.copyMakeBorder(buffer.cover, 3, 3, 3, 3, cv2.BORDER_CONSTANT)
    picture = cv2.copyMakeBorder(picture, 3, 3, 3, 3, cv2.BORDER_CONSTANT)
    held = cv2.dilate((cover.max(axis=0, keepdims=True) > 0).astype(np.uint8), np.ones((1, 7), np.uint8))[0]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held, [0]]).astype(np.int8))).reshape(-1, 2)
    for first, last in edges.tolist():
        rows = np.flatnonzero(cover[:, first:last].max(axis=1) > 0)
        window = (slice(max(0, int(rows[0]) - 3), int(rows[-1]) + 4), slice(first, last))
        soft = cv2.GaussianBlur(cover[window], (0, 0), 0.9)
        alpha = cv2.convertScaleAbs(soft, alpha=255 * 0.26)
        left = buffer.left + round((first - 3) * buffer.pixel)
        top = buffer.top + round((window[0].start - 3) * buffer.pixel)
        _blend(frame.image, (left, top), *_enlarged(picture[window], alpha, buffer.pixel))


def _blend(image: np.ndarray, corner: tuple[int, int], picture: np.ndarray, alpha: np.ndarray) -> None:
    """Mix a picture into the image from a corner (x, y) on, which may lie outside."""
    x0, y0 = max(0, -corner[0]), max(0, -corner[1])
    part = image[corner[1] + y0 : corner[1] + len(alpha), corner[0] + x0 : corner[0] + alpha.shape[1]]
    if not part.size:
        return
    window = (slice(y0, y0 + part.shape[0]), slice(x0, x0 + part.shape[1]))
    _lay(part, np.ascontiguousarray(picture[window]), np.ascontiguousarray(alpha[window]))


def cloth_of(frame: Frame, number: int) -> Cloth:
    """What the actor with this number wears."""
    scenery = frame.scenery
    return wardrobe(*scenery.worn(number), scenery.palette, fur_of(scenery.reading.subject, number))


def icy(frame: Frame) -> bool:
    """Whether the scene's ground mirrors."""
    return frame.scenery.performance.stage.material is Material.ICE
