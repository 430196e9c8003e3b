"""Listens to one job's websocket for as long as it is followed; comes back after every cut.

What it misses while it is away is no loss: the state is cumulative, and looks by HTTP go on beside it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from backends.comfyui.progress import Progress
from backends.net import Pace, redacted
from backends.net.redact import guard_logs

log = logging.getLogger(__name__)

FLAGS: Final = json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
"""Sent first: previews then carry the job they belong to."""
_LARGEST: Final = 16 * 2**20
"""Bytes of one frame; previews have tens of kilobytes."""


class Ear:
    """Feeds `progress` and wakes whoever waits."""

    def __init__(self, url: str, headers: Mapping[str, str], progress: Progress, pace: Pace) -> None:
        guard_logs()
        self.progress = progress
        self._url = url
        self._headers = headers
        self._pace = pace
        self._heard = asyncio.Event()

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[Ear]:
        """Listen in a task of our own until the block ends."""
        task = asyncio.create_task(self._listen(), name="comfyui websocket")
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def news(self, seconds: float) -> bool:
        """Wait for something new, at most so long; whether it came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._heard.wait()
        heard = self._heard.is_set()
        self._heard.clear()
        return heard

    async def _listen(self) -> None:
        failures = 0
        while not self.progress.over:
            try:
                await self._until_cut()
                failures = 0
            except (
                OSError,
                WebSocketException,
                ImportError,
            ) as error:  # ImportError: a SOCKS proxy without its package
                failures += 1
                log.info("%s: %s; listening again in a moment", redacted(self._url), type(error).__name__)
            except Exception:  # what is heard is only for the eye: the film must not depend on it
                failures += 1
                log.exception("%s told what nobody can read", redacted(self._url))
            await asyncio.sleep(self._pace.wait(failures))

    async def _until_cut(self) -> None:
        async with connect(self._url, additional_headers=self._headers, max_size=_LARGEST, open_timeout=10) as socket:
            await socket.send(FLAGS)
            async for frame in socket:
                if self.progress.take(frame):
                    self._heard.set()
                if self.progress.over:
                    return
