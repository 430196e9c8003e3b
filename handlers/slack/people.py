"""Who a member is: name, language and role from users.info, remembered for a few minutes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from bot.errors import PlatformError
from bot.model.people import Community, Member
from handlers.slack import parse
from handlers.slack.directory import Directory
from handlers.slack.shape import part, text
from handlers.slack.web import Web

log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 300
"""So long a role taken away may still be believed."""
PATIENCE_SECONDS: Final = 1.2
"""A form must open within 3 s of the press: rather the wrong language than no form."""
_MOST: Final = 5000


class People:
    """Looks members up in one workspace."""

    def __init__(
        self,
        web: Web,
        community: Community,
        language: str,
        now: Callable[[], float] = time.monotonic,
        directory: Directory | None = None,
    ) -> None:
        self._directory = directory or Directory(web, now)
        self._web = web
        self._community = community
        self._language = language
        self._now = now
        self._known: OrderedDict[str, tuple[float, Member]] = OrderedDict()

    async def member(self, user: str, called: str) -> Member:
        """The member; without rights and in the default language when Slack does not answer in time."""
        seen = self._known.get(user)
        if seen and self._now() - seen[0] < FRESH_SECONDS:
            return seen[1]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                found = await self._look(user)
        except (PlatformError, TimeoutError) as error:
            log.warning("could not look member %s up: %r", user, error)
            return Member(self._community, user, called or user, self._language)
        self._remember(user, found)
        return found

    async def _look(self, user: str) -> Member:
        told = part(await self._web.read("users.info", user=user, include_locale="true"), "user")
        language = text(told, "locale") or self._language
        groups = await self._directory.groups_of(user)
        return Member(self._community, user, parse.name(told) or user, language, parse.role(told), groups)

    def _remember(self, user: str, member: Member) -> None:
        self._known[user] = (self._now(), member)
        self._known.move_to_end(user)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
