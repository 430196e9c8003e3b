"""Files kept for good, under the sha256 of their content: `blobs/<first two letters>/<name>`.

Written through obstore, whose calls are the same for a folder and for S3; only `local` knows that this is a folder,
because reading a file through the object store is ten times slower than opening it. The content type lives in the
records: a folder cannot hold it.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore

from bot.errors import DiskFull, NotFound, StorageError
from bot.ports import Clock
from storage.media.disk import renaming, tells_full

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_JOB: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


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


class Blobs:
    """The `MediaStore` of this product, in the folders `blobs` and `scratch` under `home`."""

    def __init__(self, home: Path, records: Records, clock: Clock) -> None:
        self._blobs = home / "blobs"
        self._scratch = home / "scratch"
        self._records = records
        self._clock = clock
        with _renaming():
            self._store = LocalStore(self._blobs, mkdir=True)

    async def put(self, path: Path, mime: str) -> str:
        """Copy a file and return its name; the same content is kept once. Raises `DiskFull`."""
        with renaming():
            name, size = await asyncio.to_thread(_digest, path)
        return await self._keep(name, path, size, mime)

    async def put_bytes(self, data: bytes, mime: str) -> str:
        """Keep bytes."""
        name = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        return await self._keep(name, data, len(data), mime)

    async def local(self, blob: str) -> Path:
        """A local path to read it from. Raises `NotFound`."""
        path = self._blobs / _key(blob)
        if not await asyncio.to_thread(path.is_file):
            raise NotFound(f"no blob {blob}")
        return path

    async def mime(self, blob: str) -> str | None:
        """Its content type; None for an unknown blob."""
        found = await self._records.get(blob)
        return found and found[0]

    async def delete(self, blob: str) -> None:
        """Forget it; silent when it is not there. The record goes first: a file without one is harmless."""
        key = _key(blob)
        await self._records.remove(blob)
        with _renaming(), suppress(FileNotFoundError):
            await obstore.delete_async(self._store, key)

    def scratch(self, job_id: str) -> Path:
        """A folder for a job's unfinished files, made on demand."""
        folder = self._job_folder(job_id)
        with renaming():
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def sweep(self, job_id: str) -> None:
        """Remove a job's scratch folder; silent when there is none."""
        with renaming(), suppress(FileNotFoundError):
            await asyncio.to_thread(shutil.rmtree, self._job_folder(job_id))

    async def _keep(self, name: str, content: Path | bytes, size: int, mime: str) -> str:
        if not await self._holds(name, size):
            await self._write(_key(name), content)
        await self._records.add(name, mime, size, self._clock.now())
        return name

    async def _holds(self, name: str, size: int) -> bool:
        with _renaming(), suppress(FileNotFoundError):
            return (await obstore.head_async(self._store, _key(name)))["size"] == size
        return False

    async def _write(self, key: str, content: Path | bytes) -> None:
        # one part only: the store writes it to a temporary name and renames it, so a blob is whole or absent;
        # a damaged one of another size is written over
        with _renaming(), suppress(AlreadyExistsError):
            await obstore.put_async(self._store, key, content, use_multipart=False)
        with renaming():
            await asyncio.to_thread(_settle, self._blobs / key)

    def _job_folder(self, job_id: str) -> Path:
        if not _JOB.fullmatch(job_id):
            raise StorageError(f"{job_id!r} cannot name a folder")
        return self._scratch / job_id


def _key(blob: str) -> str:
    if not _NAME.fullmatch(blob):
        raise NotFound(f"{blob!r} is no blob's name")
    return f"{blob[:2]}/{blob}"


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()
        return name, file.tell()


def _settle(path: Path) -> None:
    """Have the disk hold the file before a record says that it does."""
    for place in (path, path.parent) if os.name == "posix" else (path,):
        handle = os.open(place, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _renaming() -> Generator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise DiskFull(str(error)) if tells_full(str(error)) else StorageError(str(error)) from error
