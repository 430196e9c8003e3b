"""How many clips of each community may be drawn at the same time, as the communities decided."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.ports import Communities

FRESH: Final = 5.0
"""Seconds for which the shares are not read again: a slot is given many times a second."""


class Shares:
    """Reads the setups now and then."""

    def __init__(self, communities: Communities) -> None:
        self._communities = communities
        self._shares: dict[str, int] = {}
        self._read = float("-inf")

    async def now(self) -> dict[str, int]:
        """By community; one that is not named has no share of its own."""
        moment = asyncio.get_running_loop().time()
        if moment - self._read >= FRESH:
            self._read = moment
            homes = await self._communities.all()
            named = {str(home.community): home.setup.allowance.share for home in homes}
            self._shares = {community: share for community, share in named.items() if share is not None}
        return self._shares

    def forget(self) -> None:
        """Somebody changed a share: it holds at once."""
        self._read = float("-inf")
