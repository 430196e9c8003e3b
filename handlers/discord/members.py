"""Who somebody is in a server. Without the privileged intent Discord tells it with a reaction, or when asked."""

from __future__ import annotations

import time
from typing import Final

import discord

from handlers.discord import errors

FRESH: Final = 60.0
"""Seconds for which what a reaction told of its member is believed."""
_MOST: Final = 5000


class Members:
    """The members seen lately, so that a storm of votes asks Discord nothing."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._seen: dict[tuple[int, int], tuple[float, discord.Member]] = {}

    def see(self, member: discord.Member) -> None:
        """Remember somebody as Discord has just told them."""
        key = (member.guild.id, member.id)
        self._seen.pop(key, None)
        self._seen[key] = (time.monotonic(), member)
        while len(self._seen) > _MOST:
            del self._seen[next(iter(self._seen))]

    async def find(self, guild: int, member: int) -> discord.Member | None:
        """Somebody as they are now, or None when they do not belong to the server."""
        when, seen = self._seen.get((guild, member), (0.0, None))
        if seen is not None and time.monotonic() - when < FRESH:
            return seen
        server = self._client.get_guild(guild)
        if server is None or server.unavailable:  # its roles are needed, and the connection has not told them yet
            server = await self._client.fetch_guild(guild, with_counts=False)
        try:
            found = await server.fetch_member(member)
        except discord.NotFound as error:
            if error.code in errors.NOBODY:
                return None
            raise
        self.see(found)
        return found
