"""Messages with the bot's own rights: posted once under their key, edited, removed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import discord

from bot.errors import MessageGone, PlaceForbidden, PlatformBusy, PlatformError, TooLarge
from bot.model.card import Card
from bot.model.people import MessageRef, Place
from bot.ports import Traits
from handlers.discord import errors, render, rights
from handlers.discord.client import Client
from handlers.discord.reply import opened

log = logging.getLogger(__name__)

TRAITS: Final = Traits(
    longest_text=render.LONGEST,
    upload_limit=discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES,
    shared_accounts=True,
    roles=True,
    by_role=True,
    edit_seconds=2.0,  # five edits in five seconds are customary; less leaves room for everything else
)
CALL: Final = 60.0
_UPLOAD: Final = 300.0
"""Seconds one call may take, without and with files."""
_LOOK_BACK: Final = 300
"""Messages of a channel that are searched for an earlier posting."""


class Posting:
    """The part of `Platform` that posts; whoever connects sets `_client` and `_up`."""

    def __init__(self, connecting: float) -> None:
        self._connecting = connecting
        self._client: Client | None = None
        self._up = asyncio.Event()

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        """Post a card that will be edited later."""
        return await self._send(place, card, key, again=again)

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        """Post an entry with its video, then remove the job's card."""
        ref = await self._send(place, card, key, again=again)
        if instead_of is not None and instead_of != ref:
            try:
                await self.delete(instead_of)
            except PlatformError as error:
                log.warning("A finished request's card stays behind: %s", error)
        return ref

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Show a card's new state. Raises `MessageGone`."""
        client = await self._reach()
        shown = render.card(card)
        shown.view.stop()
        async with self._edge(client, int(ref.channel), shown.files, None):
            self._check(client, int(ref.channel), shown.files, None)
            message = client.get_partial_messageable(int(ref.channel)).get_partial_message(int(ref.id))
            await message.edit(
                view=shown.view, attachments=opened(shown.files), allowed_mentions=discord.AllowedMentions.none()
            )

    async def delete(self, ref: MessageRef) -> None:
        """Remove a message of ours; silent when it is already gone."""
        client = await self._reach()
        try:
            async with self._edge(client, int(ref.channel), (), None):
                await client.get_partial_messageable(int(ref.channel)).get_partial_message(int(ref.id)).delete()
        except MessageGone:
            log.debug("Message %s was gone already", ref.id)

    async def _send(self, place: Place, card: Card, key: str, *, again: bool) -> MessageRef:
        client = await self._reach()
        channel = int(place.thread or place.channel)
        shown = render.card(card, mark=render.mark(key))
        shown.view.stop()  # so that discord.py keeps no state for it: buttons carry their own
        try:
            async with self._edge(client, channel, shown.files, place.upload_limit):
                self._check(client, channel, shown.files, place.upload_limit)
                message = await once(client, channel, shown, key, mention=card.mention, again=again)
        except MessageGone as gone:  # the channel itself
            missing = rights.named([rights.VIEW], rights.tongue(client, channel))
            raise PlaceForbidden(gone.detail, missing=missing) from gone
        return MessageRef(place.community, str(channel), str(message.id))

    async def _reach(self) -> Client:
        try:
            async with asyncio.timeout(self._connecting):
                await self._up.wait()
        except TimeoutError:
            raise PlatformBusy("Discord is not connected") from None
        assert self._client is not None
        return self._client

    def _check(self, client: Client, channel: int, files: Iterable[render.File], limit: int | None) -> None:
        """What is known to fail is not tried."""
        wanted = [rights.VIEW, rights.SEND, *([rights.FILES] if files else [])]
        if missing := rights.missing(client, channel, wanted):
            raise PlaceForbidden("known beforehand", missing=rights.named(missing, rights.tongue(client, channel)))
        most = rights.limit(client, channel, limit, TRAITS.upload_limit)
        if any(_size(file) > most for file in files):
            raise TooLarge("known beforehand", limit=most)

    @asynccontextmanager
    async def _edge(
        self, client: Client, channel: int, files: Iterable[render.File], limit: int | None
    ) -> AsyncGenerator[None]:
        likely = [rights.SEND, rights.FILES] if files else [rights.VIEW, rights.SEND]
        missing = rights.named(likely, rights.tongue(client, channel))
        most = rights.limit(client, channel, limit, TRAITS.upload_limit)
        async with errors.edge(_UPLOAD if files else CALL, limit=most, missing=missing):
            yield


async def once(
    client: Client, channel: int, shown: render.Shown, key: str, *, mention: str | None, again: bool
) -> discord.Message:
    """The message posted under `key`: found when an earlier run may have posted it, else posted now."""
    found = await _find(client, channel, key) if again else None
    return found or await _post(client, channel, shown, mention, key)


async def _post(client: Client, channel: int, shown: render.Shown, mention: str | None, key: str) -> discord.Message:
    # With a nonce discord.py also sends enforce_nonce: for some minutes a repeated posting returns the first one.
    mentions = discord.AllowedMentions.none()
    if mention:
        mentions.users = [discord.Object(int(mention))]
    return await client.get_partial_messageable(channel).send(
        view=shown.view, files=opened(shown.files), nonce=render.nonce(key), allowed_mentions=mentions
    )


async def _find(client: Client, channel: int, key: str) -> discord.Message | None:
    """The message an earlier run posted under `key`: Discord keeps its container's number, and forgets the nonce."""
    mark = render.mark(key)
    try:
        async for message in client.get_partial_messageable(channel).history(limit=_LOOK_BACK):
            if message.author == client.user and any(getattr(part, "id", None) == mark for part in message.components):
                return message
    except discord.Forbidden:
        log.warning("May not read channel %s: an earlier posting there cannot be looked for", channel)
    return None


def _size(file: render.File) -> int:
    return file.source.stat().st_size if isinstance(file.source, Path) else len(file.source)
