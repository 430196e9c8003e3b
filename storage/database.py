"""The way to the database: one writer, some readers, and foreign errors renamed to ours.

SQLite: one connection writes, so writers queue up here instead of meeting `database is locked`; readers have their own
connections and never wait for it (WAL). `synchronous=FULL`, because the intent to pay must survive a power cut.
PostgreSQL: one pool for both.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, Table, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import DiskFull, StorageError

BUSY: Final = 30.0
"""Seconds to wait for a connection, or for another program that reads our SQLite file."""
READERS: Final = 4
NOT_LOST: Final = ("journal_mode=WAL", "synchronous=FULL", "journal_size_limit=67108864")
CHECKED: Final = ("foreign_keys=ON",)
READ_ONLY: Final = ("query_only=ON",)
UNCHECKED: Final = ("foreign_keys=OFF",)
"""While tables are rebuilt: dropping the old one would delete its children."""

_EXCLUSIVE: Final = 7_205_759_403
_POSTGRES_FULL: Final = "53100"


def address_in(home: Path) -> str:
    """The address of the SQLite database in the data folder."""
    return URL.create("sqlite+aiosqlite", database=str(home / "olympic.sqlite")).render_as_string()


class Database:
    """Connections to one database. Everything inside one `write` is one transaction: all of it is kept or none."""

    def __init__(self, address: str) -> None:
        self.sqlite = make_url(address).get_backend_name() == "sqlite"
        if self.sqlite:
            self._writer = sqlite_engine(address, (*NOT_LOST, *CHECKED), "BEGIN IMMEDIATE", size=1)
            self._reader = sqlite_engine(address, READ_ONLY, "BEGIN", size=READERS)
        else:
            self._writer = self._reader = _engine(address, pool_size=10, max_overflow=10)

    @asynccontextmanager
    async def write(self, *, alone: bool = False) -> AsyncGenerator[AsyncConnection]:
        """A transaction that is committed at the end, or undone when anything is raised.

        `alone`: no other `alone` transaction of any process overlaps it.
        """
        with renamed():
            async with self._writer.begin() as connection:
                if alone and not self.sqlite:
                    await connection.execute(select(func.pg_advisory_xact_lock(_EXCLUSIVE)))
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A view of one moment; nothing is written."""
        with renamed():
            async with self._reader.connect() as connection:
                yield connection

    async def aclose(self) -> None:
        """Close readers, then the writer, whose end folds the journal into the file."""
        if self._reader is not self._writer:
            await self._reader.dispose()
        await self._writer.dispose()


def sqlite_engine(address: str, pragmas: Sequence[str], begin: str, *, size: int) -> AsyncEngine:
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


def _engine(address: str, **options: Any) -> AsyncEngine:
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
        raise (DiskFull if error.errno == errno.ENOSPC else StorageError)(str(error)) from error
    except (ValidationError, UnicodeError) as error:
        raise StorageError(f"a value cannot be kept or read: {error}") from error


def _full(error: SQLAlchemyError) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else None
    if getattr(cause, "sqlstate", None) == _POSTGRES_FULL:
        return True
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


def insert(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say what happens when the row is already there; each dialect has its own."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return make(table).values(**values)
