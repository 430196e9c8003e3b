"""What a style may change; the plain film-like style changes least."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from backends.animatic.draw import lens
from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.body import Buffer, Cloth, Lamp, shade
from backends.animatic.draw.palette import mix
from backends.animatic.draw.titles import Inks
from backends.animatic.draw.trees import draw_tree

if TYPE_CHECKING:
    from backends.animatic.draw.body import Limb
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.palette import Colour, Palette
    from backends.animatic.draw.scenery import Scenery
    from backends.animatic.draw.terrain import Sight
    from backends.animatic.draw.trees import Drawn
    from backends.animatic.draw.view import View
    from backends.animatic.scene import Actor, Brief, Performance, Shot


@dataclass(slots=True)
class Frame:
    """One frame in the making. `image` (h, w, 3); `mask` (h, w) 255 where bodies are; `sight` what the lens meets;
    `company` everybody's number and limbs, gear included; `trees` the numbers of those in the frame, farthest first."""

    scenery: Scenery
    index: int
    clip: float
    world: float
    shot: Shot
    within: float
    view: View
    before: View
    sight: Sight
    image: np.ndarray
    mask: np.ndarray
    company: list[tuple[int, Actor, list[Limb]]] = field(default_factory=list["tuple[int, Actor, list[Limb]]"])
    trees: np.ndarray = field(default_factory=lambda: np.zeros(0, np.intp))
    bodies: list[tuple[Buffer, list[Limb], str]] = field(default_factory=list["tuple[Buffer, list[Limb], str]"])

    @property
    def height(self) -> int:
        """Rows of the frame."""
        return self.image.shape[0]


class Style:
    """The realistic style and the base of all others: film-like grade, soft shadows, grain."""

    slug = "realistic"
    shadows = True
    blur = 1.0
    detail = True
    hologram = False

    def palette(self, palette: Palette) -> Palette:
        """The scene's colours as this style sees them."""
        return palette

    def texture(self, picture: np.ndarray, kind: str, seed: int, unit: float) -> np.ndarray:
        """A static picture (rows, columns, 3 or 4) redrawn once a film; `kind` is sky, range, stands, ground (the
        course) or land (around it); `unit` its pixels a metre, or a radian for those around the horizon."""
        del seed, unit
        # A long lens shows one of their pixels as large as ten of the frame's: soft edges then, not stairs.
        return cv2.GaussianBlur(picture, (0, 0), 0.9) if kind in {"sky", "range"} else picture

    def ink(self, palette: Palette) -> Colour | None:
        """The colour of outlines around things, if this style has any."""
        del palette
        return None

    def inks(self, palette: Palette) -> Inks:
        """The colours of words."""
        return Inks(small=mix(palette.trim, (255, 255, 255), 0.25), plate=palette.dark, accent=palette.suit)

    def display(self, performance: Performance, brief: Brief) -> Reals:
        """Where this style writes by itself (B, 4: left, top, right, bottom in pixels): no place for other words."""
        del performance, brief
        return np.zeros((0, 4), np.float32)

    def tree(self, brush: Brush, tree: Drawn) -> None:
        """Draw one tree."""
        draw_tree(brush, tree)

    def shade(self, buffer: Buffer, cloth: Cloth, lamp: Lamp, frame: Frame) -> Reals:
        """Colours (3, K) of the pixels of a body."""
        del frame
        return shade(buffer, cloth, lamp)

    def behind(self, frame: Frame) -> None:
        """Redraw the background, which has half the frame's size still, before anything stands on it."""

    def finish(self, frame: Frame) -> np.ndarray:
        """The finished picture before words are set."""
        palette = frame.scenery.palette
        image = frame.image
        if palette.night or frame.scenery.hall:
            lens.bloom(image, 178 if palette.night else 236, 0.5)
        image = lens.grade(image, 0.52, palette)
        lens.darkened(image, 0.45 if palette.night else 0.2)
        lens.grainy(image, frame.index, 0.15)
        return image
