"""Words for films that are cut from others: whole title pictures and lower thirds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from backends.animatic.draw.lettering import Label, label, plated, spelled, wrapped
from backends.animatic.draw.palette import ink
from bot.model.request import Size

NIGHT: Final = ink("#0b1f3a")
DUSK: Final = ink("#2a6f97")
WORD: Final = ink("#ffffff")
QUIET: Final = ink("#cfe3f1")
ACCENT: Final = ink("#ffb703")
PLATE: Final = ink("#0b1f3a")
COLUMN: Final = 8
"""Lines under a title before they stand in two columns."""


def title(out: Path, text: str, kicker: str, lines: Sequence[str], size: Size) -> None:
    """A whole picture: large words before a winter evening."""
    unit = size.height / 720
    canvas = _evening(size)
    large = round((68 if len(lines) <= COLUMN else 44) * unit)
    head = [(spelled(kicker), round(28 * unit), ACCENT)] if kicker else []
    head += [(row, large, WORD) for row in wrapped(text, large, size.width * 0.84, 2)]
    top, below = label(head), _columns(lines, size, unit)
    height = top.picture.shape[0] + max((one.picture.shape[0] for one in below), default=0)
    left, y = size.width * 0.08, (size.height - height) / 2
    top.put(canvas, left - large // 2, y, 1.0)  # a label keeps half its largest size free about it
    for number, one in enumerate(below):
        one.put(canvas, left + size.width * 0.44 * number - _small(unit) // 2, y + top.picture.shape[0], 1.0)
    _save(out, canvas)


def _small(unit: float) -> int:
    return round(26 * unit)


def _columns(lines: Sequence[str], size: Size, unit: float) -> list[Label]:
    small = _small(unit)
    rows = [row for line in lines for row in wrapped(line, small, size.width * 0.4, 1)]
    half = len(rows) if len(rows) <= COLUMN else -(-len(rows) // 2)
    return [label([(row, small, QUIET) for row in part]) for part in (rows[:half], rows[half:]) if part]


def lower_third(out: Path, text: str, kicker: str, detail: str, size: Size) -> None:
    """Words for the lower left of a film, transparent everywhere else."""
    unit = size.height / 720
    middle = round(29 * unit)
    rows = [(spelled(kicker), round(25 * unit), ACCENT)]
    rows += [(row, middle, WORD) for row in wrapped(f"“{text}”", middle, size.width * 0.62, 2)]
    rows += [(spelled(detail), round(19 * unit), QUIET)]
    plate = plated(label(rows, 0.0), PLATE, ACCENT, 0.72)
    height, width = plate.picture.shape[:2]
    left, top = round(size.width * 0.045), round(size.height * 0.94) - height
    sheet = np.zeros((size.height, size.width, 4), np.uint8)
    alpha = plate.picture[..., 3:].astype(np.float32) / 255
    straight = np.divide(plate.picture[..., :3], alpha, out=np.zeros((height, width, 3), np.float32), where=alpha > 0)
    sheet[top : top + height, left : left + width, :3] = np.clip(straight, 0, 255).astype(np.uint8)
    sheet[top : top + height, left : left + width, 3] = plate.picture[..., 3]
    _save(out, sheet)


def _evening(size: Size) -> np.ndarray:
    """Night above, the last light behind a ridge below."""
    down = np.linspace(0.0, 1.0, size.height, dtype=np.float32)[:, None, None] ** 1.6
    sky = np.array(NIGHT, np.float32) * (1 - down) + np.array(DUSK, np.float32) * down
    canvas = np.ascontiguousarray(np.broadcast_to(sky, (size.height, size.width, 3)).astype(np.uint8))
    x = np.linspace(0.0, 1.0, 200)
    ridge = 0.86 - 0.05 * np.sin(5.1 * x + 0.6) - 0.03 * np.abs(np.sin(13.7 * x + 1.9))
    points = np.column_stack([x * size.width, ridge * size.height]).round().astype(np.int32)
    ground = np.vstack([points, [[size.width, size.height], [0, size.height]]]).astype(np.int32)
    cv2.fillPoly(canvas, [ground], NIGHT, cv2.LINE_AA)
    return canvas


def _save(out: Path, picture: np.ndarray) -> None:
    done, data = cv2.imencode(".png", picture)
    assert done
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(data.tobytes())
    part.replace(out)
