"""A local file as the wire wants it. Files come from our own media store: checked, re-encoded, within limits."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Final

_SIGNS: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
)
_SUFFIXES: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "audio/wav": ".wav",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "video/mp4": ".mp4",
}


def mime_of(start: bytes) -> str:
    """The content type told by a file's first bytes; blobs in the store have no suffix to go by."""
    return next((mime for at, sign, mime in _SIGNS if start[at : at + len(sign)] == sign), "application/octet-stream")


def suffix_of(mime: str) -> str:
    """A suffix that servers recognise: ".png"."""
    return _SUFFIXES.get(mime, ".bin")


async def contents(path: Path) -> tuple[bytes, str]:
    """A file's bytes and content type."""
    data = await asyncio.to_thread(path.read_bytes)
    return data, mime_of(data[:16])


async def data_uri(path: Path) -> str:
    """`data:image/png;base64,…`."""
    data, mime = await contents(path)
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"
