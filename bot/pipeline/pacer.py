"""Edits of messages, merged and paced: however fast things change, each platform is spoken to as calmly as it asks.

A lane is one message, or a whole community where the platform counts all edits together. In a lane the newest state of
each message waits until the pace allows the next edit; states in between are never sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.errors import MessageGone, OlympicError, PlatformBusy
from bot.model.card import Card
from bot.model.people import MessageRef
from bot.ports import Clock, Platform

log = logging.getLogger(__name__)

Draw = Callable[[], Awaitable[Card | None]]
"""Makes the message's newest card at the moment it is sent; None when there is nothing to show any more."""


class Pacer:
    """Owns one task for each busy lane; `run` must be running."""

    def __init__(self, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._platforms = platforms
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._closed = asyncio.Event()

    async def run(self) -> None:
        """Serve until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await self._closed.wait()
        finally:
            self._tasks = None
            self._lanes.clear()

    def show(self, ref: MessageRef, draw: Draw) -> None:
        """Have the message show what `draw` makes, as soon as its lane allows."""
        platform = self._platforms.get(ref.community.platform)
        if platform is None or self._tasks is None:
            return
        name = str(ref.community) if platform.traits.edits_shared else f"{ref.community}/{ref.channel}/{ref.id}"
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane(platform, self._clock)
            self._tasks.create_task(self._serve(name, lane), name=f"edits of {name}")
        lane.put(ref, draw)

    async def quiet(self, ref: MessageRef) -> None:
        """Drop what waits for this message and return when no edit of it is on its way."""
        for lane in list(self._lanes.values()):
            await lane.quiet(ref)

    async def _serve(self, name: str, lane: _Lane) -> None:
        try:
            await lane.serve()
        finally:
            self._lanes.pop(name, None)


class _Lane:
    def __init__(self, platform: Platform, clock: Clock) -> None:
        self._platform = platform
        self._clock = clock
        self._waiting: dict[MessageRef, Draw] = {}
        self._shown: dict[MessageRef, Card] = {}
        self._sending = asyncio.Lock()

    def put(self, ref: MessageRef, draw: Draw) -> None:
        self._waiting[ref] = draw

    async def quiet(self, ref: MessageRef) -> None:
        self._waiting.pop(ref, None)
        async with self._sending:
            self._waiting.pop(ref, None)

    async def serve(self) -> None:
        """Send what waits, oldest first, until nothing waits; no await between the last look and leaving."""
        pace = self._platform.traits.edit_seconds
        while self._waiting:
            ref, draw = next(iter(self._waiting.items()))
            del self._waiting[ref]
            async with self._sending:
                wait = await self._send(ref, draw)
                if wait:
                    self._waiting.setdefault(ref, draw)
            await self._clock.sleep(max(wait, pace))

    async def _send(self, ref: MessageRef, draw: Draw) -> float:
        """Edit once; returns seconds to wait before trying the same again, 0 when it need not be."""
        try:
            card = await draw()
            if card is not None and card != self._shown.get(ref):
                await self._platform.edit(ref, card)
                self._shown[ref] = card
        except MessageGone:
            self._waiting.pop(ref, None)
        except PlatformBusy:
            return 5.0
        except OlympicError as error:
            log.warning("could not edit message %s in %s: %r", ref.id, ref.community, error)
        except Exception:
            log.exception("could not draw the card of message %s in %s", ref.id, ref.community)
        return 0.0
