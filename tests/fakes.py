"""Doubles that satisfy the ports and remember what they saw. No patches: a test hands these to the real code."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import BackendError, BadEmoji, BadReference, MessageGone, OlympicError, RemoteLost
from bot.model.backend import (
    Absent,
    CancelOutcome,
    Capabilities,
    Health,
    Lengths,
    Mode,
    Order,
    RemoteRef,
    RemoteState,
    RemoteStatus,
)
from bot.model.card import Card, Choice, Form
from bot.model.clip import Inspection
from bot.model.command import Asked, Command
from bot.model.contest import Facts, Voter
from bot.model.measure import Measure
from bot.model.people import Community, Member, MessageRef, Place, Role
from bot.model.provenance import Claim, Credentials
from bot.model.reel import Reel
from bot.model.request import HD, Size
from bot.ports import Hear, Need, Pick, Traits, deaf

COMMUNITY = Community("fake", "c1")
PATIENCE = 120.0
"""Seconds a test waits for what surely comes: only a broken product waits so long, never a busy machine."""


def member(
    name: str = "ada", *, role: Role = Role.MEMBER, language: str = "en", community: Community = COMMUNITY
) -> Member:
    return Member(community, name, name.title(), language, role)


def place(community: Community = COMMUNITY, upload_limit: int | None = None) -> Place:
    return Place(community, "channel-1", upload_limit=upload_limit)


def asked(command: Command, who: Member | None = None, where: Place | None = None) -> Asked:
    who = who or member()
    return Asked(command, who, where or place(who.community))


class FakeClock:
    """Time that moves only when told; sleeping moves it and takes a thousandth of the time, 20 ms at most: what only
    looks round now and then must not keep the processor from what a test waits for."""

    def __init__(self) -> None:
        self.time = datetime(2026, 2, 6, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(min(max(seconds, 1.0), 20.0) / 1000)


class FakeReply:
    """Remembers what the asker was told."""

    def __init__(self) -> None:
        self.told: list[Card] = []
        self.forms: list[Form] = []

    async def tell(self, card: Card) -> None:
        self.told.append(card)

    async def ask(self, form: Form) -> None:
        self.forms.append(form)

    @property
    def text(self) -> str:
        return "\n".join("\n".join((card.title, *card.lines)) for card in self.told)


@dataclass
class Posted:
    """One message as it hangs."""

    ref: MessageRef
    key: str
    card: Card
    place: Place
    edits: int = 0
    entry: bool = False
    file: bytes = b""
    reactions: dict[str, dict[str, bool]] = field(default_factory=dict)
    """emoji → member id → whether it is a bot."""


class FakePlatform:
    """A chat whose messages survive as long as this object.

    `failures` are raised, one a call, before anything; `uncarded` only where a card is posted or edited, `unpublished`
    only where a film is, so that a test says which call fails however the tasks interleave.
    """

    name = "fake"
    bot = "the-bot"

    def __init__(self, traits: Traits | None = None) -> None:
        self.traits = traits or Traits(longest_text=2000, upload_limit=10 * 2**20, edit_seconds=0.0)
        self.messages: dict[str, Posted] = {}
        self.failures: list[OlympicError] = []
        self.uncarded: list[Exception] = []
        self.unpublished: list[Exception | None] = []
        self.after_post: list[Exception | None] = []
        self.cards: list[Card] = []
        self.whispers: list[tuple[str, Card]] = []
        self.whispered: set[str] = set()
        self.people: dict[str, Facts] = {}
        self.blind: set[str] = set()
        self.grants: set[tuple[str, str]] = set()
        self.forbidden: tuple[str, ...] = ()
        self.unusable: set[str] = set()
        self.options: dict[Pick, list[Choice]] = {}
        self._numbers = itertools.count(1)

    connected = True

    async def run(self, handle: Callable[[Asked, object], Awaitable[None]], hear: Hear = deaf) -> None:
        await asyncio.Event().wait()

    async def redraw(self, ref: MessageRef, card: Card) -> None:
        await self.edit(ref, card)

    async def react(self, ref: MessageRef, emoji: str) -> None:
        self._fail()
        if emoji in self.unusable:
            raise BadEmoji(emoji=emoji)
        self._there(ref).reactions.setdefault(emoji, {})[self.bot] = True

    async def voters(self, ref: MessageRef, emoji: str) -> AsyncIterator[Voter]:
        self._fail()
        for who, bot in list(self._there(ref).reactions.get(emoji, {}).items()):
            yield Voter(who, bot)

    async def facts(self, community: Community, member: str) -> Facts:
        return self.people.get(member, Facts(member))

    async def sees(self, place: Place, member: str) -> bool:
        return member not in self.blind

    async def whisper(self, to: Community, member: str, card: Card, *, key: str, again: bool = False) -> None:
        self._fail()
        if key not in self.whispered:
            self.whispered.add(key)
            self.whispers.append((member, card))

    async def grant(self, community: Community, member: str, role: str, *, on: bool) -> None:
        (self.grants.add if on else self.grants.discard)((member, role))

    async def missing(self, place: Place, needs: AbstractSet[Need]) -> tuple[str, ...]:
        return self.forbidden

    async def choices(self, community: Community, what: Pick, language: str) -> list[Choice]:
        return self.options.get(what, [])

    def _there(self, ref: MessageRef) -> Posted:
        if ref.id not in self.messages:
            raise MessageGone(ref.id)
        return self.messages[ref.id]

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    def _fail_card(self) -> None:
        self._fail()
        if self.uncarded:
            raise self.uncarded.pop(0)

    def _lose(self) -> None:
        """The message hangs, but the answer may be lost; None lets one through."""
        if self.after_post and (lost := self.after_post.pop(0)):
            raise lost

    def _new(self, place: Place, card: Card, key: str) -> Posted:
        ref = MessageRef(place.community, place.channel, f"m{next(self._numbers)}")
        posted = self.messages[ref.id] = Posted(ref, key, card, place)
        self.cards.append(card)
        return posted

    def _earlier(self, key: str) -> Posted | None:
        return next((posted for posted in self.messages.values() if posted.key == key), None)

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        self._fail_card()
        if again and (earlier := self._earlier(key)):
            return earlier.ref
        ref = self._new(place, card, key).ref
        self._lose()
        return ref

    async def edit(self, ref: MessageRef, card: Card) -> None:
        self._fail_card()
        if ref.id not in self.messages:
            raise MessageGone(ref.id)
        self.messages[ref.id].card = card
        self.messages[ref.id].edits += 1
        self.cards.append(card)

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        self._fail()
        if self.unpublished and (refused := self.unpublished.pop(0)):
            raise refused
        if again and (earlier := self._earlier(key)):
            return earlier.ref
        posted = self._new(place, card, key)
        posted.entry = True
        posted.file = card.video.path.read_bytes() if card.video else b""
        self._lose()
        if instead_of:
            self.messages.pop(instead_of.id, None)
        return posted.ref

    async def delete(self, ref: MessageRef) -> None:
        self.messages.pop(ref.id, None)

    @property
    def entries(self) -> list[Posted]:
        return [posted for posted in self.messages.values() if posted.entry]


FREE = Capabilities(
    modes={Mode.TEXT: Lengths(2, 30), Mode.IMAGE: Lengths(2, 30)},
    native_audio=True,
    audio_input=True,
    storyboards=True,
    images=1,
    concurrency=2,
    free_resend=True,
    typical_seconds=(10.0, 20.0),
)


@dataclass
class FakeBackend:
    """Draws by writing bytes. `submits` counts paid calls; faults are raised at their step, one a call."""

    name: str = "fake"
    able: Capabilities = FREE
    submit_faults: list[BackendError] = field(default_factory=list)
    lost_answers: list[BackendError] = field(default_factory=list)
    """Raised after the order was accepted: the answer never arrives."""
    outcome: RemoteStatus | None = None
    fetch_faults: list[BackendError] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """When set, drawing waits for it."""
    blind: bool = False
    """`find` cannot tell."""
    orders: dict[str, Order] = field(default_factory=dict)
    submits: int = 0
    cancelled: list[str] = field(default_factory=list)
    stopping: CancelOutcome = CancelOutcome.STOPPED

    async def capabilities(self) -> Capabilities:
        return self.able

    async def health(self) -> Health:
        return Health(True, "ready")

    async def validate(self, order: Order) -> None:
        return None

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        if self.submit_faults:
            raise self.submit_faults.pop(0)
        self.submits += 1
        self.orders[key] = order
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        return RemoteRef(self.name, key)

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        if self.blind:
            return Absent.UNKNOWN
        return RemoteRef(self.name, key) if key in self.orders else Absent.SURELY

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        if ref.id not in self.orders:
            return RemoteStatus(RemoteState.LOST, error=RemoteLost("unknown"))
        return self.outcome or RemoteStatus(RemoteState.SUCCEEDED, 1.0, result={"key": ref.id})

    async def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        yield RemoteStatus(RemoteState.RUNNING, 0.25, preview=b"picture")
        if self.gate is not None:
            await self.gate.wait()
        yield await self.poll(ref)

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        self.cancelled.append(ref.id)
        return self.stopping

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        if self.fetch_faults:
            raise self.fetch_faults.pop(0)
        into.parent.mkdir(parents=True, exist_ok=True)
        into.write_bytes(b"video of " + ref.id.encode())

    async def aclose(self) -> None:
        return None


GOOD = Inspection(15.0, HD, 24.0, "h264", "yuv420p", "aac", -14.0, -1.5, 0.0, 0.0, 4, 1000)


@dataclass
class FakeVideo:
    """Looks at nothing: `verdicts` are handed out one a call, then everything is good."""

    verdicts: list[Inspection] = field(default_factory=list)
    assembled: list[int] = field(default_factory=list)
    fitted: list[int] = field(default_factory=list)
    reels: list[Reel] = field(default_factory=list)

    def encode_command(
        self, *, size: Size, fps: int, seconds: float, sound: Path | None, out: Path, quick: bool = False
    ) -> list[str]:
        return ["true", str(out)]

    async def check_image(self, data: bytes) -> tuple[bytes, str]:
        if not data.startswith(b"\x89PNG"):
            raise BadReference(key="reference.not_image")
        return data, "image/png"

    async def check_audio(self, data: bytes) -> tuple[bytes, str]:
        if not data.startswith(b"RIFF"):
            raise BadReference(key="reference.not_audio")
        return data, "audio/wav"

    async def inspect(self, path: Path, *, seconds: float, size: Size, cuts: int | None = None) -> Inspection:
        seen = self.verdicts.pop(0) if self.verdicts else GOOD
        return replace(seen, seconds=seconds, bytes=path.stat().st_size)

    async def poster(self, path: Path, out: Path, *, at: float | None = None) -> None:
        out.write_bytes(b"poster of " + path.read_bytes())

    async def assemble(self, shots: Sequence[Path], out: Path, **_: object) -> None:
        self.assembled.append(len(shots))
        out.write_bytes(b"+".join(shot.read_bytes() for shot in shots))

    async def reel(self, reel: Reel, out: Path, *, size: Size, progress: Callable[[float], None] | None = None) -> None:
        self.reels.append(reel)
        out.write_bytes(b"reel of " + b"+".join(one.film.read_bytes() for one in reel.highlights))

    async def last_frame(self, path: Path, out: Path) -> None:
        out.write_bytes(b"frame")

    async def fit(self, path: Path, out: Path, *, limit: int, seconds: float) -> None:
        self.fitted.append(limit)
        out.write_bytes(path.read_bytes()[:limit])


class FakeProvenance:
    """Writes the claim behind the film and reads it back; `failures` are raised, one a call."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.failures: list[OlympicError] = []
        self.more = b""
        """What a derived film says besides."""

    async def seal(self, film: Path, out: Path, claim: Claim) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.claims.append(claim)
        out.write_bytes(film.read_bytes() + b"|sealed " + claim.origin.encode())

    async def derive(self, film: Path, smaller: Path, out: Path) -> None:
        if self.failures:
            raise self.failures.pop(0)
        _, mark, origin = film.read_bytes().partition(b"|sealed ")
        out.write_bytes(smaller.read_bytes() + mark + origin + self.more)

    async def read(self, film: Path) -> Credentials | None:
        _, mark, origin = film.read_bytes().partition(b"|sealed ")
        return Credentials("The Studio", origin.decode(), intact=True) if mark else None


