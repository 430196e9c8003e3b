"""All workspaces that installed the app, each under its own token."""

from __future__ import annotations

import logging
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.errors import PlaceForbidden
from bot.model.people import Community
from bot.ports import Clock, Installations
from handlers.slack.parse import NAME
from handlers.slack.workspace import Identity, Workspace

log = logging.getLogger(__name__)

_JSON: Final = TypeAdapter(tuple[str, Identity])
"""What is kept of a workspace: its token, and whom it belongs to."""


class Many:
    """Implements `handlers.slack.workspace.Workspaces`."""

    def __init__(self, kept: Installations, clock: Clock, api: str, language: str) -> None:
        self._kept = kept
        self._clock = clock
        self._api = api
        self._language = language
        self._there: dict[str, Workspace] = {}

    async def begin(self) -> None:
        """Take up every workspace that is kept; nothing is asked of Slack."""
        for community, secret in await self._kept.all(NAME):
            try:
                token, identity = _JSON.validate_json(secret)
            except ValidationError:
                log.exception("what is kept of workspace %s is of an unknown shape", community.id)
                continue
            self._there[community.id] = self._opened(token, identity)

    async def end(self) -> None:
        """Close all connections."""
        for there in self.all():
            await there.web.close()
        self._there.clear()

    async def add(self, token: str) -> Workspace:
        """Serve one more, or one anew. Raises `PlatformError`, `StorageError`."""
        there = self._opened(token, Identity())
        try:
            identity = await there.identify(patient=False)
            secret = _JSON.dump_json((token, identity)).decode()
            await self._kept.put(there.community, secret, self._clock.now())
        except BaseException:
            await there.web.close()
            raise
        before, self._there[identity.team] = self._there.get(identity.team), there
        if before:
            await before.web.close()
        return there

    async def drop(self, community: Community) -> None:
        """The app was removed there."""
        await self._kept.remove(community)
        if there := self._there.pop(community.id, None):
            await there.web.close()

    def of(self, community: Community) -> Workspace:
        """See `Workspaces`."""
        if found := self._there.get(community.id):
            return found
        raise PlaceForbidden(f"the app is not installed in {community}", missing="/slack/install")

    def team(self, team: str) -> Workspace | None:
        """See `Workspaces`."""
        return self._there.get(team)

    def all(self) -> list[Workspace]:
        """See `Workspaces`."""
        return list(self._there.values())

    def _opened(self, token: str, identity: Identity) -> Workspace:
        return Workspace(token, self._api, self._language, identity)
