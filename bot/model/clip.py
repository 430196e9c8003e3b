"""The finished video, and what was found when it was looked at."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.request import Size


@dataclass(frozen=True, slots=True)
class Inspection:
    """Facts measured on the finished file.

    `loudness` LUFS integrated, `peak` dBTP, None for a silent track; `black` and `frozen` are the longest stretches in
    seconds; `cuts` are counted scene changes; `faults` are catalogue keys of what failed a gate, `warnings` of what is
    only noted.
    """

    seconds: float
    size: Size
    fps: float
    video_codec: str
    pixel_format: str
    audio_codec: str | None
    loudness: float | None
    peak: float | None
    black: float
    frozen: float
    cuts: int
    bytes: int
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    moment: float | None = None
    """The second of the most telling picture; None where nobody looked for it."""

    @property
    def passed(self) -> bool:
        """Whether nothing failed a gate."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Clip:
    """A video kept for good: `blob` and `poster` are names in the media store (sha256 of the content)."""

    blob: str
    poster: str
    inspection: Inspection
