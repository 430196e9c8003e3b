"""A member's picture, decoded and encoded anew. Runs only in the limited child process."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

from bot.errors import BadReference

PIXELS: Final = 25_000_000
"""A legal 40-megapixel PNG of 116 KB took 230 MB of memory."""
LONGEST_SIDE: Final = 1280
JPEG_QUALITY: Final = 92
_HEIF_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


def remade(data: bytes) -> tuple[bytes, str]:
    """First frame, upright, at most 1280 pixels a side, nothing but pixels; JPEG, or PNG when it is transparent."""
    kind = _kind(data)
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return _written(_upright(data, kind))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _bomb() from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise BadReference(str(error), key="reference.unreadable") from error


def _kind(data: bytes) -> str:
    """Pillow's name of the format, by the first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return _heif()
    raise BadReference(key="reference.not_image")


def _heif() -> str:
    """Phones' pictures need a library that only some installations have."""
    try:
        import pillow_heif  # pyright: ignore[reportMissingImports]  optional
    except ImportError as error:
        raise BadReference(key="reference.heic") from error
    pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]  untyped
    return "HEIF"


def _upright(data: bytes, kind: str) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=[kind]) as opened:
        if opened.width * opened.height > PIXELS:
            raise _bomb()
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded near the size that is kept
        opened.seek(0)
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return upright


def _written(picture: Image.Image) -> tuple[bytes, str]:
    clear = picture.has_transparency_data
    fresh = Image.new("RGBA" if clear else "RGB", picture.size)
    fresh.paste(picture.convert(fresh.mode))
    out = io.BytesIO()
    if clear:
        fresh.save(out, "PNG")
        return out.getvalue(), "image/png"
    fresh.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue(), "image/jpeg"


def _bomb() -> BadReference:
    return BadReference(key="reference.bomb", limit=PIXELS // 1_000_000)
