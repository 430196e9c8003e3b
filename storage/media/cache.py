"""Copies of files that lie elsewhere, on this machine's disk while they are used, within a limit."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from storage.media.disk import finishing, renaming

HELD: Final = 3600.0
"""Seconds since its last use in which a copy is not given up, however little room is left: somebody may be reading."""


class Cache:
    """Files under `folder`, `room` bytes of them; the longest unused go first."""

    def __init__(self, folder: Path, room: int, *, held: float = HELD) -> None:
        self._folder = folder
        self._room = room
        self._held = held
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, key: str, fetch: Callable[[Path], Awaitable[None]]) -> Path:
        """The copy under `key`; where there is none, `fetch` writes it, once however many ask."""
        path = self._folder / key
        async with self._turns[key]:
            try:
                if not await asyncio.to_thread(_used, path):
                    with finishing(path) as part:
                        await fetch(part)
                    await asyncio.to_thread(self._tidy)
            finally:
                self._turns.pop(key, None)
        return path

    async def add(self, key: str, content: Path | bytes) -> None:
        """Keep a copy of what was just made: it is about to be read."""
        with finishing(self._folder / key) as part:
            await asyncio.to_thread(_copy, content, part)
        await asyncio.to_thread(self._tidy)

    async def drop(self, key: str) -> None:
        """Forget a copy."""
        with renaming():
            await asyncio.to_thread((self._folder / key).unlink, missing_ok=True)

    def _tidy(self) -> None:
        """Give up what is over the limit, and what a killed process left half written."""
        with renaming():
            now, files = time.time(), sorted(_files(self._folder))
            over = sum(size for _, size, _ in files) - self._room
            for used, size, path in files:
                if now - used > self._held and (over > 0 or path.name.startswith(".")):
                    path.unlink(missing_ok=True)
                    over -= size


def _used(path: Path) -> bool:
    """Whether it is there; if so it is now used."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _copy(content: Path | bytes, to: Path) -> None:
    if isinstance(content, bytes):
        to.write_bytes(content)
    else:
        shutil.copyfile(content, to)


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """(last use, bytes, path) of all files; one that goes meanwhile is left out."""
    found: list[tuple[float, int, Path]] = []
    for path in folder.rglob("*"):
        try:
            seen = path.stat()
        except FileNotFoundError:
            continue
        if path.is_file():
            found.append((seen.st_mtime, seen.st_size, path))
    return found
