"""What keeping files in a folder and in a bucket have in common: names, records, and the object store's calls.

A file's name is the sha256 of its content, so the same content is kept once. Where it lies is `<first two
letters>/<name>`. The content type lives in our records: a folder cannot hold it.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from bot.errors import DiskFull, NotFound, StorageError
from bot.ports import Clock
from storage.media.disk import renaming, tells_full
from storage.media.scratch import Scratch

_NAME: Final = re.compile(r"[0-9a-f]{64}")


class Records(Protocol):
    """What is remembered about each blob besides its content."""

    async def add(self, name: str, mime: str, size: int, when: datetime) -> None:
        """Remember a blob; one that is already known keeps its first record."""
        ...

    async def get(self, name: str) -> tuple[str, int] | None:
        """(mime, bytes) of a blob."""
        ...

    async def remove(self, name: str) -> None:
        """Forget it; silent when unknown."""
        ...


class Objects:
    """All of `MediaStore` but `local`; `_write` brings one file to the store, whole or not at all."""

    def __init__(self, store: LocalStore | S3Store, scratch: Path, records: Records, clock: Clock) -> None:
        self._store = store
        self._scratch = Scratch(scratch)
        self._records = records
        self._clock = clock

    async def put(self, path: Path, mime: str) -> str:
        """Copy a file and return its name; the same content is kept once. Raises `DiskFull`."""
        with renaming():
            name, size = await asyncio.to_thread(_digest, path)
        return await self._keep(name, path, size, mime)

    async def put_bytes(self, data: bytes, mime: str) -> str:
        """Keep bytes."""
        name = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        return await self._keep(name, data, len(data), mime)

    async def mime(self, blob: str) -> str | None:
        """Its content type; None for an unknown blob."""
        found = await self._records.get(blob)
        return found and found[0]

    async def delete(self, blob: str) -> None:
        """Forget it; silent when it is not there. The record goes first: a file without one is harmless."""
        key = key_of(blob)
        await self._records.remove(blob)
        with renaming_store(), suppress(FileNotFoundError):
            await obstore.delete_async(self._store, key)

    def scratch(self, job_id: str) -> Path:
        """A folder for a job's unfinished files, made on demand."""
        return self._scratch.of(job_id)

    async def sweep(self, job_id: str) -> None:
        """Remove a job's scratch folder; silent when there is none."""
        await self._scratch.sweep(job_id)

    async def _keep(self, name: str, content: Path | bytes, size: int, mime: str) -> str:
        if not await self._holds(name, size):
            await self._write(key_of(name), content)
        await self._records.add(name, mime, size, self._clock.now())
        return name

    async def _holds(self, name: str, size: int) -> bool:
        with renaming_store(), suppress(FileNotFoundError):
            return (await obstore.head_async(self._store, key_of(name)))["size"] == size
        return False

    async def _write(self, key: str, content: Path | bytes) -> None:
        raise NotImplementedError


def key_of(blob: str) -> str:
    """Where a blob lies. Raises `NotFound` for what is no name of ours."""
    if not _NAME.fullmatch(blob):
        raise NotFound(f"{blob!r} is no blob's name")
    return f"{blob[:2]}/{blob}"


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()
        return name, file.tell()


@contextmanager
def renaming_store() -> Generator[None]:
    """The object store's errors become `DiskFull` or `StorageError`; that there is no such file stays as it is."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise DiskFull(str(error)) if tells_full(str(error)) else StorageError(str(error)) from error
