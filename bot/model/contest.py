"""Votes, and what becomes of entries and rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.people import Community, MessageRef
from bot.model.setup import Setup


class EntryState(StrEnum):
    """How far an entry has come."""

    OPEN = "open"
    NOMINATED = "nominated"
    APPROVED = "approved"
    """An exhibit: it hangs in the hall."""
    DECLINED = "declined"
    REMOVED = "removed"
    """Taken down by a moderator."""


@dataclass(frozen=True, slots=True)
class Review:
    """A moderator's decision."""

    by: str
    """Account key of the moderator."""
    name: str
    when: datetime
    reason: str = ""
    """A preset's catalogue key ("decline.off_topic") or the moderator's own words."""
    votes: int = 0
    """Votes at that moment."""


class Why(StrEnum):
    """Why a vote does not count."""

    OWN = "own"
    BOT = "bot"
    YOUNG_ACCOUNT = "young_account"
    NEW_MEMBER = "new_member"
    UNSEEN = "unseen"
    """The voter cannot see the entry's channel."""
    CLOSED = "closed"
    """Voting was not open."""
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Ballot:
    """One account's reaction under one message that shows an entry. `counts` unless there is a `why`."""

    entry: str
    account: str
    """Account key."""
    message: str
    """The key of the showing it was given under (`showing_key`)."""
    when: datetime
    why: Why | None = None
    jury: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is a vote."""
        return self.why is None


@dataclass(frozen=True, slots=True)
class Cast:
    """A person's vote on an entry as it counts, over all accounts and messages; `when` is the latest of its ballots."""

    entry: str
    person: str
    when: datetime
    jury: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """An entry's votes: each person once, the maker's own left out; those of the jury are among them."""

    votes: int = 0
    jury: int = 0


class Shown(StrEnum):
    """As what a message shows an entry."""

    ENTRY = "entry"
    COPY = "copy"
    """In another community of the same contest."""
    EXHIBIT = "exhibit"
    REVIEW = "review"
    SPOTLIGHT = "spotlight"
    PODIUM = "podium"


VOTED_ON = frozenset({Shown.ENTRY, Shown.COPY, Shown.SPOTLIGHT})
"""Where reactions are votes."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A message that shows an entry."""

    entry: str
    ref: MessageRef
    kind: Shown
    gone: datetime | None = None
    emoji: str = ""
    """What people vote with under it: the bot's own reaction there; empty: it has none yet."""


def showing_key(ref: MessageRef) -> str:
    """The message's name everywhere: platform, community, channel, id."""
    return f"{ref.community}/{ref.channel}/{ref.id}"


@dataclass(frozen=True, slots=True)
class Round:
    """A themed contest with a submission and a voting window; moments in UTC."""

    id: str
    contest: str
    number: int
    theme: str
    opens: datetime
    closes: datetime
    """Last moment for entries."""
    ends: datetime
    """Last moment for votes."""
    sport: str = ""
    """The one sport that takes part; empty: all."""
    repeat: str = ""
    """`daily`, `weekly` or empty: another round like this one opens a day or a week after it."""
    themes: tuple[str, ...] = ()
    """Themes of the repetitions, in turn, beginning with this one's; none: the same again."""
    announced: datetime | None = None
    closed: datetime | None = None
    """When the closing ceremony was over."""
    places: tuple[Rank, ...] = ()
    """The final ranking."""
    reel: str = ""
    """Blob of the film cut from the best."""
    torn: bool = False
    """A work in its film was taken back: another one is to be cut and shown."""

    def submits(self, now: datetime) -> bool:
        """Whether works may be entered."""
        return self.closed is None and self.opens <= now < self.closes

    def votes(self, now: datetime) -> bool:
        """Whether votes on its entries count."""
        return self.closed is None and self.opens <= now <= self.ends


@dataclass(frozen=True, slots=True)
class Rank:
    """One rank of a round or board."""

    entry: str
    rank: int
    votes: int
    jury: int = 0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody added or removed a reaction under a message of ours."""

    ref: MessageRef
    emoji: str
    member: str
    on: bool
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Cleared:
    """All reactions, or all of one emoji, were cleared from a message."""

    ref: MessageRef
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class Vanished:
    """Messages were deleted on the platform."""

    refs: tuple[MessageRef, ...]


@dataclass(frozen=True, slots=True)
class Resumed:
    """The connection was away: what happened meanwhile may have been missed. Without a community: everywhere."""

    platform: str
    community: Community | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """The bot was brought into a community; `channel` is where it may say hello."""

    community: Community
    name: str
    channel: str = ""
    language: str = ""
    inviter: str = ""
    setup: Setup | None = None
    """What suits a community that has not been set up yet, where the platform knows."""


@dataclass(frozen=True, slots=True)
class Departed:
    """The bot was removed from a community."""

    community: Community


Happening = Reacted | Cleared | Vanished | Resumed | Arrived | Departed
"""What a platform tells without anybody asking for anything."""


@dataclass(frozen=True, slots=True)
class Voter:
    """One account that reacted, as the platform lists it."""

    member: str
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a platform knows of an account. None: it does not tell."""

    name: str = ""
    bot: bool = False
    created: datetime | None = None
    joined: datetime | None = None
    roles: tuple[str, ...] = field(default_factory=tuple)
    member: bool = True
    """Still belongs to the community."""
