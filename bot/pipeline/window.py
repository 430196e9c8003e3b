"""Whether an entry may be voted on."""

from __future__ import annotations

from bot.model.contest import EntryState
from bot.model.entry import Entry


def open_for_votes(entry: Entry) -> bool:
    """Whether a vote given now counts."""
    return entry.deleted is None and entry.state is not EntryState.REMOVED
