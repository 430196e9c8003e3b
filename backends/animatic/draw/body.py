"""Bodies with volume: tapered capsules splatted into a small buffer of depth, surface and material."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.noise import smooth

if TYPE_CHECKING:
    from backends.animatic.draw.view import View

LIMIT: Final = 380
"""Pixels: a body taller than this is drawn smaller and enlarged."""
FINE: Final = 170
"""Pixels: a body smaller than this is drawn at twice its size and reduced."""


class Limb(NamedTuple):
    """A capsule from `a` (3,) to `b` (3,) with radii in metres and the number of its material.

    From `band[0]` to `band[1]` of its length (0..1) it wears `second`; `stripe` is the half breadth 0..1 of a strip
    of `second` along its middle.
    """

    a: Reals
    b: Reals
    ra: float
    rb: float
    part: int
    second: int = -1
    band: tuple[float, float] = (2.0, 2.0)
    stripe: float = 0.0


@dataclass(frozen=True, slots=True)
class Buffer:
    """What a body looks like before it is lit. Arrays (h, w) cover the frame from `left`, `top`; one of their pixels
    is `pixel` pixels of the frame. `normal` (h, w, 3) in camera axes (right, down, forward), `part` the material,
    `cover` 0..1, `depth` metres, `along` 0..1 the place on the limb."""

    left: int
    top: int
    pixel: float
    normal: Reals
    part: np.ndarray
    cover: Reals
    depth: Reals
    along: Reals


def splat(limbs: list[Limb], view: View, coarse: float = 0.0) -> Buffer | None:
    """Draw limbs before the lens, with pixels of `coarse` pixels where given; None where nothing is in the frame."""
    table = _placed(limbs, view)
    if not len(table):
        return None
    margin = table[:, 6:8].max(axis=1) + 2
    low = np.minimum(table[:, 0:2], table[:, 3:5]).min(axis=0) - margin.max()
    high = np.maximum(table[:, 0:2], table[:, 3:5]).max(axis=0) + margin.max()
    tall = float((high - low).max())
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(view.width, int(high[0]) + 2), min(view.height, int(high[1]) + 2)
    if right - left < 2 or bottom - top < 2:
        return None
    seen = max(right - left, bottom - top)
    pixel = 0.5 if tall < FINE else max(1.0, seen / LIMIT)
    pixel = coarse or pixel
    return _fill(limbs, table, (left, top), pixel, (round((bottom - top) / pixel), round((right - left) / pixel)))


def _placed(limbs: list[Limb], view: View) -> Reals:
    """Rows of ax, ay, az, bx, by, bz, ra, rb (pixels, depth in metres) and the limb's number, far enough ahead."""
    a = view.local(np.array([limb.a for limb in limbs], np.float32))
    b = view.local(np.array([limb.b for limb in limbs], np.float32))
    ahead = (a[:, 2] > 0.25) & (b[:, 2] > 0.25)
    radii = np.array([(limb.ra, limb.rb) for limb in limbs], np.float32)
    ra, rb = radii[:, 0] * view.scale / np.maximum(a[:, 2], 0.2), radii[:, 1] * view.scale / np.maximum(b[:, 2], 0.2)
    numbers = np.arange(len(limbs), dtype=np.float32)
    table = np.column_stack([view.screen(a), a[:, 2], view.screen(b), b[:, 2], ra, rb, numbers])
    return table[ahead]


def _fill(limbs: list[Limb], table: Reals, corner: tuple[int, int], pixel: float, shape: tuple[int, int]) -> Buffer:
    depth = np.full(shape, 1e9, np.float32)
    normal = np.zeros((*shape, 3), np.float32)
    part = np.zeros(shape, np.uint8)
    cover = np.zeros(shape, np.float32)
    along = np.zeros(shape, np.float32)
    buffer = Buffer(corner[0], corner[1], pixel, normal, part, cover, depth, along)
    for row in table:
        _capsule(buffer, row, limbs[int(row[8])])
    return buffer


