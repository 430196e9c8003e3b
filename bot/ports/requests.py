"""What is remembered of requests on their way, of messages and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from bot.model.clip import Clip
from bot.model.entry import Entry
from bot.model.job import HOLDING, Failure, Job, ShotRecord, Stage, Waiting
from bot.model.people import Community, Member, MessageRef, Place
from bot.model.plan import Plan
from bot.model.request import Request


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a finished job of one backend took, seconds from admission to the stored clip."""

    backend: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """What must hold at the moment a request is kept, whoever else asks in whatever process."""

    running: int
    """Unfinished requests one member may have."""
    daily: int
    """Requests of one member since `since` whose quota was not given back."""
    since: datetime
    waiting: int
    """Requests of everybody that may wait."""
    money: tuple[tuple[datetime, Decimal], ...] = ()
    """(moment, so much the community may have spent since then, in the plan's currency)."""


class Jobs(Protocol):
    """The job records. Every write of a run carries its fence and raises `FenceLost` when another run took over."""

    async def add(self, job: Job, bounds: Bounds | None = None) -> bool:
        """Store a new queued job with its planned shots; False when it would go beyond the bounds."""
        ...

    async def get(self, job_id: str) -> Job | None:
        """One job."""
        ...

    async def of_member(self, community: Community, member: str, *, unfinished: bool, most: int = 10) -> list[Job]:
        """A member's jobs, newest first."""
        ...

    async def unfinished(self) -> list[Job]:
        """Everything that is neither done, failed, cancelled nor uncertain, oldest first."""
        ...

    async def ended_since(self, when: datetime) -> list[Job]:
        """Jobs that ended after `when`."""
        ...

    async def count_since(self, community: Community, member: str, since: datetime) -> int:
        """Jobs the member asked for since then whose quota was not given back."""
        ...

    async def waiting(self) -> list[Waiting]:
        """All queued jobs, in the order they were asked for."""
        ...

    async def running(self, stages: AbstractSet[Stage] = HOLDING) -> list[Waiting]:
        """All jobs in these stages: those that hold a slot."""
        ...

    async def stages(self) -> Mapping[Stage, int]:
        """How many jobs stand where."""
        ...

    async def admit(self, choose: Callable[[Sequence[Waiting], Sequence[Waiting]], Sequence[str]]) -> list[str]:
        """In one transaction: read what waits and runs, let `choose` pick, give those a slot; returns their ids."""
        ...

    async def take(self, job_id: str) -> Job | None:
        """Take a running job up: its fence grows by one and the caller owns it. None when it has ended."""
        ...

    async def advance(self, job: Job, stage: Stage) -> Job:
        """Write the next stage."""
        ...

    async def queue_again(
        self, job: Job, plan: Plan, note: str | None = None, money: Sequence[tuple[datetime, Decimal]] = ()
    ) -> Job:
        """Put a job of which nothing was sent back in line with a plan, its own or another, in one transaction; with
        its own where the other would cost more than the community may spend since those moments.

        Raises `FenceLost` when it is at another stage by now.
        """
        ...

    async def progress(self, job: Job, fraction: float | None) -> bool:
        """Write how far it is; returns whether somebody wants it cancelled."""
        ...

    async def card(self, job_id: str, ref: MessageRef) -> bool:
        """Remember where the job's card is; False when its delivery has begun without it."""
        ...

    async def wish_cancel(self, job_id: str) -> Job | None:
        """Note that it should stop. A queued job is cancelled at once; returns the job as it is now."""
        ...

    async def shots(self, job_id: str) -> list[ShotRecord]:
        """The job's shots in order."""
        ...

    async def shot(self, job: Job, record: ShotRecord, most: int = 0) -> bool:
        """Write one shot's record under the job's fence, durably, before the call it announces; False, and nothing is
        written, when the backend has `most` orders of all processes already (0: any number)."""
        ...

    async def note(self, job: Job, note: str) -> Job:
        """Add a note for the member, once."""
        ...

    async def finished(self, job: Job, clip: Clip, entry: Entry) -> Job:
        """Store clip and entry and move on to delivery, in one transaction."""
        ...

    async def delivered(self, job: Job, message: MessageRef) -> Job:
        """The entry hangs in the chat: done."""
        ...

    async def deliver_again(self, job_id: str, place: Place) -> Job | None:
        """Bring a job that failed with its film made back to its delivery, there; None when it did not, or the film was
        taken back."""
        ...

    async def end(
        self, job: Job, stage: Stage, failure: Failure | None, unbilled: AbstractSet[int] = frozenset()
    ) -> Job:
        """End it without a clip; the failure says whether the quota returns. `unbilled`: shots whose orders surely cost
        nothing."""
        ...

    async def leftovers(self, job_id: str = "") -> list[str]:
        """Files of shots whose jobs have ended, of one job or of all."""
        ...

    async def cleared(self, blob: str) -> None:
        """No job that has ended keeps this file any more."""
        ...

    async def spent(self, community: Community, since: datetime) -> dict[str, Decimal]:
        """Money by currency: the prices of jobs asked for since then that were not given back, unfinished ones too; of
        those that were, the prices of the shots that may have cost something all the same."""
        ...

    async def timings(self, backend: str, most: int = 50) -> list[Timing]:
        """The latest finished jobs' durations."""
        ...


