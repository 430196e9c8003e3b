"""Facts for the operator: which ffmpeg runs, what it can do, and how much room is left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.media.disk import free
from storage.media.graph import program
from storage.media.process import output

ENCODERS: Final = frozenset({"libx264", "aac", "mjpeg"})
"""Without these no clip is made."""


@dataclass(frozen=True, slots=True)
class Report:
    """`missing` are encoders the house format needs; `free_bytes` is the room for the data folder."""

    ffmpeg: str
    version: str
    missing: tuple[str, ...]
    free_bytes: int


async def examine(home: Path) -> Report:
    """Look at the machine. Raises `StorageError` when there is no ffmpeg that runs."""
    path = program()
    version = re.search(r"version (\S+)", await output([path, "-hide_banner", "-version"]))
    listed = re.findall(r"^ [VAS]\S{5} (\S+)", await output([path, "-hide_banner", "-encoders"]), re.MULTILINE)
    return Report(
        ffmpeg=path,
        version=version.group(1) if version else "?",
        missing=tuple(sorted(ENCODERS - set(listed))),
        free_bytes=free(home),
    )
