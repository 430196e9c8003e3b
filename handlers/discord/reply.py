"""The private way back to the one who asked, over an interaction whose token lives for fifteen minutes."""

from __future__ import annotations

import asyncio
import io
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Final

import discord

from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Form
from bot.model.measure import ACKNOWLEDGED
from bot.ports import Meter, Unmetered
from handlers.discord import errors, language, parse, render

log = logging.getLogger(__name__)

PATIENCE: Final = 1.5
"""Seconds a form may take to be made; Discord gives three until the first answer."""
_LIMIT: Final = 120.0
"""Seconds one answer may take to send, with its picture."""


class Stage(Enum):
    """How far the interaction has been answered."""

    OPEN = "nothing said: a form may still be shown"
    THINKING = "acknowledged: an answer of its own is awaited"
    QUIET = "acknowledged: the card its button hangs on may be replaced"
    SAID = "answered: more goes into new messages"


class Answer:
    """`Reply` for one interaction. Whatever fails here is logged, never raised: the request itself is not harmed."""

    def __init__(
        self,
        interaction: parse.AnyInteraction,
        *,
        form: bool = False,
        replace: bool = False,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
        self._heard = time.monotonic()
        self._interaction = interaction
        self._form = form
        self._replace = replace
        spoken = None if interaction.guild_id else parse.home(interaction)
        self._home = str(spoken or "")
        """The server spoken of in a letter; elsewhere the place says it."""
        self._words = words(language.tag(interaction.locale))
        self._stage = Stage.OPEN
        self._lock = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None

    async def open(self) -> bool:
        """Acknowledge: at once, or a little later where a form may come first.

        False when Discord had already told the asker that nobody answered: then nothing must be done in their name.
        """
        if not self._form:
            return await self._acknowledge()
        self._timer = asyncio.create_task(self._acknowledge_later(), name=f"ack of {self._interaction.id}")
        return True

    async def tell(self, card: Card) -> None:
        """Say something only the asker sees; by direct message when the interaction is dead."""
        async with self._lock:
            if not await self._safely(lambda: self._say(card)):
                await self._safely(lambda: self._write(card))

    async def ask(self, form: Form) -> None:
        """Open the form, or offer a button for it when it came too late to be the first answer."""
        async with self._lock:
            if self._stage is Stage.OPEN:
                self._stage = Stage.SAID
                await self._safely(lambda: self._show(form))
                return
        await self.tell(self._offer(form))

    async def close(self) -> None:
        """Leave nothing "thinking" behind."""
        if self._timer:
            self._timer.cancel()
            await asyncio.gather(self._timer, return_exceptions=True)
        if self._stage is Stage.OPEN:
            await self._acknowledge()
        if self._stage is Stage.THINKING:
            await self._safely(self._interaction.delete_original_response)

    async def _acknowledge_later(self) -> None:
        await asyncio.sleep(PATIENCE)
        await self._acknowledge()

    async def _acknowledge(self) -> bool:
        async with self._lock:
            if self._stage is not Stage.OPEN:
                return True
            self._stage = Stage.QUIET if self._replace else Stage.THINKING
            try:
                async with asyncio.timeout(_LIMIT):
                    await self._interaction.response.defer(ephemeral=True, thinking=not self._replace)
            except errors.FOREIGN as error:
                log.warning("Discord did not take an acknowledgement: %s", error)
                return getattr(error, "code", None) != errors.UNKNOWN_INTERACTION
            self._taken()
            return True

    def _taken(self) -> None:
        """Discord has our first answer."""
        self._meter.observe(ACKNOWLEDGED, time.monotonic() - self._heard, parse.PLATFORM)

    async def _say(self, card: Card) -> None:
        shown = render.card(card, home=self._home)
        shown.view.stop()  # so that discord.py keeps no state for it: buttons carry their own
        stage, self._stage = self._stage, Stage.SAID
        files = opened(shown.files)
        if stage is Stage.OPEN:
            await self._interaction.response.send_message(view=shown.view, files=files, ephemeral=True)
            self._taken()
        elif stage is Stage.SAID:
            await self._interaction.followup.send(view=shown.view, files=files, ephemeral=True)
        else:
            await self._interaction.edit_original_response(view=shown.view, attachments=files)

    async def _show(self, form: Form) -> None:
        modal = render.form(form, self._home)
        modal.stop()  # its submission is read from the wire, also after a restart
        await self._interaction.response.send_modal(modal)
        self._taken()

    async def _write(self, card: Card) -> None:
        shown = render.card(card, buttons=False)  # in direct messages no button would know its server
        await self._interaction.user.send(view=shown.view, files=opened(shown.files))

    async def _safely(self, say: Callable[[], Awaitable[object]]) -> bool:
        try:
            async with asyncio.timeout(_LIMIT):
                await say()
        except errors.FOREIGN as error:
            log.warning("Discord did not take an answer: %s", error)
            return False
        return True

    def _offer(self, form: Form) -> Card:
        pressed = parse.action(self._interaction.custom_id or "")
        button = Button(pressed or "compose", form.title, style=ButtonStyle.MAIN)
        return Card(CardKind.NOTICE, self._words("discord.form_late"), buttons=(button,))


def opened(files: Sequence[render.File]) -> list[discord.File]:
    """Files ready to be sent; discord.py closes them."""
    return [
        discord.File(
            io.BytesIO(file.source) if isinstance(file.source, bytes) else file.source,
            filename=file.name,
            description=file.alt or None,
        )
        for file in files
    ]
