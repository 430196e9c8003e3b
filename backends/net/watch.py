"""Looking at an order until it has ended, at a pace each backend declares."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.errors import BackendError
from bot.model.backend import RemoteState, RemoteStatus

log = logging.getLogger(__name__)

ENDED: Final = frozenset({RemoteState.SUCCEEDED, RemoteState.FAILED, RemoteState.CANCELLED, RemoteState.LOST})
"""States after which nothing more happens."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks: `first` at the start, growing by `growth` to `most`; give or take a share `jitter`.

    After failed looks the wait doubles, to `rest` at most, or is what the server asked for.
    """

    first: float
    most: float
    growth: float = 1.25
    jitter: float = 0.2
    rest: float = 60.0

    def wait(self, looks: int) -> float:
        """The wait after so many looks that worked."""
        return self._about(min(self.most, self.first * self.growth ** min(looks, 64)))

    def patience(self, failures: int, error: BackendError) -> float:
        """The wait after so many looks in a row that did not."""
        own = self._about(min(self.rest, self.first * 2 ** min(failures, 16)))
        return max(own, error.retry_after.total_seconds()) if error.retry_after else own

    def _about(self, seconds: float) -> float:
        return seconds * random.uniform(1 - self.jitter, 1 + self.jitter)


async def watch(poll: Callable[[], Awaitable[RemoteStatus]], pace: Pace) -> AsyncGenerator[RemoteStatus]:
    """Yield every look until the order has ended.

    A look that fails for a while is repeated for as long as the caller follows (it owns the deadline); an error that
    repeating cannot mend is raised.
    """
    looks = failures = 0
    while True:
        try:
            status = await poll()
        except BackendError as error:
            if not error.retry:
                raise
            failures += 1
            log.info("a look failed (%d in a row): %s", failures, error.detail)
            await asyncio.sleep(pace.patience(failures, error))
            continue
        failures = 0
        yield status
        if status.state in ENDED:
            return
        await asyncio.sleep(pace.wait(looks))
        looks += 1
