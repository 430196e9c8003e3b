"""Five to seven colours a scene, chosen by hour and weather; the athlete wears the complementary one.

Colours are blue, green, red, 0..255, as OpenCV keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.scene import Hour, Weather

if TYPE_CHECKING:
    from backends.animatic.scene import Reading

Colour = tuple[float, float, float]


def ink(code: str) -> Colour:
    """A colour from its web notation."""
    value = int(code.lstrip("#"), 16)
    return float(value & 255), float(value >> 8 & 255), float(value >> 16)


def mix(a: Colour, b: Colour, part: float) -> Colour:
    """`a` at 0, `b` at 1."""
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part


def vector(colour: Colour) -> Reals:
    """The colour as an array (3,)."""
    return np.array(colour, np.float32)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one film and where its light comes from (elevation in degrees, `shadow` 0..1 how deep)."""

    zenith: Colour
    middle: Colour
    horizon: Colour
    sun: Colour
    far: Colour
    near: Colour
    forest: Colour
    light: Colour
    shade: Colour
    suit: Colour
    trim: Colour
    third: Colour
    dark: Colour
    elevation: float
    shadow: float
    haze: float
    night: bool = False


DAWN = Palette(
    ink("#6d86b5"), ink("#f0b8a8"), ink("#ffe0b4"), ink("#fff4d6"), ink("#cfa9b8"), ink("#8d7fa6"), ink("#3d4560"),
    ink("#fff3ea"), ink("#7f8fd6"), ink("#0b7d86"), ink("#ffd07a"), ink("#c8425a"), ink("#20263d"), 15, 0.75, 0.9,
)  # fmt: skip
NOON = Palette(
    ink("#1c5bb5"), ink("#5b9fe0"), ink("#d9eefa"), ink("#ffffff"), ink("#a3c6e4"), ink("#6b94c4"), ink("#1c4a40"),
    ink("#f7f4ec"), ink("#7fa9e2"), ink("#ee4527"), ink("#ffd23f"), ink("#1a2d5c"), ink("#13233f"), 36, 0.85, 0.6,
)  # fmt: skip
DUSK = Palette(
    ink("#2b2a63"), ink("#96508f"), ink("#ffb45c"), ink("#ffe3a6"), ink("#a06a9c"), ink("#584580"), ink("#221f45"),
    ink("#ffe6d2"), ink("#6266c4"), ink("#10b3b4"), ink("#fff0c4"), ink("#e2415f"), ink("#1a1636"), 13, 0.8, 0.9,
)  # fmt: skip
NIGHT = Palette(
    ink("#070d2b"), ink("#122263"), ink("#34509f"), ink("#f6f0d2"), ink("#2a4388"), ink("#1b2f6d"), ink("#0a1434"),
    ink("#d9e3f4"), ink("#2f4ea6"), ink("#ffab2b"), ink("#fff4d8"), ink("#e8413a"), ink("#080d22"), 42, 0.85, 0.5, True,
)  # fmt: skip
STORM = Palette(
    ink("#7d8b99"), ink("#a5b0b8"), ink("#d5d7d2"), ink("#f3efe2"), ink("#bcc4c9"), ink("#93a0ab"), ink("#46535f"),
    ink("#f0efe8"), ink("#a9b7c6"), ink("#dd4a26"), ink("#f6d59c"), ink("#27405c"), ink("#24303b"), 48, 0.4, 1.7,
)  # fmt: skip
HOURS = {Hour.DAWN: DAWN, Hour.NOON: NOON, Hour.DUSK: DUSK, Hour.NIGHT: NIGHT}


def palette_for(reading: Reading, picture: tuple[Colour, ...] = ()) -> Palette:
    """The hour's palette, greyed by a storm; the picture's or the sentence's own colours dress the athlete."""
    palette = HOURS[reading.hour]
    if reading.weather is Weather.STORM:
        palette = _under(palette, STORM) if reading.hour is not Hour.NOON else STORM
    elif reading.weather is Weather.SNOWFALL:
        palette = replace(palette, haze=palette.haze * 1.6, shadow=palette.shadow * 0.8)
    worn = [(float(b), float(g), float(r)) for r, g, b in reading.colours] or list(picture)
    return dressed(palette, worn)


def chilled(palette: Palette) -> Palette:
    """The palette of a hall: ice is cooler than snow, whatever the hour outside."""
    light, shade = mix(palette.light, ink("#e4f0f8"), 0.65), mix(palette.shade, ink("#86aedb"), 0.5)
    return replace(palette, light=light, shade=shade, night=False)


def dressed(palette: Palette, worn: list[Colour]) -> Palette:
    """The palette with the athlete's suit, trim and third colour replaced, as far as `worn` goes."""
    names = ("suit", "trim", "third")
    return replace(palette, **dict(zip(names, worn, strict=False)))


def _under(palette: Palette, storm: Palette) -> Palette:
    names = ("zenith", "middle", "horizon", "far", "near", "forest", "light", "shade")
    part = 0.35 if palette.night else 0.6
    mixed = {name: mix(getattr(palette, name), getattr(storm, name), part) for name in names}
    return replace(palette, **mixed, shadow=storm.shadow, haze=storm.haze)


def ramp(stops: list[tuple[float, Colour]], value: Reals) -> Reals:
    """Colours (..., 3) of a gradient at `value` (...)."""
    places = [stop[0] for stop in stops]
    return np.stack([np.interp(value, places, [stop[1][c] for stop in stops]) for c in range(3)], -1).astype(np.float32)
