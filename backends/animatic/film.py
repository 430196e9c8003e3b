"""A brief becomes a film: everything that is needed to draw any of its frames, in any order, in any process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.actors import between
from backends.animatic.draw.palette import chilled, palette_for
from backends.animatic.draw.picture import draw, moment
from backends.animatic.draw.portrait import Portrait, UnreadablePicture, portrait
from backends.animatic.draw.scenery import Scenery, build
from backends.animatic.draw.styles import style_of
from backends.animatic.draw.titles import Beat, beats, mark, put
from backends.animatic.draw.view import view_of
from backends.animatic.motion import perform
from backends.animatic.reading import read
from backends.animatic.scene import GearKind, Setting

if TYPE_CHECKING:
    from backends.animatic.draw.arrays import Reals
    from backends.animatic.draw.lettering import Label
    from backends.animatic.scene import Actor, Brief, Performance


GIRTH: Final = 0.22
"""Metres a body reaches beyond its joints: half a helmet, ears, a sleeve."""
HELD: Final = frozenset({GearKind.RIFLE, GearKind.SKI, GearKind.BOARD, GearKind.BOB, GearKind.SLED})
"""Gear that no word may cover either; poles, sticks and brooms are thin and reach far."""


@dataclass(frozen=True, slots=True)
class Film:
    """A prepared film: its brief, its performance, its scenery, its words; `notes` tell, in the catalogue's
    keys, what was left out."""

    brief: Brief
    performance: Performance
    scenery: Scenery
    words: tuple[Beat, ...]
    mark: Label
    notes: tuple[str, ...]

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return round(self.brief.seconds * self.brief.fps)

    @property
    def drawings(self) -> int:
        """How many of them are drawn; each stands until the next."""
        return -(-self.frames // self.brief.hold)


def prepare(brief: Brief, performance: Performance | None = None) -> Film:
    """Simulate, read, light and paint everything that does not move."""
    cv2.setNumThreads(1)
    performance = performance or perform(brief)
    reading = read(brief.prompt)
    picture, notes = _picture(brief)
    style = style_of(brief.style)
    palette = palette_for(reading, picture.colours if picture else ())
    if performance.stage.setting is Setting.HALL:
        palette = chilled(palette)
    palette = style.palette(palette)
    scenery = build(brief, performance, reading, style, palette, picture)
    cuts = [shot.end for shot in performance.shots]
    display = style.display(performance, brief)

    def taken(begin: float, end: float) -> list[Reals]:
        return [*boxes(brief, performance, begin, end), display]

    words = beats(brief, style.inks(palette), cuts, taken)
    return Film(brief, performance, scenery, tuple(words), mark(brief, style.inks(palette)), tuple(notes))


def _picture(brief: Brief) -> tuple[Portrait | None, list[str]]:
    if brief.image is None:
        return None, []
    try:
        return portrait(brief.image), []
    except UnreadablePicture:
        return None, ["note.reference_unreadable"]


def boxes(brief: Brief, performance: Performance, begin: float, end: float) -> list[Reals]:
    """Where each actor is on screen every quarter of a second (B, 4: left, top, right, bottom in pixels)."""
    return [_boxes(brief, performance, actor, begin, end) for actor in performance.actors]


def _boxes(brief: Brief, performance: Performance, actor: Actor, begin: float, end: float) -> Reals:
    found: list[Reals] = []
    for clip in np.arange(begin, end, 0.25).tolist():
        shot, within, world = moment(performance, clip, brief.fps)
        view = view_of(shot, within, brief.width, brief.height)
        held = [between(gear.points, world) for gear in actor.gear if gear.kind in HELD]
        pixels, depth = view.project(np.concatenate([between(actor.joints, world), *held]))
        if bool((depth > 0.3).all()):
            around = GIRTH * view.scale / depth.min()
            found.append(np.concatenate([pixels.min(axis=0) - around, pixels.max(axis=0) + around]))
    return np.array(found, np.float32).reshape(-1, 4)


def render_frame(film: Film, index: int) -> np.ndarray:
    """Frame `index` as blue, green, red (height, width, 3) uint8; the same for the same film and index, always."""
    image = draw(film.scenery, index)
    time = index / film.brief.fps
    for beat in film.words:
        put(beat, image, time)
    height, width = film.mark.picture.shape[:2]
    edge = film.brief.height * 0.03
    film.mark.put(image, image.shape[1] - width - edge, image.shape[0] - height - edge * 0.4, 0.75)
    return image


def smaller(brief: Brief, height: int) -> Brief:
    """The same film at fewer pixels, for a first look."""
    width = round(brief.width * height / brief.height / 2) * 2
    return replace(brief, width=width, height=height)
