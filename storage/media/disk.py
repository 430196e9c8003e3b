"""The disk: results appear complete or not at all, and its errors get our names."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.errors import DiskFull, StorageError, disk_error

_FULL_WORDS: Final = ("no space left", "disk quota exceeded", "os error 28", "os error 122")
"""ffmpeg and the object store tell in words what the system told them in numbers."""


@contextmanager
def finishing(out: Path) -> Generator[Path]:
    """A temporary name beside `out`, renamed to it when the block ends well and removed when it does not.

    The suffix stays, because ffmpeg chooses the container by it. After a kill -9 only the temporary name is left.
    """
    part = out.with_name(f".{out.stem}.{uuid.uuid4().hex[:8]}.part{out.suffix}")
    try:
        with renaming():
            out.parent.mkdir(parents=True, exist_ok=True)
            yield part
            part.replace(out)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def renaming() -> Generator[None]:
    """Foreign disk errors become `DiskFull` or `StorageError`."""
    try:
        yield
    except OSError as error:
        raise renamed(error) from error


def renamed(error: OSError) -> StorageError:
    """Our name for a system's error."""
    return DiskFull(str(error)) if tells_full(str(error)) else disk_error(error)


def tells_full(words: str) -> bool:
    """Whether a foreign message says that the disk is full."""
    lowered = words.lower()
    return any(sign in lowered for sign in _FULL_WORDS)


def free(folder: Path) -> int:
    """Bytes left where `folder` is or will be."""
    with renaming():
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free
