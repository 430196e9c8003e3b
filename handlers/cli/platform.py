"""`olympic make` speaks to the same core as every chat: its card is a progress bar, its channel is a file name."""

from __future__ import annotations

import asyncio
import errno
import getpass
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.errors import CannotPost
from bot.model.card import Card, CardKind, Form, Tone
from bot.model.command import Asked, Create
from bot.model.people import Community, Member, MessageRef, Place, Role
from bot.ports import Handle, Hear, Traits, deaf
from handlers.plain import Plain

NAME: Final = "cli"
TRAITS: Final = Traits(longest_text=100_000, upload_limit=2**40, edit_seconds=0.1, forms=False)
COMMUNITY: Final = Community(NAME, "local")


@dataclass(slots=True)
class Outcome:
    """How it ended: `card` says it in words, `path` is the file when there is one."""

    path: Path | None
    card: Card


Watch = Callable[[Card], None]
"""Is shown every new state of the job."""


@dataclass(slots=True)
class Shell(Plain):
    """Carries one `Create` through and keeps its clip as a file."""

    wish: Create
    out: Path
    language: str
    watch: Watch
    name: str = NAME
    traits: Traits = TRAITS
    job: str = ""
    _ended: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def connected(self) -> bool:
        """A shell is always there."""
        return True

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Ask once, then stay until cancelled."""
        name = _user()
        member = Member(COMMUNITY, name, name, self.language, Role.ADMIN)
        place = Place(COMMUNITY, str(self.out), language=self.language)
        await handle(Asked(self.wish, member, place), self)
        await asyncio.Event().wait()

    async def outcome(self) -> Outcome:
        """Wait for the end."""
        return await asyncio.shield(self._ended)

    async def tell(self, card: Card) -> None:
        """The core's private answer: a refusal ends it, an acceptance names the job, a question cannot be answered."""
        if card.kind is CardKind.NOTICE and card.tone is not Tone.BAD:
            self.job = card.subject or self.job
            self.watch(card)
            return
        self._end(Outcome(None, card))

    async def ask(self, form: Form) -> None:
        """A shell has no forms."""

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        """Start the progress bar."""
        self.job = card.subject
        self.watch(card)
        return MessageRef(place.community, place.channel, card.subject)

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Move it; a job that ended without a clip ends the wait."""
        if ref.id != self.job:
            return
        self.watch(card)
        if card.progress is None and card.tone is not Tone.GOOD:
            self._end(Outcome(None, card))

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        """Copy the clip to its file: to a temporary name first, then renamed."""
        assert card.video is not None
        out = Path(place.channel)
        try:
            await asyncio.to_thread(_copied, card.video.path, out)
        except OSError as error:
            raise CannotPost(str(error), key="cli.cannot_write", file=str(out), why=error.strerror or "") from error
        self._end(Outcome(out, card))
        return MessageRef(place.community, place.channel, card.subject)

    async def delete(self, ref: MessageRef) -> None:
        """The file belongs to the user now."""

    def _end(self, outcome: Outcome) -> None:
        if not self._ended.done():
            self._ended.set_result(outcome)


def refused(out: Path) -> str:
    """Why nothing can be written there, as the system would say it later; empty when all seems well."""
    if out.is_dir():
        return os.strerror(errno.EISDIR)
    folder = next((folder for folder in out.parents if folder.exists()), out.parent)
    if not folder.is_dir():
        return os.strerror(errno.ENOTDIR)
    return "" if os.access(folder, os.W_OK) else os.strerror(errno.EACCES)


def _user() -> str:
    """Who runs the shell; a container's process may have a number and no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def _copied(source: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(source, part)
        part.replace(out)
    finally:
        with suppress(OSError):
            part.unlink()
