"""Ink and screentone: contours that swell on the shadow side, dots that stay on what they shade, speed lines, one
impact panel; a single accent colour belongs to the athlete."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from backends.animatic.draw.actors import between
from backends.animatic.draw.arrays import Reals, band, boxed, sized, stepped
from backends.animatic.draw.brush import fixed
from backends.animatic.draw.figure import Part
from backends.animatic.draw.noise import hashed
from backends.animatic.draw.palette import Colour, Palette, ink, vector
from backends.animatic.draw.styles.base import Frame, Style
from backends.animatic.draw.terrain import spread
from backends.animatic.draw.titles import Inks

if TYPE_CHECKING:
    from backends.animatic.draw.body import Buffer, Cloth, Lamp

BLACK: Final = (26.0, 20.0, 18.0)
LINES: Final = 130
DOT: Final = 7.5
"""Pixels of a frame 720 high from dot to dot in the sky, at least; at most twice as many."""
PANEL: Final = 0.55
"""Clip seconds of the impact panel."""


class Manga(Style):
    """Black, white, tone and one colour."""

    slug = "manga"
    blur = 0.0
    detail = False

    def palette(self, palette: Palette) -> Palette:
        """White paper, grey tones, ink; the suit keeps its colour."""
        dark = palette.night
        return replace(
            palette,
            zenith=ink("#4a4a4a" if dark else "#b4b4b4"),
            middle=ink("#8a8a8a" if dark else "#dedede"),
            horizon=ink("#f4f4f4"),
            sun=ink("#ffffff"),
            far=ink("#c4c4c4"),
            near=ink("#a0a0a0"),
            forest=ink("#1c1a1a"),
            light=ink("#fdfdfd"),
            shade=ink("#b2b2b2"),
            trim=ink("#fbfbfb"),
            third=ink("#242020"),
            dark=ink("#161212"),
            haze=palette.haze * 0.5,
            night=False,
        )

    def texture(self, picture: np.ndarray, kind: str, seed: int, unit: float) -> np.ndarray:
        """Greys; those of the stands become dots fixed to the picture."""
        del seed, unit
        grey = cv2.cvtColor(np.ascontiguousarray(picture[..., :3]), cv2.COLOR_BGR2GRAY)
        flat = cv2.cvtColor(screentone(grey, 7.0) if kind == "stands" else grey, cv2.COLOR_GRAY2BGR)
        if picture.shape[2] == 4:
            alpha = picture[..., 3:]
            return np.dstack([(flat.astype(np.uint16) * alpha // 255).astype(np.uint8), alpha])
        return flat

    def ink(self, palette: Palette) -> Colour | None:
        """Black contours."""
        del palette
        return BLACK

    def inks(self, palette: Palette) -> Inks:
        """Black letters on white."""
        return Inks((20, 16, 14), (60, 52, 50), 255.0, (255, 255, 255), palette.suit)

    def shade(self, buffer: Buffer, cloth: Cloth, lamp: Lamp, frame: Frame) -> Reals:
        """Flat light, tone dots in the shadow that move with the body, ink where parts meet."""
        del frame
        facing = lamp.toward @ buffer.normal
        albedo = cloth.albedo.T[:, buffer.part]
        rows, columns = np.divmod(buffer.at, buffer.cover.shape[1])
        core = buffer.core()
        middle = (columns[core].mean(), rows[core].mean()) if core.any() else (0.0, 0.0)
        x, y = (columns - middle[0]).astype(np.float32), (rows - middle[1]).astype(np.float32)
        turn = np.float32(np.pi * max(buffer.pixel, 0.5) / 5.0)
        dots = np.cos((x + y) * turn) * np.cos((x - y) * turn) > np.where(facing < -0.45, -0.35, 0.2)
        colour = np.where((facing < 0.05) & dots, vector(BLACK)[:, None] * 0.7 + albedo * 0.3, albedo)
        return np.where(_seams(buffer), vector(BLACK)[:, None], colour).astype(np.float32)

    def behind(self, frame: Frame) -> None:
        """Shadows on the ground become dots that lie on it; farther off they are coarser, so none is too small."""
        sight, size = frame.sight, frame.image.shape[1::-1]
        grey = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY)
        dots = grey if frame.scenery.hall else _heaven(frame, grey)
        rows = band(sight.seen, size[1])
        if rows is not None:
            octave = np.log2(spread(sight) * 1.39)
            level = np.floor(octave)
            x, y, part = (sized(field, size, rows) for field in (sight.x, sight.y, octave - level))
            wave = _lattice(x, y, stepped(np.exp2(level), size, rows), part)
            ground = cv2.resize(sight.seen.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)[rows]
            cv2.copyTo(_shaded(grey[rows], wave), ground, dots[rows])
        frame.image = cv2.cvtColor(dots, cv2.COLOR_GRAY2BGR)

    def finish(self, frame: Frame) -> np.ndarray:
        """Everything but the bodies loses its colour; contours; lines of speed; the panel."""
        image = frame.image
        grey = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), STEPS)
        paper = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
        panel = _panel(frame)
        if panel > 0:
            _burst(paper, frame, panel)
        else:
            _rush(paper, frame)
        _contours(paper, frame)
        box = boxed(frame.mask, 0)
        cv2.copyTo(image[box], cv2.inRange(frame.mask[box], np.array(101), np.array(255)), paper[box])
        if panel > 0:
            _border(paper, panel)
        return paper


def screentone(grey: np.ndarray, pitch: float) -> np.ndarray:
    """Grey as dots on a slanted grid with a period of `pitch` pixels."""
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]].astype(np.float32)
    return _dotted(grey, np.cos((x + y) * (np.pi / pitch)) * np.cos((x - y) * (np.pi / pitch)))


def _dotted(grey: np.ndarray, wave: Reals) -> np.ndarray:
    """Grey as dots where a wave -1..1 is high: white stays white, dark turns to ink."""
    tone = np.clip((238 - grey.astype(np.float32)) / 190, 0, 1)
    edge = (tone * 2 - 1) - wave
    dots = np.clip(0.5 - edge * 2.2, 0, 1) * 255
    return np.clip(np.where(tone < 0.06, 255, np.maximum(dots, 255 - 232 * tone * 1.15)), 24, 255).astype(np.uint8)


def _shaded(grey: np.ndarray, wave: Reals) -> np.ndarray:
    """Grey of the ground as dots where a wave -1..1 is low: the darker, the larger."""
    # 0 where the paper stays white, 1 in the middle of a dot.
    tone = np.minimum((236 - grey.astype(np.float32)) * np.float32(1 / 150), 1)
    ink = np.clip((tone * 1.5 - 0.72 - wave * 0.8) * 1.6 + 0.2, 0, 1)
    ink[tone <= 0.04] = 0
    return cv2.convertScaleAbs(ink, alpha=-232, beta=255)


def _heaven(frame: Frame, grey: np.ndarray) -> np.ndarray:
    """Sky and ranges (h, w) as dots that keep to their directions and, whatever the lens, to about one size."""
    rows, view, size = band(~frame.sight.seen, len(grey)), frame.view, grey.shape[1::-1]
    found = grey.copy()
    if rows is None:
        return found
    x, y, z = np.moveaxis(frame.sight.rays, -1, 0)
    middle = float(np.arctan2(view.basis[2, 0], view.basis[2, 1]))
    bearing = (np.arctan2(x, y) - middle + np.pi) % (2 * np.pi) - np.pi + middle
    octave = float(np.log2(DOT * view.height / 720 / view.scale / (2 * np.pi)))
    pitch = 2 * np.pi * 2.0 ** np.floor(octave)
    flat, steep = sized(bearing, size, rows), sized(np.arctan2(z, np.hypot(x, y)), size, rows)
    found[rows] = _dotted(grey[rows], _lattice(flat, steep, pitch, octave - np.floor(octave)))
    return found


def _lattice(x: Reals, y: Reals, pitch: Reals | float, part: Reals | float) -> Reals:
    """A wave -1..1 with a period of `pitch` in both directions, or as far as `part` goes (0..1) of twice as much."""
    turn = np.float32(np.pi) / pitch
    a, b = np.cos(x * turn), np.cos(y * turn)
    two = (a + b) / 2
    return (two * part + (a * a + b * b - 1) * (1 - part)).astype(np.float32)


def _steps() -> np.ndarray:
    value = np.arange(256, dtype=np.float32)
    return np.interp(value, [0, 70, 95, 150, 170, 222, 240, 255], [16, 24, 95, 120, 190, 205, 252, 255]).astype(
        np.uint8
    )


STEPS: Final = _steps()


def _seams(buffer: Buffer) -> np.ndarray:
    """At which of a body's pixels one limb ends before another, or cloth meets boot (K,)."""
    shown = buffer.cover > 0.3
    depth = np.where(shown, buffer.spread(buffer.depth), 0)
    step = np.abs(np.diff(depth, axis=0, prepend=depth[:1])) + np.abs(np.diff(depth, axis=1, prepend=depth[:, :1]))
    dark = buffer.spread(np.isin(buffer.part, (Part.BOOT, Part.VISOR, Part.GLOVE)))
    change = np.diff(dark, axis=0, prepend=dark[:1]) | np.diff(dark, axis=1, prepend=dark[:, :1])
    seams = ((step > 0.09) | change) & shown
    return cv2.dilate(seams.astype(np.uint8), np.ones((2, 2), np.uint8)).ravel()[buffer.at] > 0


