"""Jobs as tasks of this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.errors import FenceLost

log = logging.getLogger(__name__)


class LocalRunner:
    """Implements `bot.ports.Runner` with asyncio tasks; what is lost with the process is offered again at its start."""

    def __init__(self) -> None:
        self._arrived: asyncio.Queue[str] = asyncio.Queue()
        self._held: dict[str, asyncio.Task[None] | None] = {}
        """What waits or runs here, with the task that runs it."""
        self._again: set[str] = set()

    async def enqueue(self, job_id: str) -> None:
        """Have it advanced soon; nothing happens while it already waits or runs here, but that a run which has put its
        own job back in line is followed by the next."""
        if job_id not in self._held:
            self._held[job_id] = None
            self._arrived.put_nowait(job_id)
        elif self._held[job_id] is asyncio.current_task():
            self._again.add(job_id)

    async def run(self, advance: Callable[[str], Awaitable[None]]) -> None:
        """Deliver until cancelled; then every task is cancelled and awaited, and its job stays as recorded."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                job_id = await self._arrived.get()
                tasks.create_task(self._deliver(job_id, advance), name=f"job {job_id}")

    async def _deliver(self, job_id: str, advance: Callable[[str], Awaitable[None]]) -> None:
        """One job's failure is its own."""
        self._held[job_id] = asyncio.current_task()
        try:
            await advance(job_id)
        except FenceLost:
            log.info("job %s was taken over by another run", job_id)
        except Exception:
            log.exception("job %s stopped; it is offered again later", job_id)
        finally:
            del self._held[job_id]
            if job_id in self._again:
                self._again.remove(job_id)
                await self.enqueue(job_id)
