"""Letters to one person, sent outside any conversation: kept in the log until that person dismisses them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.model.card import Card
from bot.ports import Clock, Log, MediaStore
from handlers.web.hung import hang, read, write
from handlers.web.mailbox import MOST, Mailbox

_READ: Final = ""
"""The body of a letter that was dismissed: its key is remembered, so that it is not sent again."""


class Letters:
    """Puts letters among the private answers. `load` comes first."""

    def __init__(self, log: Log, media: MediaStore, clock: Clock, mailbox: Mailbox) -> None:
        self._log = log
        self._media = media
        self._clock = clock
        self._mailbox = mailbox

    async def load(self, members: Iterable[str]) -> None:
        """Bring back what nobody has dismissed yet."""
        for member in members:
            for logged in await self._log.latest(_channel(member), MOST):
                hung = read(logged.body) if logged.body != _READ else None
                if hung is not None:
                    self._mailbox.put(member, hung, letter=logged.id)

    async def send(self, member: str, card: Card, key: str) -> None:
        """Once under each key, however often it is tried."""
        key = f"letter:{member}:{key}"
        if await self._log.find(key):
            return
        hung, _ = await hang(card, self._media, keep=True)
        letter = await self._log.add(key, _channel(member), write(hung), self._clock.now())
        self._mailbox.put(member, hung, letter=letter)

    async def dismiss(self, member: str, answer: str) -> None:
        """It was read; silent when it is no letter of theirs."""
        found = self._mailbox.get(member, answer)
        if found and found.letter:
            await self._log.change(answer, _READ)


def _channel(member: str) -> str:
    return f"letters:{member}"
