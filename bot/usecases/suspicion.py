"""What in the votes is worth a moderator's look. Nothing here is proof, and nothing follows from it by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.model.contest import Ballot, Why

MINUTES: Final = 2
"""Votes for one entry within so many minutes are a burst …"""
BURST: Final = 8
"""… when there are so many of them …"""
BURST_SHARE: Final = 0.5
"""… and they are so large a part of all its votes."""
NEW: Final = 3
"""So many new accounts under one entry are worth a look."""
RING_VOTES: Final = 3
"""Who gave fewer votes in all belongs to no ring."""
RING_SHARE: Final = 0.75
"""So much of one's votes for one maker, and the same the other way round, is a ring."""

_NEW: Final = frozenset({Why.YOUNG_ACCOUNT, Why.NEW_MEMBER})


@dataclass(frozen=True, slots=True)
class Odd:
    """What is odd about one entry's votes."""

    entry: str
    new: int = 0
    """Accounts too new for their vote to count."""
    burst: int = 0
    """Votes within two minutes."""
    votes: int = 0

    @property
    def worth_a_look(self) -> bool:
        """Whether there is anything to tell."""
        return self.new >= NEW or self.burst > 0


@dataclass(frozen=True, slots=True)
class Ring:
    """Two accounts that vote almost only for each other: (votes for the other, votes in all) of each."""

    one: str
    other: str
    given: tuple[int, int]
    returned: tuple[int, int]


def odd(entry: str, ballots: Sequence[Ballot]) -> Odd:
    """What is odd about an entry's ballots; each account counts once."""
    times = sorted({one.account: one.when for one in ballots if one.counts}.values())
    new = len({one.account for one in ballots if one.why in _NEW})
    most, first = 0, 0
    for last, when in enumerate(times):
        while when - times[first] > timedelta(minutes=MINUTES):
            first += 1
        most = max(most, last - first + 1)
    burst = most if most >= BURST and most >= BURST_SHARE * len(times) else 0
    return Odd(entry, new, burst, len(times))


def rings(makers: Mapping[str, str], ballots: Sequence[Ballot]) -> list[Ring]:
    """Pairs among these entries (entry → maker's account) whose votes went almost only to each other."""
    given: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for account, entry in {(one.account, one.entry) for one in ballots if one.counts}:
        given[account][makers[entry]] += 1
    return [
        Ring(one, other, (given[one][other], given[one].total()), (given[other][one], given[other].total()))
        for one in sorted(given)
        for other in sorted(given[one])
        if one < other and _almost_only(given[one], other) and _almost_only(given.get(other, Counter()), one)
    ]


def _almost_only(votes: Counter[str], maker: str) -> bool:
    return votes.total() >= RING_VOTES and votes[maker] >= RING_SHARE * votes.total()
