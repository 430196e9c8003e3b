"""Edits of messages, merged and paced: however fast things change, each platform is spoken to as calmly as it asks.

A lane is one message, or a whole community where the platform counts all edits together. In a lane the newest state of
each message waits until the pace allows the next edit; states in between are never sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context
from typing import Final

from bot.errors import MessageGone, OlympicError, PlatformBusy
from bot.model.card import Card, CardKind
from bot.model.people import MessageRef
from bot.ports import Clock, Platform

log = logging.getLogger(__name__)

Draw = Callable[[], Awaitable[Card | None]]
"""Makes the message's newest card at the moment it is sent; None when there is nothing to show any more."""

BUSY: Final = 5.0
"""Seconds a lane rests when its platform asks for patience."""
IDLE: Final = 0.25
"""Seconds between two looks that found nothing new to show, at most."""


class Pacer:
    """Owns one task for each busy lane; `run` must be running."""

    def __init__(self, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._platforms = platforms
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._tasks: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """Serve until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await asyncio.Event().wait()
        finally:
            self._tasks = None
            self._lanes.clear()

    def show(self, ref: MessageRef, draw: Draw, *, soon: bool = False) -> None:
        """Have the message show what `draw` makes, as soon as its lane allows; `soon`: before what waits there."""
        platform = self._platforms.get(ref.community.platform)
        if platform is None or self._tasks is None:
            return
        name = _lane_of(ref, platform)
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane(platform, self._clock)
            # a lane outlives whoever opened it, so its log lines must not carry that one's request
            self._tasks.create_task(self._serve(name, lane), name=f"edits of {name}", context=Context())
        lane.put(ref, draw, soon=soon)

    async def quiet(self, ref: MessageRef) -> None:
        """Drop what waits for this message and return when no edit of it is on its way."""
        platform = self._platforms.get(ref.community.platform)
        lane = self._lanes.get(_lane_of(ref, platform)) if platform else None
        if lane is not None:
            await lane.quiet(ref)

    async def _serve(self, name: str, lane: _Lane) -> None:
        try:
            await lane.serve()
        finally:
            self._lanes.pop(name, None)


def _lane_of(ref: MessageRef, platform: Platform) -> str:
    return str(ref.community) if platform.traits.edits_shared else f"{ref.community}/{ref.channel}/{ref.id}"


class _Lane:
    def __init__(self, platform: Platform, clock: Clock) -> None:
        self._platform = platform
        self._clock = clock
        self._waiting: dict[MessageRef, Draw] = {}
        self._shown: dict[MessageRef, Card] = {}
        self._troubled: set[MessageRef] = set()
        self._sending: MessageRef | None = None
        self._sent = asyncio.Condition()

    def put(self, ref: MessageRef, draw: Draw, *, soon: bool) -> None:
        if soon:
            self._waiting = {ref: draw, **{other: theirs for other, theirs in self._waiting.items() if other != ref}}
        else:
            self._waiting[ref] = draw

    async def quiet(self, ref: MessageRef) -> None:
        self._waiting.pop(ref, None)
        async with self._sent:
            await self._sent.wait_for(lambda: self._sending != ref)
        self._waiting.pop(ref, None)  # what the edit put back because its platform was busy

    async def serve(self) -> None:
        """Send what waits, oldest first, until nothing waits; no await between the last look and leaving."""
        while self._waiting:
            ref = next(iter(self._waiting))
            draw = self._waiting.pop(ref)
            self._sending = ref
            try:
                wait = await self._send(ref, draw)
            finally:
                self._sending = None
            async with self._sent:
                self._sent.notify_all()
            await self._clock.sleep(wait)

    async def _send(self, ref: MessageRef, draw: Draw) -> float:
        """Edit once; returns the seconds to rest before the next edit."""
        pace = self._platform.traits.edit_seconds
        try:
            card = await draw()
            if card is None or card == self._shown.get(ref):
                return min(pace, IDLE)
            await (self._platform.redraw if card.kind is CardKind.ENTRY else self._platform.edit)(ref, card)
            self._shown[ref] = card
        except MessageGone:
            self._waiting.pop(ref, None)
        except PlatformBusy:
            self._waiting.setdefault(ref, draw)
            return max(BUSY, pace)
        except OlympicError as error:
            self._complain(ref, error)
        except Exception:
            log.exception("could not draw the card of message %s in %s", ref.id, ref.community)
        return pace

    def _complain(self, ref: MessageRef, error: OlympicError) -> None:
        """Once for each message of a busy lane: what is refused now is refused again at the next change."""
        level = logging.DEBUG if ref in self._troubled else logging.WARNING
        self._troubled.add(ref)
        log.log(level, "could not edit message %s in %s: %r", ref.id, ref.community, error)
