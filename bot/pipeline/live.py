"""What is known about a running job only in this process: how far it is this second, its latest picture, who wants it
stopped. Everything that must survive is in the record; this is what makes the card lively."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Live:
    """One job's moment. `stop` is set when somebody wants it cancelled."""

    fraction: float | None = None
    begun: tuple[float, datetime] | None = None
    """How far it was when its progress was first heard of, and when that was."""
    stage: str | None = None
    preview: bytes | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)


class Moments:
    """The live state of all jobs in this process, and who wants to hear when it changes."""

    def __init__(self) -> None:
        self._live: dict[str, Live] = defaultdict(Live)
        self._listeners: list[Callable[[str], None]] = []

    def of(self, job_id: str) -> Live:
        """One job's moment; made when first asked for."""
        return self._live[job_id]

    def peek(self, job_id: str) -> Live:
        """One job's moment without keeping an empty one."""
        return self._live.get(job_id) or Live()

    def forget(self, job_id: str) -> None:
        """The job has ended."""
        self._live.pop(job_id, None)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the job's id at each change."""
        self._listeners.append(listener)

    def changed(self, job_id: str) -> None:
        """Tell the listeners."""
        for listener in self._listeners:
            listener(job_id)
