"""The real `olympic up` as a process of its own, to be pointed at a Discord or Slack of ours and killed at will."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import av

from tests.fakes import PATIENCE

ROOT = Path(__file__).parents[2]
SKETCHED = {"OLYMPIC_ANIMATIC_FPS": "6"}
"""For a film that only has to be there: as long and as loud as any, of a quarter of the drawings."""


class Product:
    """One life of the process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@asynccontextmanager
async def running(home: Path, environment: dict[str, str], command: str = "up") -> AsyncGenerator[Product]:
    """Start it over a data folder, made if need be; ended at the end, its log kept beside the data."""
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OLYMPIC_")}
    log = (home / "product.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        command,
        stdout=log,
        stderr=log,
        env={**kept, "PYTHONPATH": str(ROOT), "OLYMPIC_HOME": str(home / "data"), **environment},
    )
    product = Product(process)
    try:
        yield product
    finally:
        await product.stop()
        log.close()


def length(video: bytes, folder: Path) -> float:
    """Seconds of a clip, after decoding what it holds."""
    path = folder / "seen.mp4"
    path.write_bytes(video)
    with av.open(str(path)) as clip:
        frames = sum(1 for _ in clip.decode(video=0))
        rate = clip.streams.video[0].average_rate
    return round(frames / float(rate), 2)
