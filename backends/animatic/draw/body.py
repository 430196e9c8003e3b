"""Bodies with volume: tapered capsules splatted into a small buffer of depth, surface and material."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.noise import smooth

if TYPE_CHECKING:
    from backends.animatic.draw.view import View

FINE: Final = 150
"""Pixels: a body smaller than this is drawn larger (twice its size at most) and reduced."""
NAMES: Final = 255
"""The bits of a depth that hold a limb's number instead: of two limbs the smaller whole number is the nearer one."""
FAR: Final = np.float32(3e9)
SPAN: Final = 40_000
"""Pixels of windows that are worked on together: few enough for a processor's cache."""
START: Final = 4000
"""Pixels whose work takes as long as starting on another group of windows."""


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
    """What a body looks like before it is lit. `cover` (h, w) 0..1 covers the frame from `left`, `top`; one of its
    pixels is `pixel` pixels of the frame. All else is known of the K pixels with any cover: `at` their places in the
    flat array, `normal` (3, K) in camera axes (right, down, forward), `part` (K,) the material, `depth` (K,) metres,
    `along` (K,) 0..1 the place on the limb, `limb` (K,) its number."""

    left: int
    top: int
    pixel: float
    cover: Reals
    at: np.ndarray
    normal: Reals
    part: np.ndarray
    depth: Reals
    along: Reals
    limb: np.ndarray

    def spread(self, values: np.ndarray, empty: float = 0) -> np.ndarray:
        """Values of the K pixels as a picture (h, w), `empty` elsewhere."""
        found = np.full(self.cover.size, empty, values.dtype)
        found[self.at] = values
        return found.reshape(self.cover.shape)

    def only(self, chosen: np.ndarray) -> Buffer:
        """The same body with nothing but the `chosen` ones of the K pixels."""
        traits = (self.part[chosen], self.depth[chosen], self.along[chosen], self.limb[chosen])
        return Buffer(self.left, self.top, self.pixel, self.cover, self.at[chosen], self.normal[:, chosen], *traits)

    def core(self) -> np.ndarray:
        """Which of the K pixels are covered by more than half."""
        return self.cover.ravel()[self.at] > 0.5


class Capsules(NamedTuple):
    """Limbs in a buffer's pixels, an array (L,) for each trait: the axis' first end `x`, `y` and its depth `z`, its
    direction `ux`, `uy`, its length and how much deeper it gets a pixel, the radius at the first end and its growth a
    pixel, metres a pixel there and how they change a pixel, and the number of the limb."""

    x: Reals
    y: Reals
    z: Reals
    ux: Reals
    uy: Reals
    length: Reals
    deeper: Reals
    radius: Reals
    growth: Reals
    metre: Reals
    change: Reals
    number: np.ndarray


def splat(
    limbs: list[Limb], view: View, coarse: float = 0.0, mirrored: bool = False, limit: float = 340.0
) -> Buffer | None:
    """Draw limbs before the lens, `mirrored` below the height 0; None where nothing is in the frame. Pixels are
    `coarse` pixels where given; else what is taller than `limit` pixels is drawn smaller, to be
    enlarged, and what is small is drawn larger."""
    table = _placed(limbs, view, mirrored)
    if not len(table):
        return None
    margin = float(table[:, 6:8].max()) + 2
    low = np.minimum(table[:, 0:2], table[:, 3:5]).min(axis=0) - margin
    high = np.maximum(table[:, 0:2], table[:, 3:5]).max(axis=0) + margin
    tall = float((high - low).max())
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(view.width, int(high[0]) + 2), min(view.height, int(high[1]) + 2)
    if right - left < 2 or bottom - top < 2:
        return None
    seen = max(right - left, bottom - top)
    pixel = coarse or (max(0.5, tall / FINE) if tall < FINE else max(1.0, seen / limit))
    shape = (round((bottom - top) / pixel), round((right - left) / pixel))
    return _fill(limbs, _scaled(table, limbs, (left, top), pixel), (left, top, pixel), shape)


def _placed(limbs: list[Limb], view: View, mirrored: bool) -> Reals:
    """Rows of ax, ay, az, bx, by, bz, ra, rb (pixels, depth in metres) and the limb's number, far enough ahead."""
    if not limbs:
        return np.zeros((0, 9), np.float32)
    ends = np.concatenate([end for limb in limbs for end in (limb.a, limb.b)]).reshape(-1, 2, 3).astype(np.float32)
    if mirrored:
        ends[..., 2] *= -1
    ends = view.local(ends)
    radii = np.array([(limb.ra, limb.rb) for limb in limbs], np.float32)
    radii *= view.scale / np.maximum(ends[..., 2], 0.2)
    places = np.concatenate([view.screen(ends), ends[..., 2:]], axis=2).reshape(-1, 6)
    table = np.column_stack([places, radii, np.arange(len(limbs), dtype=np.float32)])
    return table[(ends[..., 2] > 0.25).all(axis=1)]


