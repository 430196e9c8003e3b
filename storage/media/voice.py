"""A member's sound, decoded and encoded anew. Runs only in the limited child process."""

from __future__ import annotations

import io
import itertools
import wave
from collections.abc import Iterator
from typing import Final

import av
import av.error

from bot.errors import BadReference

SHORTEST: Final = 0.3
LONGEST: Final = 60.0
"""Seconds."""
RATE: Final = 48_000
SAMPLE_BYTES: Final = 4
"""Two channels of 16 bits."""
_STARTS: Final = {b"OggS": "ogg", b"fLaC": "flac", b"\x1a\x45\xdf\xa3": "matroska", b"ID3": "mp3"}


def remade(data: bytes) -> tuple[bytes, str]:
    """0.3–60 s of sound as WAV, 48 kHz stereo 16 bit, without tags; the sound track of a video will do."""
    kind = _kind(data)
    try:
        pcm = b"".join(_samples(data, kind))
    except (av.error.FFmpegError, ValueError, MemoryError) as error:
        raise BadReference(str(error), key="reference.unreadable") from error
    if len(pcm) < SHORTEST * RATE * SAMPLE_BYTES:
        raise _length()
    return _wav(pcm), "audio/wav"


def _kind(data: bytes) -> str:
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
