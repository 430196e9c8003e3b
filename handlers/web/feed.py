"""What has changed, numbered, so that every open page learns of it once and in order.

The feed says only *that* a message or a member's answers changed; a page that wakes up renders their newest state.
Edits that follow each other quickly therefore merge by themselves, however slow the page is.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass
from typing import Final

REMEMBERED: Final = 512
"""Changes kept for pages that come back; a page that missed more is told everything."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of the message `message`, or of the private answers of `member`."""

    number: int
    message: str = ""
    member: str = ""


class Feed:
    """The changes of one run of the process. Positions name the run, so those of an earlier run are recognised."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._changes: deque[Change] = deque(maxlen=REMEMBERED)
        self._news = asyncio.Event()
        self.number = 0
        self.closed = False

    def message(self, message: str) -> None:
        """A message was posted, edited or removed."""
        self._add(Change(self.number + 1, message=message))

    def answers(self, member: str) -> None:
        """A member's private answers changed."""
        self._add(Change(self.number + 1, member=member))

    def position(self, number: int | None = None) -> str:
        """A place in the feed as pages keep it (the id of a server-sent event)."""
        return f"{self._run}-{self.number if number is None else number}"

    def place(self, position: str) -> int | None:
        """The number of a position; None when it is of another run, or too old to continue from."""
        run, _, number = position.partition("-")
        if run != self._run or not number.isdecimal():
            return None
        oldest = self._changes[0].number - 1 if self._changes else self.number
        return int(number) if oldest <= int(number) <= self.number else None

    def since(self, number: int) -> list[Change]:
        """Changes after `number`, oldest first."""
        return [change for change in self._changes if change.number > number]

    async def wait(self, number: int, seconds: float) -> None:
        """Until there is something after `number`, the feed is closed, or `seconds` have passed."""
        if self.closed or self.number > number:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    def open(self) -> None:
        """Let streams run, again after a `close`."""
        self.closed = False

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self._wake()

    def _add(self, change: Change) -> None:
        self.number = change.number
        self._changes.append(change)
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
