"""The published rule by which a round is ranked; pure. In words for members: docs/contest.md.

An entry's score is the lower end of the 95 % confidence interval of the share of people who voted for it among those
who could have: everybody but its maker who gave a vote in the round while the entry hung (Wilson, "Probable Inference,
the Law of Succession, and Statistical Inference", Journal of the American Statistical Association 22, 1927; for ranking
by votes: Evan Miller, "How Not To Sort By Average Rating", 2009). So a work that came on the last day is not measured
by those who had left, and two votes out of two do not beat forty out of fifty. The jury is complete and no sample: its
part is the plain share of the jurors who voted meanwhile.

One vote more never lowers a rank: it raises the entry's own score and can only lower the others'.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.model.contest import Cast, Rank

Z: Final = 1.96
"""Standard deviations of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Contender:
    """An entry as the rule sees it. `maker` is a person, as in `Cast.person`."""

    entry: str
    maker: str
    made: datetime
    nominated: datetime | None = None


def ranking(
    contenders: Sequence[Contender], votes: Sequence[Cast], *, jury_share: int = 0, best_of: int = 1
) -> tuple[Rank, ...]:
    """The best first. `jury_share` in percent; of each maker the `best_of` best are ranked (0: all)."""
    share = min(100, max(0, jury_share)) / 100
    scores = _Scores(votes, split=share > 0)
    rated = [(scores.of(one, share), one) for one in contenders]
    rated.sort(key=lambda pair: (-pair[0], *_ties(pair[1])))
    ranked: list[Rank] = []
    taken = Counter[str]()
    for score, one in rated:
        taken[one.maker] += 1
        if not best_of or taken[one.maker] <= best_of:
            count, jury = scores.counts(one)
            ranked.append(Rank(one.entry, len(ranked) + 1, count, jury, round(score, 6)))
    return tuple(ranked)


def wilson(yes: int, of: int) -> float:
    """The least share that `yes` out of `of` make likely; 0 where nobody was asked."""
    if of <= 0:
        return 0.0
    share, square = yes / of, Z * Z / of
    margin = Z * math.sqrt((share * (1 - share) + square / 4) / of)
    return max(0.0, (share + square / 2 - margin) / (1 + square))


class _Scores:
    """Who voted for what, and until when each voter was there."""

    def __init__(self, votes: Sequence[Cast], *, split: bool) -> None:
        self._for: defaultdict[str, set[str]] = defaultdict(set)
        self._last: dict[str, datetime] = {}
        jurors: set[str] = set()
        for vote in votes:
            self._for[vote.entry].add(vote.person)
            self._last[vote.person] = max(vote.when, self._last.get(vote.person, vote.when))
            if vote.jury:
                jurors.add(vote.person)
        self._jurors = jurors
        self._judges = jurors if split else set[str]()

    def counts(self, one: Contender) -> tuple[int, int]:
        """(votes, those of the jury)"""
        people = self._for[one.entry] - {one.maker}
        return len(people), len(people & self._jurors)

    def of(self, one: Contender, share: float) -> float:
        """0..1"""
        people = self._for[one.entry] - {one.maker}
        there = {who for who, last in self._last.items() if last >= one.made and who != one.maker} | people
        public = wilson(len(people - self._judges), len(there - self._judges))
        panel = there & self._judges
        jury = len(people & panel) / len(panel) if panel else 0.0
        return (1 - share) * public + share * jury


def _ties(one: Contender) -> tuple[bool, datetime, datetime, str]:
    """Earlier nomination first, then the earlier work; the id decides what is left, so that the order is one."""
    return one.nominated is None, one.nominated or one.made, one.made, one.entry
