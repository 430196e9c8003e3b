"""Who draws, described as data: what it can do, what it is told, what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal

from bot.errors import BackendError
from bot.model.provenance import Origin
from bot.model.request import HD, Size


class Mode(StrEnum):
    """What a model starts from."""

    TEXT = "t2v"
    IMAGE = "i2v"
    FRAMES = "flf2v"
    REFERENCE = "r2v"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds a mode can draw: every value from `least` to `most` in steps of `step`, or only those in `only`."""

    least: float
    most: float
    step: float = 1.0
    only: tuple[float, ...] = ()

    def holds(self, seconds: float) -> bool:
        """Whether exactly this length can be drawn."""
        if self.only:
            return seconds in self.only
        steps = (seconds - self.least) / self.step
        return self.least <= seconds <= self.most and abs(steps - round(steps)) < 1e-6


@dataclass(frozen=True, slots=True)
class Price:
    """Money for one second of finished video."""

    per_second: Decimal
    currency: str

    def of(self, seconds: float) -> Decimal:
        """The price of `seconds`, exact."""
        return self.per_second * Decimal(str(seconds))


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one backend can do, read by the planner before anything is spent."""

    modes: Mapping[Mode, Lengths]
    sizes: frozenset[Size] = frozenset({HD})
    fps: int = 24
    native_audio: bool = False
    audio_input: bool = False
    reads: bool = True
    """It is a model that reads the prompt: the more it is told, the better it draws."""
    multi_shot: bool = False
    """One call can hold several camera angles."""
    longest_prompt: int = 2000
    longest_negative: int = 500
    storyboards: bool = False
    """It can draw a quick look at a whole story, in a fraction of a film's time."""
    images: int = 0
    """How many reference pictures one call takes; a film begins with one at most."""
    progress: Literal["steps", "percent", "none"] = "none"
    previews: bool = False
    cancel: Literal["abort", "pending_only", "best_effort", "none"] = "none"
    resume: Literal["durable", "process_memory", "none"] = "durable"
    """What becomes of a running order when the backend restarts."""
    result_life: timedelta | None = None
    concurrency: int = 1
    ahead: int = 0
    """Jobs that are made ready while all places are taken, so that the backend never waits for us."""
    resting: str = ""
    """Catalogue key of why no new order is sent now; empty while orders are taken."""
    left: Decimal | None = None
    """Money that may still be spent here today; None: no budget was set."""
    price: Price | None = None
    """None: drawing costs nothing."""
    prices: Mapping[Mode, Price] = field(default_factory=dict[Mode, Price])
    """Where modes cost differently; all in the currency of `price`, which holds for the others."""
    typical_seconds: tuple[float, float] = (30.0, 120.0)
    """Wall time a clip usually takes (low, high), used until there is history of our own."""
    deadline: timedelta = timedelta(hours=1)
    """How long after it was sent an order is given up."""
    free_resend: bool = False
    """Sending an order again after a loss costs nobody anything."""
    origin: Origin = Origin.TRAINED
    """How its pictures come to be, for what a film says of itself."""
    label: str = "label.ai"
    """Catalogue key of how its clips are labelled."""

    def cost(self, mode: Mode, seconds: float) -> Decimal:
        """The price of one order, exact."""
        price = self.prices.get(mode, self.price)
        return price.of(seconds) if price else Decimal(0)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A reference picture and the name the sentence calls it by; without a name it shows the athlete."""

    name: str
    picture: Path


@dataclass(frozen=True, slots=True)
class Order:
    """What one shot asks of a backend. Files are local, checked and ours; a backend uploads what it needs."""

    prompt: str
    sport: str
    style: str
    camera: str
    seconds: float
    seed: int
    size: Size = HD
    fps: int = 24
    negative: str = ""
    mode: Mode = Mode.TEXT
    sound: bool = True
    image: Path | None = None
    """The picture it begins with, or the first of the references."""
    references: tuple[Portrait, ...] = ()
    """Who is to be seen (`Mode.REFERENCE`), as many as the backend takes; the first one's picture is `image`."""
    last_image: Path | None = None
    """What the shot must end on (`Mode.FRAMES`)."""
    audio: Path | None = None
    multi_shot: bool = True
    sentence: str = ""
    """The member's own words, uncut."""
    language: str = "en"
    sport_title: str = ""
    """The sport's name in the member's language."""
    author: str = ""
    staging: str = ""
    staging_options: Mapping[str, float | str] = field(default_factory=dict[str, float | str])
    price: Decimal = Decimal(0)
    """What this order will cost, known before it is sent."""
    storyboard: bool = False
    """A quick look is enough."""


@dataclass(frozen=True, slots=True)
class RemoteRef:
    """How to find an order at its backend again; stored before the first poll. `extra` is JSON."""

    backend: str
    id: str
    extra: Mapping[str, str] = field(default_factory=dict[str, str])


class RemoteState(StrEnum):
    """Where an order stands at its backend."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class RemoteStatus:
    """One look at an order. `fraction` 0..1 or None when the backend gives none; `preview` JPEG or PNG bytes."""

    state: RemoteState
    fraction: float | None = None
    stage: str | None = None
    position: int | None = None
    preview: bytes | None = None
    result: Mapping[str, str] = field(default_factory=dict[str, str])
    """What `fetch` needs (an address, a file name); JSON."""
    error: BackendError | None = None
    notes: tuple[str, ...] = ()
    """Catalogue keys of what the member should know about this clip ("note.reference_unreadable")."""


class CancelOutcome(StrEnum):
    """What became of a wish to stop."""

    STOPPED = "stopped"
    REQUESTED = "requested"
    FORGOTTEN = "forgotten"
    NOT_POSSIBLE = "not_possible"
    ALREADY_DONE = "already_done"


class Absent(StrEnum):
    """The answer of `find` when it has no order to show."""

    SURELY = "surely"
    """The backend was asked and never took it: it may be sent."""
    UNKNOWN = "unknown"
    """The backend cannot tell: it must not be sent again without a person's word."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a backend can take work now; `advice` says how to mend it. `facts` for the doctor's table."""

    ok: bool
    summary: str
    advice: str = ""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
