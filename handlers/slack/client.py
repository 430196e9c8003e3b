"""Slack as a platform: connect, serve, and do what the core asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final

from bot.model.contest import Arrived, Resumed
from bot.ports import Handle, Hear, Traits, deaf
from bot.settings import Slack
from handlers.slack import clip, render
from handlers.slack.contest import Contest
from handlers.slack.door import Door, door
from handlers.slack.inbox import Inbox
from handlers.slack.parse import NAME
from handlers.slack.web import UPLOAD_LIMIT
from handlers.slack.workspace import One, Workspace

EDIT_SECONDS: Final = 1.5
"""chat.update is tier 3, some 50 a minute, shared by all cards of a workspace."""


class SlackPlatform(Contest):
    """One workspace, by Socket Mode or signed HTTP. Implements `bot.ports.Platform`."""

    def __init__(
        self,
        settings: Slack,
        token: str,
        language: str,
        *,
        on_ready: Callable[[str, str], None] = lambda _team, _bot: None,
        looks: Sequence[float] = clip.LOOKS,
    ) -> None:
        """`on_ready` is told workspace and bot; `looks`: seconds between looks for a clip Slack has not yet shown."""
        self._workspace = Workspace(token, settings.api, language)
        super().__init__(One(self._workspace), looks)
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
    def port(self) -> int:
        """Where signed HTTP listens; 0 while it does not."""
        return self._door.port if self._door else 0

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Connect, serve until cancelled, close gracefully; may be run again. Raises `SetupError` at the start."""
        async with AsyncExitStack() as leaving:
            self._workspace.web.open()
            leaving.push_async_callback(self._workspace.web.close)
            identity = await self._workspace.identify()
            inbox = Inbox(self._workspaces, self._language, handle, hear)
            leaving.push_async_callback(inbox.close)
            self._door = door(self._settings, self._workspace, lambda: inbox.tell(Resumed(NAME)))
            leaving.push_async_callback(self._door.close)
            inbox.attach(self._door.app)
            inbox.tell(Arrived(self._workspace.community, identity.team_name))
            await self._door.open()
            self._on_ready(identity.team_name, identity.bot_name)
            await self._door.watch()

    async def aclose(self) -> None:
        """Close the connections of a platform that posts without serving; `run` does so by itself."""
        await self._workspace.web.close()
