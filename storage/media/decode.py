"""The child that reads strangers' bytes: `python -m storage.media.decode image|audio`, file on stdin.

Answers on stdout: one line of JSON, `{"mime": …}` followed by the new file, or `{"key": …, "facts": {…}}` alone.
Its memory and time are limited by the system where that is possible, it may write no file, and each format is named
to its library after a look at the first bytes, so that no playlist, script or vector file is ever interpreted.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
import wave
from collections.abc import Callable, Iterator
from typing import Final

from bot.errors import BadReference

MEMORY: Final = 1_500_000_000
"""Bytes of address space: 25 megapixels take about 300 MB, the libraries themselves about 600 MB."""
CPU_SECONDS: Final = 20
PIXELS: Final = 25_000_000
LONGEST_SIDE: Final = 1280
JPEG_QUALITY: Final = 92
SHORTEST: Final = 0.3
LONGEST: Final = 60.0
"""Seconds of a member's sound."""
RATE: Final = 48_000
SAMPLE_BYTES: Final = 4
"""Two channels of 16 bits."""


def main() -> None:
    """Read, decode, answer."""
    limit()
    kinds: dict[str, Callable[[bytes], tuple[bytes, str]]] = {"image": image, "audio": audio}
    data = sys.stdin.buffer.read()
    try:
        made, mime = kinds[sys.argv[1]](data)
        head: dict[str, object] = {"mime": mime}
    except BadReference as error:
        made, head = b"", {"key": error.sentence, "facts": dict(error.facts)}
        print(error.detail, file=sys.stderr)  # noqa: T201  the parent's log
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)


def limit() -> None:
    """Bound this process, where the system can: memory, CPU time, and no file may be written."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return
    bounds = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_FSIZE: 0}
    for what, most in bounds.items():
        resource.setrlimit(what, (most, most))


# ------------------------------------------------------------------------------------------------------- pictures


def image(data: bytes) -> tuple[bytes, str]:
    """A picture made anew: first frame, upright, at most 1280 pixels a side, nothing but pixels."""
    from PIL import Image, ImageOps  # noqa: PLC0415  a sound needs no picture library

    kind = picture_kind(data)
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            if opened.width * opened.height > PIXELS:
                raise _bomb()
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded near the size that is kept
            opened.seek(0)
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _bomb() from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise BadReference(str(error), key="reference.unreadable") from error


def picture_kind(data: bytes) -> str:
    """Pillow's name of the format, by the first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}:
        return _heif()
    raise BadReference(key="reference.not_image")


def _heif() -> str:
    """iPhone pictures need a library that only some installations have."""
    try:
        import pillow_heif  # noqa: PLC0415  # pyright: ignore[reportMissingImports]  optional
    except ImportError as error:
        raise BadReference(key="reference.heic") from error
    pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]  untyped
    return "HEIF"


def _written(picture: object) -> tuple[bytes, str]:
    from PIL import Image  # noqa: PLC0415  as above

    assert isinstance(picture, Image.Image)
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


# --------------------------------------------------------------------------------------------------------- sounds


def audio(data: bytes) -> tuple[bytes, str]:
    """A sound made anew as WAV."""
    import av.error  # noqa: PLC0415  a picture needs no sound library

    kind = sound_kind(data)
    try:
        pcm = b"".join(_samples(data, kind))
    except (av.error.FFmpegError, ValueError, MemoryError) as error:
        raise BadReference(str(error), key="reference.unreadable") from error
    if len(pcm) < SHORTEST * RATE * SAMPLE_BYTES:
        raise _length()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return out.getvalue(), "audio/wav"


def sound_kind(data: bytes) -> str:
    """ffmpeg's name of the format, by the first bytes."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    for start, name in {b"OggS": "ogg", b"fLaC": "flac", b"\x1a\x45\xdf\xa3": "matroska", b"ID3": "mp3"}.items():
        if data.startswith(start):
            return name
    if data[4:8] == b"ftyp":
        return "mp4"
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return "aac" if data[1] & 0x06 == 0 else "mp3"  # ADTS says layer 0, which MPEG audio never does
    raise BadReference(key="reference.not_audio")


def _samples(data: bytes, kind: str) -> Iterator[bytes]:
    """Stereo 16-bit samples at 48 kHz; the length is heard, not believed."""
    import av  # noqa: PLC0415  as above

    left = round(LONGEST * RATE)
    # "pipe" allows no protocol that a file could name: what is read lies in memory
    with av.open(io.BytesIO(data), format=kind, options={"protocol_whitelist": "pipe"}) as container:
        if not container.streams.audio:
            raise BadReference(key="reference.not_audio")
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
        for frame in (*container.decode(container.streams.audio[0]), None):
            for made in resampler.resample(frame):
                left -= made.samples
                if left < 0:
                    raise _length()
                yield bytes(made.planes[0])[: made.samples * SAMPLE_BYTES]


def _length() -> BadReference:
    return BadReference(key="reference.audio_length", shortest=SHORTEST, longest=round(LONGEST))


if __name__ == "__main__":
    main()
