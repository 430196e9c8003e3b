"""A clip put before the community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.clip import Clip
from bot.model.contest import EntryState, Review
from bot.model.people import Member, MessageRef
from bot.model.request import Request


@dataclass(frozen=True, slots=True)
class Entry:
    """The finished work: who made it, from which words, where it hangs. `deleted` when its maker took it back."""

    id: str
    job: str
    member: Member
    request: Request
    clip: Clip
    backend: str
    created: datetime
    message: MessageRef | None = None
    deleted: datetime | None = None
    contest: str = ""
    """Whose members vote on it: `Home.contest` at the time it was made."""
    round: str | None = None
    state: EntryState = EntryState.OPEN
    nominated: datetime | None = None
    review: Review | None = None
    remixable: bool = True

    @property
    def stands(self) -> bool:
        """Neither taken back by its maker nor removed by a moderator."""
        return self.deleted is None and self.state is not EntryState.REMOVED
