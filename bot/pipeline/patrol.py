"""Looking again and again: who keeps something as it should be looks, then waits to be woken or for time to pass."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.errors import OlympicError

log = logging.getLogger(__name__)


class Patrol:
    """Calls `look` at once, when woken, and at the latest after `seconds`. A look that fails is logged as `what` and
    made again."""

    def __init__(self, what: str, look: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._what = what
        self._look = look
        self._seconds = seconds
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something happened: look soon."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._woken.clear()
            await self._try()
            try:
                async with asyncio.timeout(self._seconds):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _try(self) -> None:
        try:
            await self._look()
        except OlympicError as error:
            log.warning("%s: tried again later: %r", self._what, error)
        except Exception:
            log.exception("%s failed and is tried again", self._what)
