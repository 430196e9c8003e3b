"""Who talks to us: platforms, and the way back to the one who asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.model.card import Card, Choice, Form
from bot.model.command import Asked
from bot.model.contest import (
    Facts,
    Happening,
    Voter,
)
from bot.model.people import Community, MessageRef, Place


@dataclass(frozen=True, slots=True)
class Traits:
    """How a platform differs, as data; read before a card is rendered or a file is sent."""

    longest_text: int
    """Characters one message may hold."""
    upload_limit: int
    """Bytes of one attachment where the place does not say otherwise."""
    edit_seconds: float
    """Least time between two edits of one message."""
    edits_shared: bool = False
    """The pace holds for all messages of a community together (Slack's tiers), not for each message."""
    forms: bool = True
    """It can open a form in answer to a command or button."""
    tells_language: bool = True
    """It tells the asker's language."""
    shared_accounts: bool = False
    """A member's id means the same person in all its communities (Discord); else only in one (a Slack workspace)."""
    roles: bool = False
    """It has roles that can be given."""
    by_role: bool = False
    """The moderators' and the admins' words are commands of their own: /olympic-mod, and /olympic-admin without
    "admin"."""
    native_emoji: bool = True
    """Reactions are told as the emoji itself, not by a name."""


class Need(StrEnum):
    """What the bot is to do in a channel."""

    POST = "post"
    FILES = "files"
    REACT = "react"
    HISTORY = "history"
    ROLES = "roles"
    """Give and take roles; the community's right, not one channel's."""


class Pick(StrEnum):
    """What an admin chooses among."""

    CHANNEL = "channel"
    ROLE = "role"


class Reply(Protocol):
    """The way back to the one who asked, private to them. The platform has already acknowledged in time."""

    async def tell(self, card: Card) -> None:
        """Say something only the asker sees."""
        ...

    async def ask(self, form: Form) -> None:
        """Open a form for the asker."""
        ...


Handle = Callable[[Asked, Reply], Awaitable[None]]
"""How a platform hands over what somebody asked."""
Hear = Callable[[Happening], Awaitable[None]]
"""How a platform tells what happened without anybody asking."""


async def deaf(_: Happening) -> None:
    """Hears nothing: for those who run a platform without a contest."""


class Platform(Protocol):
    """One way to reach a community with the bot's own rights.

    Every posting carries `key`, stable over restarts. With `again` the same key may already have been posted by an
    earlier run: the platform looks before it posts and returns what it finds. Raises `PlatformError`s only.
    """

    @property
    def name(self) -> str:
        """As in `Community.platform`."""
        ...

    @property
    def traits(self) -> Traits:
        """Its differences."""
        ...

    @property
    def connected(self) -> bool:
        """Whether it hears people and can be posted to at this moment."""
        ...

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Connect, serve until cancelled, close gracefully. Raises `SetupError` when it cannot start.

        `hear` is told of reactions under any message of ours and of what else happens; it never raises.
        """
        ...

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        """Post a card that will be edited later."""
        ...

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Show a card's new state. Raises `MessageGone`."""
        ...

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        """Post a finished entry with its video and return the message people react to.

        `instead_of` is the job's card: the platform turns it into the entry or removes it once the entry is there.
        """
        ...

    async def delete(self, ref: MessageRef) -> None:
        """Remove a message of ours; silent when it is already gone."""
        ...

    async def redraw(self, ref: MessageRef, card: Card) -> None:
        """New words and buttons for a published work; its film and poster stay as they hang (`card.video` is not sent
        again). Raises `MessageGone`."""
        ...

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """Put the bot's own reaction under a message, so that voting is one press; silent when it is there already.

        Raises `BadEmoji` for one the bot may not use.
        """
        ...

    def voters(self, ref: MessageRef, emoji: str) -> AsyncIterator[Voter]:
        """Everybody who reacted with `emoji`, read page by page. Raises `MessageGone`, `PlatformBusy`."""
        ...

    async def facts(self, community: Community, member: str) -> Facts:
        """What the platform knows of an account, for fairness and roles."""
        ...

    async def sees(self, place: Place, member: str) -> bool:
        """Whether an account can see a channel; True where the platform does not tell."""
        ...

    async def whisper(self, to: Community, member: str, card: Card, *, key: str, again: bool = False) -> None:
        """A private message to one account, outside any conversation. Raises `PlaceForbidden` when they take none."""
        ...

    async def grant(self, community: Community, member: str, role: str, *, on: bool) -> None:
        """Give or take a role. Raises `PlaceForbidden`; facts: missing."""
        ...

    async def missing(self, place: Place, needs: AbstractSet[Need]) -> tuple[str, ...]:
        """Which permissions the bot lacks in a channel for what it is to do there, as the platform's people call them
        in `place.language`; empty: none."""
        ...

    async def choices(self, community: Community, what: Pick, language: str) -> list[Choice]:
        """Channels or roles an admin may choose from."""
        ...
