"""A night city on ice: neon edges, bloom, holographic furniture, a display that tells the truth."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw import lens
from backends.animatic.draw.actors import between
from backends.animatic.draw.arrays import Reals, band, grown, sized, stretched
from backends.animatic.draw.body import Buffer, Cloth, Lamp
from backends.animatic.draw.brush import Brush, fixed
from backends.animatic.draw.figure import Part
from backends.animatic.draw.lettering import Label, label
from backends.animatic.draw.noise import rng, smooth
from backends.animatic.draw.palette import Colour, Palette, ink, mix, vector
from backends.animatic.draw.styles.base import Frame, Style
from backends.animatic.draw.titles import Inks
from backends.animatic.scene import RATE

if TYPE_CHECKING:
    from backends.animatic.draw.trees import Drawn
    from backends.animatic.scene import Brief, Performance

CYAN: Final = ink("#35f2ff")
PINK: Final = ink("#ff3fb4")
DEEP: Final = ink("#070a1e")
GRID: Final = 4.0
"""Metres between the lines of light on the ground."""
GLOWING: Final = (Part.TRIM, Part.VISOR, Part.GLOW, Part.EYE)
"""Materials that shine of themselves."""
UNITS: Final = {"speed": ("SPEED", "km/h", 130.0), "height": ("HEIGHT", "m", 12.0), "angle": ("ANGLE", "°", 90.0)}
"""What the display shows: name, unit, full scale."""


class SciFi(Style):
    """Dark ice, light at the edges."""

    slug = "sci-fi"
    hologram = True

    def palette(self, palette: Palette) -> Palette:
        """Night, magenta on the horizon; the athlete's own colour becomes its light."""
        suit = palette.suit if max(palette.suit) - min(palette.suit) > 60 else CYAN
        return replace(
            palette,
            zenith=ink("#04030f"),
            middle=ink("#150a3a"),
            horizon=ink("#5c1a78"),
            sun=ink("#ffd0f0"),
            far=ink("#1c1648"),
            near=ink("#120f36"),
            forest=ink("#080a20"),
            light=ink("#26336e"),
            shade=ink("#0c1236"),
            suit=suit,
            trim=mix(CYAN, suit, 0.15),
            third=PINK,
            dark=DEEP,
            shadow=0.9,
            haze=palette.haze * 0.7,
            night=True,
        )

    def inks(self, palette: Palette) -> Inks:
        """Letters of light."""
        return Inks((255, 250, 236), CYAN, 30.0, DEEP, palette.suit)

    def texture(self, picture: np.ndarray, kind: str, seed: int, unit: float) -> np.ndarray:
        """A city on the horizon."""
        if kind == "range":
            return _city(picture, seed, unit)
        return picture

    def behind(self, frame: Frame) -> None:
        """The grid lies on the ground before anything stands on it."""
        _grid(frame)

    def display(self, performance: Performance, brief: Brief) -> Reals:
        """The gauges in the upper right corner."""
        unit = brief.height / 720
        right, count = brief.width - 46 * unit, len(_gauges(performance))
        box = np.array([(right - 215 * unit, 22 * unit, right, (16 + 70 * count) * unit)], np.float32)
        return box[: min(count, 1)]

    def tree(self, brush: Brush, tree: Drawn) -> None:
        """A dark spruce traced by a thin line of light."""
        palette = brush.palette
        cv2.fillPoly(brush.canvas, [tree.body], brush.veiled(palette.forest, tree.air), cv2.LINE_AA, 4)
        if len(tree.lit):
            edge = brush.veiled(mix(PINK, palette.forest, 0.35), tree.air)
            cv2.polylines(brush.canvas, tree.lit, False, edge, 1, cv2.LINE_AA, 4)
        cv2.polylines(
            brush.canvas, [tree.body], True, brush.veiled(mix(CYAN, palette.forest, 0.62), tree.air), 1, cv2.LINE_AA, 4
        )

    def shade(self, buffer: Buffer, cloth: Cloth, lamp: Lamp, frame: Frame) -> Reals:
        """Dark armour; light where the surface turns away and along the seams."""
        del lamp, frame
        turned = 1 + buffer.normal[2]
        part = buffer.part
        glowing = np.flatnonzero(np.isin(part, GLOWING))
        base = cloth.albedo.T[:, part] * np.float32(0.20) + vector(DEEP)[:, None] * np.float32(0.8)
        tint = np.where(
            np.isin(part, (Part.THIRD, Part.HELMET)), vector(PINK)[:, None], cloth.albedo[Part.SUIT][:, None]
        )
        colour = base + (tint * np.float32(1.25) - base) * smooth(0.42, 0.95, turned)
        colour[:, glowing] = cloth.albedo[Part.TRIM][:, None] * (0.75 + 0.4 * (1 - turned[glowing]))
        return np.clip(colour, 0, 255)

    def finish(self, frame: Frame) -> np.ndarray:
        """Bloom, scan lines, the display."""
        image = frame.image
        _aura(frame)
        lens.bloom(image, 120, 1.15)
        image = lens.grade(image, 0.30, frame.scenery.palette)
        lens.darkened(image, 0.55)
        _scan(image)
        _display(image, frame)
        return image


