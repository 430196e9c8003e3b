"""What has changed, as server-sent events: the newest state of each message, as HTML made for the one who looks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

from handlers.web.feed import Change, Feed
from handlers.web.mailbox import Mailbox
from handlers.web.people import Visitor
from handlers.web.render import Pages
from handlers.web.wall import Wall

HEARTBEAT: Final = 15.0
"""Seconds of silence after which a comment proves that the line is alive."""


class Stream:
    """One page's events."""

    def __init__(self, feed: Feed, wall: Wall, mailbox: Mailbox, pages: Pages, visitor: Visitor) -> None:
        self._feed = feed
        self._wall = wall
        self._mailbox = mailbox
        self._pages = pages
        self._visitor = visitor

    async def events(self, position: str) -> AsyncIterator[str]:
        """From a position on, or everything when that is unknown; ends when the studio closes."""
        number = self._feed.place(position)
        yield "retry: 1000\n\n"
        if number is None:
            number = self._feed.number
            yield self._event("wall", self.everything(), number)
        while not self._feed.closed:
            await self._feed.wait(number, HEARTBEAT)
            changes = self._feed.since(number)
            for event in self._news(changes):
                yield event
            if not changes:
                yield ": still here\n\n"
            number = max(number, *(change.number for change in changes)) if changes else number

    def everything(self) -> dict[str, Any]:
        """All cards, newest first, and all private answers."""
        me = self._visitor
        cards = [{"id": one.id, "html": self._pages.message(me, one)} for one in self._wall.newest(me.room)]
        return {"cards": cards, "answers": self.answers()}

    def answers(self) -> list[dict[str, Any]]:
        """The visitor's private answers as they are now."""
        me = self._visitor
        return [{"id": answer.id, "html": self._pages.answer(me, answer)} for answer in self._mailbox.of(me.member.id)]

    def _news(self, changes: Iterable[Change]) -> Iterable[str]:
        """Each changed thing once, under the number of its latest change."""
        latest = {(change.message, change.member): change.number for change in changes}
        for (message, member), number in sorted(latest.items(), key=lambda item: item[1]):
            if message:
                yield from self._message(message, number)
            elif member == self._visitor.member.id:
                yield self._event("answers", {"answers": self.answers()}, number)

    def _message(self, message: str, number: int) -> Iterable[str]:
        """A card that hangs in the room the visitor looks at, or one that is gone."""
        found = self._wall.get(message)
        if found is None:
            yield self._event("gone", {"id": message}, number)
        elif found.room == self._visitor.room:
            yield self._event("card", {"id": message, "html": self._pages.message(self._visitor, found)}, number)

    def _event(self, kind: str, data: dict[str, Any], number: int) -> str:
        return f"id: {self._feed.position(number)}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
