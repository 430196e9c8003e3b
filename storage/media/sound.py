"""Bringing a sound to the house's loudness, and reading what ffmpeg measured.

Not by `loudnorm`: its two-pass mode fell back to dynamic on peaky sounds and left true peaks of +0.7 dB. AAC itself
overshoots by 0.4–3.6 dB, so what is measured is the encoded file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.media import ffmpeg
from storage.media.disk import finishing
from storage.media.ffmpeg import Level
from storage.media.process import run

TARGET: Final = -14.0
"""LUFS, integrated: what chat and video platforms play at."""
TOLERANCE: Final = 0.5
PEAK: Final = -1.0
"""dBTP no sound may pass."""
PEAK_AIM: Final = -1.3
"""A little lower than the limit, so that the next round lands under it."""
ROUNDS: Final = 3
MOST_GAIN: Final = 30.0
"""dB; more would only raise hiss."""
SILENCE: Final = -69.0
"""LUFS; ebur128 answers −70 for silence."""
SECONDS_LIMIT: Final = 120.0

_SUMMARY: Final = re.compile(r"I:\s+(-?[\d.]+|-inf|nan) LUFS.*?Peak:\s+(-?[\d.]+|-inf|nan) dBFS", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Loudness:
    """`integrated` in LUFS and `peak` in dBTP."""

    integrated: float
    peak: float

    @property
    def accepted(self) -> bool:
        """Whether it is as the house wants it."""
        return abs(self.integrated - TARGET) <= TOLERANCE and self.peak <= PEAK


def heard(said: str) -> Loudness | None:
    """The last summary of ebur128 in what ffmpeg said; None for silence."""
    found = _SUMMARY.findall(said[said.rfind("Summary:") :])
    if not found:
        return None
    integrated, peak = (float(value) for value in found[-1])
    return Loudness(integrated, peak) if integrated > SILENCE else None


async def measure(path: Path, seconds: float | None = None) -> Loudness | None:
    """A file's loudness; with `seconds`, as it will be after a film's fades. None for silence."""
    return heard(await run(ffmpeg.measure(path, seconds), seconds_limit=SECONDS_LIMIT))


async def master(sound: Path, out: Path, *, seconds: float) -> None:
    """An AAC track of exactly `seconds` at −14 ± 0.5 LUFS and at most −1 dBTP, in at most three rounds.

    Silence stays silence. A sound that will not come that far keeps its last round; inspection tells.
    """
    raw = await measure(sound, seconds)
    level = Level(gain=_bounded(TARGET - raw.integrated) if raw else 0.0)
    with finishing(out) as part:
        for _ in range(ROUNDS):
            await run(ffmpeg.master(sound, part, level=level, seconds=seconds), seconds_limit=SECONDS_LIMIT)
            found = await measure(part)
            if found is None or found.accepted:
                return
            level = corrected(level, found)


def corrected(level: Level, found: Loudness) -> Level:
    """The next try after `level` gave `found`."""
    lower = min(0.0, PEAK_AIM - found.peak)
    return Level(
        gain=_bounded(level.gain + TARGET - found.integrated),
        limit=max(0.0625, level.limit * 10 ** (lower / 20)),  # alimiter takes nothing below 1/16
    )


def _bounded(gain: float) -> float:
    return min(MOST_GAIN, gain)
