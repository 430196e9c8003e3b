"""What is remembered of communities and of what was done in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model.people import Community
from bot.model.setup import Act, AuditLine, Home, Setup


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
