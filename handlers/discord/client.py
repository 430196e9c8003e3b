"""The connection to Discord: hears people, acknowledges in time, brings their files, asks the core.

Buttons and forms carry all they need in their custom ids, so nothing is remembered here and a restart changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator, Hashable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

import discord

from bot import settings
from bot.completion import Completions
from bot.errors import BadReference, OlympicError
from bot.grammar import WORDS, Word
from bot.locales import words
from bot.model.card import Card, CardKind, Tone
from bot.model.command import Asked, Attachment
from bot.model.contest import Happening, Resumed
from bot.ports import Handle, Hear, Meter, deaf
from handlers.discord import commands, errors, happenings, language, parse
from handlers.discord.members import Members
from handlers.discord.reply import Answer
from handlers.discord.turns import Turns

log = logging.getLogger(__name__)

LARGEST_UPLOAD: Final = 25 * 1024 * 1024
"""Bytes of a member's file that are still read into memory; what it holds is judged elsewhere."""
_DOWNLOAD: Final = 60.0
_SYNC: Final = 30.0
_GRACE: Final = 5.0

INTENTS: Final = discord.Intents(guilds=True, guild_reactions=True, guild_messages=True)
"""None of them is privileged. Without `guild_messages` Discord does not say that a message was deleted."""

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we have no voice, so nothing is missing for one


class Client(discord.Client):
    """One connection. `up` is set as soon as messages can be posted; `again`: there was another one before."""

    def __init__(
        self,
        given: settings.Discord,
        completions: Completions,
        handle: Handle,
        up: asyncio.Event,
        meter: Meter,
        hear: Hear = deaf,
        vocabulary: Sequence[Word] = WORDS,
        *,
        again: bool = False,
    ) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=60.0,
        )
        self._completions = completions
        self._handle = handle
        self._hear = hear
        self._up = up
        self._again = again
        self._turns = Turns()
        self.members = Members(self)
        self._meter = meter
        self._guild = given.sync_guild
        self._tasks: set[asyncio.Task[Any]] = set()
        self.tree = commands.tree(self, self.serve, completions, guild=given.sync_guild, vocabulary=vocabulary)

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

    async def on_ready(self) -> None:
        """A new session: what happened between the last one and this was not told."""
        if self._again:
            await self._tell(Resumed(parse.PLATFORM))
        self._again = True

    async def on_resumed(self) -> None:
        """The old session goes on; Discord repeats what it still remembers."""
        await self._tell(Resumed(parse.PLATFORM))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Brought into a server."""
        await self._tell(happenings.arrived(guild))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Removed from a server."""
        await self._tell(happenings.departed(guild))

    async def on_raw_reaction_add(self, told: discord.RawReactionActionEvent) -> None:
        """A reaction, with who gave it."""
        if told.member is not None:
            self.members.see(told.member)
        await self._react(told, on=True)

    async def on_raw_reaction_remove(self, told: discord.RawReactionActionEvent) -> None:
        """A reaction was taken back."""
        await self._react(told, on=False)

    async def on_raw_reaction_clear(self, told: discord.RawReactionClearEvent) -> None:
        """All reactions under a message were cleared."""
        await self._tell(happenings.cleared(told))

    async def on_raw_reaction_clear_emoji(self, told: discord.RawReactionClearEmojiEvent) -> None:
        """All reactions with one emoji were cleared."""
        await self._tell(happenings.cleared_emoji(told))

    async def on_raw_message_delete(self, told: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted."""
        await self._tell(happenings.vanished(told.guild_id, told.channel_id, told.message_id))

    async def on_raw_bulk_message_delete(self, told: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted at once."""
        await self._tell(happenings.vanished(told.guild_id, told.channel_id, *sorted(told.message_ids)))

    async def _react(self, told: discord.RawReactionActionEvent, *, on: bool) -> None:
        me = self.user.id if self.user else 0
        turn = (told.message_id, told.user_id)
        await self._tell(happenings.reacted(told, me, on=on), turn)

    async def _tell(self, happening: Happening | None, turn: Hashable = None) -> None:
        """Hand a happening over; those of one `turn` in the order they came."""
        if happening is None:
            return
        with self._owned():
            if turn is None:
                await self._hear(happening)
                return
            async with self._turns.of(turn):
                await self._hear(happening)

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
