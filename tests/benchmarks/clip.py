"""What the built-in animator takes for one clip: alone, from the accepted order to the finished film, as the product
times it; beside the same frames encoded alone in the same run; and the whole of `olympic make`.

The plain style and the heaviest are drawn in full; of the others a few frames tell what each takes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from backends.animatic.draw.styles import STYLES
from backends.animatic.film import prepare, render_frame
from backends.animatic.scene import Brief
from bot.model.request import HD, SD
from tests.benchmarks import gallery, ordered
from tests.benchmarks.process import environment

PLAIN = "realistic"
SPORT, SENTENCE, SEED = "ski-jumping", "A fox on skis at dusk", 1
EVERY = 30
"""Of so many frames one is drawn where a few tell enough."""

KEEP = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, open(sys.argv[1], 'wb'))"
"""An encoder that only keeps the frames."""


def bench() -> list[tuple[str, str]]:
    each = {style: _milliseconds(style) for style in STYLES}
    rows = [(f"a frame at 720p, {style}: ms on one core", f"{taken:.0f}") for style, taken in each.items()]
    for style in (PLAIN, max(each, key=lambda style: each[style])):
        with tempfile.TemporaryDirectory() as folder:
            rows += _film(Path(folder), style)
    with tempfile.TemporaryDirectory() as folder:
        sketch = ordered.drawn(Path(folder), replace(_brief(PLAIN), width=SD.width, height=SD.height, hold=2))
        rows.append(("a storyboard, 15 s at 480p: seconds to the first picture", f"{sketch.first:.2f}"))
        rows.append(("a storyboard, 15 s at 480p: seconds", f"{sketch.seconds:.1f}"))
        rows.append(("`olympic make`, 15 s at 720p, whole: seconds", f"{made(Path(folder)):.1f}"))
        rows.append(("`olympic make --size storyboard`, whole: seconds", f"{made(Path(folder), 'storyboard'):.1f}"))
    return rows


def _brief(style: str) -> Brief:
    return gallery.brief(SPORT, style, SENTENCE, HD.height, SEED)


def _milliseconds(style: str) -> float:
    """CPU time of one frame, the mean over the film."""
    film = prepare(_brief(style))
    indices = range(EVERY // 2, film.frames, EVERY)
    render_frame(film, 0)
    began = time.process_time()
    for index in indices:
        render_frame(film, index)
    return (time.process_time() - began) / len(indices) * 1000


def _film(home: Path, style: str) -> list[tuple[str, str]]:
    """A whole film, beside its own frames encoded alone."""
    brief, raw, what = _brief(style), home / "frames.yuv", f"15 s at 720p, {style}"
    film = ordered.drawn(home, brief)
    kept = ordered.drawn(home, brief, [sys.executable, "-c", KEEP, str(raw)])
    alone, work = _encoded(ordered.command(home, brief), raw)
    return [
        (f"{what}: seconds to the first picture", f"{film.first:.2f}"),
        (f"{what}: seconds · seconds of work on all cores", f"{film.seconds:.1f} · {film.work:.1f}"),
        (f"{what}: the same frames encoded alone", f"{alone:.1f} · {work:.1f}"),
        (f"{what}: × encoding alone", f"{film.seconds / alone:.2f} · {film.work / work:.2f}"),
        (f"{what}: seconds without encoding", f"{kept.seconds:.1f}"),
        (f"{what}: MiB of all its processes, shared pages once", f"{film.most:.0f}"),
    ]


def _encoded(command: list[str], raw: Path) -> tuple[float, float]:
    """Seconds, and seconds of work, to encode kept frames and their sound with the very same command."""
    before, began = ordered.work(), time.monotonic()
    with raw.open("rb") as frames:
        subprocess.run(command, stdin=frames, check=True, capture_output=True)
    return time.monotonic() - began, ordered.work() - before


def made(home: Path, size: str = "720p") -> float:
    """Seconds of the whole product for one clip: start, drawing, inspection, poster, signature, file."""
    command = [sys.executable, "-m", "bot", "make", SENTENCE, "--sport", SPORT, "--style", PLAIN, "--size", size]
    began = time.monotonic()
    subprocess.run(
        [*command, "--seed", str(SEED), "--out", str(home / f"{size}.mp4"), "--json"],
        check=True,
        capture_output=True,
        env=environment(home),
    )
    return time.monotonic() - began
