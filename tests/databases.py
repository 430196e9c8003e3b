"""An empty database with all its tables, made once by each process that runs tests and copied wherever it is wanted."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path

from storage.database import address_in
from storage.migrate import upgrade

FILE = "olympic.sqlite"


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="olympic-tables-")


async def tables_in(home: Path) -> None:
    """Put the tables into a folder, so that opening the database there has nothing to migrate. One that is there
    already stays."""
    if (home / FILE).exists():
        return
    made = Path(_folder().name)
    if not (made / FILE).exists():
        await upgrade(address_in(made))
    shutil.copy(made / FILE, home / FILE)
