"""Whether an entry may be voted on."""

from __future__ import annotations

from datetime import datetime

from bot.model.contest import EntryState, Round
from bot.model.entry import Entry
from bot.ports import Repositories


def open_for_votes(entry: Entry, contest_round: Round | None, when: datetime) -> bool:
    """Whether a vote given at that moment counts: in a round until it ends, outside of rounds always."""
    stands = entry.deleted is None and entry.state is not EntryState.REMOVED
    return stands and (contest_round is None or contest_round.votes(when))


async def round_of(repos: Repositories, entry: Entry) -> Round | None:
    """The round an entry takes part in."""
    return await repos.rounds.get(entry.round) if entry.round else None
