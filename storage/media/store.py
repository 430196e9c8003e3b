"""Files kept for good in the data folder: `blobs/<first two letters>/<name>`.

Written through obstore, whose calls are the same for a folder and for S3 (`storage.media.bucket`); only `local` knows
that this is a folder, because reading a file through the object store is ten times slower than opening it.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore

from bot.errors import NotFound
from bot.ports import Clock
from storage.media.disk import renaming
from storage.media.objects import Objects, Records, key_of, renaming_store


class Blobs(Objects):
    """The `MediaStore` on this machine's disk, in the folders `blobs` and `scratch` under `home`."""

    def __init__(self, home: Path, records: Records, clock: Clock) -> None:
        self._blobs = home / "blobs"
        with renaming_store():
            store = LocalStore(self._blobs, mkdir=True)
        super().__init__(store, home / "scratch", records, clock)

    async def local(self, blob: str) -> Path:
        """A local path to read it from. Raises `NotFound`."""
        path = self._blobs / key_of(blob)
        if not await asyncio.to_thread(path.is_file):
            raise NotFound(f"no blob {blob}")
        return path

    async def _write(self, key: str, content: Path | bytes) -> None:
        # one part only: the store writes it to a temporary name and renames it, so a blob is whole or absent;
        # a damaged one of another size is written over
        with renaming_store(), suppress(AlreadyExistsError):
            await obstore.put_async(self._store, key, content, use_multipart=False)
        with renaming():
            await asyncio.to_thread(_settle, self._blobs / key)


def _settle(path: Path) -> None:
    """Have the disk hold the file before a record says that it does."""
    for place in (path, path.parent) if os.name == "posix" else (path,):
        handle = os.open(place, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
