"""Jobs carried by other processes: pgqueuer on PostgreSQL hands each to whichever worker is free.

The queue holds nothing but ids. A worker that dies stops its heartbeat, and its jobs are handed to another; what is
handed out twice, or lost with the queue, does no harm: the job's own record has its fence, and everything unfinished is
offered again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from bot.errors import SetupError, StorageError
from storage.database import driven

if TYPE_CHECKING:
    from pgqueuer.models import Job

log = logging.getLogger(__name__)

ENTRY: Final = "advance"
ALIVE: Final = timedelta(seconds=30)
"""How long a worker may be silent before its jobs are handed to another."""
_LOOK: Final = timedelta(seconds=5)
"""Between two looks at the queue, should a notification be lost."""
_AGAIN: Final = 5.0
"""Seconds before the queue is opened again after its connection was lost."""
_LEAVING: Final = 20.0
"""Seconds in which the queue is told, at the end, what is let go."""
_TABLES: Final = 0x07153C
"""The lock under which one process at a time makes or mends the queue's tables."""


@asynccontextmanager
async def open_queue(address: str, jobs: int, *, alive: timedelta = ALIVE) -> AsyncGenerator[QueueRunner]:
    """The queue in the database at `address`, made if it is missing. Raises `SetupError` when there can be none."""
    if not address or not driven(address).drivername.startswith("postgresql"):
        raise SetupError("SQLite has no queue for workers", key="setup.workers_database")
    if find_spec("asyncpg") is None or find_spec("pgqueuer") is None:
        raise SetupError(key="setup.failed", why="pip install olympic-bot[postgres]")
    dsn = driven(address).set(drivername="postgresql").render_as_string(hide_password=False)
    with _renamed():
        await _tables(dsn)
        pool = await _driver().create_pool(dsn, min_size=0, max_size=4)
    try:
        yield QueueRunner(pool, jobs, alive=alive)
    finally:
        pool.terminate()


class QueueRunner:
    """Implements `bot.ports.Runner`: `enqueue` in one process, `run` in others, at most `jobs` at a time in each."""

    def __init__(self, pool: Any, jobs: int, *, alive: timedelta = ALIVE) -> None:
        from pgqueuer.db import AsyncpgPoolDriver
        from pgqueuer.queries import Queries

        self._queries = Queries(AsyncpgPoolDriver(pool))
        self._jobs = max(2, jobs)
        self._alive = alive

    async def enqueue(self, job_id: str) -> None:
        """Have it advanced soon; nothing happens while it already waits or runs anywhere."""
        with _renamed():
            await self._queries.enqueue(ENTRY, job_id.encode(), dedupe_key=f"job:{job_id}", on_conflict="skip")

    async def run(self, advance: Callable[[str], Awaitable[None]]) -> None:
        """Take jobs until cancelled; a lost connection is opened again."""
        while True:
            try:
                await self._serve(advance)
            except Exception as error:  # noqa: BLE001  # the queue's library and its driver raise all kinds
                log.warning("the queue cannot be read, trying again: %r", error)
            await asyncio.sleep(_AGAIN)

    async def _serve(self, advance: Callable[[str], Awaitable[None]]) -> None:
        """On leaving, running jobs are let go without ending them and go back into the queue."""
        from pgqueuer.qm import QueueManager

        manager = QueueManager(self._queries)
        hands = _Hands(advance, manager.shutdown)
        manager.entrypoint(ENTRY, accepts_context=False)(hands.carry)
        serving = asyncio.create_task(
            manager.run(
                dequeue_timeout=_LOOK,
                batch_size=1,
                max_concurrent_tasks=self._jobs,
                shutdown_on_listener_failure=True,
                heartbeat_timeout=self._alive,
            ),
            name="queue",
        )
        try:
            await asyncio.shield(serving)
        finally:
            manager.shutdown.set()
            hands.let_go()
            await asyncio.wait({serving}, timeout=_LEAVING)


class _Hands:
    """The jobs this process is carrying."""

    def __init__(self, advance: Callable[[str], Awaitable[None]], leaving: asyncio.Event) -> None:
        self._advance = advance
        self._leaving = leaving
        self._held: set[asyncio.Task[None]] = set()

    async def carry(self, job: Job) -> None:
        """One job's failure is its own; what is let go half-way is for another worker."""
        from pgqueuer.errors import RetryRequested

        job_id = (job.payload or b"").decode()
        task = asyncio.create_task(self._one(job_id), name=f"job {job_id}")
        self._held.add(task)
        try:
            await task
        except asyncio.CancelledError:
            if self._leaving.is_set():
                raise RetryRequested(reason="the worker leaves") from None
            raise
        finally:
            self._held.discard(task)

    def let_go(self) -> None:
        """Stop carrying; the records stay as they are."""
        for task in self._held:
            task.cancel()

    async def _one(self, job_id: str) -> None:
        try:
            await self._advance(job_id)
        except Exception:
            log.exception("job %s stopped; it is offered again later", job_id)


async def _tables(dsn: str) -> None:
    from pgqueuer.db import AsyncpgDriver
    from pgqueuer.queries import Queries

    connection = await _driver().connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _TABLES)
        queries = Queries(AsyncpgDriver(connection))
        await (queries.upgrade() if await queries.schema_is_installed() else queries.install())
    finally:
        await connection.close()


def _driver() -> Any:
    """asyncpg, imported only where there is a queue; it is typed only in part."""
    return import_module("asyncpg")


@contextmanager
def _renamed() -> Generator[None]:
    """The driver's errors become `StorageError`s."""
    driver = _driver()
    try:
        yield
    except (driver.PostgresError, driver.InterfaceError, OSError, TimeoutError) as error:
        raise StorageError(f"the queue does not answer: {error!r}") from error
