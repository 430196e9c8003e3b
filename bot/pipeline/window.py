"""Whether an entry may be voted on."""

from __future__ import annotations

from datetime import datetime

from bot.model.contest import EntryState
from bot.model.entry import Entry
from bot.pipeline.tools import Tools


async def open_for_votes(_tools: Tools, entry: Entry, _when: datetime) -> bool:
    """Whether a vote given at that moment counts. An entry that was taken down takes none."""
    return entry.deleted is None and entry.state is not EntryState.REMOVED
