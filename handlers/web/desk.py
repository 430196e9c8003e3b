"""Commands on their way to the core: each has its own task, so a page that is closed stops nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from bot.model.command import Asked
from bot.model.contest import Happening
from bot.model.measure import ACKNOWLEDGED
from bot.ports import Handle, Hear, Meter, Reply, Unmetered
from handlers.web.people import NAME

logger = logging.getLogger(__name__)

PATIENCE: Final = 20.0
"""Seconds a page waits for the answer; what is said later arrives by itself."""


class Desk:
    """Takes commands and happenings in while it is open."""

    def __init__(self, handle: Handle, hear: Hear, tasks: asyncio.TaskGroup, meter: Meter) -> None:
        self._meter = meter
        self._handle = handle
        self._hear = hear
        self._tasks = tasks
        self._running: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, handle: Handle, hear: Hear, meter: Meter | None = None) -> AsyncGenerator[Desk]:
        """Owns the commands' tasks; on leaving, those that still run are cancelled."""
        async with asyncio.TaskGroup() as tasks:
            desk = cls(handle, hear, tasks, meter or Unmetered())
            try:
                yield desk
            finally:
                for task in desk._running:
                    task.cancel()

    async def ask(self, asked: Asked, reply: Reply) -> None:
        """Hand a command over and wait until it is answered, at most `PATIENCE` seconds."""
        heard = time.monotonic()
        task = self._own(self._carry(asked, reply), f"studio command of {asked.member.id}")
        await asyncio.wait({task}, timeout=PATIENCE)
        self._meter.observe(ACKNOWLEDGED, time.monotonic() - heard, NAME)

    def tell(self, what: Happening) -> None:
        """Hand over what happened; nobody waits for it."""
        self._own(self._pass_on(what), f"studio {type(what).__name__}")

    def _own(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = self._tasks.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _pass_on(self, what: Happening) -> None:
        await self._hear(what)

    async def _carry(self, asked: Asked, reply: Reply) -> None:
        try:
            await self._handle(asked, reply)
        except Exception:
            logger.exception("a command of %s was not handled", asked.member.id)
