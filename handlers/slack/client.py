"""Slack as a platform: connect, serve, and do what the core asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final

from bot.model.contest import Arrived, Resumed
from bot.ports import Handle, Hear, Meter, Traits, Unmetered, deaf
from bot.settings import Slack
from handlers.slack import clip, render
from handlers.slack.contest import Contest
from handlers.slack.door import Door, HttpDoor, door
from handlers.slack.inbox import AGAIN, Inbox
from handlers.slack.install import Install, Installed
from handlers.slack.many import Many
from handlers.slack.parse import NAME
from handlers.slack.web import UPLOAD_LIMIT
from handlers.slack.workspace import One, Workspace

EDIT_SECONDS: Final = 1.5
"""chat.update is tier 3, some 50 a minute, shared by all cards of a workspace."""


class SlackPlatform(Contest):
    """One workspace or many, by Socket Mode or signed HTTP. Implements `bot.ports.Platform`."""

    def __init__(
        self,
        settings: Slack,
        token: str,
        language: str,
        *,
        on_ready: Callable[[str, str], None] = lambda _team, _bot: None,
        looks: Sequence[float] = clip.LOOKS,
        again: Sequence[float] = AGAIN,
        many: Many | None = None,
        meter: Meter | None = None,
    ) -> None:
        """`on_ready` is told workspace and bot; `looks`: seconds between looks for a clip Slack has not yet shown;
        `again`: seconds before an event that could not be looked up is looked up again;
        `many`: all workspaces that install the app, instead of the one of `token`."""
        super().__init__(many or One(Workspace(token, settings.api, language)), looks)
        self._many = many
        self._again = again
        self._meter = meter or Unmetered()
        self._on_ready = on_ready
        self._settings = settings
        self._language = language
        self._door: Door | None = None

    @property
    def name(self) -> str:
        """As in `Community.platform`."""
        return NAME

    @property
    def traits(self) -> Traits:
        """Slack's limits."""
        return Traits(render.LONGEST_TEXT, UPLOAD_LIMIT, EDIT_SECONDS, edits_shared=True, native_emoji=False)

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us."""
        return self._door is not None and self._door.reachable

    @property
    def port(self) -> int:
        """Where signed HTTP listens; 0 while it does not."""
        return self._door.port if self._door else 0

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Connect, serve until cancelled, close gracefully; may be run again. Raises `SetupError` at the start."""
        async with AsyncExitStack() as leaving:
            leaving.push_async_callback(self._workspaces.end)
            await self._workspaces.begin()
            inbox = Inbox(self._workspaces, self._language, handle, hear, self._again)
            leaving.push_async_callback(inbox.close)
            self._door = door(self._settings, self._workspaces, lambda: inbox.tell(Resumed(NAME)), self._meter)
            if self._many and isinstance(self._door, HttpDoor):
                Install(self._settings, self._language, self._installed(self._many, inbox)).attach(self._door.pages)
            leaving.push_async_callback(self._door.close)
            inbox.attach(self._door.app)
            for there in self._workspaces.all():
                inbox.tell(Arrived(there.community, there.identity.team_name))
            await self._door.open()
            for there in self._workspaces.all():
                self._on_ready(there.identity.team_name, there.identity.bot_name)
            await self._door.watch()

    def _installed(self, many: Many, inbox: Inbox) -> Installed:
        async def installed(token: str, by: str) -> str:
            there = await many.add(token)
            called = there.identity.team_name
            inbox.tell(Arrived(there.community, called, language=self._language, inviter=by))
            self._on_ready(called, there.identity.bot_name)
            return called

        return installed

    async def aclose(self) -> None:
        """Close the connections of a platform that posts without serving; `run` does so by itself."""
        await self._workspaces.end()
