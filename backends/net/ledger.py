"""What this machine has sent: one small file for each order, written before the order leaves.

A key of ours never reaches the vendor's list of tasks. So that a lost answer can be looked up there later, also by
another process after a crash, each order leaves the moment, the model and a fingerprint of its words behind.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.errors import Transient

log = logging.getLogger(__name__)

KEPT: Final = timedelta(hours=48)
"""Tasks are listed for 24 hours; older notes are of no use."""


@dataclass(frozen=True, slots=True)
class Note:
    """One order. `task` is empty until the vendor named it, "-" once it was surely refused."""

    key: str
    model: str
    words: str
    """Fingerprint of the prompt."""
    began: float
    """When it was sent, seconds since 1970 by our clock."""
    task: str = ""

    @property
    def open(self) -> bool:
        """Nobody knows yet what became of it."""
        return not self.task


def fingerprint(prompt: str) -> str:
    """Of a prompt's words; spaces and letter case do not count."""
    return hashlib.sha256(" ".join(prompt.split()).casefold().encode()).hexdigest()[:32]


class Ledger:
    """The notes in one folder. Every write is complete or not there at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tidied: date | None = None

    async def begin(self, key: str, model: str, prompt: str) -> None:
        """Note that an order is about to leave, before it does. Raises `Transient` when it cannot be."""
        now = datetime.now(UTC)
        try:
            await self._write(Note(key, model, fingerprint(prompt), now.timestamp()))
            if self._tidied != now.date():
                await self.notes()
                self._tidied = now.date()
        except OSError as error:
            raise Transient(f"the order cannot be noted, so it is not sent: {error}") from error

    async def settle(self, key: str, task: str) -> None:
        """Note what became of it. Where the disk refuses that the note stays open: whoever asked knows it by now."""
        note = await asyncio.to_thread(self._read, self._path(key))
        if note is not None:
            try:
                await self._write(replace(note, task=task))
            except OSError as error:
                log.warning("what became of order %s could not be noted: %r", key, error)

    async def note(self, key: str) -> Note | None:
        """One order's note."""
        return await asyncio.to_thread(self._read, self._path(key))

    async def notes(self) -> list[Note]:
        """All notes younger than two days; older ones are thrown away."""
        return await asyncio.to_thread(self._all)

    def _path(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"

    async def _write(self, note: Note) -> None:
        await asyncio.to_thread(_written, self._path(note.key), json.dumps(asdict(note)))

    def _read(self, path: Path) -> Note | None:
        try:
            told: dict[str, Any] = json.loads(path.read_text("utf-8"))
            return Note(**told)
        except (OSError, ValueError, TypeError):
            return None

    def _all(self) -> list[Note]:
        oldest = (datetime.now(UTC) - KEPT).timestamp()
        kept = list[Note]()
        for path in sorted(self._folder.glob("*.json")):
            note = self._read(path)
            if note is not None and note.began >= oldest:
                kept.append(note)
            elif note is not None:
                path.unlink(missing_ok=True)
        return kept


def _written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
