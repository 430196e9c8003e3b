"""What is remembered of works: where they stand and hang, who voted, which round they are in."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.model.contest import (
    Ballot,
    Cast,
    EntryState,
    Rank,
    Review,
    Round,
    Showing,
    Shown,
    Tally,
)
from bot.model.entry import Entry
from bot.model.exhibit import EVERYTHING, Facets, Room, Sort
from bot.model.letter import Letter
from bot.model.people import Account, Community, MessageRef
from bot.model.setup import AuditLine


@dataclass(frozen=True, slots=True)
class Decision:
    """A change of an entry's state, and what is written with it."""

    state: EntryState
    allowed: AbstractSet[EntryState]
    """States it may be made from."""
    line: AuditLine
    letter: Letter | None = None
    review: Review | None = None
    nominated: datetime | None = None
    since: datetime | None = None
    most: int = 0
    """Where there is a `since`: not when the line's actor did as much `most` times since then."""


class Entries(Protocol):
    """The works."""

    async def get(self, entry_id: str) -> Entry | None:
        """One entry, deleted or not."""
        ...

    async def among(self, entry_ids: Sequence[str]) -> list[Entry]:
        """These entries, deleted or not, oldest first."""
        ...

    async def of_member(self, community: Community, member: str, *, skip: int = 0, most: int = 10) -> list[Entry]:
        """A member's entries that are not deleted, newest first."""
        ...

    async def count_of_member(self, community: Community, member: str) -> int:
        """How many those are."""
        ...

    async def of_people(
        self, accounts: Sequence[Account], contest: str = "", *, skip: int = 0, most: int = 10
    ) -> list[Entry]:
        """Entries of any of these accounts that are not deleted, of one contest or of all, newest first."""
        ...

    async def count_of_people(self, accounts: Sequence[Account], contest: str = "") -> int:
        """How many those are."""
        ...

    async def days_of(self, accounts: Sequence[Account]) -> set[date]:
        """The days (UTC) on which these accounts made works, deleted or not."""
        ...

    async def allow(self, on: bool, *, entry: str = "", accounts: Sequence[Account] = ()) -> None:
        """Whether others may remix an entry, or all entries of these accounts."""
        ...

    async def decide(self, entry_id: str, decision: Decision) -> Entry | None:
        """Change an entry's state with its audit line and letter, all or nothing; None when it is in none of the
        states the decision is allowed from, or deleted, or the actor did so too often."""
        ...

    async def in_state(self, contest: str, state: EntryState, *, skip: int = 0, most: int = 10) -> list[Entry]:
        """Entries of a contest that stand so, the longest nominated first."""
        ...

    async def count_in_state(self, contest: str, state: EntryState) -> int:
        """How many those are."""
        ...

    async def nominated_since(self, when: datetime) -> list[Entry]:
        """Entries that were nominated since then, whatever became of them, oldest first."""
        ...

    async def of_sport(self, contest: str, sport: str, most: int) -> list[Entry]:
        """The newest entries of a sport that still stand."""
        ...

    async def states_of(self, community: Community, member: str) -> dict[EntryState, int]:
        """How many of a member's entries stand how."""
        ...

    async def delete(self, entry_id: str, when: datetime) -> Entry | None:
        """Mark as taken back by its maker."""
        ...

    async def moved(self, entry_id: str, ref: MessageRef) -> None:
        """Its own message is another one now."""
        ...

    async def count_remixes(self, entry_id: str) -> int:
        """How many entries that are not deleted were made from it."""
        ...

    async def uses(self, blob: str) -> bool:
        """Whether an entry that is not deleted shows this file, a character has it, or an unfinished job needs it."""
        ...

    async def exhibits(
        self, room: Room = EVERYTHING, *, sort: Sort = Sort.NEWEST, skip: int = 0, most: int = 12
    ) -> list[Entry]:
        """Approved entries that still stand."""
        ...

    async def count_exhibits(self, room: Room = EVERYTHING) -> int:
        """How many those are."""
        ...

    async def facets(self) -> Facets:
        """How many exhibits there are of everything one may ask for."""
        ...

    async def children(self, entry_id: str, most: int = 50) -> list[Entry]:
        """Exhibits that were remixed from this entry, oldest first."""
        ...

    async def withdrawn(self, entry_id: str) -> bool:
        """Whether it was an exhibit and hangs no more: taken back by its maker or removed by a moderator."""
        ...


class Showings(Protocol):
    """Which message shows which entry."""

    async def add(self, showing: Showing) -> None:
        """Remember one; again changes nothing."""
        ...

    async def at(self, ref: MessageRef) -> Showing | None:
        """What a message shows, gone or not."""
        ...

    async def among(self, refs: Sequence[MessageRef]) -> list[Showing]:
        """What these messages show, gone or not."""
        ...

    async def of(self, entry: str, kinds: AbstractSet[Shown] = frozenset(Shown)) -> list[Showing]:
        """Where an entry is shown now, oldest first."""
        ...

    async def gone(self, ref: MessageRef, when: datetime) -> Showing | None:
        """The message is no more; None when it showed nothing."""
        ...

    async def dressed(self, ref: MessageRef, emoji: str) -> None:
        """The bot's own reaction hangs under it: votes there are reactions with this emoji, whatever the setup says
        later."""
        ...

    async def votable(self, since: datetime) -> list[Showing]:
        """Messages whose reactions are votes, of entries made since then that still stand: for a recount."""
        ...


