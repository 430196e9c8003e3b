"""The messages of the studio: remembered through the log, shown from memory, every change told to the feed."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.errors import MessageGone
from bot.model.card import Card
from bot.ports import Clock, Log, Logged, MediaStore
from handlers.web.feed import Feed
from handlers.web.hung import Hung, Preview, hang, read, write

logger = logging.getLogger(__name__)

CHANNEL: Final = "wall"
"""The channel people work in."""
REVIEW: Final = "review"
"""The moderators' own."""
ROOMS: Final = (CHANNEL, "exhibit", "announcements", REVIEW)
"""Channels people look at, one at a time."""
SHOWN: Final = 100
"""Messages of one room on the page; older ones stay in the log."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is now; `preview` is its picture where that is only in memory."""

    id: str
    created: datetime
    hung: Hung
    preview: Preview | None = None
    room: str = CHANNEL


class Wall:
    """What hangs. `load` comes first."""

    def __init__(self, log: Log, media: MediaStore, clock: Clock, feed: Feed) -> None:
        self._log = log
        self._media = media
        self._clock = clock
        self._feed = feed
        self._messages: dict[str, Message] = {}

    async def load(self) -> None:
        """Read what an earlier run has hung."""
        self._messages.clear()
        for room in ROOMS:
            for logged in await self._log.latest(room, SHOWN):
                if message := _message(logged):
                    self._messages[logged.id] = message

    def newest(self, room: str = CHANNEL) -> list[Message]:
        """What is shown in a room, newest first."""
        return list(reversed(self._in(room)))[:SHOWN]

    def get(self, message: str) -> Message | None:
        """One message that is shown."""
        return self._messages.get(message)

    async def post(self, channel: str, card: Card, key: str, *, again: bool) -> str:
        """Hang a card and return its message's id. A key that is already there keeps its message."""
        if again and (found := await self._log.find(key)):
            return found.id
        hung, preview = await hang(card, self._media, keep=card.progress is None)
        message = await self._log.add(key, channel, write(hung), self._clock.now())
        if channel in ROOMS and message not in self._messages:
            self._show(Message(message, self._clock.now(), hung, preview, channel))
        return message

    async def edit(self, message: str, card: Card) -> None:
        """Show a card's new state. Raises `MessageGone`."""
        before = self._messages.get(message)
        hung, preview = await hang(card, self._media, keep=card.progress is None)
        only_moved = before is not None and _resting(before.hung) == _resting(hung)
        if not only_moved and not await self._log.change(message, write(hung)):
            raise MessageGone(message)
        if before := self._messages.get(message):
            kept = preview or (before.preview if card.progress else None)
            still = hung.still or (before.hung.still if kept else None)
            shown = dataclasses.replace(hung, still=still)
            self._show(dataclasses.replace(before, hung=shown, preview=kept))

    async def redraw(self, message: str, card: Card) -> None:
        """New words and buttons around the film and picture that hang there. Raises `MessageGone`."""
        logged = None if message in self._messages else await self._log.get(message)
        before = self._messages.get(message) or (_message(logged) if logged else None)
        if before is None:
            raise MessageGone(message)
        hung = dataclasses.replace(before.hung, card=dataclasses.replace(card, picture=None, video=None))
        if not await self._log.change(message, write(hung)):
            raise MessageGone(message)
        if message in self._messages:
            self._show(dataclasses.replace(self._messages[message], hung=hung))

    def touch(self, message: str) -> None:
        """What is shown beside its card has changed."""
        if message in self._messages:
            self._feed.message(message)

    async def become(self, message: str, card: Card) -> bool:
        """Turn a message into another one, where it hangs; False when it is gone."""
        try:
            await self.edit(message, card)
        except MessageGone:
            return False
        return True

    async def remove(self, message: str) -> None:
        """Take a message down; silent when it is already gone."""
        await self._log.remove(message)
        if self._messages.pop(message, None):
            self._feed.message(message)

    def _show(self, message: Message) -> None:
        self._messages[message.id] = message
        for old in self._in(message.room)[: -2 * SHOWN]:
            del self._messages[old.id]
        self._feed.message(message.id)

    def _in(self, room: str) -> list[Message]:
        return [message for message in self._messages.values() if message.room == room]


def _message(logged: Logged) -> Message | None:
    hung = read(logged.body)
    if hung is None:
        logger.warning("message %s of the studio's log is of an unknown shape and is not shown", logged.id)
        return None
    return Message(logged.id, logged.created, hung, room=logged.channel)


def _resting(hung: Hung) -> Hung:
    """Without what moves several times a second: that is not worth a write to the disk."""
    card = hung.card
    if card.progress is None:
        return hung
    return Hung(dataclasses.replace(card, progress=dataclasses.replace(card.progress, fraction=None, words="")))
