"""What every step of a job may use, handed over as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.ports import Backend, Clock, Platform, Repositories, SoundMaker, VideoTool


@dataclass(frozen=True)
class Tools:
    """Ports, by name where there are several."""

    repos: Repositories
    backends: Mapping[str, Backend]
    platforms: Mapping[str, Platform]
    video: VideoTool
    sound: SoundMaker
    clock: Clock
    patience: float = 1.0
    """Multiplies every waiting time between tries; tests make it small."""
    backoff: tuple[float, ...] = field(default=(1.0, 3.0, 8.0, 20.0, 45.0))
    """Seconds between tries of something that may be repeated."""
