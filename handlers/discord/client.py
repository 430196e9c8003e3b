"""The connection to Discord: hears people, acknowledges in time, brings their files, asks the core.

Buttons and forms carry all they need in their custom ids, so nothing is remembered here and a restart changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

import discord

from bot import settings
from bot.completion import Completions
from bot.errors import BadReference, OlympicError
from bot.locales import words
from bot.model.card import Card, CardKind, Tone
from bot.model.command import Asked, Attachment
from bot.ports import Meter, Reply
from handlers.discord import commands, errors, language, parse
from handlers.discord.reply import Answer

log = logging.getLogger(__name__)

Handle = Callable[[Asked, Reply], Awaitable[None]]

LARGEST_UPLOAD: Final = 25 * 1024 * 1024
"""Bytes of a member's file that are still read into memory; what it holds is judged elsewhere."""
_DOWNLOAD: Final = 60.0
_SYNC: Final = 30.0
_GRACE: Final = 5.0


discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we have no voice, so nothing is missing for one


class Client(discord.Client):
    """One connection. `up` is set as soon as messages can be posted."""

    def __init__(
        self, given: settings.Discord, completions: Completions, handle: Handle, up: asyncio.Event, meter: Meter
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=60.0,
        )
        self._completions = completions
        self._handle = handle
        self._up = up
        self._meter = meter
        self._guild = given.sync_guild
        self._tasks: set[asyncio.Task[Any]] = set()
        self.tree = commands.tree(self, self.serve, completions, guild=given.sync_guild)

    @property
    def hears(self) -> bool:
        """Whether the gateway's connection stands."""
        return bool(self.ws) and self.ws.open

    async def setup_hook(self) -> None:
        """Logged in: register the commands. Without them old ones keep working, so a failure only is logged."""
        self._up.set()
        try:
            async with asyncio.timeout(_SYNC):
                await commands.sync(self.tree, self._completions, guild=self._guild)
        except errors.FOREIGN as error:
            log.error("Discord did not take the commands: %s", error)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Buttons and forms; commands come through the tree."""
        if interaction.type is discord.InteractionType.component:
            await self.serve(interaction, parse.pressed(interaction.custom_id or ""))
        elif interaction.type is discord.InteractionType.modal_submit:
            await self.serve(interaction, parse.submitted(cast("Mapping[str, Any]", interaction.data or {})))

    async def serve(self, interaction: parse.AnyInteraction, heard: parse.Heard) -> None:
        """Acknowledge first, then fetch files, then ask the core."""
        command = heard.command
        private = interaction.message is not None and interaction.message.flags.ephemeral
        replace = private and parse.turns_page(command)
        answer = Answer(interaction, form=parse.opens_form(command), replace=replace, meter=self._meter)
        with self._owned():
            if not await answer.open():
                return
            try:
                await self._ask(interaction, heard, answer)
            finally:
                await answer.close()

    async def _ask(self, interaction: parse.AnyInteraction, heard: parse.Heard, answer: Answer) -> None:
        try:
            files = await self._fetch(heard.uploads)
        except BadReference as refusal:
            await answer.tell(_refused(refusal, language.tag(interaction.locale)))
            return
        asked = Asked(heard.read(files), parse.member(interaction), parse.place(interaction))
        await self._handle(asked, answer)

    async def _fetch(self, uploads: Mapping[str, parse.Upload]) -> dict[str, Attachment]:
        return {name: await self._download(upload) for name, upload in uploads.items()}

    async def _download(self, upload: parse.Upload) -> Attachment:
        if upload.size > LARGEST_UPLOAD:
            raise BadReference(key="discord.file_large", name=upload.name, limit=LARGEST_UPLOAD // 1024**2)
        try:
            async with asyncio.timeout(_DOWNLOAD):
                data = await self.http.get_from_cdn(upload.url)
        except errors.FOREIGN as error:
            raise BadReference(str(error), key="discord.file_lost", name=upload.name) from error
        return Attachment(upload.name, data, upload.mime)

    @contextmanager
    def _owned(self) -> Generator[None]:
        """discord.py starts a task for every interaction and forgets it; this client ends what is left of them."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def close(self) -> None:
        """Let what was asked be answered for a moment, then end it and disconnect."""
        if not self.is_closed() and self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_GRACE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=_GRACE)
        await super().close()


def _refused(error: OlympicError, tag: str) -> Card:
    return Card(CardKind.NOTICE, words(tag)(error.sentence, **error.facts), tone=Tone.BAD)
