"""One plan being carried out; the record outlives every process that works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.backend import RemoteRef
from bot.model.clip import Clip
from bot.model.people import Community, Member, MessageRef, Place
from bot.model.plan import Plan
from bot.model.request import Request


class Stage(StrEnum):
    """Where a job stands. A run reads it, does what it says and writes the next; kill -9 between two loses nothing."""

    QUEUED = "queued"
    """Waiting for admission."""
    ADMITTED = "admitted"
    """Has a slot; nothing sent yet."""
    DRAWING = "drawing"
    """Shots are being sent and drawn; each shot has its own record."""
    FINISHING = "finishing"
    """All shots are here: cut together, given sound, inspected, stored."""
    DELIVERING = "delivering"
    """The clip is stored; the entry is being posted."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNCERTAIN = "uncertain"
    """A paid order may have been taken; a person must look before anything is sent again."""


ENDED = frozenset({Stage.DONE, Stage.FAILED, Stage.CANCELLED, Stage.UNCERTAIN})
HOLDING = frozenset({Stage.ADMITTED, Stage.DRAWING})
"""Stages that hold a slot of the backend: once its shots are here it draws for the next, while this one is finished."""
MAKING = HOLDING | {Stage.FINISHING}
"""Stages in which a film is made: what a worker carries."""
RUNNING = MAKING | {Stage.DELIVERING}


class ShotState(StrEnum):
    """Where one shot's order stands: the intent is committed before the call it announces."""

    PLANNED = "planned"
    SUBMITTING = "submitting"
    """The intent is written; the backend may have the order."""
    SUBMITTED = "submitted"
    """The remote reference is stored."""
    RETURNED = "returned"
    """The backend is done with it and free for the next; the video is being fetched."""
    DRAWN = "drawn"
    """The video is in the media store; this shot is never drawn again."""
    FAILED = "failed"


SENT = frozenset({ShotState.SUBMITTING, ShotState.SUBMITTED, ShotState.RETURNED, ShotState.DRAWN})
"""States in which an order may have cost its price. One that surely did not is `failed` once its job has ended."""
ORDERED = frozenset({ShotState.SUBMITTING, ShotState.SUBMITTED})
"""States in which a backend may be busy with a shot."""


@dataclass(frozen=True, slots=True)
class ShotRecord:
    """One shot's way through the backend. `key` is the idempotency key, fixed before the first attempt."""

    index: int
    key: str
    state: ShotState
    attempt: int = 0
    remote: RemoteRef | None = None
    blob: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job ended without a clip: the sentence's key and facts for the member, `detail` for the operator."""

    key: str
    facts: tuple[tuple[str, str | int | float], ...]
    detail: str
    refunded: bool


@dataclass(frozen=True, slots=True)
class Job:
    """The one truth about a request on its way. `fence` grows with every run that takes it up."""

    id: str
    member: Member
    place: Place
    request: Request
    plan: Plan
    stage: Stage
    fence: int
    created: datetime
    changed: datetime
    admitted: datetime | None = None
    ended: datetime | None = None
    fraction: float | None = None
    """0..1 of the whole way from admission to delivery, or None before anything is known."""
    cancel: bool = False
    """Somebody pressed Cancel; the run stops at its next look."""
    card: MessageRef | None = None
    clip: Clip | None = None
    entry: str | None = None
    failure: Failure | None = None
    notes: tuple[str, ...] = ()

    @property
    def community(self) -> Community:
        """Where it was asked."""
        return self.member.community

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.stage in ENDED


@dataclass(frozen=True, slots=True)
class Waiting:
    """What admission needs to know of one queued job."""

    id: str
    community: Community
    member: str
    created: datetime
    backend: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stands in line: `ahead` jobs start before it; the wait and the whole time as (low, high) seconds."""

    ahead: int
    start: tuple[float, float]
    finish: tuple[float, float]
