"""Cutting a reel: each part becomes a film of its own, then all of them are cross-faded into one.

In parts, because a single graph would hold the pictures of every input that waits for its turn in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.model.reel import Reel
from bot.model.request import Size
from storage.media import ffmpeg, sound
from storage.media.disk import finishing, renaming
from storage.media.probe import probe
from storage.media.process import run

FPS: Final = 24
OPENING: Final = 3.5
"""Seconds of the title picture."""
CLOSING: Final = 4.0
"""Seconds of each closing picture."""
HIGHLIGHT: Final = 6.0
"""Seconds of each work."""
FADE: Final = 0.5
"""Seconds in which one part becomes the next."""
PART_LIMIT: Final = 180.0
WHOLE_LIMIT: Final = 900.0
PREPARED: Final = 0.5
"""Share of the work that is done when all parts are there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the reel on its own: a film of exactly `seconds` with sound."""

    path: Path
    seconds: float


async def cut(
    reel: Reel,
    moments: Sequence[float],
    out: Path,
    *,
    size: Size,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Make the film; `moments` are the most telling seconds of the works, around which they are cut."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with renaming(), TemporaryDirectory(prefix=".reel-", dir=out.parent) as folder, finishing(out) as part:
        parts = await _parts(reel, moments, Path(folder), size, progress)
        seconds = together(parts)
        heard, track = Path(folder, "sound.wav"), Path(folder, "sound.m4a")
        await run(ffmpeg.blended_sound([one.path for one in parts], heard, fade=FADE), seconds_limit=WHOLE_LIMIT)
        await sound.master(heard, track, seconds=seconds)
        command = ffmpeg.blended(
            [(one.path, one.seconds) for one in parts], part, sound=track, fade=FADE, fps=FPS, seconds=seconds
        )
        await run(command, seconds_limit=WHOLE_LIMIT, total=seconds, progress=_rest(progress))


def together(parts: Sequence[Part]) -> float:
    """Seconds of the whole; neighbours share a cross-fade."""
    return sum(part.seconds for part in parts) - FADE * (len(parts) - 1)


def window(moment: float, seconds: float) -> tuple[float, float]:
    """(start, length) of the highlight around a moment of a film."""
    length = min(HIGHLIGHT, seconds)
    return max(0.0, min(moment - length / 2, seconds - length)), length


async def _parts(
    reel: Reel, moments: Sequence[float], folder: Path, size: Size, progress: Callable[[float], None] | None
) -> list[Part]:
    many = 1 + len(reel.highlights) + len(reel.closing)
    parts: list[Part] = []

    async def made(command: Callable[[Path], list[str]], seconds: float) -> None:
        path = folder / f"part-{len(parts):02}.mkv"
        await run(command(path), seconds_limit=PART_LIMIT)
        parts.append(Part(path, seconds))
        if progress:
            progress(PREPARED * len(parts) / many)

    await made(lambda out: ffmpeg.card(reel.opening, out, size=size, fps=FPS, seconds=OPENING), OPENING)
    for one, moment in zip(reel.highlights, moments, strict=True):
        facts = await probe(one.film)
        start, wanted = window(moment, facts.seconds)
        length = int(wanted * FPS) / FPS  # whole pictures, so that sound and film stay together
        sounds = facts.audio_codec is not None
        await made(
            lambda out, one=one, start=start, length=length, sounds=sounds: ffmpeg.highlight(
                one.film, one.words, out, start=start, seconds=length, sounds=sounds, size=size, fps=FPS
            ),
            length,
        )
    for page in reel.closing:
        await made(lambda out, page=page: ffmpeg.card(page, out, size=size, fps=FPS, seconds=CLOSING), CLOSING)
    return parts


def _rest(progress: Callable[[float], None] | None) -> Callable[[float], None] | None:
    if progress is None:
        return None
    told = progress
    return lambda fraction: told(PREPARED + (1 - PREPARED) * fraction)
