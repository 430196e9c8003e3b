"""Commands on their way to the core: each has its own task, so a page that is closed stops nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.model.command import Asked
from bot.model.measure import ACKNOWLEDGED
from bot.ports import Meter, Reply, Unmetered
from handlers.web.people import NAME

logger = logging.getLogger(__name__)

Handle = Callable[[Asked, Reply], Awaitable[None]]
PATIENCE: Final = 20.0
"""Seconds a page waits for the answer; what is said later arrives by itself."""


class Desk:
    """Takes commands in while it is open."""

    def __init__(self, handle: Handle, tasks: asyncio.TaskGroup, meter: Meter) -> None:
        self._meter = meter
        self._handle = handle
        self._tasks = tasks
        self._running: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, handle: Handle, meter: Meter | None = None) -> AsyncGenerator[Desk]:
        """Owns the commands' tasks; on leaving, those that still run are cancelled."""
        async with asyncio.TaskGroup() as tasks:
            desk = cls(handle, tasks, meter or Unmetered())
            try:
                yield desk
            finally:
                for task in desk._running:
                    task.cancel()

    async def ask(self, asked: Asked, reply: Reply) -> None:
        """Hand a command over and wait until it is answered, at most `PATIENCE` seconds."""
        heard = time.monotonic()
        task = self._tasks.create_task(self._carry(asked, reply), name=f"studio command of {asked.member.id}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait({task}, timeout=PATIENCE)
        self._meter.observe(ACKNOWLEDGED, time.monotonic() - heard, NAME)

    async def _carry(self, asked: Asked, reply: Reply) -> None:
        try:
            await self._handle(asked, reply)
        except Exception:
            logger.exception("a command of %s was not handled", asked.member.id)
