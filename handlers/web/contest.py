"""What the contest asks of the studio: votes, letters, people, rooms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Final

from bot.errors import PlaceForbidden, PlatformBusy, StorageError
from bot.locales import words
from bot.model.card import Card, Choice
from bot.model.contest import Arrived, Facts, Voter
from bot.model.people import Community, MessageRef, Place, Role
from bot.model.setup import Channels, Setup, Voting
from bot.ports import Hear, Pick
from handlers.plain import Plain
from handlers.web import people
from handlers.web.letters import Letters
from handlers.web.reactions import BOT, Reactions
from handlers.web.wall import REVIEW, Wall

SETUP: Final = Setup(
    channels=Channels(review=REVIEW, exhibit="exhibit", announcements="announcements"),
    voting=Voting(nominate=2, drop=1, account_days=0),
)
"""The whole contest with four people, so that it can be played through at once."""


class Contest(Plain):
    """The contest's part of the studio."""

    def __init__(self, wall: Wall, reactions: Reactions, letters: Letters, language: str) -> None:
        self._wall = wall
        self._reactions = reactions
        self._letters = letters
        self._language = language

    async def redraw(self, ref: MessageRef, card: Card) -> None:
        """New words and buttons around the film. Raises `MessageGone`."""
        with renamed():
            await self._wall.redraw(ref.id, card)

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """From now on one may vote with this emoji there."""
        with renamed():
            if await self._reactions.set(ref.id, emoji, BOT, on=True):
                self._wall.touch(ref.id)

    async def voters(self, ref: MessageRef, emoji: str) -> AsyncIterator[Voter]:
        """Everybody who pressed."""
        with renamed():
            found = await self._reactions.of(ref.id)
        for member in found.get(emoji, ()):
            yield Voter(member, bot=member == BOT)

    async def facts(self, community: Community, member: str) -> Facts:
        """One of the four; nobody asks how old they are."""
        return Facts(people.name(member, self._language), bot=member == BOT, member=member in people.PEOPLE)

    async def sees(self, place: Place, member: str) -> bool:
        """Whether somebody may look into a room."""
        return place.channel in people.rooms(people.PEOPLE.get(member, Role.MEMBER))

    async def whisper(self, to: Community, member: str, card: Card, *, key: str, again: bool = False) -> None:
        """A private answer that stays until it is dismissed. Raises `PlaceForbidden` for anybody unknown."""
        if member not in people.PEOPLE:
            raise PlaceForbidden(f"{member} is nobody here", missing=member)
        with renamed():
            await self._letters.send(member, card, key)

    async def choices(self, community: Community, what: Pick, language: str) -> list[Choice]:
        """The rooms; instead of roles, which there are none of, the people."""
        if what is Pick.CHANNEL:
            return people.named_rooms(language)
        return [Choice(who, people.name(who, language)) for who in people.PEOPLE]


class Opening:
    """Brings the studio's community to the core, once a run: with a contest that works from the beginning, and for good
    in the language of whoever was the first to look in, so that the cards speak as the pages do."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._begun = False

    async def begin(self, language: str) -> None:
        """Tell it; silent when it was told."""
        if not self._begun:
            self._begun = True
            await self._hear(Arrived(people.COMMUNITY, words(language)("studio.title"), language=language, setup=SETUP))


@contextmanager
def renamed() -> Generator[None]:
    """A log that cannot be written is a platform that cannot be reached for now."""
    try:
        yield
    except (StorageError, OSError) as error:
        raise PlatformBusy(str(error)) from error
