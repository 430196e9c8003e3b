"""Reactions under the studio's messages: kept in the log beside the messages, so that votes outlive a run."""

from __future__ import annotations

import asyncio
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.ports import Clock, Log, Logged

CHANNEL: Final = "reactions"
"""A channel of the log that nobody looks at."""
BOT: Final = "olympic"
"""Who hangs the first reaction: what hangs there may be pressed."""
_LOADED: Final = 1000
_JSON: Final = TypeAdapter(dict[str, tuple[str, ...]])

By = dict[str, tuple[str, ...]]
"""emoji → who reacted with it, in the order they did."""


class Reactions:
    """Who reacted with what, message by message. `load` comes first."""

    def __init__(self, log: Log, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._known: dict[str, tuple[str, By]] = {}
        """message → (row of the log, reactions)"""
        self._turn = asyncio.Lock()

    async def load(self) -> None:
        """Read those of the newest messages; older ones are read when somebody asks."""
        self._known.clear()
        for logged in await self._log.latest(CHANNEL, _LOADED):
            self._known[logged.key.removeprefix(_key(""))] = _read(logged)

    def shown(self, message: str) -> By:
        """The reactions under a message that is shown."""
        return self._known.get(message, ("", {}))[1]

    async def of(self, message: str) -> By:
        """The reactions under any message."""
        return (await self._kept(message))[1]

    async def set(self, message: str, emoji: str, member: str, *, on: bool) -> bool:
        """Add or take a reaction; False when it was so already."""
        async with self._turn:
            row, by = await self._kept(message)
            before = by.get(emoji, ())
            if (member in before) is on:
                return False
            after = (*before, member) if on else tuple(one for one in before if one != member)
            changed = {**by, emoji: after}
            body = _JSON.dump_json(changed).decode()
            if row:
                await self._log.change(row, body)
            else:
                row = await self._log.add(_key(message), CHANNEL, body, self._clock.now())
            self._known[message] = (row, changed)
            return True

    async def forget(self, message: str) -> None:
        """The message is gone."""
        async with self._turn:
            row, _ = await self._kept(message)
            if row:
                await self._log.remove(row)
            self._known.pop(message, None)

    async def _kept(self, message: str) -> tuple[str, By]:
        if message not in self._known:
            found = await self._log.find(_key(message))
            return _read(found) if found else ("", {})
        return self._known[message]


def _key(message: str) -> str:
    return f"reactions:{message}"


def _read(logged: Logged) -> tuple[str, By]:
    try:
        return logged.id, _JSON.validate_json(logged.body)
    except ValidationError:
        return logged.id, {}
