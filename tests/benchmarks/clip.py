"""One animatic clip, and the same frames encoded alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.model.request import HD
from storage.media.graph import program
from storage.media.tool import Ffmpeg
from tests.benchmarks.process import environment

STYLES = ("realistic", "van-gogh", "manga", "sci-fi", "watercolour", "pictogram")


def bench() -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for style in STYLES:
            seconds = drawn(home, "--style", style)
            alone = encoded(home)
            rows.append(
                (f"a 15 s clip at 720p, {style}: seconds · × encoding alone", f"{seconds:.1f} · {seconds / alone:.1f}")
            )
        rows.append(("a storyboard at 480p: seconds", f"{drawn(home, '--size', '480p'):.1f}"))
    return rows


def drawn(home: Path, *more: str) -> float:
    """Seconds of the animator alone: from the accepted order to the finished film, as the product measures it."""
    command = [sys.executable, "-m", "bot", "make", "A fox on skis at dusk", "--sport", "ski-jumping", "--seed", "1"]
    began = time.monotonic()
    subprocess.run(
        [*command, "--out", str(home / "clip.mp4"), "--json", *more],
        check=True,
        capture_output=True,
        env=environment(home),
    )
    return time.monotonic() - began


def encoded(home: Path) -> float:
    """Seconds to encode the clip's own frames and sound again with the very same command."""
    raw, wav, out = home / "frames.yuv", home / "sound.wav", home / "again.mp4"
    split = [program(), "-y", "-loglevel", "error", "-i", str(home / "clip.mp4"), "-pix_fmt", "yuv420p"]
    subprocess.run([*split, "-f", "rawvideo", str(raw), str(wav)], check=True)
    command = Ffmpeg().encode_command(size=HD, fps=24, seconds=15.0, sound=wav, out=out)
    began = time.monotonic()
    with raw.open("rb") as frames:
        subprocess.run(command, stdin=frames, check=True, capture_output=True)
    return time.monotonic() - began
