"""The messages of the studio: remembered through the log, shown from memory, every change told to the feed."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.errors import MessageGone
from bot.model.card import Card
from bot.ports import Clock, Log, MediaStore
from handlers.web.feed import Feed
from handlers.web.hung import Hung, Preview, hang, read, write

logger = logging.getLogger(__name__)

CHANNEL: Final = "wall"
"""The one channel people look at."""
SHOWN: Final = 100
"""Messages on the page; older ones stay in the log."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is now; `preview` is its picture where that is only in memory."""

    id: str
    created: datetime
    hung: Hung
    preview: Preview | None = None


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
        for logged in await self._log.latest(CHANNEL, SHOWN):
            hung = read(logged.body)
            if hung is None:
                logger.warning("message %s of the studio's log is of an unknown shape and is not shown", logged.id)
            else:
                self._messages[logged.id] = Message(logged.id, logged.created, hung)

    def newest(self) -> list[Message]:
        """What is shown, newest first."""
        return list(reversed(self._messages.values()))[:SHOWN]

    def get(self, message: str) -> Message | None:
        """One message that is shown."""
        return self._messages.get(message)

    async def post(self, channel: str, card: Card, key: str, *, again: bool) -> str:
        """Hang a card and return its message's id. A key that is already there keeps its message."""
        if again and (found := await self._log.find(key)):
            return found.id
        hung, preview = await hang(card, self._media, keep=card.progress is None)
        message = await self._log.add(key, channel, write(hung), self._clock.now())
        if channel == CHANNEL and message not in self._messages:
            self._show(Message(message, self._clock.now(), hung, preview))
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
            self._show(Message(message, before.created, dataclasses.replace(hung, still=still), kept))

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
        while len(self._messages) > 2 * SHOWN:
            del self._messages[next(iter(self._messages))]
        self._feed.message(message.id)


def _resting(hung: Hung) -> Hung:
    """Without what moves several times a second: that is not worth a write to the disk."""
    card = hung.card
    if card.progress is None:
        return hung
    return Hung(dataclasses.replace(card, progress=dataclasses.replace(card.progress, fraction=None, words="")))
