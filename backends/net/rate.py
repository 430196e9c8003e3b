"""No more than so many calls a second, shared by everyone who holds the same `Rate`."""

from __future__ import annotations

import asyncio


class Rate:
    """Calls leave evenly spaced; a caller waits for its turn."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1.0 / per_second
        self._next = 0.0

    async def turn(self) -> None:
        """Return when this caller may go."""
        now = asyncio.get_running_loop().time()
        mine = max(now, self._next)
        self._next = mine + self._gap
        if mine > now:
            await asyncio.sleep(mine - now)
