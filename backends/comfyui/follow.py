"""Following one job: looks by HTTP at a calm pace, and between them whatever the websocket tells."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from backends.comfyui.ear import Ear
from backends.net import ENDED, Pace
from bot.errors import BackendError
from bot.model.backend import RemoteStatus

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How patiently servers are asked. Seconds."""

    looks: Pace = field(default_factory=lambda: Pace(first=2.0, most=6.0))
    """Looks beside the websocket."""
    ending: Pace = field(default_factory=lambda: Pace(first=0.1, most=2.0, growth=1.6))
    """Looks after the websocket said that the job ended; its record follows a moment later."""
    listening: Pace = field(default_factory=lambda: Pace(first=0.5, most=20.0, growth=2.0))
    """Between two attempts to listen."""
    searching: tuple[float, ...] = (2.0, 5.0, 10.0, 20.0)
    """Between two searches for an order that may have been taken."""
    cancelling: tuple[float, ...] = (0.5, 2.0)
    """Between attempts to cancel."""


async def follow(poll: Callable[[], Awaitable[RemoteStatus]], ear: Ear, rhythm: Rhythm) -> AsyncGenerator[RemoteStatus]:
    """Yield the last look again with every piece of news, until the job has ended.

    A look that fails for a while is repeated; the caller owns the deadline. Raises errors that repeating cannot mend.
    """
    looks = failures = endings = 0
    status: RemoteStatus | None = None
    while True:
        try:
            status = await poll()
        except BackendError as error:
            if not error.retry:
                raise
            failures, pause = failures + 1, rhythm.looks.patience(failures, error)
            log.info("a look failed (%d in a row): %s", failures, error.detail)
        else:
            yield status
            if status.state in ENDED:
                return
            looks, failures, pause = looks + 1, 0, rhythm.looks.wait(looks)
        async for _ in _news(pause, ear):
            if status is not None:
                yield status
        if ear.progress.over:
            await asyncio.sleep(rhythm.ending.wait(endings))
            endings += 1


async def _news(seconds: float, ear: Ear) -> AsyncGenerator[None]:
    """The websocket's news until the next look is due; it is due at once when the job is over."""
    loop = asyncio.get_running_loop()
    due = loop.time() + seconds
    while not ear.progress.over and (left := due - loop.time()) > 0:
        if await ear.news(left) and not ear.progress.over:
            yield
