"""Communities that installed the app by themselves, with the tokens they gave it; sealed."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from sqlalchemy import delete, select

from bot.model.people import Community
from storage.database import Database, insert
from storage.seal import Seal
from storage.tables import installation as table

log = logging.getLogger(__name__)


class InstallationRecords:
    """Implements `bot.ports.Installations`."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    async def put(self, community: Community, secret: str, when: datetime) -> None:
        """Keep what a community entrusted to us, in place of what it did before."""
        changed = {"sealed": await asyncio.to_thread(self._seal.close, secret), "created": when}
        values = {"platform": community.platform, "community": community.id, **changed}
        async with self._database.write() as transaction:
            new = insert(transaction, table, values)
            keys = ["platform", "community"]
            await transaction.execute(new.on_conflict_do_update(index_elements=keys, set_=changed))

    async def all(self, platform: str) -> list[tuple[Community, str]]:
        """Everything a platform's communities entrusted to us, oldest first; what cannot be read is left out."""
        async with self._database.read() as transaction:
            query = select(table).where(table.c.platform == platform).order_by(table.c.created)
            rows = (await transaction.execute(query)).mappings().all()
        found: list[tuple[Community, str]] = []
        for row in rows:
            secret = await asyncio.to_thread(self._seal.open, row["sealed"])
            if secret is None:
                log.error("the tokens of %s:%s were sealed with another key", platform, row["community"])
            else:
                found.append((Community(row["platform"], row["community"]), secret))
        return found

    async def remove(self, community: Community) -> None:
        """Forget them."""
        mine = (table.c.platform == community.platform) & (table.c.community == community.id)
        async with self._database.write() as transaction:
            await transaction.execute(delete(table).where(mine))
