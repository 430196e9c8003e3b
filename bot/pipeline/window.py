"""Whether an entry may be voted on."""

from __future__ import annotations

from datetime import datetime

from bot.model.contest import EntryState, Round
from bot.model.entry import Entry
from bot.model.setup import Home
from bot.pipeline.tools import Tools


async def open_for_votes(tools: Tools, entry: Entry, when: datetime) -> bool:
    """Whether a vote given at that moment counts: in a round until it ends, outside of rounds always. An entry that
    was taken down takes none."""
    if entry.deleted or entry.state is EntryState.REMOVED:
        return False
    taking_part = await round_of(tools, entry)
    return taking_part is None or taking_part.votes(when)


async def round_of(tools: Tools, entry: Entry) -> Round | None:
    """The round an entry takes part in."""
    return await tools.repos.rounds.get(entry.round) if entry.round else None


def secret(home: Home, taking_part: Round | None) -> bool:
    """Whether the votes a work was approved with are not told yet: tallies hide at home, and its round is not over."""
    return home.setup.voting.hidden and taking_part is not None and taking_part.closed is None