def _grid(frame: Frame) -> None:
    """Lines of light on the ground every few metres, always about as thick on screen."""
    sight, size = frame.sight, frame.image.shape[1::-1]
    rows = band(grown(sight.seen), size[1])
    if rows is None:
        return
    part = frame.image[rows]
    fade = sized(sight.seen * np.clip(1.2 - sight.distance / 160, 0.0, 0.85), size, rows)
    for world, colour in ((sight.x, PINK), (sight.y, CYAN)):
        down, across = np.gradient(world)
        thin = np.maximum((np.abs(down) + np.abs(across)) * (len(world) / size[1]), 0.02)
        place = sized(world / GRID, size, rows)
        off = np.abs(place - np.rint(place)) * sized(GRID / thin, size, rows)
        line = np.clip(1.15 - off, 0, 1) + np.clip(1 - off / 7, 0, 1) ** 2 * np.float32(0.3)
        line *= sized(np.clip(1.6 - thin * (5 / GRID), 0, 1), size, rows) * fade
        cv2.add(part, cv2.applyColorMap(cv2.convertScaleAbs(line, alpha=255), _glow(colour, 0.62)), part)


def _glow(colour: Colour, strength: float) -> np.ndarray:
    """A table (256, 1, 3) of a colour from nothing to a strength."""
    return (np.arange(256)[:, None] / 255 * np.array(colour) * strength).astype(np.uint8)[:, None]


def _city(picture: np.ndarray, seed: int, unit: float) -> np.ndarray:
    """Towers before the range, some windows lit, beacons on the tallest."""
    rows, columns = picture.shape[0], picture.shape[1] // 2
    single = np.ascontiguousarray(picture[:, :columns])
    foot = int(np.argmax(single[..., 3].min(axis=1) > 250)) or rows // 2
    chance = rng(seed, 101)
    for depth in range(3):
        tone = mix(ink("#2a1c5e"), ink("#0b0924"), depth / 2)
        x = 0.0
        while x < columns:
            wide = float(chance.uniform(0.012, 0.04)) * unit
            tall = float(chance.uniform(0.25, 1.0) ** 2.2) * foot * (0.95 - 0.22 * depth)
            _tower(single, (int(x), int(foot - tall)), (int(x + wide), rows), tone, chance)
            x += wide * float(chance.uniform(0.9, 2.2))
    return np.concatenate([single, single], axis=1)


def _tower(
    single: np.ndarray, high: tuple[int, int], low: tuple[int, int], tone: Colour, chance: np.random.Generator
) -> None:
    cv2.rectangle(single, high, low, (*tone, 255.0), -1)
    lit = (CYAN, PINK, ink("#ffcf6b"))[int(chance.integers(0, 3))]
    for y in range(high[1] + 3, min(low[1], single.shape[0]) - 2, 4):
        for x in range(high[0] + 2, low[0] - 2, 4):
            if chance.random() < 0.28:
                single[y : y + 2, x : x + 2] = (*mix(lit, tone, float(chance.uniform(0.1, 0.7))), 255)
    if chance.random() < 0.3:
        cv2.line(single, high, (high[0], low[1]), (*mix(lit, tone, 0.2), 255.0), 1)


def _aura(frame: Frame) -> None:
    """Light around the bodies."""
    height, width = frame.mask.shape
    small = cv2.resize(frame.mask, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 3.2)
    ring = cv2.subtract(soft, cv2.convertScaleAbs(small, alpha=0.8))
    rows = band(ring > 0, height)
    if rows is not None:
        light = cv2.applyColorMap(stretched(ring, (width, height), rows), _glow(frame.scenery.palette.suit, 0.75))
        cv2.add(frame.image[rows], light, frame.image[rows])