class Postings(Protocol):
    """The publish journal: the intent is committed before a message is sent, its place after."""

    async def begin(self, key: str) -> tuple[bool, MessageRef | None]:
        """Note the intent. Returns (was already noted, where it hangs if that is known)."""
        ...

    async def done(self, key: str, ref: MessageRef) -> None:
        """Note where it hangs."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A request that waits for one answer of its maker (which sport? which alternative?)."""

    id: str
    member: Member
    place: Place
    request: Request
    created: datetime
    options: Mapping[str, Mapping[str, str]]
    """value of a choice → the request's fields it replaces."""


class Drafts(Protocol):
    """Requests that wait for an answer; forgotten after a day."""

    async def put(self, draft: Draft) -> None:
        """Keep one."""
        ...

    async def get(self, draft_id: str) -> Draft | None:
        """Look at one."""
        ...

    async def take(self, draft_id: str) -> Draft | None:
        """Remove and return it: only one press wins."""
        ...


@dataclass(frozen=True, slots=True)
class Logged:
    """A message of a platform that has no server of its own: `body` is that platform's JSON."""

    id: str
    key: str
    channel: str
    body: str
    created: datetime


class Log(Protocol):
    """Where such a platform (the studio) remembers its messages, so that its cards and buttons survive a restart."""

    async def add(self, key: str, channel: str, body: str, when: datetime) -> str:
        """Store a message and return its id; a key that is already there keeps its first message and id."""
        ...

    async def change(self, message_id: str, body: str) -> bool:
        """Replace its body; False when it is gone."""
        ...

    async def remove(self, message_id: str) -> None:
        """Forget it."""
        ...

    async def find(self, key: str) -> Logged | None:
        """The message posted under this key."""
        ...

    async def get(self, message_id: str) -> Logged | None:
        """One message."""
        ...

    async def latest(self, channel: str, most: int = 100) -> list[Logged]:
        """The channel's messages, oldest first."""
        ...


class Installations(Protocol):
    """What communities entrusted to us when they installed the app by themselves; nobody reads it in the database."""

    async def put(self, community: Community, secret: str, when: datetime) -> None:
        """Keep it, in place of what was kept before."""
        ...

    async def all(self, platform: str) -> list[tuple[Community, str]]:
        """Everything a platform's communities entrusted to us, oldest first; what cannot be read is left out."""
        ...

    async def remove(self, community: Community) -> None:
        """Forget it."""
        ...


class MediaStore(Protocol):
    """Files kept for good under the sha256 of their content."""

    async def put(self, path: Path, mime: str) -> str:
        """Keep a file (moved or copied) and return its name; the same content is kept once. Raises `DiskFull`."""
        ...

    async def put_bytes(self, data: bytes, mime: str) -> str:
        """Keep bytes."""
        ...

    async def local(self, blob: str) -> Path:
        """A local path to read it from. Raises `NotFound`."""
        ...

    async def mime(self, blob: str) -> str | None:
        """Its content type."""
        ...

    async def delete(self, blob: str) -> None:
        """Forget it; silent when it is not there."""
        ...

    def scratch(self, job_id: str) -> Path:
        """A folder for a job's unfinished files; made on demand."""
        ...

    async def sweep(self, job_id: str) -> None:
        """Remove a job's scratch folder."""
        ...