def _contours(paper: np.ndarray, frame: Frame) -> None:
    """A black line around bodies, twice as thick on the side away from the light."""
    thick = max(1, round(frame.height / 300))
    box = boxed(frame.mask, 3 * thick)
    part, mask = paper[box], np.ascontiguousarray(frame.mask[box])
    if not mask.size:
        return
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thick + 1, 2 * thick + 1)))
    toward = frame.view.basis @ frame.scenery.light.toward
    shift = -np.sign(toward[:2]) * thick
    move = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    heavy = cv2.max(grown, cv2.warpAffine(grown, move, grown.shape[::-1], flags=cv2.INTER_NEAREST))
    part[heavy > 110] = BLACK


def _vanishing(frame: Frame) -> tuple[Reals, float]:
    """Where the athlete's way leads on screen, and the speed in m/s."""
    athlete = frame.scenery.performance.actors[0]
    velocity, place = between(athlete.velocity, frame.world), between(athlete.joints, frame.world)[0]
    speed = float(np.linalg.norm(velocity))
    here, _ = frame.view.project(place)
    ahead, depth = frame.view.project(place + velocity / max(speed, 0.1) * 60)
    centre = ahead if float(depth) > 1 else here
    size = np.array([frame.view.width, frame.view.height], np.float32)
    return np.clip(centre * 0.35 + here * 0.65, size * 0.1, size * 0.9), speed


