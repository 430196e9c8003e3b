"""Long directed strokes that follow form and flow and stay attached to it; thick paint that catches the light."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, band, grown, picked, sized, stepped
from backends.animatic.draw.brush import Brush
from backends.animatic.draw.noise import clouds, hashed, rng, smooth
from backends.animatic.draw.palette import Palette, ink, mix, vector
from backends.animatic.draw.styles.base import Frame, Style
from backends.animatic.draw.terrain import spread

if TYPE_CHECKING:
    from backends.animatic.draw.body import Buffer, Cloth, Lamp
    from backends.animatic.draw.trees import Drawn

BRISTLES: Final = 256
SHEET: Final = 512
DEEP: Final = 115.2
"""What the sheet's middle tone, 128, becomes when it is laid on the ground."""


class VanGogh(Style):
    """Strokes everywhere: on the sky in whirls, on the ground along its slope, on bodies along their limbs."""

    slug = "van-gogh"
    blur = 0.5
    detail = False

    def palette(self, palette: Palette) -> Palette:
        """Purer, complementary colours: ultramarine against chrome yellow."""
        blue, gold = ink("#173a9c"), ink("#f7c531")
        return replace(
            palette,
            zenith=mix(_pure(palette.zenith, 1.5), blue, 0.45),
            middle=mix(_pure(palette.middle, 1.6), ink("#3f7fd0"), 0.30),
            horizon=mix(_pure(palette.horizon, 1.5), gold, 0.35),
            sun=ink("#fff0a0"),
            far=mix(_pure(palette.far, 1.6), ink("#5d8fd6"), 0.3),
            near=mix(_pure(palette.near, 1.5), ink("#2d5aa8"), 0.3),
            forest=mix(palette.forest, ink("#143a34"), 0.5),
            light=mix(palette.light, ink("#fff6dc"), 0.25),
            shade=mix(_pure(palette.shade, 1.6), ink("#5f8fe0"), 0.3),
            suit=_pure(palette.suit, 1.25),
            haze=palette.haze * 0.7,
        )

    def texture(self, picture: np.ndarray, kind: str, seed: int, unit: float) -> np.ndarray:
        """Paint over a picture with strokes along a flow that belongs to it."""
        _sheet()
        columns = picture.shape[1]
        double = kind in {"sky", "range", "stands"}
        single = np.ascontiguousarray(picture[:, : columns // 2] if double else picture)
        length, breadth = {"sky": (34, 7), "range": (22, 5), "stands": (12, 4)}.get(
            kind, (max(9, 2.2 * unit), max(2.5, 0.34 * unit))
        )
        angle = _whirl(single, seed) if kind == "sky" else _flow(single, seed, kind)
        base = np.ascontiguousarray(single[..., :3])
        if single.shape[2] == 4:
            alpha = single[..., 3]
            base[alpha < 250] = base[alpha >= 250].mean(axis=0)
            painted = strokes(base, angle, (length, breadth), seed)
            held = (painted.astype(np.uint16) * alpha[..., None] // 255).astype(np.uint8)
            painted = np.dstack([held, alpha])
        else:
            edge = cv2.LINE_8 if kind in {"ground", "land"} else cv2.LINE_AA  # too many, and seen from afar
            painted = strokes(base, angle, (length, breadth), seed, edge)
        return np.concatenate([painted, painted], axis=1) if double else painted

    def shade(self, buffer: Buffer, cloth: Cloth, lamp: Lamp, frame: Frame) -> Reals:
        """Strokes run along each limb; light in warm paint, shadow in its cool complement."""
        del frame
        facing = lamp.toward @ buffer.normal
        albedo = cloth.albedo.T[:, buffer.part]
        across = np.arctan2(buffer.normal[0], -buffer.normal[2])
        u = (buffer.along * 26 + buffer.part * 37).astype(np.int32) % BRISTLES
        v = (across * 7.5 + 64 + buffer.part * 11).astype(np.int32) % BRISTLES
        bristle = _bristles()[v, u]
        tone = smooth(-0.35, 0.45, facing + bristle * 0.22)
        cool = albedo * np.float32(0.42) + vector(ink("#1f3f9a"))[:, None] * np.float32(0.34)
        warm = albedo * np.float32(0.92) + vector(ink("#ffe9a0"))[:, None] * np.float32(0.14)
        colour = cool + (warm - cool) * tone + bristle * 24
        edge = smooth(0.72, 0.95, 1 + buffer.normal[2])
        return np.clip(colour * (1 - np.float32(0.55) * edge), 0, 255)

    def behind(self, frame: Frame) -> None:
        """Strokes lie on the ground along its flow; farther off they are longer, so none is too small."""
        sight, size = frame.sight, frame.image.shape[1::-1]
        rows = band(grown(sight.seen), size[1])
        if rows is None:
            return
        octave = np.log2(spread(sight) * 2.11)
        level = np.floor(octave)
        course = frame.scenery.light.course
        eye = sight.view.eye[:, None].astype(np.float64)
        one, two = _laid(_flowing(sight.x, sight.y, course), _flowing(eye[0], eye[1], course), level, size, rows)
        seen = sized(sight.seen.astype(np.float32), size, rows)
        part = sized(octave - level, size, rows) * seen
        sheet = cv2.add(_weighed(one, seen - part), _weighed(two, part))
        if not sight.seen.all():
            cv2.add(sheet, cv2.cvtColor(cv2.convertScaleAbs(1 - seen, alpha=DEEP), cv2.COLOR_GRAY2BGR), sheet)
        frame.image[rows] = cv2.addWeighted(frame.image[rows], 1, sheet, 1, -DEEP)

    def tree(self, brush: Brush, tree: Drawn) -> None:
        """A flame of curved strokes, dark and bright by turns."""
        palette = brush.palette
        cv2.fillPoly(brush.canvas, [tree.body], brush.veiled(palette.forest, tree.air), cv2.LINE_AA, 4)
        body = tree.body
        low, high = body[:, 1].max(), body[:, 1].min()
        tall = (low - high) / 16
        if tall < 14:
            return
        tones = [
            mix(palette.forest, ink("#2f7a4f"), 0.6),
            mix(palette.forest, ink("#1d5d7a"), 0.7),
            mix(palette.shade, palette.forest, 0.3),
            mix(palette.light, palette.shade, 0.15),
        ]
        count = 26 if tall > 90 else 14 if tall > 40 else 7
        for number, (tone, shapes) in enumerate(zip(tones, _flames(body, count), strict=True)):
            shown = shapes if number < 3 else shapes[: count // 2]
            cv2.polylines(
                brush.canvas, shown, False, brush.veiled(tone, tree.air), max(1, round(tall / 62)), cv2.LINE_AA, 4
            )

    def finish(self, frame: Frame) -> np.ndarray:
        """Thick paint: every stroke has a lit and a shaded flank."""
        image = frame.image
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        relief = cv2.filter2D(grey, cv2.CV_16S, np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]], np.float32))
        light = cv2.convertScaleAbs(relief, alpha=0.075)
        up = cv2.bitwise_and(light, (relief < 0).astype(np.uint8) * 255)
        down = cv2.subtract(light, up)
        image = cv2.subtract(
            cv2.add(image, cv2.cvtColor(up, cv2.COLOR_GRAY2BGR)), cv2.cvtColor(down, cv2.COLOR_GRAY2BGR)
        )
        return cv2.multiply(image, _canvas(image.shape[1], image.shape[0]), scale=1 / 240)


def _flowing(x: Reals, y: Reals, course: float) -> tuple[Reals, Reals]:
    """Places along and beside the flow of the ground."""
    along = x * np.sin(course) + y * np.cos(course)
    aside = x * np.cos(course) - y * np.sin(course)
    return along, aside + np.sin(along * 0.11) * 2.6 + np.sin(along * 0.037 + aside * 0.05) * 5


def _laid(
    places: tuple[Reals, Reals], eye: tuple[Reals, Reals], level: Reals, size: tuple[int, int], rows: slice
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the sheet of strokes on the ground, at `size` (width, height), one of its sides 24 · 2^level metres, and
    of another twice as large; both measured from the eye, lest numbers grow too large near it."""
    width, height = size[0], rows.stop - rows.start
    one, two = np.empty((height, width, 2), np.int16), np.empty((height, width, 2), np.int16)
    for axis, side in enumerate((48, 24)):
        factor = SHEET / side / np.exp2(level.astype(np.float64))
        near = sized(places[axis] - eye[axis], size, rows) * stepped(factor, size, rows)
        near += stepped(eye[axis] * factor % (2 * SHEET) + 256 * SHEET, size, rows)
        whole = near.astype(np.int32)
        one[..., axis], two[..., axis] = whole & (SHEET - 1), (whole >> 1) & (SHEET - 1)
    return picked(_sheet(), one), picked(_sheet(), two)


def _weighed(sheet: np.ndarray, weight: Reals) -> np.ndarray:
    """A sheet times a weight (rows, columns), in the strength in which it is laid on."""
    factors = cv2.cvtColor(cv2.convertScaleAbs(weight, alpha=255), cv2.COLOR_GRAY2BGR)
    return cv2.multiply(sheet, factors, scale=DEEP / 128 / 255)


@lru_cache(maxsize=1)
def _sheet() -> np.ndarray:
    """A repeating sheet (SHEET, SHEET, 3) of strokes about 128: warm and cool, dark and bright."""
    chance, count = rng(406), 2300
    sheet = np.full((SHEET, SHEET, 3), 128, np.uint8)
    place, t = chance.uniform(0, SHEET, (count, 1, 2)), np.linspace(-0.5, 0.5, 5)
    long, bend = chance.uniform(26, 64, (count, 1)), chance.normal(0, 3, (count, 1))
    path = place + np.stack([long * t, bend * (4 * t * t - 0.5)], -1)
    tone, warm = chance.normal(0, 24, count), chance.normal(0, 8, count)
    colours = (128 + np.stack([tone - warm, tone, tone + warm], -1)).tolist()
    thick = chance.integers(5, 9, count).tolist()
    shifts = np.array([(dx, dy) for dx in (-SHEET, 0, SHEET) for dy in (-SHEET, 0, SHEET)])
    low, high = path.min(axis=1) - 8 + shifts[:, None], path.max(axis=1) + 8 + shifts[:, None]
    shown = ((low < SHEET) & (high > 0)).all(axis=-1)
    for index, shift in zip(*(part.tolist() for part in np.nonzero(shown.T)), strict=True):
        line = np.rint((path[index] + shifts[shift]) * 16).astype(np.int32)
        cv2.polylines(sheet, [line], False, colours[index], thick[index], cv2.LINE_AA, 4)
    return sheet


def _pure(colour: tuple[float, float, float], part: float) -> tuple[float, float, float]:
    """The colour with more (above 1) saturation."""
    grey = sum(colour) / 3
    found = [min(255.0, max(0.0, grey + (value - grey) * part)) for value in colour]
    return found[0], found[1], found[2]


def _whirl(single: np.ndarray, seed: int) -> Reals:
    """Angles of a sky, at a quarter of its size: streams that roll up into whirls."""
    rows, columns = single.shape[0] // 4, single.shape[1] // 4
    chance = rng(seed, 401)
    stream = clouds(seed + 402, rows, columns, 9, 3, wrap=True)
    dy, dx = np.gradient(stream)
    scale = max(float(np.abs(dx).mean()), 1e-6)
    vx, vy = np.full((rows, columns), 0.9, np.float32) + dy / scale * 0.45, -dx / scale * 0.45
    x, y = np.arange(columns, dtype=np.float32)[None], np.arange(rows, dtype=np.float32)[:, None]
    for _ in range(16):
        cx, cy = columns * float(chance.random()), rows * (0.12 + 0.54 * float(chance.random()))
        size, turn = float(chance.uniform(0.05, 0.13)) * rows, float(chance.choice([-1, 1]))
        gap = (x - cx + columns / 2) % columns - columns / 2
        away = np.hypot(gap, y - cy)
        pull = np.exp(-((away / size) ** 2) * 0.7) * 4.5 / (away + 0.75)
        vx = vx - turn * (y - cy) * pull
        vy = vy + turn * gap * pull
    return np.arctan2(vy, vx).astype(np.float32)


def _flow(single: np.ndarray, seed: int, kind: str) -> Reals:
    """Angles along the picture's own edges, smoothed, at half its size; across the ground gentle waves."""
    size = (max(2, single.shape[1] // 2), max(2, single.shape[0] // 2))
    half = cv2.resize(np.ascontiguousarray(single[..., :3]), size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(half, cv2.COLOR_BGR2GRAY).astype(np.float32)
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    wide = 2.5 if kind in {"range", "stands"} else 4.5
    xx, yy, xy = (cv2.GaussianBlur(part, (0, 0), wide) for part in (gx * gx, gy * gy, gx * gy))
    along = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    own = clouds(seed + 403, size[1], size[0], 12, 3) * 0.5 + (np.pi / 2 if kind in {"ground", "land"} else 0)
    sure = np.clip((xx + yy) / 480, 0, 1)
    vx, vy = (
        np.cos(2 * along) * sure + np.cos(2 * own) * (1 - sure),
        np.sin(2 * along) * sure + np.sin(2 * own) * (1 - sure),
    )
    return (0.5 * np.arctan2(vy, vx)).astype(np.float32)


def strokes(
    picture: np.ndarray, angle: Reals, size: tuple[float, float], seed: int, edge: int = cv2.LINE_AA
) -> np.ndarray:
    """The picture painted: rows of curved strokes in its own colours, each a little off in tone, along angles that are
    known on a coarser grid."""
    length, breadth = size
    rows, columns = picture.shape[:2]
    canvas = picture.copy()
    step = max(2.0, breadth * 0.95)
    grid = np.stack(np.meshgrid(np.arange(0, columns, length * 0.55), np.arange(0, rows, step)), -1).reshape(-1, 2)
    chance = rng(seed, 404, rows)
    place = (grid + chance.uniform(-0.5, 0.5, grid.shape) * [length * 0.6, step]).astype(np.float32)
    order = chance.permutation(len(place))
    place = place[order]
    path = [place]
    for sign in (-1, 1):
        at = place
        for _ in range(2):
            column, row = (np.clip(at / (columns, rows), 0, 0.9999) * angle.shape[::-1]).astype(int).T
            turn = angle[row, column]
            at = at + np.stack([np.cos(turn), np.sin(turn)], -1).astype(np.float32) * (sign * length / 4)
            path = [at, *path] if sign < 0 else [*path, at]
    lines = np.rint(np.clip(np.stack(path, 1), -2000, 8000) * 16).astype(np.int32)
    column, row = np.clip(place[:, 0], 0, columns - 1).astype(int), np.clip(place[:, 1], 0, rows - 1).astype(int)
    tone = picture[row, column].astype(np.float32)
    jitter = chance.normal(0, 1, (len(place), 1)) * 15 + chance.normal(0, 5, (len(place), 3))
    colours = np.clip(tone + jitter, 0, 255).tolist()
    thick = np.maximum(1, np.rint(breadth * chance.uniform(0.6, 1.15, len(place)))).astype(int).tolist()
    for line, colour, broad in zip(lines, colours, thick, strict=True):
        cv2.polylines(canvas, [line], False, colour, broad, edge, 4)
    return canvas


def _flames(body: np.ndarray, count: int) -> list[list[np.ndarray]]:
    """Curves from the trunk outwards and up, in four groups; they depend on the tree's outline only."""
    low, high = body.min(axis=0), body.max(axis=0)
    unit = _curves(count)
    x = (low[0] + high[0]) / 2 + unit[..., 0] * ((high[0] - low[0]) / 2)
    y = high[1] - unit[..., 1] * (high[1] - low[1])
    lines = np.rint(np.stack([x, y], -1)).astype(np.int32)
    return [list(lines[group::4]) for group in range(4)]


@lru_cache(maxsize=8)
def _curves(count: int) -> Reals:
    """The curves of a tree of unit height and half breadth (4 · count, 5, 2)."""
    number = np.arange(count * 4)
    up, side = hashed(number, 51) ** 0.8 * 0.86, hashed(number, 52) * 2 - 1
    t = np.linspace(0, 1, 5, dtype=np.float32)
    bend = np.sin(t * np.pi) * 0.35
    x = (side[:, None] * (0.25 + 0.6 * t[None]) + bend[None] * np.sign(side)[:, None] * 0.3) * (1 - up)[:, None]
    return np.stack([x, up[:, None] + t[None] * 0.13 - 0.06], -1)


@lru_cache(maxsize=1)
def _bristles() -> Reals:
    """Noise drawn out along one direction."""
    noise = rng(405).standard_normal((BRISTLES, BRISTLES)).astype(np.float32)
    drawn = cv2.GaussianBlur(noise, (0, 0), sigmaX=3.2, sigmaY=0.6, borderType=cv2.BORDER_REFLECT)
    return (drawn / drawn.std()).astype(np.float32)


@lru_cache(maxsize=4)
def _canvas(width: int, height: int) -> np.ndarray:
    """The weave of the canvas."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    weave = 238 + 5 * np.sin(x * 2.1) * np.cos(y * 0.4) + 5 * np.sin(y * 2.1) * np.cos(x * 0.4)
    return np.repeat(np.clip(weave, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
