"""The app's own page: what it is, what to try, and the visitor's running requests."""

from __future__ import annotations

import logging

from bot.errors import PlatformError
from bot.locales import words
from bot.model.card import Card, Form
from bot.model.command import Asked, Status
from bot.model.people import Place, Role
from bot.ports import Handle
from handlers.slack import render
from handlers.slack.workspace import Workspace

log = logging.getLogger(__name__)


class Home:
    """Shows the page to those who open it."""

    def __init__(self, there: Workspace, handle: Handle) -> None:
        self._there = there
        self._handle = handle

    async def show(self, user: str) -> None:
        """Ask the core where the visitor's requests stand, as they would, and publish the page with the answer."""
        member = await self._there.people.member(user, user)
        said = _Said()
        place = Place(self._there.community, user, language=member.language)
        await self._handle(Asked(Status(), member, place), said)
        view = render.home(words(member.language), said.cards, admin=member.role is Role.ADMIN)
        try:
            await self._there.web.send("views.publish", user_id=user, view=view)
        except PlatformError as error:
            log.warning("could not show App Home: %r", error)


class _Said:
    """A `Reply` that only listens."""

    def __init__(self) -> None:
        self.cards: list[Card] = []

    async def tell(self, card: Card) -> None:
        self.cards.append(card)

    async def ask(self, form: Form) -> None:
        del form  # nothing is asked on a page that only shows
