"""The child that reads strangers' bytes: `decode.py picture|voice`, the file on stdin.

Answers on stdout: one line of JSON, `{"mime": …}` followed by the new file, or `{"key": …, "facts": {…}}` alone.
Its memory and time are limited by the system where that is possible, it may write no file, and each format is named
to its library after a look at the first bytes, so that no playlist, script or vector file is ever interpreted.
It is run as a file, not as a module: the package around it would load the database first.
"""

from __future__ import annotations

import io
import itertools
import json
import sys
import warnings
import wave
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import av
import av.error
from PIL import Image, ImageOps

from bot.errors import BadReference

MEMORY: Final = 1_500_000_000
"""Bytes of address space: 25 megapixels take about 300 MB, the libraries themselves about 600 MB."""
CPU_SECONDS: Final = 20

PIXELS: Final = 25_000_000
"""A legal 40-megapixel PNG of 116 KB took 230 MB of memory."""
LONGEST_SIDE: Final = 1280
JPEG_QUALITY: Final = 92
_HEIF_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}

SHORTEST: Final = 0.3
LONGEST: Final = 60.0
"""Seconds of sound."""
RATE: Final = 48_000
SAMPLE_BYTES: Final = 4
"""Two channels of 16 bits."""
_STARTS: Final = {b"OggS": "ogg", b"fLaC": "flac", b"\x1a\x45\xdf\xa3": "matroska", b"ID3": "mp3"}


def main() -> None:
    """Read, decode, answer."""
    _limit()
    decoders: Mapping[str, Callable[[bytes], tuple[bytes, str]]] = {"picture": picture, "voice": voice}
    data = sys.stdin.buffer.read()
    try:
        made, mime = decoders[sys.argv[1]](data)
        head: Mapping[str, object] = {"mime": mime}
    except BadReference as error:
        made, head = b"", {"key": error.sentence, "facts": dict(error.facts)}
        sys.stderr.write(error.detail)
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)


def _limit() -> None:
    """Bound this process, where the system can: memory, CPU time, and no file may be written."""
    try:
        import resource
    except ImportError:  # Windows
        return
    bounds = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_FSIZE: 0}
    for what, most in bounds.items():
        resource.setrlimit(what, (most, most))


# ------------------------------------------------------------------------------------------------------- pictures


def picture(data: bytes) -> tuple[bytes, str]:
    """First frame, upright, at most 1280 pixels a side, nothing but pixels; JPEG, or PNG when it is transparent."""
    kind = _picture_kind(data)
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return _written(_upright(data, kind))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _bomb() from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise BadReference(str(error), key="reference.unreadable") from error


def _picture_kind(data: bytes) -> str:
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


def _written(upright: Image.Image) -> tuple[bytes, str]:
    clear = upright.has_transparency_data
    fresh = Image.new("RGBA" if clear else "RGB", upright.size)
    fresh.paste(upright.convert(fresh.mode))
    out = io.BytesIO()
    if clear:
        fresh.save(out, "PNG")
        return out.getvalue(), "image/png"
    fresh.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue(), "image/jpeg"


def _bomb() -> BadReference:
    return BadReference(key="reference.bomb", limit=PIXELS // 1_000_000)


# --------------------------------------------------------------------------------------------------------- sounds


def voice(data: bytes) -> tuple[bytes, str]:
    """0.3–60 s of sound as WAV, 48 kHz stereo 16 bit, without tags; the sound track of a video will do."""
    kind = _voice_kind(data)
    try:
        pcm = b"".join(_samples(data, kind))
    except (av.error.FFmpegError, ValueError, MemoryError) as error:
        raise BadReference(str(error), key="reference.unreadable") from error
    if len(pcm) < SHORTEST * RATE * SAMPLE_BYTES:
        raise _length()
    return _wav(pcm), "audio/wav"


def _voice_kind(data: bytes) -> str:
    """ffmpeg's name of the format, by the first bytes."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    for start, name in _STARTS.items():
        if data.startswith(start):
            return name
    if data[4:8] == b"ftyp":
        return "mp4"
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return "aac" if data[1] & 0x06 == 0 else "mp3"  # ADTS says layer 0, which MPEG audio never does
    raise BadReference(key="reference.not_audio")


def _samples(data: bytes, kind: str) -> Iterator[bytes]:
    """Stereo 16-bit samples at 48 kHz; the length is heard, not believed."""
    left = round(LONGEST * RATE)
    # "pipe" allows no protocol that a file could name: what is read lies in memory
    with av.open(io.BytesIO(data), "r", format=kind, options={"protocol_whitelist": "pipe"}) as container:
        if not container.streams.audio:
            raise BadReference(key="reference.not_audio")
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
        for frame in itertools.chain(container.decode(container.streams.audio[0]), [None]):
            for made in resampler.resample(frame):
                left -= made.samples
                if left < 0:
                    raise _length()
                yield bytes(made.planes[0])[: made.samples * SAMPLE_BYTES]


def _wav(pcm: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return out.getvalue()


def _length() -> BadReference:
    return BadReference(key="reference.audio_length", shortest=SHORTEST, longest=round(LONGEST))


if __name__ == "__main__":
    main()
