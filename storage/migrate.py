"""Bring a database to this version's tables. Alembic is imported only when there is something to do."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import SetupError, StorageError
from storage.database import NOT_LOST, UNCHECKED, driven, renamed, server_engine, sqlite_engine

if TYPE_CHECKING:
    from alembic.config import Config

_ONE_AT_A_TIME: Final = 7_205_759_404


def revisions() -> list[str]:
    """The revisions this version knows, oldest first: their files are called `0001_words.py`."""
    versions = files("storage.migrations").joinpath("versions")
    return sorted(file.name.partition("_")[0] for file in versions.iterdir() if file.name[:4].isdecimal())


def head() -> str:
    """The newest of them."""
    return revisions()[-1]


async def current(address: str) -> str | None:
    """The revision a database is at; None when it is empty."""
    async with _opened(address) as engine, engine.connect() as connection:
        return await _stamp(connection)


async def upgrade(address: str) -> None:
    """Bring a database to `head`, all of it or nothing. Raises `SetupError` when a newer version wrote it."""
    found = await current(address)
    if found == head():
        return
    if found is not None and found not in revisions():
        raise SetupError(f"revision {found} is not known", key="setup.newer_data", found=found, known=head())
    async with migrating(address) as connection:
        await connection.run_sync(_up)


@asynccontextmanager
async def migrating(address: str) -> AsyncGenerator[AsyncConnection]:
    """A transaction in which tables may be rebuilt: references are checked at its end, not during it."""
    async with _opened(address) as engine, engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        yield connection
        if connection.dialect.name == "sqlite":
            await _check(connection)


def config(connection: Connection) -> Config:
    """Alembic's settings; there is no alembic.ini."""
    from alembic.config import Config  # here, because it costs every start 100 ms and 10 MiB

    made = Config()
    made.set_main_option("script_location", str(files("storage.migrations")).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def _up(connection: Connection) -> None:
    from alembic import command

    command.upgrade(config(connection), "head")


@asynccontextmanager
async def _opened(address: str) -> AsyncGenerator[AsyncEngine]:
    with renamed():
        url = driven(address)
        if url.get_backend_name() == "sqlite":
            engine = sqlite_engine(url, (*NOT_LOST, *UNCHECKED), "BEGIN IMMEDIATE", size=1)
        else:
            engine = server_engine(url)
        try:
            yield engine
        finally:
            await engine.dispose()


async def _stamp(connection: AsyncConnection) -> str | None:
    if not await connection.run_sync(lambda inner: inspect(inner).has_table("alembic_version")):
        return None
    return (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()


async def _check(connection: AsyncConnection) -> None:
    """SQLite's own list of rows whose parent is gone must be empty."""
    lost = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
    if lost:
        raise StorageError(f"the migration would lose the parents of {len(lost)} rows, first {tuple(lost[0])}")
