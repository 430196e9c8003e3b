"""What the core needs from others, as typed protocols. Each outer room implements some of them; tests implement all.

| port | implemented by |
|---|---|
| Platform, Reply | handlers/* |
| Backend | backends/* |
| Jobs, Entries, Drafts, Messages, Votes … | storage/repositories |
| MediaStore, VideoTool (ffmpeg), Provenance | storage/media |
| Runner | storage/runners (local; pgqueuer for workers) |
| Clock | storage.clock |
| Meter | handlers/ops |
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from bot.model.backend import (
    Absent,
    CancelOutcome,
    Capabilities,
    Health,
    Order,
    RemoteRef,
    RemoteStatus,
)
from bot.model.card import Card, Choice, Form
from bot.model.character import Character, Consent, Reach
from bot.model.clip import Clip, Inspection
from bot.model.command import Asked
from bot.model.contest import (
    Ballot,
    Cast,
    EntryState,
    Facts,
    Happening,
    Rank,
    Review,
    Round,
    Showing,
    Shown,
    Tally,
    Voter,
)
from bot.model.entry import Entry
from bot.model.exhibit import EVERYTHING, Facets, Room, Sort
from bot.model.figures import Chart, Figures
from bot.model.job import HOLDING, Failure, Job, ShotRecord, Stage, Waiting
from bot.model.letter import Letter
from bot.model.linking import Joining, Offer
from bot.model.measure import Measure
from bot.model.people import Account, Community, Member, MessageRef, Place, Profile
from bot.model.plan import Plan
from bot.model.provenance import Claim, Credentials
from bot.model.reel import Reel
from bot.model.request import Request, Size
from bot.model.setup import Act, AuditLine, Home, Setup


class Clock(Protocol):
    """Time, so that tests can own it."""

    def now(self) -> datetime:
        """This moment, aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking the loop."""
        ...


# ---------------------------------------------------------------------------------------------- who talks to us


@dataclass(frozen=True, slots=True)
class Traits:
    """How a platform differs, as data; read before a card is rendered or a file is sent."""

    longest_text: int
    """Characters one message may hold."""
    upload_limit: int
    """Bytes of one attachment where the place does not say otherwise."""
    edit_seconds: float
    """Least time between two edits of one message."""
    edits_shared: bool = False
    """The pace holds for all messages of a community together (Slack's tiers), not for each message."""
    forms: bool = True
    """It can open a form in answer to a command or button."""
    tells_language: bool = True
    """It tells the asker's language."""
    shared_accounts: bool = False
    """A member's id means the same person in all its communities (Discord); else only in one (a Slack workspace)."""
    roles: bool = False
    """It has roles that can be given."""
    by_role: bool = False
    """The moderators' and the admins' words are commands of their own: /olympic-mod, and /olympic-admin without
    "admin"."""
    native_emoji: bool = True
    """Reactions are told as the emoji itself, not by a name."""


class Need(StrEnum):
    """What the bot is to do in a channel."""

    POST = "post"
    FILES = "files"
    REACT = "react"
    HISTORY = "history"
    ROLES = "roles"
    """Give and take roles; the community's right, not one channel's."""


class Pick(StrEnum):
    """What an admin chooses among."""

    CHANNEL = "channel"
    ROLE = "role"


class Reply(Protocol):
    """The way back to the one who asked, private to them. The platform has already acknowledged in time."""

    async def tell(self, card: Card) -> None:
        """Say something only the asker sees."""
        ...

    async def ask(self, form: Form) -> None:
        """Open a form for the asker."""
        ...


Handle = Callable[[Asked, Reply], Awaitable[None]]
"""How a platform hands over what somebody asked."""
Hear = Callable[[Happening], Awaitable[None]]
"""How a platform tells what happened without anybody asking."""


async def deaf(_: Happening) -> None:
    """Hears nothing: for those who run a platform without a contest."""


class Platform(Protocol):
    """One way to reach a community with the bot's own rights.

    Every posting carries `key`, stable over restarts. With `again` the same key may already have been posted by an
    earlier run: the platform looks before it posts and returns what it finds. Raises `PlatformError`s only.
    """

    @property
    def name(self) -> str:
        """As in `Community.platform`."""
        ...

    @property
    def traits(self) -> Traits:
        """Its differences."""
        ...

    @property
    def connected(self) -> bool:
        """Whether it hears people and can be posted to at this moment."""
        ...

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Connect, serve until cancelled, close gracefully. Raises `SetupError` when it cannot start.

        `hear` is told of reactions under any message of ours and of what else happens; it never raises.
        """
        ...

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        """Post a card that will be edited later."""
        ...

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Show a card's new state. Raises `MessageGone`."""
        ...

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        """Post a finished entry with its video and return the message people react to.

        `instead_of` is the job's card: the platform turns it into the entry or removes it once the entry is there.
        """
        ...

    async def delete(self, ref: MessageRef) -> None:
        """Remove a message of ours; silent when it is already gone."""
        ...

    async def redraw(self, ref: MessageRef, card: Card) -> None:
        """New words and buttons for a published work; its film and poster stay as they hang (`card.video` is not sent
        again). Raises `MessageGone`."""
        ...

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """Put the bot's own reaction under a message, so that voting is one press; silent when it is there already.

        Raises `BadEmoji` for one the bot may not use.
        """
        ...

    def voters(self, ref: MessageRef, emoji: str) -> AsyncIterator[Voter]:
        """Everybody who reacted with `emoji`, read page by page. Raises `MessageGone`, `PlatformBusy`."""
        ...

    async def facts(self, community: Community, member: str) -> Facts:
        """What the platform knows of an account, for fairness and roles."""
        ...

    async def sees(self, place: Place, member: str) -> bool:
        """Whether an account can see a channel; True where the platform does not tell."""
        ...

    async def whisper(self, to: Community, member: str, card: Card, *, key: str, again: bool = False) -> None:
        """A private message to one account, outside any conversation. Raises `PlaceForbidden` when they take none."""
        ...

    async def grant(self, community: Community, member: str, role: str, *, on: bool) -> None:
        """Give or take a role. Raises `PlaceForbidden`; facts: missing."""
        ...

    async def missing(self, place: Place, needs: AbstractSet[Need]) -> tuple[str, ...]:
        """Which permissions the bot lacks in a channel for what it is to do there, as the platform's people call them
        in `place.language`; empty: none."""
        ...

    async def choices(self, community: Community, what: Pick, language: str) -> list[Choice]:
        """Channels or roles an admin may choose from."""
        ...


# ---------------------------------------------------------------------------------------------- who draws for us


class Backend(Protocol):
    """One way to draw. Raises `BackendError`s only; owns its connections until `aclose`."""

    @property
    def name(self) -> str:
        """As in the settings and in `RemoteRef.backend`."""
        ...

    async def capabilities(self) -> Capabilities:
        """What it can do now."""
        ...

    async def health(self) -> Health:
        """Whether it can take work; never raises."""
        ...

    async def validate(self, order: Order) -> None:
        """Raise when this order cannot be drawn; costs nothing and sends nothing."""
        ...

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Send one order: the one paid side effect, never repeated inside.

        Raises `SubmitUncertain` when it may have been taken.
        """
        ...

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        """Look for an order that may have been sent under `key` since then."""
        ...

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        """One look; may be repeated freely."""
        ...

    def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        """Looks as they come, until the order has ended; ends by itself after the last one."""
        ...

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Try to stop it."""
        ...

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Bring the finished video to `into`, complete or not at all."""
        ...

    async def aclose(self) -> None:
        """Close connections and end processes."""
        ...


# ---------------------------------------------------------------------------------------------- who remembers for us


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a finished job of one backend took, seconds from admission to the stored clip."""

    backend: str
    seconds: float


class Jobs(Protocol):
    """The job records. Every write of a run carries its fence and raises `FenceLost` when another run took over."""

    async def add(self, job: Job) -> None:
        """Store a new queued job with its planned shots."""
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

    async def queue_again(self, job: Job, plan: Plan, note: str | None = None) -> Job:
        """Put a job of which nothing was sent back in line with a plan, its own or another, in one transaction.

        Raises `FenceLost` when it is at another stage by now.
        """
        ...

    async def progress(self, job: Job, fraction: float | None) -> bool:
        """Write how far it is; returns whether somebody wants it cancelled."""
        ...

    async def card(self, job_id: str, ref: MessageRef) -> None:
        """Remember where the job's card is."""
        ...

    async def wish_cancel(self, job_id: str) -> Job | None:
        """Note that it should stop. A queued job is cancelled at once; returns the job as it is now."""
        ...

    async def shots(self, job_id: str) -> list[ShotRecord]:
        """The job's shots in order."""
        ...

    async def shot(self, job: Job, record: ShotRecord) -> None:
        """Write one shot's record under the job's fence, durably, before the call it announces."""
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

    async def end(self, job: Job, stage: Stage, failure: Failure | None) -> Job:
        """End it without a clip; the failure says whether the quota returns."""
        ...

    async def spent(self, community: Community, since: datetime) -> dict[str, Decimal]:
        """Money by currency: the prices of jobs asked for since then that were not given back, unfinished ones too."""
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
class Decision:
    """A change of an entry's state, and what is written with it."""

    state: EntryState
    allowed: AbstractSet[EntryState]
    """States it may be made from."""
    line: AuditLine
    letter: Letter | None = None
    review: Review | None = None
    nominated: datetime | None = None


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
        states the decision is allowed from, or deleted."""
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


class Communities(Protocol):
    """Communities and what was set up in them."""

    async def get(self, community: Community) -> Home:
        """A community; one that was never seen gets the defaults and a contest of its own."""
        ...

    async def see(self, community: Community, name: str, when: datetime) -> Home:
        """The bot is there: remember it, and its name."""
        ...

    async def change(self, home: Home, setup: Setup, line: AuditLine | None = None) -> Home:
        """Write a new setup and its audit line in one transaction. Raises `Changed` when `home.version` is no longer
        the newest."""
        ...

    async def join(self, community: Community, contest: str, when: datetime) -> Home:
        """Vote together with the others of `contest` from now on."""
        ...

    async def leave(self, community: Community, when: datetime) -> None:
        """The bot was removed."""
        ...

    async def of_contest(self, contest: str) -> list[Home]:
        """All communities that vote together and have the bot, oldest first."""
        ...

    async def all(self) -> list[Home]:
        """Every community that has the bot."""
        ...


class People(Protocol):
    """Accounts, and the persons behind them."""

    async def seen(self, account: Account, when: datetime) -> Account:
        """Remember an account as it is now (name, language, community); its person, pause and first day stay."""
        ...

    async def get(self, key: str) -> Account | None:
        """One account."""
        ...

    async def among(self, keys: Sequence[str]) -> list[Account]:
        """Those of these accounts that were seen."""
        ...

    async def met(self, accounts: Sequence[Account], when: datetime) -> None:
        """Remember accounts that were never seen; those that were stay as they are."""
        ...

    async def of_member(self, community: Community, member: str) -> Account | None:
        """The account a platform knows by this id in a community."""
        ...

    async def of_person(self, person: str) -> list[Account]:
        """A person's accounts, oldest first."""
        ...

    async def profile(self, person: str) -> Profile:
        """What they chose; the defaults where they chose nothing."""
        ...

    async def names(self, keys: Sequence[str]) -> dict[str, str]:
        """The names that persons chose for the exhibit, by account key; accounts whose person chose none are left
        out."""
        ...

    async def choose(self, person: str, profile: Profile) -> None:
        """Write what they chose."""
        ...

    async def pause(self, key: str, reason: str) -> Account | None:
        """Pause an account, or let it go on with an empty reason; None when it is unknown."""
        ...

    async def visit(self, key: str, community: Community, day: date) -> None:
        """They did something there on that day (UTC); written once a day."""
        ...


@dataclass(frozen=True, slots=True)
class OwnSport:
    """A sport that communities of one contest added: `toml` as its file would hold it."""

    contest: str
    slug: str
    toml: str


class OwnSports(Protocol):
    """Sports of a contest's own."""

    async def of(self, contest: str) -> list[OwnSport]:
        """All of them, by slug."""
        ...

    async def put(self, sport: OwnSport, when: datetime, line: AuditLine | None = None) -> None:
        """Write one and its audit line in one transaction; the same slug is replaced."""
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
        Those of the rounds in `apart` are left out."""
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

    async def reeled(self, round_id: str, reel: str) -> Round | None:
        """Keep its film; the first one kept stays. Returns the round as it is then."""
        ...

    async def closed(self, round_id: str, when: datetime) -> bool:
        """The ceremony is over; False when that was noted before."""
        ...

    async def join(self, round_id: str, entry_id: str, most: int, now: datetime) -> bool:
        """Enter a work that is in no round, while the round takes works and its maker has fewer than `most` in it
        (0: any number). True too when it is in this round already."""
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


class Letters(Protocol):
    """Private messages that have to arrive once."""

    async def put(self, letter: Letter) -> None:
        """Keep one; a key that is there already keeps its first letter."""
        ...

    async def waiting(self, most: int = 100) -> list[Letter]:
        """Letters that have not been brought yet, oldest first."""
        ...

    async def begin(self, key: str, when: datetime) -> bool:
        """Note that it is being brought; whether an earlier run had begun."""
        ...

    async def done(self, key: str, when: datetime) -> None:
        """It was brought, or nobody takes it."""
        ...


class Linking(Protocol):
    """One-time codes. Nobody reads one back: only a hash is kept."""

    async def offer(self, code: str, offer: Offer) -> None:
        """Keep a new code; earlier ones of the account for the same thing are no good any more."""
        ...

    async def look(self, code: str, kind: Joining) -> Offer | None:
        """The offer under a code, used or expired or not."""
        ...

    async def link(self, code: str, account: str, when: datetime, letter: Letter) -> bool:
        """Give an account, and all others of its person, the person that made the code; all or nothing. False when
        the code is no good by now."""
        ...

    async def unlink(self, account: str) -> bool:
        """Give an account a person of its own again, who has chosen the same; False when it has one already."""
        ...

    async def join(self, code: str, community: Community, when: datetime, line: AuditLine, letter: Letter) -> bool:
        """Have a community take part in the contest a code was made for; False when the code is no good by now."""
        ...

    async def missed(self, account: str, when: datetime) -> None:
        """Note a wrong try."""
        ...

    async def misses(self, account: str, when: datetime) -> int:
        """How many wrong tries of late there were."""
        ...


class Characters(Protocol):
    """Who appears in films under a name of their own."""

    async def save(self, character: Character, letter: Letter | None = None) -> None:
        """Keep a new one, with the letter that asks for consent; the owner's earlier one of the name is forgotten."""
        ...

    async def get(self, character_id: str) -> Character | None:
        """One that is not forgotten."""
        ...

    async def of_contest(self, contest: str) -> list[Character]:
        """All of a contest that are not forgotten, oldest first."""
        ...

    async def of_accounts(self, accounts: Collection[str]) -> list[Character]:
        """Those that belong to these accounts or depict them, in every contest, oldest first."""
        ...

    async def share(self, character_id: str, reach: Reach, shared: Sequence[str]) -> None:
        """Say who may use it."""
        ...

    async def consent(self, character_id: str, depicts: Collection[str], consent: Consent) -> Character | None:
        """What the one who is depicted says; None when none of these accounts is."""
        ...

    async def forget(self, character_id: str, when: datetime) -> None:
        """Nobody finds it any more; its files are removed next."""
        ...

    async def forgotten(self) -> list[Character]:
        """Those that are forgotten and whose files may still be there."""
        ...

    async def emptied(self, character_id: str) -> None:
        """Its files are gone."""
        ...


class Privacy(Protocol):
    """Everything that is known about one account, to be handed over or forgotten; and what is kept only for a while."""

    async def known_of(self, account: Account) -> Mapping[str, list[Mapping[str, Any]]]:
        """Every row about an account by what it is, as JSON."""
        ...

    async def jobs_of(self, account: Account) -> list[Job]:
        """All of an account's jobs, oldest first."""
        ...

    async def works_of(self, account: Account) -> list[Entry]:
        """All of an account's works, deleted or not, oldest first."""
        ...

    async def begin(self, accounts: Collection[str], when: datetime) -> None:
        """These accounts want to be forgotten; said once, it is done however often we start."""
        ...

    async def begun(self) -> list[Account]:
        """The accounts that want to be forgotten and are still known."""
        ...

    async def erase(self, account: Account, alias: str, when: datetime) -> None:
        """Forget an account, all or nothing: its votes stay under `alias`, its works are husks without words."""
        ...

    async def lend(self, blob: str, account: str, until: datetime) -> None:
        """A file that was made for somebody is removed then."""
        ...

    async def lent(self, when: datetime) -> list[str]:
        """Files whose time is over."""
        ...

    async def returned(self, blob: str) -> None:
        """The file is gone."""
        ...

    async def outdated(self, community: Community, before: datetime) -> tuple[list[Entry], list[Job]]:
        """What a community need not keep: works that were declined before then, and jobs with files that ended."""
        ...

    async def without_files(self, job_id: str) -> None:
        """A job's request names no files any more."""
        ...

    async def purge(self, community: Community, before: datetime) -> None:
        """Forget letters that were brought before then, and drafts nobody may answer any more."""
        ...

    async def expire(self, before: datetime) -> None:
        """Forget codes and wrong tries that ended before then."""
        ...


class Statistics(Protocol):
    """Numbers about a contest."""

    async def figures(self, contest: str, since: datetime) -> Figures:
        """What happened since then."""
        ...

    async def visits(self, contest: str) -> list[tuple[str, date]]:
        """(person, day) of all visits."""
        ...


class Charts(Protocol):
    """Draws numbers."""

    async def draw(self, chart: Chart) -> bytes:
        """A PNG."""
        ...


class Audit(Protocol):
    """What moderators and admins did; append only."""

    async def add(self, line: AuditLine) -> None:
        """Write a line."""
        ...

    async def latest(self, community: Community, most: int = 20) -> list[AuditLine]:
        """The newest lines."""
        ...

    async def of_subject(self, subject: str, act: Act) -> list[AuditLine]:
        """What was done to one thing, newest first."""
        ...

    async def count(self, actor: str, act: Act, since: datetime) -> int:
        """How often somebody did something since then."""
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


class VideoTool(Protocol):
    """Everything done to videos and members' files with ffmpeg and its kin. Commands run as subprocesses that are
    killed when their task is cancelled or their time is up; results appear complete or not at all."""

    def encode_command(self, *, size: Size, fps: int, seconds: float, sound: Path | None, out: Path) -> list[str]:
        """The command that reads raw yuv420p frames on stdin, adds the WAV at `sound`, and writes `out`."""
        ...

    async def check_image(self, data: bytes) -> tuple[bytes, str]:
        """A member's picture, decoded within limits and re-encoded without metadata; (bytes, mime).

        Raises `BadReference` (not a picture, too large, a bomb).
        """
        ...

    async def check_audio(self, data: bytes) -> tuple[bytes, str]:
        """A member's sound, decoded within limits and re-encoded; (bytes, mime). Raises `BadReference`."""
        ...

    async def inspect(self, path: Path, *, seconds: float, size: Size, cuts: int | None = None) -> Inspection:
        """Look at a finished clip. Raises `ResultInvalid` when it is no video at all."""
        ...

    async def poster(self, path: Path, out: Path, *, at: float | None = None) -> None:
        """A JPEG still worth sharing."""
        ...

    async def assemble(
        self,
        shots: Sequence[Path],
        out: Path,
        *,
        size: Size,
        fps: int,
        seconds: float,
        sound: Path | None = None,
        chained: bool = False,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Cut shots together to exactly `seconds` in the house format, with `sound` under it if given, mastered to
        −14 LUFS. `chained`: each shot begins with the last frame of the one before."""
        ...

    async def reel(self, reel: Reel, out: Path, *, size: Size, progress: Callable[[float], None] | None = None) -> None:
        """The most telling seconds of each work with its words, cross-faded between opening and closing, mastered to
        −14 LUFS."""
        ...

    async def last_frame(self, path: Path, out: Path) -> None:
        """The very last picture of a video, as PNG."""
        ...

    async def fit(self, path: Path, out: Path, *, limit: int, seconds: float) -> None:
        """The same clip under `limit` bytes. Raises `ResultInvalid` when that cannot be done decently."""
        ...


class Provenance(Protocol):
    """What a film says of itself."""

    async def seal(self, film: Path, out: Path, claim: Claim) -> None:
        """The film with a label that tells how it was made, signed where that can be done.

        Raises `StorageError` or `ResultInvalid` when not even a label can be written.
        """
        ...

    async def read(self, film: Path) -> Credentials | None:
        """The signed credentials in a film; None where there are none."""
        ...


class Lettering(Protocol):
    """Writes on pictures, in any script: PNGs of `size`. What it cannot write it leaves out."""

    async def title(self, out: Path, text: str, *, kicker: str, lines: Sequence[str], size: Size) -> None:
        """A whole picture: a small line above (or none), large words, and lines below."""
        ...

    async def lower_third(self, out: Path, text: str, *, kicker: str, detail: str, size: Size) -> None:
        """Words for the lower left of a film, transparent everywhere else."""
        ...


class Runner(Protocol):
    """Delivers admitted jobs to whoever advances them."""

    async def enqueue(self, job_id: str) -> None:
        """Have it advanced soon; harmless when it already is."""
        ...

    async def run(self, advance: Callable[[str], Awaitable[None]]) -> None:
        """Deliver until cancelled; on cancellation let go of running jobs without ending them."""
        ...


class Writer(Protocol):
    """Writes a member's sentence out for a video model."""

    async def rewritten(self, sentence: str, *, sport: str) -> str:
        """The sentence as a model should read it; empty when it is best left alone. Never raises an error of ours."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class SoundMaker(Protocol):
    """Makes a sound bed for films whose backend is silent."""

    async def bed(self, out: Path, *, seconds: float, shots: int, sport: str, seed: int) -> None:
        """A finished WAV at `out`."""
        ...


# ---------------------------------------------------------------------------------------------- who watches us


class Meter(Protocol):
    """Keeps what is counted and measured. `labels` stand in the order of `Measure.labels`; nothing here raises."""

    def add(self, measure: Measure, amount: float, *labels: str) -> None:
        """A counter grows."""
        ...

    def observe(self, measure: Measure, value: float, *labels: str) -> None:
        """A histogram gets a value."""
        ...

    def show(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        """A gauge is this now, for these labels and no others."""
        ...


class Unmetered:
    """A `Meter` where nobody watches."""

    def add(self, measure: Measure, amount: float, *labels: str) -> None:
        """Nothing is counted."""

    def observe(self, measure: Measure, value: float, *labels: str) -> None:
        """Nothing is measured."""

    def show(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        """Nothing is shown."""


@dataclass(frozen=True, slots=True)
class Repositories:
    """Everything remembered, handed to use cases as one argument."""

    jobs: Jobs
    entries: Entries
    postings: Postings
    drafts: Drafts
    log: Log
    media: MediaStore
    communities: Communities
    people: People
    showings: Showings
    votes: Votes
    audit: Audit
    letters: Letters
    sports: OwnSports
    linking: Linking
    characters: Characters
    privacy: Privacy
    statistics: Statistics
    rounds: Rounds


__all__ = [
    "Audit",
    "Backend",
    "Characters",
    "Charts",
    "Clock",
    "Communities",
    "Decision",
    "Draft",
    "Drafts",
    "Entries",
    "Handle",
    "Hear",
    "Installations",
    "Jobs",
    "Lettering",
    "Letters",
    "Linking",
    "Log",
    "Logged",
    "MediaStore",
    "Meter",
    "Need",
    "OwnSport",
    "OwnSports",
    "People",
    "Pick",
    "Platform",
    "Postings",
    "Privacy",
    "Provenance",
    "Reply",
    "Repositories",
    "Rounds",
    "Runner",
    "Showings",
    "SoundMaker",
    "Statistics",
    "Timing",
    "Traits",
    "Unmetered",
    "VideoTool",
    "Votes",
    "Writer",
    "deaf",
]