def _here(frame: Frame) -> Reals:
    """The athlete's middle on screen."""
    joints = between(frame.scenery.performance.actors[0].joints, frame.world)
    pixels, _ = frame.view.project(joints)
    return (pixels.min(axis=0) + pixels.max(axis=0)) / 2


def _rush(paper: np.ndarray, frame: Frame) -> None:
    """Tapered lines at the margin run out from the vanishing point; the faster, the longer."""
    centre, speed = _vanishing(frame)
    strength = float(np.clip((speed - 6) / 16, 0, 1))
    if strength <= 0.02:
        return
    number = np.arange(LINES)
    angle = (number + hashed(number, 21)) / LINES * 2 * np.pi
    slide = (frame.world * (1.2 + hashed(number, 22)) + hashed(number, 23)) % 1.0
    reach = frame.height * (0.62 + 0.45 * slide)
    length = frame.height * (0.16 + 0.34 * hashed(number, 24)) * strength
    fade = np.sin(np.pi * slide)
    way = np.stack([np.cos(angle), np.sin(angle) * 0.8], -1)
    across = (
        np.stack([-way[:, 1], way[:, 0]], -1) * (frame.height * (0.0016 + 0.004 * hashed(number, 25)) * fade)[:, None]
    )
    near, far = centre + way * reach[:, None], centre + way * (reach + length + frame.height * 0.5)[:, None]
    shapes = list(fixed(np.stack([near, far - across, far + across], 1)))
    cv2.fillPoly(paper, shapes[::2], BLACK, cv2.LINE_AA, 4)
    cv2.fillPoly(paper, shapes[1::2], (255, 255, 255), cv2.LINE_AA, 4)


def _panel(frame: Frame) -> float:
    """0 outside the impact panel, else how far it has run."""
    performance = frame.scenery.performance
    shot = next((s for s in performance.shots if s.since <= performance.decisive < s.until and not s.replay), None)
    if shot is None:
        return 0.0
    part = (performance.decisive - shot.since) / max(shot.until - shot.since, 1e-6)
    since = frame.clip - (shot.begin + part * (shot.end - shot.begin))
    return (since + 0.04) / PANEL if 0 <= since + 0.04 < PANEL else 0.0


def _burst(paper: np.ndarray, frame: Frame, panel: float) -> None:
    """Black ground, white wedges from behind the athlete."""
    centre = _here(frame)
    paper[:] = np.array(BLACK, np.uint8)
    number = np.arange(64)
    angle = (number + 0.7 * hashed(number, 31)) / 64 * 2 * np.pi
    inner = frame.height * (0.30 - 0.08 * panel) * (0.75 + 0.6 * hashed(number, 32))
    breadth = 0.012 + 0.035 * hashed(number, 33)
    far = frame.height * 2.0
    near = centre + np.stack([np.cos(angle), np.sin(angle) * 0.8], -1) * inner[:, None]
    left = centre + np.stack([np.cos(angle - breadth), np.sin(angle - breadth)], -1) * far
    right = centre + np.stack([np.cos(angle + breadth), np.sin(angle + breadth)], -1) * far
    for shape in np.stack([near, left, right], 1):
        cv2.fillConvexPoly(paper, fixed(shape), (255, 255, 255), cv2.LINE_AA, 4)
    cv2.circle(
        paper,
        (round(float(centre[0])), round(float(centre[1]))),
        round(frame.height * 0.30),
        (255, 255, 255),
        -1,
        cv2.LINE_AA,
    )


def _border(paper: np.ndarray, panel: float) -> None:
    """The slanted frame of the panel closes in from the margins."""
    height, width = paper.shape[:2]
    inset = min(1.0, panel * 4) * height * 0.05
    inner = np.array(
        [
            (inset * 1.6, inset * 0.9),
            (width - inset * 0.9, inset * 1.7),
            (width - inset * 1.8, height - inset),
            (inset * 0.8, height - inset * 1.5),
        ],
        np.float32,
    )
    outer = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    cv2.fillPoly(paper, [fixed(outer), fixed(inner)], (255, 255, 255), cv2.LINE_AA, 4)
    cv2.polylines(paper, [fixed(inner)], True, BLACK, max(2, height // 150), cv2.LINE_AA, 4)
