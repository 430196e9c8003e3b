"""Who may start next: fair by community, then by member, then by who asked first. Pure functions."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.model.job import Waiting

Choose = Callable[[Sequence[Waiting], Sequence[Waiting]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """`slots`: how many jobs each backend runs at a time (a backend that is not named has none).

    `per_member`: how many of one member's jobs run at a time. `shares`: how many of a community's do, where it chose.
    """

    slots: Mapping[str, int]
    per_member: int = 1_000_000
    shares: Mapping[str, int] = field(default_factory=dict[str, int])


def order(waiting: Sequence[Waiting], running: Sequence[Waiting]) -> list[Waiting]:
    """Everything that waits, in the order it will start if nothing else is asked for.

    Each turn goes to the community with the fewest turns (running jobs count), within it to the member with the
    fewest, within these to the higher priority and the earlier asking. So a community that floods the queue with
    hundreds of requests delays its own members, not its neighbours.
    """
    communities = _communities(waiting, running)
    heapq.heapify(communities)
    ordered: list[Waiting] = []
    while communities:
        community = communities[0]
        ordered.append(community.next())
        if community.lines:
            heapq.heapreplace(communities, community)
        else:
            heapq.heappop(communities)
    return ordered


def chooser(rules: Rules) -> Choose:
    """The function that storage runs inside the admitting transaction: which waiting jobs get a slot now."""

    def choose(waiting: Sequence[Waiting], running: Sequence[Waiting]) -> list[str]:
        free = {name: slots - _count(running, name) for name, slots in rules.slots.items()}
        mine = Counter((str(job.community), job.member) for job in running)
        theirs = Counter(str(job.community) for job in running)
        picked: list[str] = []
        for job in order(waiting, running):
            home, who = str(job.community), (str(job.community), job.member)
            within = mine[who] < rules.per_member and theirs[home] < rules.shares.get(home, len(waiting) + len(running))
            if free.get(job.backend, 0) > 0 and within:
                free[job.backend] -= 1
                mine[who] += 1
                theirs[home] += 1
                picked.append(job.id)
        return picked

    return choose


def _count(running: Sequence[Waiting], backend: str) -> int:
    return sum(job.backend == backend for job in running)


@dataclass(slots=True)
class _Line:
    """One member's waiting jobs; ordered among the members of a community."""

    turns: int
    jobs: deque[Waiting]

    def __lt__(self, other: _Line) -> bool:
        return self._rank() < other._rank()

    def _rank(self) -> tuple[int, int, datetime, str]:
        first = self.jobs[0]
        return self.turns, -first.priority, first.created, first.id


@dataclass(slots=True)
class _Community:
    """A community's lines as a heap; ordered among the communities."""

    turns: int
    lines: list[_Line]

    def __lt__(self, other: _Community) -> bool:
        mine, theirs = self.lines[0].jobs[0], other.lines[0].jobs[0]
        return (self.turns, -mine.priority, mine.created) < (other.turns, -theirs.priority, theirs.created)

    def next(self) -> Waiting:
        line = self.lines[0]
        job = line.jobs.popleft()
        line.turns += 1
        self.turns += 1
        if line.jobs:
            heapq.heapreplace(self.lines, line)
        else:
            heapq.heappop(self.lines)
        return job


def _communities(waiting: Sequence[Waiting], running: Sequence[Waiting]) -> list[_Community]:
    had = Counter(str(job.community) for job in running)
    members = Counter((str(job.community), job.member) for job in running)
    lines: dict[tuple[str, str], _Line] = {}
    for job in sorted(waiting, key=lambda job: (-job.priority, job.created, job.id)):
        who = (str(job.community), job.member)
        lines.setdefault(who, _Line(members[who], deque())).jobs.append(job)
    grouped: dict[str, _Community] = {}
    for (community, _), line in lines.items():
        grouped.setdefault(community, _Community(had[community], [])).lines.append(line)
    for community in grouped.values():
        heapq.heapify(community.lines)
    return list(grouped.values())
