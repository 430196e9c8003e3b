"""What every step of a job may use, handed over as one value."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.errors import BackendError
from bot.model.backend import Capabilities
from bot.model.job import Waiting
from bot.pipeline.gate import Gate
from bot.ports import (
    Backend,
    Clock,
    Lettering,
    Meter,
    Platform,
    Provenance,
    Repositories,
    SoundMaker,
    Unmetered,
    VideoTool,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tools:
    """Ports, by name where there are several."""

    repos: Repositories
    backends: Mapping[str, Backend]
    platforms: Mapping[str, Platform]
    video: VideoTool
    sound: SoundMaker
    clock: Clock
    provenance: Provenance | None = None
    """Labels and signs finished films; None: they go out as they are."""
    lettering: Lettering | None = None
    """None: no reels are made."""
    hall: str = ""
    """The public address of the hall; empty: there is none to link to."""
    patience: float = 1.0
    """Multiplies every waiting time between tries; tests make it small."""
    backoff: tuple[float, ...] = field(default=(1.0, 3.0, 8.0, 20.0, 45.0))
    """Seconds between tries of something that may be repeated."""
    meter: Meter = field(default_factory=Unmetered)

    gates: defaultdict[str, Gate] = field(default_factory=lambda: defaultdict(Gate))
    """By backend: no more orders at a time than it takes, however many jobs and shots there are."""
    bench: Gate = field(default_factory=Gate)
    """Where films are put together on this machine."""

    async def able(self) -> dict[str, Capabilities]:
        """What each backend can do now; one that does not answer is left out and does not stop the others."""
        able: dict[str, Capabilities] = {}
        for name, backend in self.backends.items():
            try:
                able[name] = await backend.capabilities()
            except BackendError as error:
                log.debug("%s does not tell what it can do: %r", name, error)
        return able

    async def label(self, backend: str) -> str:
        """Under which name a backend's films are shown as made by a machine."""
        able = (await self.able()).get(backend)
        return able.label if able else "label.ai"

    def served(self, jobs: Sequence[Waiting]) -> list[Waiting]:
        """Those of connected platforms: nobody could be brought the others' clips, so they wait until it is back."""
        return [job for job in jobs if job.community.platform in self.platforms]