class Votes(Protocol):
    """Every ballot, one a (entry, message, account). Returns only when what was given is on the disk."""

    async def record(self, ballot: Ballot) -> None:
        """Write a ballot; one of the account under that message that counts already stays as it is."""
        ...

    async def withdraw(self, entry: str, message: str, account: str) -> None:
        """The reaction was taken back; silent when there is none."""
        ...

    async def replace(
        self, entry: str, message: str, ballots: Sequence[Ballot], keep: AbstractSet[str] = frozenset()
    ) -> tuple[list[Ballot], list[Ballot]]:
        """Make these the ballots under one message; returns (added, removed).

        The accounts in `keep`, as it is when it is written, are left as they are: more was heard of them since the
        ballots were gathered.
        """
        ...

    async def tally(self, entries: Sequence[str]) -> dict[str, Tally]:
        """The votes of each of these entries: each person once, the maker's own person, ballots with a `why` and
        those under messages that are gone left out. May be a second old where accounts were linked or messages went."""
        ...

    async def cast(self, entries: Sequence[str]) -> list[Cast]:
        """Every vote on these entries that counts, as `tally` counts them, one a (entry, person)."""
        ...

    async def best(
        self, contest: str, *, apart: AbstractSet[str] = frozenset(), skip: int = 0, most: int = 10
    ) -> list[tuple[str, Tally]]:
        """The entries of a contest that stand and have votes, the most votes first, ties by nomination, then by age.
        Those of the rounds in `apart` are left out; an empty name there: those outside of rounds."""
        ...

    async def of(self, entry: str) -> list[Ballot]:
        """All ballots of an entry, oldest first, counted or not."""
        ...

    async def among(self, entries: Sequence[str]) -> list[Ballot]:
        """All ballots of these entries, oldest first, counted or not."""
        ...

    async def by(self, account: str) -> list[Ballot]:
        """All ballots of an account, oldest first."""
        ...


class Rounds(Protocol):
    """The themed contests. Every change says from what it is made: of two at once one wins, the other is told."""

    async def add(self, contest_round: Round, line: AuditLine | None = None) -> Round | None:
        """Keep a new round under the contest's next number, with its audit line. None when works could be entered in
        two rounds at once; a round whose id is there already is returned as it is."""
        ...

    async def get(self, round_id: str) -> Round | None:
        """One round."""
        ...

    async def current(self, contest: str, now: datetime) -> Round | None:
        """The round that takes works now."""
        ...

    async def voting(self, contest: str, now: datetime) -> list[Round]:
        """Rounds that take no more works but still votes, the first to end first."""
        ...

    async def coming(self, contest: str, now: datetime) -> list[Round]:
        """Rounds that are to open, the next first."""
        ...

    async def over(self, contest: str, *, most: int = 10) -> list[Round]:
        """Rounds whose closing ceremony was held, the newest first."""
        ...

    async def ended(self, since: datetime) -> list[Round]:
        """Rounds of every contest whose ceremony was held since then, the oldest first."""
        ...

    async def due(self, now: datetime) -> list[Round]:
        """Rounds that have opened and whose ceremony is not over, the oldest first."""
        ...

    async def move(self, old: Round, closes: datetime, ends: datetime, line: AuditLine) -> Round | None:
        """Close earlier, without a repetition; None when it is not as `old` any more."""
        ...

    async def call_off(self, round_id: str, when: datetime, line: AuditLine) -> Round | None:
        """A round that has not opened never will; None when it has, or was called off before."""
        ...

    async def announced(self, round_id: str, when: datetime) -> bool:
        """Its opening was told everywhere; False when that was noted before."""
        ...

    async def ranked(self, round_id: str, places: Sequence[Rank]) -> Round | None:
        """Keep the final ranking; the first one kept stays. Returns the round as it is then."""
        ...

    async def reeled(self, round_id: str, reel: str, works: Sequence[str] = ()) -> Round | None:
        """Keep its film, if all works in it still stand; the first one kept stays. Returns the round as it is then."""
        ...

    async def tear(self, round_id: str, reel: str) -> None:
        """A work in this film was taken back: it is the round's no more, and another one is to be cut."""
        ...

    async def torn(self) -> list[Round]:
        """Rounds whose film is to be cut and shown anew."""
        ...

    async def mended(self, round_id: str, reel: str) -> None:
        """The new film (empty: there is none to be had) is shown everywhere."""
        ...

    async def closed(self, round_id: str, when: datetime) -> bool:
        """The ceremony is over; False when that was noted before."""
        ...

    async def join(
        self, round_id: str, entry_id: str, most: int, now: datetime, others: Sequence[tuple[Community, str]] = ()
    ) -> bool:
        """Enter a work that is in no round, while the round takes works and its maker, with the `others` they are too,
        has fewer than `most` in it (0: any number). True too when it is in this round already."""
        ...

    async def leave(self, round_id: str, entry_id: str, now: datetime) -> bool:
        """Take a work out while the round takes works; False when it is not in it, or too late."""
        ...

    async def entries(self, round_id: str) -> list[Entry]:
        """Its works that still stand, oldest first."""
        ...

    async def of_member(self, round_id: str, community: Community, member: str) -> list[Entry]:
        """A member's works among them."""
        ...
