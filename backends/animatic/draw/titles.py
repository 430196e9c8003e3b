"""When and where words stand: a title beat, a lower third, an end beat; never over the athlete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.draw.lettering import Label, label, plated, spelled, wrapped
from backends.animatic.draw.palette import Colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.animatic.draw.arrays import Reals
    from backends.animatic.scene import Brief


ATHLETE: Final = 4.0
"""Covering the athlete is so much worse than covering another."""
NEXT_BEST: Final = 0.01
"""What the next place in the order of preference costs, in parts of the text that would cover somebody."""
TITLES: Final = ((62, 0.62), (56, 0.3), (40, 0.22))
"""Size (at 720 rows) and greatest breadth of the title, likewise."""
BREADTHS: Final = ((0.46, 2), (0.34, 3), (0.26, 4))
"""Breadth (of the frame's) and lines of a sentence, as it is liked best and as it is where somebody is in the way."""


@dataclass(frozen=True, slots=True)
class Inks:
    """Colours of words: the sentence, the smaller lines, and what surrounds the letters (0..255 grey)."""

    word: Colour = (252, 252, 250)
    small: Colour = (200, 225, 250)
    around: float = 18.0
    plate: Colour = (40, 30, 24)
    accent: Colour = (60, 90, 240)


@dataclass(frozen=True, slots=True)
class Beat:
    """A label that stands from `begin` to `end` (clip seconds) at `left`, `top` pixels; it slides in from the side."""

    label: Label
    begin: float
    end: float
    left: float
    top: float
    slide: float


def beats(brief: Brief, inks: Inks, cuts: list[float], boxes: Callable[[float, float], list[Reals]]) -> list[Beat]:
    """All words of the film. `cuts` are the shots' ends; `boxes(begin, end)` where everybody is on screen, the athlete
    first, and what else is written: (B, 4) each."""
    unit = brief.height / 720
    second = brief.seconds / 15
    title, quote = [_title(brief, inks, unit, shape) for shape in TITLES], _thirds(brief, inks, unit)
    ending = [_ending(brief, inks, unit, breadth) for breadth in BREADTHS]
    lower = cuts[0] + 0.35 * second if len(cuts) > 1 else 2.8 * second
    spans = [(title, 0.25 * second, min(cuts[0], 2.6 * second)), (quote, lower, lower + 3.2 * second),
             (ending, brief.seconds - 2.7 * second, brief.seconds + 1)]  # fmt: skip
    return [_placed(texts, begin, end, brief, boxes(begin, min(end, brief.seconds))) for texts, begin, end in spans]


def mark(brief: Brief, inks: Inks) -> Label:
    """The small word that says what this is."""
    return label([("animatic", round(15 * brief.height / 720) + 1, inks.word)], 0.4, around=inks.around)


def _title(brief: Brief, inks: Inks, unit: float, shape: tuple[int, float]) -> Label:
    size = round(shape[0] * unit)
    rows = wrapped(brief.sport_title.upper(), size, brief.width * shape[1], 2)
    return label([*[(row, size, inks.word) for row in rows]], around=inks.around)


def _thirds(brief: Brief, inks: Inks, unit: float) -> list[Label]:
    """The lower third, broad and then narrower."""
    size, small = round(29 * unit), round(22 * unit)
    name, found = (spelled(brief.sport_title), small, inks.small), list[Label]()
    for breadth, lines in BREADTHS:
        rows = wrapped(f"“{spelled(brief.prompt)}”", size, brief.width * breadth * 1.13, lines)
        text = label([name, *[(row, size, inks.word) for row in rows]], 0.0)
        found.append(plated(text, inks.plate, inks.accent, 0.66))
    return found


def _ending(brief: Brief, inks: Inks, unit: float, breadth: tuple[float, int]) -> Label:
    size = round(24 * unit)
    rows = wrapped(f"“{spelled(brief.prompt)}”", size, brief.width * breadth[0], breadth[1])
    big = wrapped(brief.sport_title, round(50 * unit), brief.width * 0.6, 1)
    author = spelled(brief.author)
    lines = [(row, round(50 * unit), inks.word) for row in big] + [(row, size, inks.word) for row in rows]
    text = label([*lines, (author, round(19 * unit), inks.small)], 0.0)
    return plated(text, inks.plate, inks.accent, 0.66)


def _placed(texts: list[Label], begin: float, end: float, brief: Brief, boxes: list[Reals]) -> Beat:
    """The shape and corner where nobody is in the way, least of all the athlete; where all are free, the first shape
    in the lower left."""
    places = [(text, *corner) for text in texts for corner in _corners(text, brief)]
    costs = [
        _cost(boxes, x, y, text.picture.shape[1], text.picture.shape[0]) + NEXT_BEST * rank
        for rank, (text, x, y) in enumerate(places)
    ]
    text, left, top = places[int(np.argmin(costs))]
    slide = -1.0 if left < brief.width / 3 else 1.0
    return Beat(text, begin, end, left, top, slide * brief.width * 0.03)


def _corners(text: Label, brief: Brief) -> list[tuple[float, float]]:
    """Left and top in the lower left, lower right, upper left and upper right corner."""
    height, width = text.picture.shape[:2]
    edge_x, edge_y = brief.width * 0.045, brief.height * 0.06
    low, right = brief.height - edge_y - height, brief.width - edge_x - width
    return [(x, y) for y in (low, edge_y) for x in (edge_x, right)]


def _cost(boxes: list[Reals], x: float, y: float, width: float, height: float) -> float:
    covered = [_overlap(each, x, y, width, height) for each in boxes]
    return ATHLETE * covered[0] + sum(covered[1:]) if covered else 0.0


def _overlap(boxes: Reals, x: float, y: float, width: float, height: float) -> float:
    if not len(boxes):
        return 0.0
    across = np.minimum(boxes[:, 2], x + width) - np.maximum(boxes[:, 0], x)
    down = np.minimum(boxes[:, 3], y + height) - np.maximum(boxes[:, 1], y)
    return float((np.clip(across, 0, None) * np.clip(down, 0, None)).mean() / (width * height))


def put(beat: Beat, canvas: np.ndarray, time: float) -> None:
    """Draw the beat at a clip time: in within 0.4 s, out within 0.35 s."""
    coming, going = (time - beat.begin) / 0.4, (beat.end - time) / 0.35
    if coming <= 0 or going <= 0:
        return
    eased = 1 - (1 - min(coming, 1.0)) ** 3
    beat.label.put(canvas, beat.left + beat.slide * (1 - eased), beat.top, min(eased, going, 1.0))