def _capsule(buffer: Buffer, row: Reals, limb: Limb) -> None:
    """Sphere-swept cone: nearest point on the axis for each pixel, a circle's profile across."""
    ax, ay, az, bx, by, bz, ra, rb = (float(value) for value in row[:8])
    ax, bx = (ax - buffer.left) / buffer.pixel, (bx - buffer.left) / buffer.pixel
    ay, by = (ay - buffer.top) / buffer.pixel, (by - buffer.top) / buffer.pixel
    ra, rb = max(ra / buffer.pixel, 0.6), max(rb / buffer.pixel, 0.6)
    rows, columns = buffer.depth.shape
    reach = max(ra, rb) + 1.5
    x0, x1 = max(0, int(min(ax, bx) - reach)), min(columns, int(max(ax, bx) + reach) + 2)
    y0, y1 = max(0, int(min(ay, by) - reach)), min(rows, int(max(ay, by) + reach) + 2)
    if x1 <= x0 or y1 <= y0:
        return
    x = np.arange(x0, x1, dtype=np.float32)[None] - np.float32(ax)
    y = np.arange(y0, y1, dtype=np.float32)[:, None] - np.float32(ay)
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = np.clip((x * dx + y * dy) / max(length, 1e-3), 0, 1)
    px, py = x - t * np.float32(dx), y - t * np.float32(dy)
    radius = ra + t * np.float32(rb - ra)
    away = np.sqrt(px * px + py * py)
    window = (slice(y0, y1), slice(x0, x1))
    cover = np.clip(radius - away + 0.5, 0, 1)
    np.maximum(buffer.cover[window], cover, out=buffer.cover[window])
    side = np.minimum(away / radius, 1.0)
    bulge = np.sqrt(1 - side * side)
    thick = limb.ra + t * np.float32(limb.rb - limb.ra)
    z = az + t * np.float32(bz - az) - bulge * thick
    nearer = (away <= radius + 0.5) & (z < buffer.depth[window])
    _write(
        buffer, window, nearer, (px / radius, py / radius, -bulge, z, t), limb, _across(px, py, dx, dy, length, radius)
    )


def _across(px: Reals, py: Reals, dx: float, dy: float, length: float, radius: Reals) -> Reals:
    return (px * dy - py * dx) / (np.float32(max(length, 1e-3) ** 0.5) * radius)


def _write(
    buffer: Buffer,
    window: tuple[slice, slice],
    nearer: np.ndarray,
    surface: tuple[Reals, ...],
    limb: Limb,
    across: Reals,
) -> None:
    nx, ny, nz, z, t = surface
    normal = buffer.normal[window]
    np.copyto(normal[..., 0], nx, where=nearer)
    np.copyto(normal[..., 1], ny, where=nearer)
    np.copyto(normal[..., 2], nz, where=nearer)
    np.copyto(buffer.depth[window], z, where=nearer)
    np.copyto(buffer.along[window], t, where=nearer)
    if limb.second < 0:
        np.copyto(buffer.part[window], np.uint8(limb.part), where=nearer)
        return
    marked = ((t >= limb.band[0]) & (t <= limb.band[1])) | (np.abs(across) < limb.stripe)
    material = np.where(marked, np.uint8(limb.second), np.uint8(limb.part))
    np.copyto(buffer.part[window], material, where=nearer)


@dataclass(frozen=True, slots=True)
class Cloth:
    """Materials by number: `albedo` (M, 3) colours 0..255, `gloss` (M,) 0..1, `glow` (M,) 0..1 light of their own."""

    albedo: Reals
    gloss: Reals
    glow: Reals


@dataclass(frozen=True, slots=True)
class Lamp:
    """Light in camera axes: unit vector `toward`, colours of key, sky and rim as factors (3,)."""

    toward: Reals
    key: Reals
    fill: Reals
    rim: Reals


def shade(buffer: Buffer, cloth: Cloth, lamp: Lamp) -> Reals:
    """Colours (h, w, 3) 0..255: a crisp terminator, cool shadow, bounce from the snow, a rim, a glint on gloss."""
    shown = buffer.cover > 0
    normal = buffer.normal[shown]
    part = buffer.part[shown]
    facing = normal @ lamp.toward
    tone = smooth(-0.12, 0.34, facing)[:, None]
    down = normal[:, 1:2]
    lift = np.float32(0.94) + np.where(down > 0, down * np.float32(0.22), down * np.float32(-0.10))
    albedo = cloth.albedo[part]
    colour = albedo * (lamp.fill * lift * (1 - tone) + lamp.key * tone)
    edge = smooth(0.50, 0.86, 1 + normal[:, 2]) * smooth(-0.35, 0.45, facing)
    colour += (lamp.rim * 255 - colour) * (edge * np.float32(0.72))[:, None]
    half = lamp.toward + np.array([0, 0, -1], np.float32)
    half /= np.float32(np.linalg.norm(half))
    glint = np.clip(normal @ half, 0, 1) ** 8
    glint = glint**5 * cloth.gloss[part]
    colour += 255 * glint[:, None]
    own = cloth.glow[part][:, None]
    found = np.zeros((*shown.shape, 3), np.float32)
    found[shown] = np.clip(colour * (1 - own) + albedo * own, 0, 255)
    return found
