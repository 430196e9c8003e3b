"""The video tool: what the product asks of ffmpeg, in the product's words."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.errors import ResultInvalid
from bot.model.clip import Inspection
from bot.model.reel import Reel
from bot.model.request import Size
from storage.media import ffmpeg, inspect, reels, sound
from storage.media.disk import finishing, renaming
from storage.media.ffmpeg import Piece
from storage.media.members import Members
from storage.media.probe import Facts, last_picture, probe
from storage.media.process import run

ENCODE_LIMIT: Final = 600.0
"""Seconds for a job that takes about seven on two cores; a hung one must not hold its slot for ever."""
STILL_LIMIT: Final = 60.0
SHORTFALL: Final = 1.0
"""Seconds that may be missing at a film's end; the last picture is held for them."""
SMALL: Final = Size(960, 540)
HD_RATE: Final = 1_000_000
"""Bits a second under which 720p falls apart into blocks; below it the picture is made smaller."""
LEAST_RATE: Final = 300_000
"""Bits a second under which nothing decent is left of 540p."""
COPIED_RATE: Final = 160_000
"""A sound of at most this many bits a second is kept as it is."""


class Ffmpeg:
    """The `VideoTool` of this product."""

    def __init__(self) -> None:
        self._members = Members()

    def encode_command(
        self, *, size: Size, fps: int, seconds: float, sound: Path | None, out: Path, quick: bool = False
    ) -> list[str]:
        """The command that reads raw yuv420p frames (BT.709 limited range) on stdin and adds the WAV at `sound`.
        `out` should be a temporary name: a command that is cut short leaves a short file."""
        return ffmpeg.encode(size=size, fps=fps, seconds=seconds, sound=sound, out=out, quick=quick)

    async def check_image(self, data: bytes) -> tuple[bytes, str]:
        """A member's picture, safe to keep. Raises `BadReference`."""
        return await self._members.image(data)

    async def check_audio(self, data: bytes) -> tuple[bytes, str]:
        """A member's sound, safe to keep. Raises `BadReference`."""
        return await self._members.audio(data)

    async def inspect(self, path: Path, *, seconds: float, size: Size, cuts: int | None = None) -> Inspection:
        """Look at a finished clip. Raises `ResultInvalid` when it is no video at all."""
        return await inspect.inspect(path, seconds=seconds, size=size, cuts=cuts)

    async def poster(self, path: Path, out: Path, *, at: float | None = None) -> None:
        """A JPEG still, of the second `at` or of the most telling moment found."""
        at = await _moment(path) if at is None else at
        with finishing(out) as part:
            await run(ffmpeg.still(path, part, at=at), seconds_limit=STILL_LIMIT)
            if not part.exists():
                raise ResultInvalid(f"{path.name} shows nothing at {at:g} s")

    async def assemble(
        self,
        shots: Sequence[Path],
        out: Path,
        *,
        size: Size,
        fps: int,
        seconds: float,
        sound: Path | None = None,
        chained: bool = False,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Cut shots together to exactly `round(seconds · fps)` pictures in the house format.

        `sound` replaces what the shots bring; without it their own sounds are kept, and a film whose shots are all
        silent stays without a track. Raises `ResultInvalid` when the shots are over a second short.
        """
        facts = [await probe(shot) for shot in shots]
        pieces = _pieces(shots, facts, chained=chained)
        _check_length(pieces, seconds)
        with renaming(), TemporaryDirectory(prefix=".film-", dir=_folder(out)) as folder, finishing(out) as part:
            track = await _track(pieces, sound, Path(folder), seconds)
            if len(pieces) == 1 and _is_house(facts[0], size, fps, seconds):
                command = ffmpeg.mux(shots[0], track, part)
            else:
                command = ffmpeg.assemble(pieces, part, size=size, fps=fps, seconds=seconds, sound=track)
            await run(command, seconds_limit=ENCODE_LIMIT, total=seconds, progress=progress)

    async def reel(self, reel: Reel, out: Path, *, size: Size, progress: Callable[[float], None] | None = None) -> None:
        """A film of the most telling seconds of each work. Raises `ResultInvalid` when one cannot be read."""
        moments = [await _moment(one.film) for one in reel.highlights]
        await reels.cut(reel, moments, out, size=size, progress=progress)

    async def last_frame(self, path: Path, out: Path) -> None:
        """The very last picture of a video, as PNG."""
        picture = await last_picture(path)
        with finishing(out) as part:
            await asyncio.to_thread(part.write_bytes, picture)

    async def fit(self, path: Path, out: Path, *, limit: int, seconds: float) -> None:
        """The same clip in at most `limit` bytes; byte for byte the same where it already is.

        One further try when the first lands above. 720p becomes 540p only when the limit leaves no choice.
        Raises `ResultInvalid` when that leaves nothing decent.
        """
        facts = await probe(path)
        with finishing(out) as part:
            if facts.bytes <= limit:
                await asyncio.to_thread(shutil.copyfile, path, part)
                return
            rate = _rate(limit, seconds, _sound_rate(facts))
            for _ in range(2):
                await run(_shrink(path, part, facts, rate), seconds_limit=ENCODE_LIMIT)
                if (landed := part.stat().st_size) <= limit:
                    return
                rate = int(rate * 0.95 * limit / landed)
            raise ResultInvalid(f"{path.name} does not fit into {limit} bytes")


async def _moment(path: Path) -> float:
    """The second of the most telling picture."""
    with renaming(), TemporaryDirectory(prefix="olympic-poster-") as folder:
        said = await run(ffmpeg.candidates(path, Path(folder, inspect.PICTURES)), seconds_limit=STILL_LIMIT)
        return inspect.telling(said, Path(folder))


def _pieces(shots: Sequence[Path], facts: Sequence[Facts], *, chained: bool) -> list[Piece]:
    return [
        Piece(shot, fact.seconds, fact.fps, sounds=fact.audio_codec is not None, drop=int(chained and index > 0))
        for index, (shot, fact) in enumerate(zip(shots, facts, strict=True))
    ]


def _check_length(pieces: Sequence[Piece], seconds: float) -> None:
    together = sum(piece.seconds - piece.drop / piece.fps for piece in pieces)
    if together < seconds - SHORTFALL:
        raise ResultInvalid(f"the shots are {together:.2f} s together, {seconds:g} s are needed")


def _folder(out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    return out.parent


async def _track(pieces: Sequence[Piece], given: Path | None, folder: Path, seconds: float) -> Path | None:
    if given is None and not any(piece.sounds for piece in pieces):
        return None
    if given is None:
        given = folder / "shots.wav"
        await run(ffmpeg.collect(pieces, given), seconds_limit=ENCODE_LIMIT)
    track = folder / "track.m4a"
    await sound.master(given, track, seconds=seconds)
    return track


def _is_house(facts: Facts, size: Size, fps: int, seconds: float) -> bool:
    """Whether the picture is already as it should be, so that encoding it again would only cost quality."""
    return (
        (facts.video_codec, facts.pixel_format) == (inspect.VIDEO_CODEC, inspect.PIXELS)
        and (facts.size, facts.frames) == (size, ffmpeg.frames(seconds, fps))
        and abs(facts.fps - fps) < 0.001
    )


def _sound_rate(facts: Facts) -> int:
    if facts.audio_codec is None:
        return 0
    return facts.audio_rate if _copied(facts) else ffmpeg.AUDIO_RATE


def _copied(facts: Facts) -> bool:
    return facts.audio_codec == inspect.AUDIO_CODEC and 0 < facts.audio_rate <= COPIED_RATE


def _rate(limit: int, seconds: float, sound_rate: int) -> int:
    """The picture's cap in bits a second: an encoder may spend `seconds · rate` plus nine tenths of its buffer."""
    rate = int(0.97 * (8 * limit - seconds * sound_rate) / (seconds + 0.9))
    if rate < LEAST_RATE:
        raise ResultInvalid(f"{limit} bytes leave only {rate} bits a second for the picture")
    return rate


def _shrink(path: Path, part: Path, facts: Facts, rate: int) -> list[str]:
    smaller = rate < HD_RATE and facts.size.height > SMALL.height
    codec = facts.audio_codec and ("copy" if _copied(facts) else inspect.AUDIO_CODEC)
    return ffmpeg.shrink(
        path, part, rate=rate, size=SMALL if smaller else None, fps=max(1, round(facts.fps)), audio=codec
    )
