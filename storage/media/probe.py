"""What a video file says about itself, read without decoding; the ffmpeg that came with the product has no ffprobe."""

from __future__ import annotations

import asyncio
import io
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image

from bot.errors import ResultInvalid
from bot.model.request import Size


@dataclass(frozen=True, slots=True)
class Facts:
    """`frames` are counted, not believed; `seconds` is their time on the screen, `sound_seconds` the sound's, None
    without one; `audio_rate` in bits a second, 0 when unknown."""

    frames: int
    seconds: float
    sound_seconds: float | None
    size: Size
    fps: float
    video_codec: str
    pixel_format: str
    audio_codec: str | None
    audio_rate: int
    bytes: int


async def probe(path: Path) -> Facts:
    """Look at a video. Raises `ResultInvalid` when it is none."""
    return await asyncio.to_thread(_probe, path)


def _probe(path: Path) -> Facts:
    with opened(path) as container:
        return _facts(container, path)


@contextmanager
def opened(path: Path) -> Generator[InputContainer]:
    """A video file, to be read. Raises `ResultInvalid` when it is none or breaks while it is read."""
    try:
        with av.open(str(path), options={"protocol_whitelist": "file"}) as container:
            if not container.streams.video:
                raise ResultInvalid(f"{path.name} has no picture")
            yield container
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise ResultInvalid(f"{path.name} is not a readable video: {error}") from error


def _facts(container: InputContainer, path: Path) -> Facts:
    video = container.streams.video[0]
    audio = next(iter(container.streams.audio), None)
    fps = float(video.average_rate or video.guessed_rate or 0)
    frames = sum(1 for packet in container.demux(video) if packet.size)
    if not frames or not fps:
        raise ResultInvalid(f"{path.name} has no frames")
    return Facts(
        frames=frames,
        seconds=frames / fps,
        sound_seconds=audio and _length(audio, container),
        size=Size(video.width, video.height),
        fps=fps,
        video_codec=video.codec_context.name,
        pixel_format=video.pix_fmt or "",
        audio_codec=audio and audio.codec_context.name,
        audio_rate=0 if audio is None else audio.bit_rate or 0,
        bytes=path.stat().st_size,
    )


def _length(audio: AudioStream, container: InputContainer) -> float:
    if audio.duration is None or audio.time_base is None:
        return (container.duration or 0) / av.time_base
    return float(audio.duration * audio.time_base)


async def last_picture(path: Path) -> bytes:
    """The very last picture as PNG. Raises `ResultInvalid`."""
    return await asyncio.to_thread(_last_picture, path)


def _last_picture(path: Path) -> bytes:
    with opened(path) as container:
        frame = _last_frame(container)
        if frame is None:
            raise ResultInvalid(f"{path.name} has no frames")
        png = io.BytesIO()
        Image.fromarray(frame.to_ndarray(format="rgb24")).save(png, "PNG")
        return png.getvalue()


def _last_frame(container: InputContainer) -> VideoFrame | None:
    # seeking lands on the key frame before; from there everything is decoded and the last one kept
    video = container.streams.video[0]
    if video.duration:
        container.seek((video.start_time or 0) + video.duration, stream=video)
    last = deque(container.decode(video), maxlen=1)
    return last[0] if last else None
