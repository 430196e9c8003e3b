"""Everything about a person as zip files that a chat takes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HEAD: Final = 200
"""Bytes a zip needs for one more file besides its content."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a parcel: its name in it, and its content or where that lies."""

    name: str
    source: Path | bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size


@dataclass(frozen=True, slots=True)
class Parcel:
    """A finished zip; `blob` is its sha256, the name it will have in the media store."""

    path: Path
    blob: str
    bytes: int


def parted(parts: Sequence[Part], limit: int) -> tuple[list[list[Part]], list[Part]]:
    """Parts in their order, as many together as fit under `limit` bytes; and those that no parcel can hold."""
    parcels: list[list[Part]] = []
    room, too_large = 0, list[Part]()
    for part in parts:
        needs = part.size + 2 * len(part.name.encode()) + _HEAD
        if needs > limit - _HEAD:
            too_large.append(part)
            continue
        if needs > room:
            parcels.append([])
            room = limit - _HEAD
        parcels[-1].append(part)
        room -= needs
    return parcels, too_large


def pack(parts: Sequence[Part], out: Path) -> Parcel:
    """Write one zip: to a temporary name first. Films and pictures are stored as they are: they do not get smaller."""
    temporary = out.with_suffix(".part")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        for part in parts:
            if isinstance(part.source, bytes):
                archive.writestr(part.name, part.source)
            else:
                archive.write(part.source, part.name)
    temporary.replace(out)
    with out.open("rb") as file:
        return Parcel(out, hashlib.file_digest(file, "sha256").hexdigest(), out.stat().st_size)
