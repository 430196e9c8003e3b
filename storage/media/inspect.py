"""Looking at a clip before anyone else does: one reading of the container, one pass of ffmpeg over pictures and sound.

Faults fail a gate; warnings are only noted. The gates for black and frozen pictures are judgements: planted faults of
0.5 s and more are found, and neither a held breath before a jump nor a storyboard's held drawings are one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.model.clip import Inspection
from bot.model.request import Size
from storage.media import ffmpeg, sound
from storage.media.disk import renaming
from storage.media.probe import Facts, probe
from storage.media.process import run

SECONDS_TOLERANCE: Final = 0.25
"""Either way; the contest's clips are 15.0 ± 0.25 s."""
FPS: Final = (24.0, 60.0)
"""What chats play smoothly."""
VIDEO_CODEC: Final = "h264"
PIXELS: Final = "yuv420p"
AUDIO_CODEC: Final = "aac"
"""The one mix every chat's player knows."""
LONGEST_BLACK: Final = 0.5
"""Seconds. A fade from black takes less."""
LONGEST_FREEZE: Final = 0.75
"""Seconds. ffmpeg reports from 0.4 s on; a shorter hold reads as a pause, a longer one as a hang."""
LOUDNESS_TOLERANCE: Final = 1.0
"""LUFS around the target; the ear hears more than that between two clips."""
SECONDS_LIMIT: Final = 180.0
PICTURES: Final = "%03d.jpg"
"""How typical pictures are called."""
_TOLD: Final = 512 * 1024
"""Bytes of ffmpeg's findings: even a cut at every frame fits."""

_BLACK: Final = re.compile(r"black_start:\s*([\d.]+) black_end:\s*([\d.]+)")
_FREEZE_START: Final = re.compile(r"freeze_start: ([\d.]+)")
_FREEZE_END: Final = re.compile(r"freeze_end: ([\d.]+)")
_TYPICAL: Final = re.compile(r"pts_time=([\d.]+)\) selected")
_CUT: Final = re.compile(r"lavfi\.scd\.time: ([\d.]+)")

Span = tuple[float, float]
"""Start and end in seconds."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the pass over the pictures and the sound found; longest stretches in seconds."""

    black: float
    frozen: float
    cuts: int
    loudness: sound.Loudness | None


async def inspect(path: Path, *, seconds: float, size: Size, cuts: int | None = None) -> Inspection:
    """Look at a finished clip. Raises `ResultInvalid` when it is no video at all."""
    facts = await probe(path)
    with renaming(), TemporaryDirectory(prefix="olympic-look-") as folder:
        examine = ffmpeg.examine(path, Path(folder, PICTURES), sound=facts.audio_codec is not None)
        said = await run(examine, seconds_limit=SECONDS_LIMIT, keep=_TOLD)
        moment = telling(said, Path(folder))
    found = read(said, facts)
    return Inspection(
        seconds=facts.seconds,
        size=facts.size,
        fps=facts.fps,
        video_codec=facts.video_codec,
        pixel_format=facts.pixel_format,
        audio_codec=facts.audio_codec,
        loudness=found.loudness and found.loudness.integrated,
        peak=found.loudness and found.loudness.peak,
        black=found.black,
        frozen=found.frozen,
        cuts=found.cuts,
        bytes=facts.bytes,
        faults=_faults(facts, found, seconds, size),
        warnings=_warnings(facts, found, cuts),
        moment=moment,
    )


def telling(said: str, folder: Path) -> float:
    """The second of the fullest of the typical pictures in a folder, by what ffmpeg said of them: the largest JPEG is
    neither black nor empty snow."""
    sizes = [picture.stat().st_size for picture in sorted(folder.glob("*.jpg"))]
    times = [float(time) for time in _TYPICAL.findall(said)]
    return max(zip(sizes, times, strict=False), default=(0, 0.0))[1]


def read(said: str, facts: Facts) -> Findings:
    """Make findings of ffmpeg's words. A black stretch is also told as frozen and as two cuts: it counts once."""
    frame = 1 / facts.fps
    black = [(float(start), float(end)) for start, end in _BLACK.findall(said)]
    starts = [float(start) for start in _FREEZE_START.findall(said)]
    ends = [float(end) for end in _FREEZE_END.findall(said)]
    # the last freeze has no end when the clip ends frozen
    frozen = list(zip(starts, [*ends, facts.seconds], strict=False))
    cuts = [float(time) for time in _CUT.findall(said)]
    return Findings(
        black=_longest(black),
        frozen=_longest(_without(frozen, black)),
        cuts=sum(1 for cut in cuts if not any(start - frame <= cut <= end + frame for start, end in black)),
        loudness=sound.heard(said) if facts.audio_codec else None,
    )


def _without(spans: list[Span], others: list[Span]) -> list[Span]:
    for start, end in others:
        spans = [part for span in spans for part in ((span[0], min(span[1], start)), (max(span[0], end), span[1]))]
        spans = [(first, last) for first, last in spans if last > first]
    return spans


def _longest(spans: list[Span]) -> float:
    return round(max((end - start for start, end in spans), default=0.0), 4)


def _faults(facts: Facts, found: Findings, seconds: float, size: Size) -> tuple[str, ...]:
    longest = max(facts.seconds, facts.sound_seconds or 0.0)
    gates = {
        "inspect.duration": max(seconds - facts.seconds, longest - seconds) > SECONDS_TOLERANCE,
        "inspect.size": facts.size != size,
        "inspect.fps": not FPS[0] - 0.01 <= facts.fps <= FPS[1] + 0.01,
        "inspect.codec": facts.video_codec != VIDEO_CODEC or facts.audio_codec not in {AUDIO_CODEC, None},
        "inspect.pixels": facts.pixel_format != PIXELS,
        "inspect.no_sound": facts.audio_codec is None,
        "inspect.black": found.black > LONGEST_BLACK,
        "inspect.frozen": found.frozen > LONGEST_FREEZE,
    }
    return tuple(key for key, failed in gates.items() if failed)


def _warnings(facts: Facts, found: Findings, cuts: int | None) -> tuple[str, ...]:
    level = found.loudness
    notes = {
        "inspect.loudness": level is not None and abs(level.integrated - sound.TARGET) > LOUDNESS_TOLERANCE,
        "inspect.clipping": level is not None and level.peak > sound.PEAK,
        "inspect.sound_short": facts.sound_seconds is not None
        and facts.seconds - facts.sound_seconds > SECONDS_TOLERANCE,
        "inspect.silent": level is None and facts.audio_codec is not None,
        "inspect.cuts": cuts is not None and cuts != found.cuts,
    }
    return tuple(key for key, noted in notes.items() if noted)
