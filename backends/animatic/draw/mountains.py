"""Painting the sky, the far range and the near range of an alpine scene, once a film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.arrays import Reals, tinted
from backends.animatic.draw.backdrop import HIGH, LOW, Sky, Wall, doubled
from backends.animatic.draw.noise import clouds, rng, smooth
from backends.animatic.draw.palette import Colour, Palette, mix, ramp, vector
from backends.animatic.scene import Weather

if TYPE_CHECKING:
    from backends.animatic.draw.light import Light

WIDE: Final = 2816
"""Columns of a panorama drawn at full quality."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """A range as a row of peaks: `place` 0..1 around the horizon, `rise` and `half` width relative to the tallest."""

    place: Reals
    rise: Reals
    half: Reals


def paint_sky(palette: Palette, light: Light, weather: Weather, seed: int, quality: float) -> Sky:
    """Gradient, sun or moon, stars and aurora, clouds and the far range."""
    columns = int(WIDE * quality)
    rows = int(columns * (HIGH - LOW) / (2 * np.pi))
    canvas = cv2.resize(_air(palette, light, weather, seed, quality), (columns, rows), interpolation=cv2.INTER_CUBIC)
    if palette.night:
        _stars(canvas, seed, quality)
    _range(canvas, palette, light, seed, rows)
    return Sky(doubled(canvas))


def _air(palette: Palette, light: Light, weather: Weather, seed: int, quality: float) -> np.ndarray:
    """What of a sky is soft, at half its size."""
    columns = int(WIDE * quality) // 2
    rows = int(columns * (HIGH - LOW) / (2 * np.pi))
    elevation = np.linspace(HIGH, LOW, rows, dtype=np.float32)
    stops = [(-0.6, palette.horizon), (0.0, palette.horizon), (0.16, mix(palette.horizon, palette.middle, 0.65)),
             (0.38, palette.middle), (0.95, palette.zenith)]  # fmt: skip
    picture = np.repeat(ramp(stops, elevation)[:, None], columns, axis=1)
    _glow(picture, palette, light, elevation)
    if palette.night:
        _aurora(picture, light, elevation, seed)
    if weather is not Weather.STORM:
        _disc(picture, palette, light, quality / 2)
    _clouds(picture, palette, elevation, seed, weather)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _row(elevation: float, rows: int) -> float:
    return (HIGH - elevation) / (HIGH - LOW) * rows


def _turned(columns: int, bearing: float) -> Reals:
    angle = np.arange(columns, dtype=np.float32) / columns * 2 * np.pi - bearing
    return ((angle + np.pi) % (2 * np.pi) - np.pi).astype(np.float32)


def _glow(picture: Reals, palette: Palette, light: Light, elevation: Reals) -> None:
    across = _turned(picture.shape[1], light.bearing)
    tall, broad = np.exp(-((elevation - light.elevation * 0.5) ** 2) / 0.12), np.exp(-(across**2) / 0.7)
    wide = tall[:, None] * broad[None]
    strength = 0.25 if palette.night else 0.55
    picture += (vector(mix(palette.horizon, palette.sun, 0.6)) - picture) * (wide * strength)[..., None]


def _disc(picture: Reals, palette: Palette, light: Light, quality: float) -> None:
    rows, columns = picture.shape[:2]
    centre = (light.bearing % (2 * np.pi) / (2 * np.pi) * columns, _row(light.disc, rows))
    radius = (26 if palette.night else 34) * quality
    reach = int(radius * 14)
    span = np.arange(-reach, reach + 1)
    place_x, place_y = (int(centre[0]) + span) % columns, int(centre[1]) + span
    place_y = place_y[(place_y >= 0) & (place_y < rows)]
    away = np.hypot(span[None].astype(np.float32), (place_y - int(centre[1])).astype(np.float32)[:, None])
    halo = np.exp(-away / (radius * 2.2)) * 0.75 + smooth(radius + 1, radius - 1, away)
    window = np.ix_(place_y, place_x)
    part = picture[window]
    picture[window] = part + (vector(palette.sun) - part) * np.clip(halo, 0, 1)[..., None]


def _stars(canvas: np.ndarray, seed: int, quality: float) -> None:
    rows, columns = canvas.shape[:2]
    chance = rng(seed, 5)
    count = 900
    x = chance.integers(0, columns, count)
    y = (chance.random(count) ** 1.3 * rows * 0.62).astype(int)
    glow = chance.random(count) ** 4
    for at_x, at_y, value in zip(x.tolist(), y.tolist(), glow.tolist(), strict=True):
        size = (0.7 + 1.5 * value) * max(quality, 0.5)
        tone = 120 + 135 * value
        cv2.circle(canvas, (int(at_x * 16), int(at_y * 16)), int(size * 16), (tone, tone, tone), -1, cv2.LINE_AA, 4)


def _aurora(picture: Reals, light: Light, elevation: Reals, seed: int) -> None:
    columns = picture.shape[1]
    wave = clouds(seed + 31, 1, columns, 7, 3, wrap=True)[0]
    rays = clouds(seed + 32, 1, columns, 90, 2, wrap=True)[0]
    base = 0.34 + 0.09 * wave
    over = elevation[:, None] - base[None]
    above, below = np.exp(-over / (0.20 + 0.04 * rays[None])), np.exp(np.minimum(over, 0) / 0.025)
    veil = np.minimum(above, 1) * below
    facing = 0.4 + 0.6 * np.exp(-(_turned(columns, light.course) ** 2) / 1.6)
    veil = veil * np.clip(0.55 + 0.4 * rays[None], 0.1, 1.2) * facing[None]
    green, violet = np.array([150, 235, 90], np.float32), np.array([220, 90, 160], np.float32)
    lift = smooth(0.0, 0.35, over)[..., None]
    picture += (green * (1 - lift) + violet * lift) * veil[..., None] * 0.55


def _clouds(picture: Reals, palette: Palette, elevation: Reals, seed: int, weather: Weather) -> None:
    rows, columns = picture.shape[:2]
    small = clouds(seed + 11, rows, columns // 4, 26, 4, wrap=True)
    field = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC)
    level = {Weather.CLEAR: 0.75, Weather.SNOWFALL: 0.15, Weather.STORM: -0.35}[weather]
    band = np.exp(-((elevation - 0.34) ** 2) / 0.05)[:, None]
    cover = smooth(level, level + 0.55, np.asarray(field, np.float32)) * np.clip(band * 1.3, 0, 1) * 0.8
    lit = smooth(-0.2, 0.5, field - cv2.blur(np.roll(field, rows // 40, axis=0), (5, 5)) + 0.1)
    bright, dim = mix(palette.middle, palette.sun, 0.75), mix(palette.middle, palette.near, 0.45)
    if palette.night:
        bright, dim = mix(palette.middle, palette.sun, 0.22), mix(palette.zenith, palette.middle, 0.6)
    tone = vector(dim) + (vector(bright) - vector(dim)) * lit[..., None]
    picture += (tone - picture) * (cover * (0.5 if palette.night else 1))[..., None]


def _range(canvas: np.ndarray, palette: Palette, light: Light, seed: int, rows: int) -> None:
    peaks = scatter(seed + 3, 46, light.course, 0.55)
    veiled = mix(palette.far, palette.horizon, 0.35)
    back = scatter(seed + 4, 40, light.course + 0.4, 0.3)
    _massif(canvas, back, veiled, mix(veiled, palette.light, 0.35), light, seed + 6, (_row(0.0, rows), rows * 0.10))
    lit = mix(mix(palette.far, palette.light, 0.62), palette.sun, 0.12)
    _massif(canvas, peaks, palette.far, lit, light, seed + 5, (_row(-0.02, rows), rows * 0.135))
    _mist(canvas, palette, int(_row(0.045, rows)), int(_row(-0.02, rows)))


def _mist(canvas: np.ndarray, palette: Palette, top: int, foot: int) -> None:
    span = canvas[top:foot].astype(np.float32)
    part = np.linspace(0, 1, len(span), dtype=np.float32)[:, None, None] ** 1.2
    canvas[top:foot] = (span + (vector(palette.horizon) - span) * part * 0.85).astype(np.uint8)
    canvas[foot:] = np.array(palette.horizon, np.uint8)


def scatter(seed: int, count: int, bearing: float, hero: float) -> Peaks:
    """Peaks at uneven distances; one massif in the direction of the course towers above the others."""
    chance = rng(seed, 1)
    place = np.sort((np.arange(count) + chance.uniform(-0.6, 0.6, count)) / count) % 1.0
    rise = 0.35 + 0.45 * chance.random(count) ** 1.6
    half = chance.uniform(0.7, 1.7, count)
    off = (place - (bearing / (2 * np.pi) + 0.04) + 0.5) % 1.0 - 0.5
    first = int(np.argmin(np.abs(off)))
    rise[first], half[first] = 1.0 + hero * 0.5, 1.5
    rise = rise * (1 + hero * 0.5 * np.exp(-((off * 9) ** 2)))
    return Peaks(place.astype(np.float32), rise.astype(np.float32), (half / count).astype(np.float32))


def _massif(
    canvas: np.ndarray, peaks: Peaks, dark: Colour, lit: Colour, light: Light, seed: int, span: tuple[float, float]
) -> None:
    """Faceted peaks: a shadow side, a lit side and spurs, from the lowest behind to the tallest before."""
    foot, tall = span
    columns = canvas.shape[1]
    for index in np.argsort(-peaks.rise)[::-1].tolist():
        chance = rng(seed, index)
        apex = np.array([float(peaks.place[index]) * columns, foot - float(peaks.rise[index]) * tall])
        half = float(peaks.half[index]) * columns * 1.5
        sunward = np.sin(light.bearing - float(peaks.place[index]) * 2 * np.pi) >= 0
        outline, ridge = _mountain(apex, half, foot, chance)
        _polygon(canvas, outline, mix(dark, lit, chance.uniform(0, 0.1)))
        _lit_side(canvas, outline, ridge, bool(sunward), lit)
        _spurs(canvas, apex, half, foot, bool(sunward), (dark, lit), rng(seed, index, 9))


def _mountain(apex: Reals, half: float, foot: float, chance: np.random.Generator) -> tuple[Reals, Reals]:
    steps = 7
    down = np.linspace(0, 1, steps)
    sides: list[Reals] = []
    for sign in (-1, 1):
        reach = half * chance.uniform(0.75, 1.25)
        jag = chance.normal(0, 0.045, steps) * (down > 0) * (down < 1)
        sides.append(np.stack([apex[0] + sign * reach * (down**1.15 + jag), apex[1] + (foot - apex[1]) * down], -1))
    outline = np.concatenate([sides[0][::-1], sides[1][1:]])
    sway = np.cumsum(chance.normal(0, 0.07, steps)) * half
    sway[0] = 0
    ridge = np.stack([apex[0] + sway, apex[1] + (foot - apex[1]) * down], -1)
    return outline.astype(np.float32), ridge.astype(np.float32)


def _lit_side(canvas: np.ndarray, outline: Reals, ridge: Reals, right: bool, lit: Colour) -> None:
    half = len(outline) // 2
    edge = outline[half:] if right else outline[: half + 1][::-1]
    _polygon(canvas, np.concatenate([ridge, edge[::-1]]), lit)


def _spurs(
    canvas: np.ndarray, apex: Reals, half: float, foot: float, sunward: bool,
    tones: tuple[Colour, Colour], chance: np.random.Generator,
) -> None:  # fmt: skip
    """Short facets below the summit: shadow spurs in the light, gleams of snow in the shade."""
    for _ in range(7):
        down = chance.uniform(0.12, 0.75)
        across = chance.uniform(-0.75, 0.75) * down
        length = chance.uniform(0.12, 0.3) * (foot - apex[1])
        wide = chance.uniform(0.03, 0.09) * half * (1 if across > 0 else -1)
        top = np.array([apex[0] + across * half * 1.1, apex[1] + down * (foot - apex[1])])
        shape = np.array(
            [
                top,
                top + np.array([wide * 1.4, length * 0.9]),
                top + np.array([wide * 0.3, length]),
                top + np.array([-wide * 0.3, length * 0.5]),
            ]
        )
        bright = (across > 0) == sunward
        _polygon(canvas, shape, mix(tones[0], tones[1], 0.25 if bright else 0.55))


def _polygon(canvas: np.ndarray, points: Reals, colour: Colour) -> None:
    """Fill a polygon of a picture that goes all around, wherever a copy of it shows."""
    columns = canvas.shape[1]
    low, high = float(points[:, 0].min()) - 2, float(points[:, 0].max()) + 2
    for shift in (-columns, 0, columns):
        if low + shift < columns and high + shift > 0:
            moved = np.rint((points + np.array([shift, 0])) * 16).astype(np.int32)
            cv2.fillPoly(canvas, [moved], colour, cv2.LINE_AA, 4)


def paint_range(
    palette: Palette, light: Light, centre: tuple[float, float], base: float, seed: int, quality: float
) -> Wall:
    """The near range: wooded shoulders under snowy tops, on a wall 1.7 km away, haze at its foot."""
    columns, reach = int(WIDE * quality), 1700.0
    tall, sunk = 380.0, 500.0
    rows = int(columns * (tall + sunk) / (2 * np.pi * reach))
    foot = rows * tall / (tall + sunk)
    canvas = np.zeros((rows, columns, 3), np.uint8)
    cover = np.zeros((rows, columns), np.uint8)
    peaks = scatter(seed + 21, 34, light.course + 0.9, 0.1)
    lit = mix(mix(palette.near, palette.light, 0.6), palette.horizon, 0.15)
    canvas[:] = np.array(palette.near, np.uint8)
    _massif(canvas, peaks, palette.near, lit, light, seed + 22, (foot, foot * 0.62))
    for index in range(len(peaks.place)):
        _polygon(cover, _outline(peaks, index, columns, foot, seed + 22), (255.0, 255.0, 255.0))
    cover[int(foot) - 1 :] = 255
    _woods(canvas, palette, foot, seed)
    _valley(canvas, palette, foot)
    return Wall(doubled(_premultiplied(canvas, cover)), centre, (reach, reach), base - sunk, base + tall)


def _outline(peaks: Peaks, index: int, columns: int, foot: float, seed: int) -> Reals:
    apex = np.array([float(peaks.place[index]) * columns, foot - float(peaks.rise[index]) * foot * 0.62])
    return _mountain(apex, float(peaks.half[index]) * columns * 1.5, foot, rng(seed, index))[0]


def _woods(canvas: np.ndarray, palette: Palette, foot: float, seed: int) -> None:
    rows, columns = canvas.shape[:2]
    line = foot - foot * (0.14 + 0.07 * clouds(seed + 41, 1, columns, 24, 3, wrap=True)[0])
    spikes = np.abs(clouds(seed + 42, 1, columns, 700, 1, wrap=True)[0]) * foot * 0.022
    y = np.arange(rows, dtype=np.float32)[:, None]
    patches = clouds(seed + 43, rows, columns, 60, 3, wrap=True)
    inside = smooth(-1, 1, y - (line - spikes)[None] + patches * (foot * 0.04))
    tinted(canvas, mix(palette.forest, palette.near, 0.45), inside * np.float32(0.85))


def _valley(canvas: np.ndarray, palette: Palette, foot: float) -> None:
    y = np.arange(canvas.shape[0], dtype=np.float32)
    part = smooth(foot * 0.78, foot * 1.12, y)[:, None] * np.float32(0.9)
    tinted(canvas, palette.horizon, np.repeat(part, canvas.shape[1], axis=1))


def _premultiplied(canvas: np.ndarray, cover: np.ndarray) -> np.ndarray:
    held = cv2.multiply(canvas, cv2.cvtColor(cover, cv2.COLOR_GRAY2BGR), None, 1 / 255)
    return np.dstack([held, cover])
