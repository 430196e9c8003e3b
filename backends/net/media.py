"""A local file as the wire wants it. Files come from our own media store: checked, re-encoded, within limits."""

from __future__ import annotations

import asyncio
import base64
import io
import math
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


async def picture(path: Path, *, least: int) -> tuple[bytes, str]:
    """A picture as video models take it: without transparency, no side shorter than `least` pixels; (bytes, mime)."""
    data, mime = await contents(path)
    return await asyncio.to_thread(_presentable, data, mime, least)


async def data_uri(path: Path) -> str:
    """A file as `data:image/png;base64,…`."""
    return inlined(*await contents(path))


def inlined(data: bytes, mime: str) -> str:
    """Bytes as `data:image/png;base64,…`."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def _presentable(data: bytes, mime: str, least: int) -> tuple[bytes, str]:
    from PIL import Image  # a command that draws nothing should not wait for it

    try:
        with Image.open(io.BytesIO(data)) as opened:
            clear, scale = opened.has_transparency_data, least / min(opened.size)
            if not clear and scale <= 1:
                return data, mime
            layer = opened.convert("RGBA")
    except (OSError, ValueError):
        return data, mime  # the model's own words will say what is wrong with it
    flat = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    if scale > 1:
        flat = flat.resize((math.ceil(flat.width * scale), math.ceil(flat.height * scale)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=95)
    return out.getvalue(), "image/jpeg"
