"""A reel of ten works, and the same seconds of film encoded alone."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from pathlib import Path

from backends.animatic.cards import Cards
from bot.model.reel import Highlight, Reel
from bot.model.request import HD
from storage.media.graph import program
from storage.media.tool import Ffmpeg

WORKS = 10


def bench() -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        reel = asyncio.run(_reel(home))
        began = time.monotonic()
        asyncio.run(Ffmpeg().reel(reel, home / "reel.mp4", size=HD))
        cut = time.monotonic() - began
        alone = _encoded(home)
    return [
        (f"a reel of {WORKS} works: seconds", f"{cut:.1f}"),
        ("the finished reel encoded once more, alone: seconds · ratio", f"{alone:.1f} · {cut / alone:.1f}"),
    ]


async def _reel(home: Path) -> Reel:
    cards = Cards()
    await cards.title(home / "open.png", "Snow at night", kicker="Round 3", lines=("Feb 6 – 16",), size=HD)
    makers = [f"Maker {number}" for number in range(WORKS)]
    await cards.title(home / "close.png", "Made by", kicker="", lines=makers, size=HD)
    works: list[Highlight] = []
    for number in range(WORKS):
        over = home / f"words-{number}.png"
        kicker = f"{WORKS - number} · Maker {number}"
        await cards.lower_third(over, "A fox jumps at dusk", kicker=kicker, detail="Ski jumping", size=HD)
        works.append(Highlight(_clip(home, number), over))
    return Reel(home / "open.png", tuple(works), (home / "close.png",))


def _clip(home: Path, number: int) -> Path:
    out = home / f"clip-{number}.mp4"
    picture = f"testsrc2=s={HD}:r=24:d=15,hue=h={number * 36}"
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=f={300 + 40 * number}:d=15"]
    options = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([program(), "-y", "-loglevel", "error", *inputs, *options, str(out)], check=True)
    return out


def _encoded(home: Path) -> float:
    options = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-c:a", "copy"]
    command = [program(), "-y", "-loglevel", "error", "-i", str(home / "reel.mp4"), *options, str(home / "again.mp4")]
    began = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - began
