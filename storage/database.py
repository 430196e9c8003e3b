"""The way to the database: one writer, some readers, and foreign errors renamed to ours.

SQLite: one connection writes, so writers queue up here instead of meeting `database is locked`; readers have their own
connections and never wait for it (WAL). `synchronous=FULL`, because the intent to pay must survive a power cut.
PostgreSQL: one pool for both.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator, Coroutine, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, CursorResult, Executable, Table, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import DiskFull, StorageError, disk_error

T = TypeVar("T")

BUSY: Final = 30.0
"""Seconds to wait for a connection, or for another program that reads our SQLite file."""
READERS: Final = 4
NOT_LOST: Final = ("journal_mode=WAL", "synchronous=FULL", "journal_size_limit=67108864")
CHECKED: Final = ("foreign_keys=ON",)
READ_ONLY: Final = ("query_only=ON",)
UNCHECKED: Final = ("foreign_keys=OFF",)
"""While tables are rebuilt: dropping the old one would delete its children."""

DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
POSTGRES: Final[Mapping[str, Any]] = {
    "pool_size": 10,
    "max_overflow": 10,
    "pool_timeout": BUSY,
    "pool_pre_ping": True,
    "connect_args": {"timeout": 10.0, "command_timeout": 60.0},
}

_EXCLUSIVE: Final = 7_205_759_403
_POSTGRES_FULL: Final = "53100"


def address_in(home: Path) -> str:
    """The address of the SQLite database in the data folder."""
    return URL.create("sqlite+aiosqlite", database=str(home / "olympic.sqlite")).render_as_string()


def driven(address: str) -> URL:
    """An address with the driver we use, whichever it names. Raises `StorageError` for what we cannot open."""
    with renamed():
        url = make_url(address)
    if url.get_backend_name() not in DRIVERS:
        raise StorageError(f"{url.drivername} is neither sqlite nor postgresql")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StorageError("SQLite needs a file")
    return url.set(drivername=DRIVERS[url.get_backend_name()])


class Database:
    """Connections to one database. Everything inside one `write` is one transaction: all of it is kept or none."""

    def __init__(self, address: str) -> None:
        url = driven(address)
        self.sqlite = url.get_backend_name() == "sqlite"
        if self.sqlite:
            self._writer = sqlite_engine(url, (*NOT_LOST, *CHECKED), "BEGIN IMMEDIATE", size=1)
            self._reader = sqlite_engine(url, READ_ONLY, "BEGIN", size=READERS)
        else:
            self._writer = self._reader = server_engine(url)

    @asynccontextmanager
    async def write(self, *, alone: bool = False) -> AsyncGenerator[Transaction]:
        """A transaction that is committed at the end, or undone when anything is raised.

        `alone`: no other `alone` transaction of any process overlaps it.
        """
        async with _transaction(self._writer) as transaction:
            if alone and not self.sqlite:
                await transaction.execute(select(func.pg_advisory_xact_lock(_EXCLUSIVE)))
            yield transaction
            await transaction.commit()

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Transaction]:
        """A view of one moment; nothing is written."""
        async with _transaction(self._reader) as transaction:
            yield transaction

    async def aclose(self) -> None:
        """Close readers, then the writer, whose end folds the journal into the file."""
        if self._reader is not self._writer:
            await self._reader.dispose()
        await self._writer.dispose()


class Transaction:
    """Statements that belong together. A cancelled caller never leaves one half sent: it ends, then all is undone."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement, once or for each of `rows`."""
        return await whole(self._connection.execute(statement, rows))

    async def commit(self) -> None:
        """Keep it."""
        await whole(self._connection.commit())


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncGenerator[Transaction]:
    """Begin; whatever was not committed at the end is undone."""
    connection = engine.connect()
    with renamed():
        try:
            await whole(_begun(connection))
            yield Transaction(connection)
        finally:
            if connection.sync_connection is not None:
                await whole(connection.close())


async def _begun(connection: AsyncConnection) -> None:
    await connection.start()
    await connection.begin()


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """Let `work` end even when we are cancelled meanwhile, and be cancelled then.

    A connection whose statement is given up half-way answers to nobody: SQLite's keeps the write lock.
    """
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # seen; being cancelled says more
    raise cancelled


def sqlite_engine(address: URL, pragmas: Sequence[str], begin: str, *, size: int) -> AsyncEngine:
    """An engine for SQLite whose transactions begin with `begin`; Python's own transaction handling is off."""
    engine = _engine(
        address,
        pool_size=size,
        max_overflow=0,
        pool_timeout=BUSY,
        connect_args={"isolation_level": None, "timeout": BUSY},
    )

    def prepare(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", start)
    return engine


def server_engine(address: URL) -> AsyncEngine:
    """An engine for PostgreSQL. Raises `StorageError` when its driver is not installed."""
    try:
        return _engine(address, **POSTGRES)
    except ImportError as error:
        raise StorageError("PostgreSQL needs its driver: pip install olympic-bot[postgres]") from error


def _engine(address: URL, **options: Any) -> AsyncEngine:
    """Members' words stay readable in the file and out of error messages."""
    words = partial(json.dumps, ensure_ascii=False)
    return create_async_engine(address, hide_parameters=True, json_serializer=words, **options)


@contextmanager
def renamed() -> Generator[None]:
    """Foreign errors become `StorageError`s; the original stays as the cause."""
    try:
        yield
    except SQLAlchemyError as error:
        raise (DiskFull if _full(error) else StorageError)(str(error)) from error
    except OSError as error:
        raise disk_error(error) from error
    except (ValidationError, UnicodeError) as error:
        raise StorageError(f"a value cannot be kept or read: {error}") from error


def _full(error: SQLAlchemyError) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else None
    if getattr(cause, "sqlstate", None) == _POSTGRES_FULL:
        return True
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


def insert(transaction: Transaction, table: Table, values: Mapping[str, Any]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say what happens when the row is already there; each dialect has its own."""
    make = sqlite.insert if transaction.dialect == "sqlite" else postgresql.insert
    return make(table).values(**values)
