"""`python -m storage.migrations "what changes"`: write the next revision from what changed in `storage.tables`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from storage.database import address_in
from storage.migrate import config, migrating, revisions, upgrade


async def write(words: str) -> None:
    """Compare the tables with what all revisions so far make of an empty database."""
    number = f"{len(revisions()) + 1:04d}"

    def compare(connection: Connection) -> None:
        command.revision(config(connection), words, autogenerate=True, rev_id=number)

    with tempfile.TemporaryDirectory() as folder:
        address = address_in(Path(folder))
        if revisions():
            await upgrade(address)
        async with migrating(address) as connection:
            await connection.run_sync(compare)


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1]))
