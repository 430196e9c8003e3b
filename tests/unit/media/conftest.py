"""Small synthetic films and sounds, drawn by ffmpeg itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from storage.media.graph import program
from storage.media.tool import Ffmpeg

SIZE = "320x180"
MOVING = f"testsrc2=s={SIZE}:r=24:d=3"
TONE = "sine=f=440:r=48000:d=3,volume=3dB"
HOUSE = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "2")


class Studio:
    """Draws `pictures` and plays `sounds`, both lavfi descriptions, into a file of the test's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def film(
        self, name: str, pictures: str = MOVING, sounds: str | None = TONE, options: tuple[str, ...] = HOUSE
    ) -> Path:
        inputs = ["-f", "lavfi", "-i", pictures] + (["-f", "lavfi", "-i", sounds] if sounds else [])
        return self._made(name, inputs, options)

    def sound(self, name: str, sounds: str = TONE, options: tuple[str, ...] = ()) -> Path:
        return self._made(name, ["-f", "lavfi", "-i", sounds], options)

    def _made(self, name: str, inputs: list[str], options: tuple[str, ...]) -> Path:
        out = self.folder / name
        subprocess.run([program(), "-loglevel", "error", "-y", *inputs, *options, str(out)], check=True, timeout=120)
        return out


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


@pytest.fixture
def tool():
    return Ffmpeg()
