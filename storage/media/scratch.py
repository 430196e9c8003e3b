"""Folders for jobs' unfinished files."""

from __future__ import annotations

import asyncio
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.errors import StorageError
from storage.media.disk import renaming

_JOB: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Scratch:
    """One folder for each job under `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, job_id: str) -> Path:
        """The job's folder, made on demand."""
        folder = self._place(job_id)
        with renaming():
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def sweep(self, job_id: str) -> None:
        """Remove it; silent when there is none."""
        with renaming(), suppress(FileNotFoundError):
            await asyncio.to_thread(shutil.rmtree, self._place(job_id))

    def _place(self, job_id: str) -> Path:
        if not _JOB.fullmatch(job_id):
            raise StorageError(f"{job_id!r} cannot name a folder")
        return self._folder / job_id
