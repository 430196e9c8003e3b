"""Orders and files for the tests of this folder."""

import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.model.backend import Order

ORDER = Order(
    prompt="A kitsune jumps from the large hill.",
    sport="ski-jumping",
    style="realistic",
    camera="multi",
    seconds=15,
    seed=7,
    negative="blur",
)


def order(**fields: Any) -> Order:
    return replace(ORDER, **fields)


def png(folder: Path, size: int = 200) -> Path:
    path = folder / "blob-of-a-picture"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * size)
    return path


def wav(folder: Path, seconds: float) -> Path:
    path = folder / "blob-of-a-sound"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\1\0\1\0" * int(8000 * seconds))
    return path
