"""Discord as a `Platform`: posts with the bot's own rights, finds again what it posted, and keeps the connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import discord

from bot import settings
from bot.completion import Completions
from bot.errors import MessageGone, PlaceForbidden, PlatformBusy, PlatformError, TooLarge
from bot.locales import words
from bot.model.card import Card
from bot.model.people import MessageRef, Place
from bot.ports import Handle, Hear, Meter, Traits, Unmetered, deaf
from handlers.discord import errors, language, parse, render
from handlers.discord.client import Client
from handlers.discord.reply import opened
from handlers.plain import Plain

log = logging.getLogger(__name__)

TRAITS: Final = Traits(
    longest_text=render.LONGEST,
    upload_limit=discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES,
    shared_accounts=True,
    roles=True,
    edit_seconds=2.0,  # five edits in five seconds are customary; less leaves room for everything else
)
_CALL, _UPLOAD = 60.0, 300.0
"""Seconds one call may take, without and with files."""
CONNECTING: Final = 20.0
"""Seconds a posting waits for the connection before it is told to come again."""
_LOOK_BACK: Final = 300
"""Messages of a channel that are searched for an earlier posting."""
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


class DiscordPlatform(Plain):
    """Implements `Platform`. A guild is a community; a thread is posted to by its own id."""

    name = parse.PLATFORM
    traits = TRAITS

    def __init__(
        self,
        given: settings.Discord,
        completions: Completions,
        *,
        connecting: float = CONNECTING,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
        self._token = errors.token(given)
        self._given = given
        self._completions = completions
        self._connecting = connecting
        self._client: Client | None = None
        self._up = asyncio.Event()

    def client(self, handle: Handle) -> Client:
        """A new connection that serves `handle` and that messages are posted through from now on."""
        self._up.clear()
        self._client = Client(self._given, self._completions, handle, self._up, self._meter)
        return self._client

    @property
    def connected(self) -> bool:
        """Whether the gateway is open; discord.py closes and resumes it by itself."""
        return self._up.is_set() and self._client is not None and self._client.hears

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Stay connected until cancelled. Raises `SetupError` for what only the operator can mend."""
        errors.route(self._given)
        pause = _SHORTEST_PAUSE
        while True:
            try:
                async with self.client(handle) as client:
                    await client.start(self._token)
            except errors.FOREIGN as error:
                if refused := errors.refused(error):
                    raise refused from error
                # discord.py resumes by itself; here it gave up.
                log.warning("Discord cannot be reached, trying again: %s", error)
            except Exception:
                log.exception("The connection to Discord broke, trying again")
            finally:
                pause = _SHORTEST_PAUSE if self._up.is_set() else min(2 * pause, _LONGEST_PAUSE)
                self._up.clear()
            await asyncio.sleep(pause)

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
                found = await _find(client, channel, key) if again else None
                message = found or await _post(client, channel, shown, card.mention, key)
        except MessageGone as gone:  # the channel itself
            raise PlaceForbidden(gone.detail, missing=_named(client, channel, ["view_channel"])) from gone
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
        if missing := _missing(client, channel, files=bool(files)):
            raise PlaceForbidden("known beforehand", missing=_named(client, channel, missing))
        most = _limit(client, channel, limit)
        if any(_size(file) > most for file in files):
            raise TooLarge("known beforehand", limit=most)

    @asynccontextmanager
    async def _edge(
        self, client: Client, channel: int, files: Iterable[render.File], limit: int | None
    ) -> AsyncGenerator[None]:
        likely = ["send_messages", "attach_files"] if files else ["view_channel", "send_messages"]
        missing = _named(client, channel, likely)
        seconds = _UPLOAD if files else _CALL
        async with errors.edge(seconds, limit=_limit(client, channel, limit), missing=missing):
            yield


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


def _missing(client: Client, channel: int, *, files: bool) -> list[str]:
    """The permissions the bot lacks there, as far as the connection knows the channel."""
    found = client.get_channel(channel)
    if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
        return []
    try:
        have = found.permissions_for(found.guild.me)
    except discord.ClientException:  # a thread whose channel is not known
        return []
    sends = "send_messages_in_threads" if isinstance(found, discord.Thread) else "send_messages"
    needed = ["view_channel", sends, *(["attach_files"] if files else [])]
    return [name for name in needed if not getattr(have, name)]


def _named(client: Client, channel: int, permissions: Iterable[str]) -> str:
    """Permissions as the server's own language calls them."""
    guild = getattr(client.get_channel(channel), "guild", None)
    say = words(language.tag(guild.preferred_locale if guild else None))
    return ", ".join(say(f"discord.permission.{name}") for name in permissions)


def _limit(client: Client, channel: int, told: int | None) -> int:
    guild = getattr(client.get_channel(channel), "guild", None)
    return parse.upload_limit(guild) or told or TRAITS.upload_limit


def _size(file: render.File) -> int:
    return file.source.stat().st_size if isinstance(file.source, Path) else len(file.source)
