"""What belongs to a community and is chosen in chat: channels, roles, rules of the contest, limits, money."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.model.people import Community

VOTE_EMOJI: Final = "🏅"


@dataclass(frozen=True, slots=True)
class Channels:
    """Where what happens, by the platform's ids; empty: not chosen yet."""

    create: tuple[str, ...] = ()
    """Channels in which clips may be asked for; none named: everywhere."""
    review: str = ""
    exhibit: str = ""
    announcements: str = ""


@dataclass(frozen=True, slots=True)
class Roles:
    """Ids of platform roles, or of single members, who may do more than the platform's own permissions say."""

    moderators: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Who may ask for clips; nobody named: everybody."""
    winner: str = ""
    """Given to the winners of a round where the platform has roles."""


@dataclass(frozen=True, slots=True)
class Voting:
    """The rules of voting. Ages in days, 0 asks for none."""

    emoji: str = VOTE_EMOJI
    nominate: int = 5
    """Votes that bring an entry before the moderators."""
    drop: int = 3
    """Below so many votes an entry that nobody has decided on is taken from the moderators' queue again."""
    account_days: int = 7
    member_days: int = 0
    hidden: bool = False
    """Tallies are shown only after voting has closed."""
    best_of: int = 1
    """So many of a member's entries in a round are ranked: the ones with the most votes."""
    entries: int = 3
    """Entries one member may have in a round; 0: any number."""
    jury: tuple[str, ...] = ()
    """Ids of members or roles whose votes are counted apart."""
    jury_share: int = 0
    """Percent of a round's score that the jury's votes decide."""
    spotlight: bool = True
    """A daily card shows entries that few have seen."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one member may have; None takes the operator's limit. `more` gives roles more clips a day."""

    daily: int | None = None
    running: int | None = None
    share: int | None = None
    """Clips of the whole community that may be drawn at the same time."""
    more: tuple[tuple[str, int], ...] = ()
    backends: tuple[tuple[str, str], ...] = ()
    """(backend, role or member id that may use it); a backend that is not named is everybody's."""
    styles: tuple[str, ...] = ()
    """Styles that may be used; none named: all."""
    pictures: bool = True
    """Members may hand over reference pictures and sounds."""
    styles_kept: tuple[str, ...] = ()
    """Styles that are not everybody's …"""
    styles_for: tuple[str, ...] = ()
    """… but of these roles or members."""
    pictures_for: tuple[str, ...] = ()
    """Roles or members who may hand over pictures and sounds; nobody named: everybody."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Money a community may spend on drawing; None: no limit. A warning comes at 80 %, a stop at 100 %."""

    day: Decimal | None = None
    month: Decimal | None = None
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Setup:
    """All of it; the defaults let a community begin without any setup."""

    language: str = ""
    """What everybody reads; empty: what the platform tells."""
    backend: str = ""
    """Preferred backend; empty: the operator's choice."""
    channels: Channels = Channels()
    roles: Roles = Roles()
    voting: Voting = Voting()
    allowance: Allowance = Allowance()
    budget: Budget = Budget()
    sports_off: tuple[str, ...] = ()
    """Slugs of sports that are not offered here."""
    sports_order: tuple[str, ...] = ()
    """Slugs in the order they are offered; the others follow."""
    retention_days: int = 0
    """Days after which deleted and declined works' files and old requests are forgotten; 0: kept."""
    done: tuple[str, ...] = ()
    """Steps of the guided setup that were answered."""


@dataclass(frozen=True, slots=True)
class Home:
    """A community as we remember it. Communities with one `contest` vote together; alone it is `str(community)`."""

    community: Community
    contest: str
    name: str = ""
    setup: Setup = field(default_factory=Setup)
    version: int = 0
    """Grows with every change of the setup: who changes an older one is told to look again."""
    created: datetime | None = None
    left: datetime | None = None
    """When the bot was removed; it may come back."""


class Act(StrEnum):
    """What the audit log knows."""

    NOMINATE = "nominate"
    APPROVE = "approve"
    DECLINE = "decline"
    REMOVE = "remove"
    PAUSE = "pause"
    RESUME = "resume"
    RECOUNT = "recount"
    SETUP = "setup"
    SPORT = "sport"
    ROUND = "round"
    JOIN = "join"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what, when; never changed and never removed. `before` and `after` in plain words or JSON."""

    when: datetime
    community: Community
    actor: str
    act: Act
    subject: str
    before: str = ""
    after: str = ""
