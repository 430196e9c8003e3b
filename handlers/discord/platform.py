"""Discord as a `Platform`: keeps the connection that everything is said and heard through."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from bot import settings
from bot.completion import Completions
from bot.grammar import WORDS, Word
from bot.ports import Handle, Hear, Meter, Unmetered, deaf
from handlers.discord import errors, parse
from handlers.discord.client import Client
from handlers.discord.contest import Contest
from handlers.discord.posting import TRAITS

log = logging.getLogger(__name__)

CONNECTING: Final = 20.0
"""Seconds a posting waits for the connection before it is told to come again."""
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


class DiscordPlatform(Contest):
    """Implements `Platform`. A guild is a community; a thread is posted to by its own id."""

    name = parse.PLATFORM
    traits = TRAITS

    def __init__(
        self,
        given: settings.Discord,
        completions: Completions,
        *,
        connecting: float = CONNECTING,
        meter: Meter | None = None,
        vocabulary: Sequence[Word] = WORDS,
    ) -> None:
        super().__init__(connecting)
        self._meter = meter or Unmetered()
        self._vocabulary = vocabulary
        self._token = errors.token(given)
        self._given = given
        self._completions = completions

    def client(self, handle: Handle, hear: Hear = deaf) -> Client:
        """A new connection that serves `handle` and `hear` and that everything is said through from now on."""
        self._up.clear()
        again = self._client is not None
        self._client = Client(
            self._given, self._completions, handle, self._up, self._meter, hear, self._vocabulary, again=again
        )
        return self._client

    @property
    def connected(self) -> bool:
        """Whether the gateway is open; discord.py closes and resumes it by itself."""
        return self._up.is_set() and self._client is not None and self._client.hears

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Stay connected until cancelled. Raises `SetupError` for what only the operator can mend."""
        errors.route(self._given)
        pause = _SHORTEST_PAUSE
        while True:
            try:
                async with self.client(handle, hear) as client:
                    await client.start(self._token)
            except errors.FOREIGN as error:
                if refused := errors.refused(error):
                    raise refused from error
                # discord.py resumes by itself; here it gave up.
                log.warning("Discord cannot be reached, trying again: %s", error)
            except Exception:
                log.exception("The connection to Discord broke, trying again")
            finally:
                pause = _SHORTEST_PAUSE if self._up.is_set() else min(2 * pause, _LONGEST_PAUSE)
                self._up.clear()
            await asyncio.sleep(pause)
