"""What a workspace holds: channels, who is in them, people and their groups; remembered for a moment, because every
vote asks."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, TypeVar

from handlers.slack import parse
from handlers.slack.shape import Json, part, parts, text, texts
from handlers.slack.web import Web

FRESH_SECONDS: Final = 60
LISTS_SECONDS: Final = 300
"""Lists of the whole workspace change seldom and cost many calls."""
GROUPS_SCOPE: Final = "usergroups:read"
"""We do not ask for it; where an operator has given it, user groups count as roles."""
_PAGE: Final = 200
_PAGES: Final = 100
_MOST: Final = 500

Found = TypeVar("Found")


class Directory:
    """Looks things up in one workspace. Raises `PlatformError`s."""

    def __init__(self, web: Web, now: Callable[[], float] = time.monotonic) -> None:
        self._web = web
        self._now = now
        self._known: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    async def channel(self, channel: str) -> Json:
        """A conversation as Slack describes it."""

        async def look() -> Json:
            return part(await self._web.read("conversations.info", channel=channel), "channel")

        return await self._kept(f"channel:{channel}", FRESH_SECONDS, look)

    async def belongs(self, channel: str, member: str) -> bool:
        """Whether somebody is in a conversation. Who is not in the list we remember may have come since."""
        if member in await self.members(channel):
            return True
        self._known.pop(f"members:{channel}", None)
        return member in await self.members(channel)

    async def members(self, channel: str) -> frozenset[str]:
        """Who is in a conversation."""

        async def look() -> frozenset[str]:
            found: set[str] = set()
            async for told in self._pages("conversations.members", channel=channel):
                found.update(texts(told, "members"))
            return frozenset(found)

        return await self._kept(f"members:{channel}", FRESH_SECONDS, look)

    async def channels(self) -> dict[str, str]:
        """Names of the channels we may know of, by their ids."""

        async def look() -> dict[str, str]:
            kinds, found = "public_channel,private_channel", dict[str, str]()
            async for told in self._pages("conversations.list", types=kinds, exclude_archived="true"):
                found |= {text(one, "id"): text(one, "name") for one in parts(told, "channels")}
            return found

        return await self._kept("channels", FRESH_SECONDS, look)

    async def people(self) -> dict[str, str]:
        """Ids of members by every name they go by, in small letters."""

        async def look() -> dict[str, str]:
            found = dict[str, str]()
            async for told in self._pages("users.list"):
                for user in parts(told, "members"):
                    names = (text(user, "name"), parse.name(user), text(user, "real_name"))
                    found |= {name.lower(): text(user, "id") for name in names if name and not user.get("deleted")}
            return found

        return await self._kept("people", LISTS_SECONDS, look)

    async def groups(self) -> list[Json]:
        """User groups with their members; none where we may not read them."""

        async def look() -> list[Json]:
            return parts(await self._web.read("usergroups.list", include_users="true"), "usergroups")

        return await self._kept("groups", LISTS_SECONDS, look) if GROUPS_SCOPE in self._web.granted else []

    async def groups_of(self, member: str) -> tuple[str, ...]:
        """Ids of the user groups somebody belongs to."""
        return tuple(text(group, "id") for group in await self.groups() if member in texts(group, "users"))

    async def _pages(self, method: str, **arguments: str) -> AsyncIterator[Json]:
        cursor: str | None = None
        for _ in range(_PAGES):
            told = await self._web.read(method, limit=_PAGE, cursor=cursor, **arguments)
            yield told
            cursor = text(part(told, "response_metadata"), "next_cursor") or None
            if cursor is None:
                return

    async def _kept(self, key: str, seconds: float, look: Callable[[], Awaitable[Found]]) -> Found:
        known = self._known.get(key)
        if known and self._now() - known[0] < seconds:
            return known[1]
        found = await look()
        self._known[key] = (self._now(), found)
        self._known.move_to_end(key)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found
