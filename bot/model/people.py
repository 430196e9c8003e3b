"""Who asks, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

UNSAID: Final = "–"
"""In the place of a pause's reason that was not given or is forgotten; a pause without any is none."""


class Role(IntEnum):
    """What a member may do; each includes the ones before it."""

    MEMBER = 0
    MODERATOR = 1
    ADMIN = 2


@dataclass(frozen=True, slots=True)
class Community:
    """A Discord guild, a Slack workspace, the local studio or the shell: `platform` and its own id there."""

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one community, as the platform tells it at the moment of asking."""

    community: Community
    id: str
    name: str
    language: str = "en"
    """BCP 47 tag of the language to answer in, as far as the platform knows it."""
    role: Role = Role.MEMBER
    roles: tuple[str, ...] = ()
    """Ids of the platform's roles they hold here, where the platform tells."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person has chosen about themselves, the same on all their accounts."""

    name: str = ""
    """As they wish to be named in the exhibit; empty: as the platform names them."""
    remixable: bool = True
    """Others may remix their works, unless a work says otherwise."""
    silent: tuple[str, ...] = ()
    """Kinds of letters they do not want."""


@dataclass(frozen=True, slots=True)
class Account:
    """One platform account of a person. `key` names it everywhere; accounts with one `person` vote once."""

    key: str
    person: str
    community: Community
    """Where it was last seen."""
    member: str
    name: str
    language: str = "en"
    first: datetime | None = None
    pauses: tuple[tuple[str, str], ...] = ()
    """(contest, why): where moderators paused its person."""

    def paused(self, contest: str) -> str:
        """Why it is paused in a contest; empty: it is not."""
        return dict(self.pauses).get(contest, "")

    @property
    def everywhere(self) -> bool:
        """Whether it is one account in all communities of its platform, not only in the one it was last seen in."""
        return self.key == f"{self.community.platform}:{self.member}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer appears: a channel, perhaps a thread in it."""

    community: Community
    channel: str
    thread: str | None = None
    upload_limit: int | None = None
    """Bytes one attachment may have here; None when the platform's usual limit holds."""
    language: str = "en"
    """The community's own language, for what everybody reads."""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message we posted and can find again: never a token, never a URL."""

    community: Community
    channel: str
    id: str
    extra: str = ""
    """What the platform also needs to act on it (Slack: the thread's ts)."""
