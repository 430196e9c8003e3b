"""Numbers as a picture: bars and a line over some days, and a table of shares whose cells are the fuller the more."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageDraw

from backends.animatic.draw.lettering import font, spelled
from bot.model.figures import Chart

SIZE: Final = (1280, 720)
_GROUND, _INK, _QUIET = (16, 24, 40), (244, 240, 230), (150, 163, 184)
_BAR, _LINE, _RULE = (74, 124, 205), (245, 176, 80), (48, 60, 84)
_PLOT: Final = (70, 170, 760, 600)
_TABLE: Final = (840, 170, 1220, 600)
Colour = tuple[int, int, int]


def drawn(chart: Chart) -> bytes:
    """A PNG."""
    sheet = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(sheet)
    _write(pen, (70, 50), chart.title, 36, _INK)
    _legend(pen, chart)
    _days(pen, chart)
    _shares(pen, chart)
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _legend(pen: ImageDraw.ImageDraw, chart: Chart) -> None:
    pen.rectangle((70, 128, 90, 148), fill=_BAR)
    _write(pen, (100, 124), chart.bars_name, 22, _INK)
    at = 130 + int(font(22).getlength(spelled(chart.bars_name)))
    pen.line((at, 138, at + 30, 138), fill=_LINE, width=5)
    _write(pen, (at + 40, 124), chart.line_name, 22, _INK)
    _write(pen, (_TABLE[0], 124), chart.table_name, 22, _INK)


def _days(pen: ImageDraw.ImageDraw, chart: Chart) -> None:
    """Bars and line share the axis, so that one glance compares them."""
    left, top, right, bottom = _PLOT
    most = max((*chart.bars, *chart.line, 1))
    step = _step(most)
    top_value = -(-most // step) * step
    for value in range(0, top_value + 1, step):
        y = bottom - (bottom - top) * value / top_value
        pen.line((left, y, right, y), fill=_RULE, width=2)
        _write(pen, (left - 12, int(y)), str(value), 18, _QUIET, "rm")
    width = (right - left) / max(1, len(chart.days))
    spots: list[tuple[float, float]] = []
    for index, (bar, line) in enumerate(zip(chart.bars, chart.line, strict=True)):
        x = left + index * width
        if bar:
            height = (bottom - top) * bar / top_value
            pen.rectangle(
                (x + 0.15 * width, bottom - height, x + max(0.85 * width, 0.15 * width + 1), bottom), fill=_BAR
            )
        spots.append((x + width / 2, bottom - (bottom - top) * line / top_value))
    if len(spots) > 1:
        pen.line(spots, fill=_LINE, width=4, joint="curve")
    _write(pen, (left, bottom + 14), chart.first_day, 18, _QUIET)
    _write(pen, (right, bottom + 14), chart.last_day, 18, _QUIET, "ra")


def _shares(pen: ImageDraw.ImageDraw, chart: Chart) -> None:
    left, top, right, bottom = _TABLE
    label = 130
    width = (right - left - label) / max(1, len(chart.columns))
    height = min(44, (bottom - top - 40) / max(1, len(chart.rows)))
    for number, column in enumerate(chart.columns):
        _write(pen, (int(left + label + (number + 0.5) * width), top + 8), column, 18, _QUIET, "ma")
    for place, row in enumerate(chart.rows):
        y = top + 40 + place * height
        _write(pen, (left, int(y + height / 2)), row.label, 18, _INK, "lm")
        for number, share in enumerate(row.shares):
            x = left + label + number * width
            cell = (x + 2, y + 2, x + width - 2, y + height - 2)
            pen.rectangle(cell, fill=_RULE if share is None else _between(share))
            text = "–" if share is None else f"{round(100 * share)} %"
            _write(pen, (int(x + width / 2), int(y + height / 2)), text, 18, _INK, "mm")


def _between(share: float) -> Colour:
    """From the ground's blue to the bars', dark enough for light letters everywhere."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip((34, 46, 72), (58, 100, 175), strict=True))
    return red, green, blue


def _step(most: int) -> int:
    """A round distance between lines (1, 2, 5, 10, 20 …): at most six of them."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if most / step <= 5:
                return step
        size *= 10


def _write(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    colour: tuple[int, int, int],
    anchor: str = "la",
) -> None:
    pen.text(at, spelled(text), colour, font=font(size), anchor=anchor)