@dataclass
class FakeLettering:
    """Writes the words into the file."""

    written: list[str] = field(default_factory=list)

    async def title(self, out: Path, text: str, *, kicker: str, lines: Sequence[str], size: Size) -> None:
        self._write(out, kicker, text, *lines)

    async def lower_third(self, out: Path, text: str, *, kicker: str, detail: str, size: Size) -> None:
        self._write(out, kicker, text, detail)

    def _write(self, out: Path, *said: str) -> None:
        self.written.append(" | ".join(said))
        out.write_text(self.written[-1])


class FakeSound:
    """A bed of nothing."""

    async def bed(self, out: Path, *, seconds: float, shots: int, sport: str, seed: int) -> None:
        out.write_bytes(b"RIFF")


class FakeMeter:
    """Remembers what was counted, observed and shown, with the measure's name before its labels."""

    def __init__(self) -> None:
        self.added: list[tuple[str, ...]] = []
        self.observed: list[tuple[str, ...]] = []
        self.shown: dict[str, Mapping[tuple[str, ...], float]] = {}

    def add(self, measure: Measure, amount: float, *labels: str) -> None:
        self.added.append((measure.name, *labels))

    def observe(self, measure: Measure, value: float, *labels: str) -> None:
        assert value >= 0
        self.observed.append((measure.name, *labels))

    def show(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        self.shown[measure.name] = values


async def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something holds; fails after `seconds`."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)