def _scaled(table: Reals, limbs: list[Limb], corner: tuple[int, int], pixel: float) -> Capsules:
    a, b = (table[:, 0:2] - corner) / pixel, (table[:, 3:5] - corner) / pixel
    radii = np.maximum(table[:, 6:8] / pixel, 0.6)
    way = b - a
    length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-3)
    number = table[:, 8].astype(np.intp)
    metres = np.array([(limb.ra, limb.rb) for limb in limbs], np.float32)[number] / radii
    still = length < 2e-3
    x, y, z, ux, uy, far, deeper, radius, growth, metre, change = np.stack([
        a[:, 0], a[:, 1], table[:, 2], np.where(still, 1, way[:, 0] / length), np.where(still, 0, way[:, 1] / length),
        length, (table[:, 5] - table[:, 2]) / length, radii[:, 0], (radii[:, 1] - radii[:, 0]) / length,
        metres[:, 0], (metres[:, 1] - metres[:, 0]) / length,
    ]).astype(np.float32)  # fmt: skip
    return Capsules(x, y, z, ux, uy, far, deeper, radius, growth, metre, change, number)


def _fill(limbs: list[Limb], capsules: Capsules, place: tuple[int, int, float], shape: tuple[int, int]) -> Buffer:
    reach = np.full(shape, -9, np.float32)
    keys = np.full(shape, np.iinfo(np.int32).max, np.int32)
    windows = _windows(capsules, shape)
    traits = np.stack(capsules[:11])
    for group in _groups(windows):
        _together(traits, windows[group], reach, keys)
    at = np.flatnonzero(reach > -0.5)
    key = keys.ravel()[at]
    which = (key & NAMES).astype(np.intp)
    depth = (key & ~NAMES).view(np.float32)
    normal, along, across = _surface(capsules, which, at, shape[1])
    part, limb = _materials(limbs, capsules.number[which], along, across), capsules.number[which]
    cover = np.clip(reach + np.float32(0.5), 0, 1)
    return Buffer(*place, cover, at, normal, part, depth, along, limb)


def _windows(capsules: Capsules, shape: tuple[int, int]) -> np.ndarray:
    """Rows of top, left, height, width and capsule: the pixels where each capsule may be seen. Long slanted ones get
    several small windows instead of a large one that is mostly empty."""
    broad = np.maximum(capsules.radius, capsules.radius + capsules.growth * capsules.length) + 1
    slant = np.minimum(np.abs(capsules.ux), np.abs(capsules.uy)) * capsules.length
    pieces = np.clip(np.rint(slant / (2 * broad + 8)), 1, 6).astype(np.intp)
    which = np.repeat(np.arange(len(pieces)), pieces)
    first = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    ends: list[Reals] = []
    for step in (first, first + 1):
        run = capsules.length[which] * (step / pieces[which])
        radius = capsules.radius[which] + capsules.growth[which] * run + 0.5
        ends.append(
            np.stack([capsules.y[which] + capsules.uy[which] * run, capsules.x[which] + capsules.ux[which] * run])
        )
        ends.append(radius)
    low = np.ceil(np.minimum(ends[0] - ends[1], ends[2] - ends[3]))
    high = np.floor(np.maximum(ends[0] + ends[1], ends[2] + ends[3])) + 1
    limit = np.array(shape)[:, None]
    low, high = np.clip(low, 0, limit).astype(np.intp), np.clip(high, 0, limit).astype(np.intp)
    windows = np.column_stack([low.T, (high - low).T, which])
    return windows[(windows[:, 2] > 0) & (windows[:, 3] > 0)]


def _groups(windows: np.ndarray) -> list[np.ndarray]:
    """Windows of about one size together, so that each group is worked on as one array."""
    order = np.argsort(windows[:, 2] * 4 + windows[:, 3])
    found: list[list[int]] = []
    tall, wide, spent = 0, 0, 0
    for index, (height, width) in zip(order.tolist(), windows[order, 2:4].tolist(), strict=True):
        high, broad = max(tall, height), max(wide, width)
        count = len(found[-1]) + 1 if found else 1
        if not found or high * broad * count > min(spent + height * width + START, SPAN):
            found.append([])
            high, broad, count = height, width, 1
        found[-1].append(index)
        tall, wide, spent = high, broad, high * broad * count
    return [np.array(group) for group in found]


