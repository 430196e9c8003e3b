"""One workspace and everything we keep for it: its token's calls, its people, what hangs in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from bot.errors import PlatformBusy, PlatformError, WrongToken
from bot.locales import words
from bot.model.people import Community
from handlers.slack.directory import Directory
from handlers.slack.manifest import SCOPES
from handlers.slack.pairs import Pairs
from handlers.slack.parse import NAME
from handlers.slack.people import People
from handlers.slack.picture import Pictures
from handlers.slack.web import AUTH, Web, code_of

log = logging.getLogger(__name__)

_AGAIN_SECONDS: Final = (1, 2, 5, 10, 30, 60)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a bot token belongs to."""

    team: str = ""
    team_name: str = ""
    bot: str = ""
    bot_user: str = ""
    bot_name: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Identity:
        """From auth.test."""
        fields = (told.get(name) or "" for name in ("team_id", "team", "bot_id", "user_id", "user"))
        return cls(*(str(field) for field in fields))


class Workspace:
    """One workspace under one token. `identity` is empty until `identify`."""

    def __init__(self, token: str, api: str, language: str, identity: Identity = Identity()) -> None:
        self.web = Web(token, api)
        self.language = language
        self.identity = identity
        self.web.called = identity.bot_name or self.web.called
        self.pictures = Pictures(self.web)
        self.pairs = Pairs(self.web)
        self.directory = Directory(self.web)
        self.people = self._people()

    @property
    def community(self) -> Community:
        """As the core knows it."""
        return Community(NAME, self.identity.team)

    @property
    def invitation(self) -> str:
        """What lets us into a channel, as people type it."""
        return f"/invite @{self.web.called}"

    async def identify(self, *, patient: bool = True) -> Identity:
        """Who we are. Waits as long as Slack cannot be reached, if `patient`; raises `WrongToken` when it does not
        know us."""
        self.identity = Identity.of(await self._asked() if patient else await self.web.send("auth.test"))
        self.web.called = self.identity.bot_name
        self.people = self._people()
        if missing := set(SCOPES) - self.web.granted:
            log.warning(words(self.language)("slack.scopes", missing=", ".join(sorted(missing))))
        return self.identity

    async def _asked(self) -> Mapping[str, Any]:
        attempt = 0
        while True:
            try:
                return await self.web.send("auth.test")
            except PlatformBusy as error:
                pause = _AGAIN_SECONDS[min(attempt, len(_AGAIN_SECONDS) - 1)]
                log.warning("Slack does not answer (%s); next try in %s s", error, pause)
            except PlatformError as error:
                if code_of(error) in AUTH:
                    raise WrongToken(platform="Slack", setting="slack.bot_token") from error
                raise
            attempt += 1
            await asyncio.sleep(pause)

    def _people(self) -> People:
        return People(self.web, self.community, self.language, directory=self.directory)


class Workspaces(Protocol):
    """Every workspace we serve."""

    async def begin(self) -> None:
        """Open connections. Raises `SetupError`."""
        ...

    async def end(self) -> None:
        """Close them."""
        ...

    async def drop(self, community: Community) -> None:
        """The app was removed from one."""
        ...

    def of(self, community: Community) -> Workspace:
        """The workspace of a community. Raises `PlaceForbidden` when the app is not installed there."""
        ...

    def team(self, team: str) -> Workspace | None:
        """The workspace something was heard from; None when the app is not installed there."""
        ...

    def all(self) -> list[Workspace]:
        """All of them."""
        ...


class One:
    """The workspace of the one token in the settings: whatever is heard or posted, it is there."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def begin(self) -> None:
        """See `Workspaces`."""
        self._workspace.web.open()
        await self._workspace.identify()

    async def end(self) -> None:
        """See `Workspaces`."""
        await self._workspace.web.close()

    async def drop(self, community: Community) -> None:
        """The token stays in the settings: who installs the app again brings a new one."""

    def of(self, community: Community) -> Workspace:
        """See `Workspaces`."""
        return self._workspace

    def team(self, team: str) -> Workspace | None:
        """See `Workspaces`."""
        return self._workspace

    def all(self) -> list[Workspace]:
        """See `Workspaces`."""
        return [self._workspace]
