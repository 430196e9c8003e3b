"""What a platform without reactions, roles and private messages answers when the contest asks for them.

A real platform overrides what it can do; the shell overrides nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet

from bot.model.card import Card, Choice
from bot.model.contest import Facts, Voter
from bot.model.people import Community, MessageRef, Place
from bot.ports import Need, Pick


class Plain:
    """The contest's part of `bot.ports.Platform`, with nothing to offer."""

    async def redraw(self, ref: MessageRef, card: Card) -> None:
        """Works are not changed once they are handed over."""

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """There are no reactions."""

    async def voters(self, ref: MessageRef, emoji: str) -> AsyncIterator[Voter]:
        """Nobody reacts."""
        for nobody in ():
            yield nobody

    async def facts(self, community: Community, member: str) -> Facts:
        """Nothing is known of anybody."""
        return Facts()

    async def sees(self, place: Place, member: str) -> bool:
        """Everything is seen."""
        return True

    async def whisper(self, to: Community, member: str, card: Card, *, key: str, again: bool = False) -> None:
        """Nobody is reached outside a conversation."""

    async def grant(self, community: Community, member: str, role: str, *, on: bool) -> None:
        """There are no roles."""

    async def missing(self, place: Place, needs: AbstractSet[Need]) -> tuple[str, ...]:
        """Nothing is forbidden."""
        return ()

    async def choices(self, community: Community, what: Pick, language: str) -> list[Choice]:
        """There is nothing to choose from."""
        return []