def _together(traits: Reals, windows: np.ndarray, reach: Reals, keys: np.ndarray) -> None:
    """Sphere-swept cones: nearest point on the axis for each pixel, a circle's profile across. `reach` gets how many
    pixels each pixel lies inside the outline, `keys` the depth and name of the nearest capsule. `traits` (11, L) are
    the capsules'."""
    which = windows[:, 4]
    x, y, z, ux, uy, length, deeper, radius, growth, metre, change = traits[:, which, None, None]
    tall, wide = int(windows[:, 2].max()), int(windows[:, 3].max())
    column = (windows[:, 1, None] + np.arange(wide)).astype(np.float32)[:, None, :] - x
    row = (windows[:, 0, None] + np.arange(tall)).astype(np.float32)[:, :, None] - y
    beyond = column * ux + row * uy
    away = row * ux - column * uy
    run = np.maximum(beyond, 0)
    np.minimum(run, length, out=run)
    beyond -= run
    beyond *= beyond
    away *= away
    away += beyond
    np.sqrt(away, out=away)
    breadth = np.multiply(run, growth, out=beyond)
    breadth += radius
    inside = breadth - away
    breadth += away
    breadth *= inside
    np.maximum(breadth, 0, out=breadth)
    np.sqrt(breadth, out=breadth)
    np.multiply(run, change, out=away)
    away += metre
    breadth *= away
    run *= deeper
    run += z
    run -= breadth
    np.copyto(run, FAR, where=inside < -0.5)
    key = run.view(np.int32)
    key &= ~NAMES
    key |= which[:, None, None].astype(np.int32)
    for index, (top, left, height, width, _) in enumerate(windows.tolist()):
        window = (slice(top, top + height), slice(left, left + width))
        seen, nearest = reach[window], keys[window]
        np.maximum(seen, inside[index, :height, :width], out=seen)
        np.minimum(nearest, key[index, :height, :width], out=nearest)


def _surface(capsules: Capsules, which: np.ndarray, at: np.ndarray, columns: int) -> tuple[Reals, Reals, Reals]:
    """Normals (3, K), places along the limb 0..1 and across it -1..1 of the pixels `at`, each on its capsule."""
    x, y, _, ux, uy, length, _, radius, growth, _ = (trait[which] for trait in capsules[:10])
    row = at // columns
    column = (at - row * columns).astype(np.float32) - x
    row = row.astype(np.float32) - y
    beyond = column * ux + row * uy
    across = row * ux - column * uy
    run = np.clip(beyond, 0, length)
    beyond -= run
    breadth = run * growth + radius
    beyond /= breadth
    across /= breadth
    normal = np.empty((3, len(at)), np.float32)
    np.subtract(ux * beyond, uy * across, out=normal[0])
    np.add(uy * beyond, ux * across, out=normal[1])
    flat = np.minimum(beyond * beyond + across * across, 1)
    np.sqrt(1 - flat, out=normal[2])
    np.negative(normal[2], out=normal[2])
    run /= length
    return normal, run, across


def _materials(limbs: list[Limb], limb: np.ndarray, along: Reals, across: Reals) -> np.ndarray:
    """The material of each pixel: bands and stripes of the second one where a limb has it."""
    part = np.array([one.part for one in limbs], np.intp)[limb]
    second = np.array([one.second for one in limbs], np.intp)
    two = np.flatnonzero((second >= 0)[limb])
    if len(two):
        low, high, stripe = np.array([(*one.band, one.stripe) for one in limbs], np.float32).T
        own, run = limb[two], along[two]
        marked = ((run >= low[own]) & (run <= high[own])) | (np.abs(across[two]) < stripe[own])
        part[two[marked]] = second[own[marked]]
    return part


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
    """Colours (3, K) 0..255: a crisp terminator, cool shadow, bounce from the snow, a rim, a glint on gloss."""
    normal, part = buffer.normal, buffer.part
    facing = lamp.toward @ normal
    tone = smooth(-0.12, 0.34, facing)
    down = normal[1]
    dim = (np.float32(0.94) + down * np.float32(0.06) + np.abs(down) * np.float32(0.16)) * (1 - tone)
    edge = smooth(0.50, 0.86, 1 + normal[2]) * smooth(-0.35, 0.45, facing) * np.float32(0.72)
    glint = _glint(normal, lamp) * (cloth.gloss * np.float32(255))[part]
    glow = cloth.glow[part] if cloth.glow[part].any() else None
    found = np.empty(normal.shape, np.float32)
    for channel, colour in enumerate(found):
        albedo = cloth.albedo[:, channel][part]
        np.multiply(albedo, dim * lamp.fill[channel] + tone * lamp.key[channel], out=colour)
        colour += (lamp.rim[channel] * np.float32(255) - colour) * edge
        colour += glint
        if glow is not None:
            colour += (albedo - colour) * glow
    return np.clip(found, 0, 255, out=found)


def _glint(normal: Reals, lamp: Lamp) -> Reals:
    """The fortieth power of how straight the surface mirrors the light into the lens."""
    half = lamp.toward + np.array([0, 0, -1], np.float32)
    half /= np.float32(np.linalg.norm(half))
    found = np.clip(half @ normal, 0, 1)
    for _ in range(3):
        found *= found
    eighth = found.copy()
    for _ in range(2):
        found *= found
    found *= eighth
    return found
