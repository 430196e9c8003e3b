"""Values of the model for tests, complete but small; every argument replaces one field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.model.backend import Mode
from bot.model.clip import Clip, Inspection
from bot.model.entry import Entry
from bot.model.job import Failure, Job, Stage
from bot.model.people import Community, Member, MessageRef, Place, Role
from bot.model.plan import Plan, PlannedShot
from bot.model.request import HD, Camera, Reference, ReferenceKind, Request

NOON = datetime(2026, 2, 6, 12, 0, 0, 123456, tzinfo=UTC)
GUILD = Community("discord", "8001")
KAI = Member(GUILD, "42", "Kai 海", "ja", Role.MODERATOR)
PLACE = Place(GUILD, "100", thread="7", upload_limit=10_000_000, language="ja")
CARD = MessageRef(GUILD, "100", "555", extra="1.2")
WISH = Request(
    prompt="@大聖 高台からスキーでジャンプ ⛷️",
    sport="ski-jumping",
    style="manga",
    camera=Camera.LOW,
    seed=7,
    image=Reference(ReferenceKind.IMAGE, "a" * 64, "image/png"),
    backend="animatic",
    language="ja",
)
PLAN = Plan(
    backend="animatic",
    shots=(
        PlannedShot(0, "run", 7.5, "low", Mode.TEXT, price=Decimal("0.10")),
        PlannedShot(1, "fly", 7.5, "follow", Mode.FRAMES, negative="blur", seed=3, follows=0, price=Decimal("0.1")),
    ),
    seconds=15.0,
    size=HD,
    fps=24,
    price=Decimal("0.20"),
    currency="USD",
    usual=(30.0, 90.0),
    sound_added=True,
    approximations=("plan.sound_added",),
)
LOOK = Inspection(
    seconds=15.0,
    size=HD,
    fps=24.0,
    video_codec="h264",
    pixel_format="yuv420p",
    audio_codec="aac",
    loudness=-14.0,
    peak=-1.5,
    black=0.0,
    frozen=0.2,
    cuts=3,
    bytes=1_234_567,
    warnings=("inspect.quiet",),
)
CLIP = Clip(blob="b" * 64, poster="c" * 64, inspection=LOOK)
BROKEN = Failure("backend.failed", (("seconds", 3), ("share", 0.5), ("name", "x")), "out of memory", refunded=True)


def plan(backend: str = "animatic", **fields: Any) -> Plan:
    """A plan of two shots."""
    return replace(PLAN, backend=backend, **fields)


def job(job_id: str = "job-1", **fields: Any) -> Job:
    """A queued job of Kai's."""
    made = Job(
        id=job_id,
        member=KAI,
        place=PLACE,
        request=WISH,
        plan=PLAN,
        stage=Stage.QUEUED,
        fence=0,
        created=NOON,
        changed=NOON,
    )
    return replace(made, **fields)


def entry(of: Job, entry_id: str = "entry-1", **fields: Any) -> Entry:
    """The entry a job ends in."""
    made = Entry(
        id=entry_id,
        job=of.id,
        member=of.member,
        request=of.request,
        clip=CLIP,
        backend=of.plan.backend,
        created=NOON,
    )
    return replace(made, **fields)


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.forward(seconds)

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
