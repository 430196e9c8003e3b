"""The ground's colours: painted once on the terrain's rasters, then seen in perspective through every camera."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, band, grown, mapped, mixed, sized, stretched, tinted
from backends.animatic.draw.noise import clouds, rng, smooth
from backends.animatic.draw.palette import Colour, Palette, mix, vector
from backends.animatic.draw.things import beside
from backends.animatic.scene import FurnitureKind, Material, Setting, Stage

if TYPE_CHECKING:
    from backends.animatic.draw.light import Light
    from backends.animatic.draw.terrain import Ground, Raster, Sight

TILE: Final = 1024
TILE_METRES: Final = {Material.SNOW: 7.0, Material.ICE: 9.0}


@dataclass(frozen=True, slots=True)
class Lit:
    """How a small picture of the ground (h, w, 3) is lit: how much of its colours is kept (255 is all) and what the air
    adds, if there is any."""

    keep: np.ndarray
    add: np.ndarray | None

    def shaded(self, factor: np.ndarray) -> None:
        """Take light away from both by a factor (h, w, 3), 255 is none, in place."""
        cv2.multiply(self.keep, factor, self.keep, 1 / 255)
        if self.add is not None:
            cv2.multiply(self.add, factor, self.add, 1 / 255)

    def over(self, ground: np.ndarray, rows: slice) -> None:
        """Light rows of the ground (height, width, 3), in place."""
        part, size = ground[rows], ground.shape[1::-1]
        cv2.multiply(part, stretched(self.keep, size, rows), part, 1 / 255)
        if self.add is not None:
            cv2.add(part, stretched(self.add, size, rows), part)


@dataclass(frozen=True, slots=True)
class Paint:
    """The painted ground: `fine` and `coarse` pictures on the rasters, `tile` (TILE, TILE) of close detail about 128
    that repeats every `tile_metres`, `woods` a density 0..1 of forest on the coarse raster."""

    ground: Ground
    fine: np.ndarray
    fine_soft: np.ndarray
    coarse: np.ndarray
    tile: np.ndarray
    tile_metres: float
    woods: Reals
    haze: np.ndarray
    thickness: float

    @property
    def air(self) -> Colour:
        """The colour of the air."""
        return float(self.haze[0]), float(self.haze[1]), float(self.haze[2])

    def paint(self, sight: Sight, width: int, height: int) -> np.ndarray:
        """The ground's colours (height, width, 3) as the sight sees them, without the air; black above it."""
        picture = np.zeros((height, width, 3), np.uint8)
        footprint = sight.distance * sight.view.reach(*sight.distance.shape[::-1]) * (2 / sight.view.scale)
        blur = smooth(1.0, 3.5, footprint * (1 / self.ground.fine.cell))
        inside, seen = self.ground.fine.covers(sight.x, sight.y), grown(sight.seen)
        on = seen & inside
        self._surround(picture, sight, seen & grown(~inside))
        column, row = self.ground.fine.places(sight.x, sight.y)
        _lay(picture, self.fine, (column, row), on & (blur < 1))
        _lay(picture, self.fine_soft, (column * 0.25, row * 0.25), on & (blur > 0), blur)
        return picture

    def _surround(self, picture: np.ndarray, sight: Sight, where: np.ndarray) -> None:
        """Lay the land around the course; it goes on for ever. Painted with broad strokes: half the size will do."""
        height, width = picture.shape[:2]
        small = np.zeros((height // 2, width // 2, 3), np.uint8)
        rows, part = band(where, height), band(where, height // 2)
        if rows is None or part is None:
            return
        maps = mapped(self.ground.coarse.places(sight.x, sight.y), (width // 2, height // 2), part)
        cv2.remap(self.coarse, *maps, cv2.INTER_LINEAR, small[part], cv2.BORDER_REPLICATE)
        picture[rows] = stretched(small, (width, height), rows)

    def light(self, sight: Sight, width: int, height: int) -> Lit:
        """What the air lets through and adds (height, width, 3), before any shadow."""
        if not self.thickness:
            return Lit(np.full((height, width, 3), 255, np.uint8), None)
        veil = self.veil(sight.distance)
        keep = cv2.cvtColor(np.rint(255 - 255 * veil).astype(np.uint8), cv2.COLOR_GRAY2BGR)
        add = np.rint(veil[..., None] * self.haze.astype(np.float32)).astype(np.uint8)
        rows = slice(0, height)
        return Lit(stretched(keep, (width, height), rows), stretched(add, (width, height), rows))

    def air_before(self, distance: float) -> float:
        """`veil` of a single distance."""
        return 0.92 * (1 - math.exp(-max(distance - 15, 0) * (self.thickness / 620)))

    def veil(self, distance: Reals) -> Reals:
        """How much air (0..1) lies before things at a distance in metres."""
        return (0.92 * (1 - np.exp(-np.maximum(distance - 15, 0) * (self.thickness / 620)))).astype(np.float32)

    def detail(self, frame: np.ndarray, sight: Sight) -> None:
        """Grains, ripples and scratches near the lens, added in place to the full frame (height, width, 3)."""
        size = frame.shape[1::-1]
        strength = np.clip(1 - sight.distance * np.float32(1 / 24), 0, 1) * sight.seen
        rows = band(strength > 0.05, size[1])
        if rows is None:
            return
        unit = TILE / self.tile_metres
        near = np.argmax(strength)
        base_x = np.floor(sight.x.flat[near] / self.tile_metres) * self.tile_metres
        base_y = np.floor(sight.y.flat[near] / self.tile_metres) * self.tile_metres
        u = sized(np.clip((sight.x - base_x) * unit, -3e4, 3e4), size, rows)
        v = sized(np.clip((sight.y - base_y) * unit, -3e4, 3e4), size, rows)
        grain = cv2.remap(self.tile, u, v, cv2.INTER_NEAREST, borderMode=cv2.BORDER_WRAP)
        weight = cv2.convertScaleAbs(sized(strength, size, rows), alpha=255)
        plain = cv2.convertScaleAbs(weight, alpha=-128 / 255, beta=128)
        grain = cv2.add(cv2.multiply(grain, weight, None, 1 / 255), plain)
        part = frame[rows]
        cv2.multiply(part, cv2.cvtColor(grain, cv2.COLOR_GRAY2BGR), part, 1 / 128)


def _lay(
    picture: np.ndarray, texture: np.ndarray, places: tuple[Reals, Reals], where: np.ndarray, part: Reals | None = None
) -> None:
    """Lay a texture, seen at `places` of the coarse grid, over the rows where it is needed; nothing of the picture
    changes where the texture ends."""
    rows = band(where, len(picture))
    if rows is None:
        return
    under = picture[rows]
    over = under if part is None else under.copy()
    cv2.remap(texture, *mapped(places, picture.shape[1::-1], rows), cv2.INTER_LINEAR, over, cv2.BORDER_TRANSPARENT)
    if part is not None:
        mixed(over, under, cv2.convertScaleAbs(sized(part, picture.shape[1::-1], rows), alpha=255))


def merged(fine: np.ndarray, coarse: np.ndarray, ground: Ground) -> np.ndarray:
    """The fine picture, turning into the coarse one within its last eight metres, so that no seam is seen."""
    rows, columns = fine.shape[:2]
    scale = ground.fine.cell / ground.coarse.cell
    column, row = ((ground.fine.x - ground.coarse.x), (ground.fine.y - ground.coarse.y))
    move = np.array([(scale, 0, column / ground.coarse.cell), (0, scale, row / ground.coarse.cell)], np.float32)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    around = cv2.warpAffine(coarse, move, (columns, rows), flags=how, borderMode=cv2.BORDER_REPLICATE)
    across, down = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    edge = np.minimum(np.minimum(across, across[::-1])[None], np.minimum(down, down[::-1])[:, None])
    part = smooth(0.0, 8.0, edge * np.float32(ground.fine.cell))
    return cv2.blendLinear(fine, around, part, 1 - part)


def bake(ground: Ground, stage: Stage, palette: Palette, light: Light, seed: int, ruts: list[Reals]) -> Paint:
    """Paint the rasters: light by slope, undulation, the groomed course, the ruts (P, 3) of those who came before."""
    ice = stage.material is Material.ICE
    level = _level(ground, stage, light)
    woods = _woods(ground, stage, seed)
    fine = _lit(ground.fine, light, level, (palette, 0.0 if ice else 1.0), seed)
    coarse = _lit(ground.coarse, light, level, (palette, 0.0 if ice else 1.0), seed + 1)
    if stage.setting is Setting.MOUNTAIN:
        tinted(coarse, mix(palette.forest, palette.near, 0.2), woods * np.float32(0.6))
    if not ice and not any(thing.kind is FurnitureKind.CHANNEL for thing in stage.furniture):
        _groom(fine, ground.fine, stage, palette)
        _ruts(fine, ground.fine, ruts, palette)
    tile = scratches(seed) if ice else grains(seed)
    haze = np.array(mix(palette.horizon, palette.middle, 0.15), np.uint8)
    thickness = 0.0 if stage.setting is Setting.HALL else palette.haze
    return Paint(ground, fine, fine, coarse, tile, TILE_METRES[stage.material], woods, haze, thickness)


def softened(picture: np.ndarray) -> np.ndarray:
    """The picture at a quarter of its size, for places where its pixels are finer than the frame's."""
    size = (max(2, picture.shape[1] // 4), max(2, picture.shape[0] // 4))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def _level(ground: Ground, stage: Stage, light: Light) -> float:
    """How lit the course itself is: the middle of the scale of tones."""
    relief = ground.relief(stage.course[:, 0], stage.course[:, 1])
    return float(np.median(_facing(relief[..., 1], relief[..., 2], light)))


def _facing(slope_x: Reals, slope_y: Reals, light: Light) -> Reals:
    """How directly the light falls on slopes."""
    length = np.sqrt(1 + slope_x * slope_x + slope_y * slope_y)
    return (light.toward[2] - slope_x * light.toward[0] - slope_y * light.toward[1]) / length


def _lit(raster: Raster, light: Light, level: float, look: tuple[Palette, float], seed: int) -> np.ndarray:
    """The raster's colours (rows, columns, 3) from the palette's shade to its light."""
    palette, rough = look
    rows, columns = raster.tall.shape
    slope_x, slope_y = raster.relief[..., 1], raster.relief[..., 2]
    if rough:
        span = max(rows, columns) * raster.cell
        bumps = clouds(seed + 51, rows, columns, span / 28, 4) * np.float32(0.9)
        bumps += clouds(seed + 52, rows, columns, span / 3.2, 2) * np.float32(0.05)
        bump_y, bump_x = np.gradient(bumps * np.float32(rough), np.float32(raster.cell))
        slope_x, slope_y = slope_x + bump_x, slope_y + bump_y
    tone = 0.70 + (_facing(slope_x, slope_y, light) - level) * (1.5 * (0.4 + 0.6 * palette.shadow))
    part = smooth(0.0, 1.0, np.maximum(np.arange(256, dtype=np.float32) / 255, 0.05))[:, None, None]
    dark, bright = vector(palette.shade), vector(palette.light)
    table = np.rint(dark + (bright - dark) * part).astype(np.uint8)
    return cv2.applyColorMap(np.rint(np.clip(tone, 0, 1) * 255).astype(np.uint8), table)


def _woods(ground: Ground, stage: Stage, seed: int) -> Reals:
    """Where forest grows: in clumps, thinning towards the course."""
    raster = ground.coarse
    rows, columns = raster.relief.shape[:2]
    field = clouds(seed + 61, rows, columns, rows * raster.cell / 160, 4)
    course = np.full((rows, columns), 255, np.uint8)
    _stroke(course, raster, stage.course, 0, 2)
    for thing in stage.furniture:
        if thing.kind is FurnitureKind.TARGETS:  # nothing grows on a range
            nearest = np.linalg.norm(stage.course - thing.points[2], axis=1).argmin()
            _stroke(course, raster, np.stack([thing.points[2], stage.course[nearest]]), 0, 2)
    free = (course > 127).astype(np.uint8)
    away = cv2.distanceTransform(free, cv2.DIST_L2, 3) * np.float32(raster.cell)
    clear = stage.width / 2 + 9
    return smooth(-0.75, 0.55, field - 0.2) * smooth(clear, clear + 26, away)


def _stroke(canvas: np.ndarray, raster: Raster, points: Reals, tone: object, breadth: int) -> None:
    column, row = raster.places(points[:, 0], points[:, 1])
    path = np.rint(np.stack([column, row], -1) * 16).astype(np.int32)
    cv2.polylines(canvas, [path], False, tone, breadth, cv2.LINE_AA, 4)  # type: ignore[call-overload]


def _groom(fine: np.ndarray, raster: Raster, stage: Stage, palette: Palette) -> None:
    """The machine's work: an even band, a ridge every few metres, soft berms at its edges."""
    even = np.zeros(fine.shape[:2], np.uint8)
    _stroke(even, raster, stage.course, 255, max(1, round(stage.width / raster.cell)))
    _brushed(fine, mix(palette.light, palette.shade, 0.2), even, max(0.6, 0.6 / raster.cell), 0.42)
    ridges = np.zeros(fine.shape[:2], np.uint8)
    half = stage.width / 2
    for offset in np.arange(-half + 1.2, half, 1.7 if stage.width < 14 else 2.8):
        _stroke(ridges, raster, beside(stage.course, float(offset)), 110, max(1, round(0.25 / raster.cell)))
    for offset in (-half, half):
        _stroke(ridges, raster, beside(stage.course, offset), 255, max(1, round(0.6 / raster.cell)))
    _brushed(fine, palette.shade, ridges, max(0.7, 0.15 / raster.cell), 0.55)


def _brushed(fine: np.ndarray, colour: Colour, mask: np.ndarray, soft: float, depth: float) -> None:
    """Mix a colour into a picture under a softened mask, in place, no deeper than `depth` 0..1."""
    tinted(fine, colour, cv2.GaussianBlur(mask, (0, 0), soft).astype(np.float32) * np.float32(depth / 255))


def _ruts(fine: np.ndarray, raster: Raster, ruts: list[Reals], palette: Palette) -> None:
    """Grooves of earlier runs: a shaded cut with a bright edge beside it."""
    cut, edge = np.zeros(fine.shape[:2], np.uint8), np.zeros(fine.shape[:2], np.uint8)
    for rut in ruts:
        _stroke(cut, raster, rut, 120, max(1, round(0.16 / raster.cell)))
        _stroke(edge, raster, beside(rut, 0.22), 90, max(1, round(0.12 / raster.cell)))
    _brushed(fine, palette.light, edge, 0.7, 0.8)
    _brushed(fine, palette.shade, cut, 0.7, 0.8)


def grains(seed: int) -> np.ndarray:
    """A tile of snow: wind ripples, crumbs and a few crystals that sparkle."""
    ripples = clouds(seed + 71, TILE, TILE, 22, 5)
    crumbs = rng(seed, 72).standard_normal((TILE, TILE), np.float32)
    crumbs = cv2.GaussianBlur(crumbs, (0, 0), 1.1) * 2.2
    lit = ripples - np.roll(ripples, (5, -4), (0, 1))
    tile = 126 + np.clip(lit * 8, -9, 9) + crumbs * 1.5
    sparks = rng(seed, 73).random((TILE, TILE), np.float32) > 0.99975
    tile += cv2.dilate(sparks.astype(np.float32), np.ones((2, 2), np.uint8)) * 34
    return _seamless(tile)


def scratches(seed: int) -> np.ndarray:
    """A tile of skated ice: long curved cuts of many blades over cloudy depth."""
    tile = 128 + clouds(seed + 81, TILE, TILE, 5, 4) * 3.5
    chance = rng(seed, 82)
    for _ in range(260):
        start, turn = chance.uniform(0, TILE, 2), chance.uniform(0, 2 * np.pi)
        way = np.linspace(0, 1, 14)
        angle = turn + way * chance.normal(0, 0.9)
        path = start + np.cumsum(np.stack([np.cos(angle), np.sin(angle)], -1), 0) * chance.uniform(8, 46)
        tone = 128 + chance.uniform(-16, 22)
        for shift in ((0, 0), (TILE, 0), (-TILE, 0), (0, TILE), (0, -TILE)):
            moved = np.rint((path + shift) * 16).astype(np.int32)
            cv2.polylines(tile, [moved], False, tone, 1, cv2.LINE_AA, 4)
    return _seamless(tile)


def _seamless(tile: Reals) -> np.ndarray:
    """Fade the tile into its own shifted copy near the edges, so that it repeats without seams."""
    edge = np.minimum(np.arange(TILE), np.arange(TILE)[::-1]) / (TILE * 0.12)
    weight = np.clip(np.minimum(edge[:, None], edge[None]), 0, 1).astype(np.float32)
    other = np.roll(tile, (TILE // 2, TILE // 2), (0, 1))
    return np.clip(tile * weight + other * (1 - weight), 0, 255).astype(np.uint8)
