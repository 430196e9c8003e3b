"""One process for each data folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from bot.errors import DataInUse, DataUnwritable

LOCK: Final = "olympic.lock"
HOLDER: Final = "olympic.pid"


@contextmanager
def hold(home: Path) -> Generator[None]:
    """Hold the data folder, made if it is missing, until the block ends or the process dies, however it dies.

    The operating system keeps the lock, so nothing that a killed process leaves behind bars the next one; the process
    id beside it is only for the sentence. Raises `DataInUse` (folder, pid) and `DataUnwritable` (folder, why).
    """
    with _unwritable(home):
        home.mkdir(parents=True, exist_ok=True)
        _try_writing(home)
        lock = _taken(home)
    try:
        with _unwritable(home):
            _sign(home)
        yield
    finally:
        with suppress(OSError):
            (home / HOLDER).unlink(missing_ok=True)
        lock.release()


def _taken(home: Path) -> FileLock:
    # not a soft lock where the file system has no real one: a soft lock would outlive a killed process
    lock = FileLock(home / LOCK, timeout=0, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise DataInUse(folder=str(home), pid=_holder(home)) from error
    return lock


def _try_writing(home: Path) -> None:
    """Permission bits do not tell of read-only disks; a file does."""
    with tempfile.TemporaryFile(dir=home) as file:
        file.write(b"?")


def _sign(home: Path) -> None:
    fresh = home / f"{HOLDER}.new"
    fresh.write_text(f"{os.getpid()}\n", "utf-8")
    fresh.replace(home / HOLDER)


def _holder(home: Path) -> str:
    """The process id the holder wrote; "?" in the moment before it has."""
    try:
        return (home / HOLDER).read_text("utf-8").strip() or "?"
    except OSError:
        return "?"


@contextmanager
def _unwritable(home: Path) -> Generator[None]:
    try:
        yield
    except (OSError, NotImplementedError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DataUnwritable(f"{home}: {error}", folder=str(home), why=why) from error