def _scan(image: np.ndarray) -> None:
    """Every third row a little darker, as on a display."""
    rows = image[::3]
    image[::3] = cv2.convertScaleAbs(rows, alpha=0.93)


def _display(image: np.ndarray, frame: Frame) -> None:
    """Brackets about the athlete and the run's own numbers."""
    unit = frame.height / 720
    box = _box(frame)
    if box is not None:
        _brackets(image, box, unit)
    for row, (key, track) in enumerate(_gauges(frame.scenery.performance)):
        name, measure, full = UNITS[key]
        value = float(between(track[:, None], frame.world)[0])
        _gauge(image, (name, measure), value, full, row, unit)
    _trace(image, frame, unit)


def _gauges(performance: Performance) -> list[tuple[str, Reals]]:
    """Names and values (N,) of what changes during the run."""
    tracks = [(key, performance.hud[key]) for key in UNITS if key in performance.hud]
    return [(key, track) for key, track in tracks if len(track) and float(np.abs(track).max()) >= 0.2]


def _box(frame: Frame) -> tuple[int, int, int, int] | None:
    found = [buffer for buffer, _, role in frame.bodies if role == "athlete"]
    if not found:
        return None
    rows, columns = found[0].cover.shape
    left, top, pixel = found[0].left, found[0].top, found[0].pixel
    return left, top, round(left + columns * pixel), round(top + rows * pixel)


def _brackets(image: np.ndarray, box: tuple[int, int, int, int], unit: float) -> None:
    left, top, right, bottom = box
    pad, arm = 10 * unit, 22 * unit
    for x, sx in ((left - pad, 1), (right + pad, -1)):
        for y, sy in ((top - pad, 1), (bottom + pad, -1)):
            path = np.array([(x + sx * arm, y), (x, y), (x, y + sy * arm)], np.float32)
            cv2.polylines(image, [fixed(path)], False, CYAN, max(1, round(2 * unit)), cv2.LINE_AA, 4)


def _gauge(image: np.ndarray, name: tuple[str, str], value: float, full: float, row: int, unit: float) -> None:
    """A number, its name and a bar in the upper right corner."""
    right, top = image.shape[1] - 46 * unit, (36 + 70 * row) * unit
    words = f"{value:z.0f} {name[1]}" if full > 20 else f"{value:z.1f} {name[1]}"
    number = _written(words, round(30 * unit), (255.0, 250.0, 236.0), 0.3)
    number.put(image, right - number.picture.shape[1], top - 14 * unit, 0.95)
    title = _written(name[0], max(7, round(13 * unit)), CYAN, 0.2)
    title.put(image, right - 215 * unit, top + 4 * unit, 0.9)
    y, x0 = top + 46 * unit, right - 205 * unit
    part = min(1.0, abs(value) / full)
    for end, tone in ((1.0, mix(CYAN, DEEP, 0.75)), (part, CYAN)):
        path = np.array([(x0, y), (x0 + (right - x0) * end, y)], np.float32)
        cv2.polylines(image, [fixed(path)], False, tone, max(1, round(3 * unit)), cv2.LINE_AA, 4)


@lru_cache(maxsize=256)
def _written(words: str, size: int, colour: Colour, shadow: float) -> Label:
    """Words of the display; the same ones come again and again."""
    return label([(words, size, colour)], shadow, 0.1)


def _trace(image: np.ndarray, frame: Frame, unit: float) -> None:
    """Where the athlete goes within the next second, as a line of dots on the course."""
    athlete = frame.scenery.performance.actors[0]
    first = int(frame.world * RATE)
    path = athlete.contact[first + 10 : first + RATE : 10]
    if not len(path):
        return
    pixels, depth = frame.view.project(path + np.array([0, 0, 0.06], np.float32))
    for place, away in zip(pixels[depth > 0.6], depth[depth > 0.6], strict=True):
        size = float(np.clip(0.07 * frame.view.scale / away, 1.2, 7 * unit))
        at = fixed(place)
        cv2.circle(image, (int(at[0]), int(at[1])), round(size * 16), PINK, max(1, round(1.5 * unit)), cv2.LINE_AA, 4)
