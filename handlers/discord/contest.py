"""What the contest asks of Discord: reactions, members, roles, letters, permissions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Literal

import discord

from bot.errors import BadEmoji, PlaceForbidden, PlatformBusy
from bot.model.card import Card, Choice
from bot.model.contest import Facts, Voter
from bot.model.people import Community, MessageRef, Place
from bot.ports import Need, Pick
from handlers.discord import errors, language, parse, render, rights
from handlers.discord.client import Client
from handlers.discord.hung import File, Hanging, Hung, redraw
from handlers.discord.posting import CALL, TRAITS, Posting, once

if TYPE_CHECKING:
    from discord.types.user import User

_PAGE: Final = 100
_KINDS: Final[tuple[Literal[0, 1], ...]] = (0, 1)
"""Common reactions and super reactions, which Discord lists apart."""


class Contest(Posting):
    """The contest's part of `Platform`."""

    def __init__(self, connecting: float) -> None:
        super().__init__(connecting)
        self._hanging = Hanging()

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Show a card's new state. Raises `MessageGone`."""
        self._hanging.forget(int(ref.id))
        await super().edit(ref, card)

    async def redraw(self, ref: MessageRef, card: Card) -> None:
        """New words and buttons; film and poster stay as they hang. Raises `MessageGone`."""
        client, channel, message = await self._reach(), int(ref.channel), int(ref.id)
        try:
            async with _asking(client, ref.community, ["read_message_history"]):
                hung = await self._hanging.under(client, channel, message)
        except PlaceForbidden:  # then the file is called what we called it
            hung = Hung(tuple(File(None, name) for name in render.names(card)), None)
        shown = render.card(card, mark=hung.mark, kept=[file.name for file in hung.files])
        shown.view.stop()
        async with self._edge(client, channel, (), None):
            await redraw(client, channel, message, shown.view, hung.files)

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """Put the bot's own reaction under a message; Discord is silent when it is there already."""
        client, channel = await self._reach(), int(ref.channel)
        async with _asking(client, ref.community, ["read_message_history", "add_reactions"], emoji):
            await client.http.add_reaction(channel, int(ref.id), _token(emoji))

    async def voters(self, ref: MessageRef, emoji: str) -> AsyncIterator[Voter]:
        """Everybody who reacted with `emoji`, page by page, each once."""
        client, seen = await self._reach(), set[str]()
        for kind in _KINDS:
            after: int | None = None
            while True:
                page = await _page(client, ref, emoji, after, kind)
                for user in page:
                    who = str(user["id"])
                    if who not in seen:
                        seen.add(who)
                        yield Voter(who, bool(user.get("bot")))
                if len(page) < _PAGE:
                    break
                after = int(page[-1]["id"])

    async def facts(self, community: Community, member: str) -> Facts:
        """What Discord knows of an account; when it was made stands in its number."""
        created = discord.utils.snowflake_time(int(member))
        found = await _member(await self._reach(), community, member)
        if found is None:
            return Facts(created=created, member=False)
        return Facts(found.display_name, found.bot, created, found.joined_at, parse.held(found))

    async def sees(self, place: Place, member: str) -> bool:
        """Whether a member may view a channel, by their roles and the channel's overwrites."""
        client, number = await self._reach(), int(place.thread or place.channel)
        if client.get_channel(number) is None:
            await self._settled(client)
        channel = client.get_channel(number)
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return True
        found = await _member(client, place.community, member)
        if found is None:
            return False
        try:
            return channel.permissions_for(found).view_channel
        except discord.ClientException:  # a thread whose channel is not known
            return True

    async def whisper(self, to: Community, member: str, card: Card, *, key: str, again: bool = False) -> None:
        """A direct message. Raises `PlaceForbidden` when they take none."""
        client = await self._reach()
        shown = render.card(card, mark=render.mark(key), home=to.id if to.id.isdecimal() else "")
        shown.view.stop()
        missing = rights.named([rights.LETTERS], _tongue(client, to))
        async with errors.edge(CALL, limit=TRAITS.upload_limit, missing=missing):
            channel = await client.create_dm(discord.Object(int(member)))
            await once(client, channel.id, shown, key, mention=None, again=again)

    async def grant(self, community: Community, member: str, role: str, *, on: bool) -> None:
        """Give or take a role; nothing is taken from somebody who left. Raises `PlaceForbidden`."""
        client = await self._reach()
        change = client.http.add_role if on else client.http.remove_role
        missing = rights.named([_lacking(client, community)], _tongue(client, community))
        async with errors.edge(CALL, limit=0, missing=missing):
            try:
                await change(int(community.id), int(member), int(role))
            except discord.NotFound as error:
                if on or error.code not in errors.NOBODY:
                    raise

    async def missing(self, place: Place, needs: AbstractSet[Need]) -> tuple[str, ...]:
        """Which permissions the bot lacks there; in a channel that is not there it sees nothing."""
        client, channel = await self._reach(), int(place.thread or place.channel or 0)
        guild, wanted = await self._server(client, place.community), rights.needed(needs)
        if guild is None or guild.unavailable:
            return ()
        if channel and guild.get_channel_or_thread(channel) is None:
            return (rights.named([rights.VIEW], place.language),)
        lacking = rights.missing(client, channel, wanted) if channel else rights.lacking(guild, wanted)
        return tuple(rights.named([name], place.language) for name in lacking)

    async def choices(self, community: Community, what: Pick, language: str) -> list[Choice]:
        """Text channels as they are listed, or roles from the highest down."""
        del language  # they are named by the server itself
        client = await self._reach()
        guild = await self._server(client, community)
        if guild is None:
            return []
        if what is Pick.CHANNEL:
            return [Choice(str(channel.id), f"#{channel.name}") for channel in guild.text_channels]
        roles = [role for role in reversed(guild.roles) if not role.is_default() and not role.managed]
        return [Choice(str(role.id), f"@{role.name}") for role in roles]

    async def _server(self, client: Client, community: Community) -> discord.Guild | None:
        found = _guild(client, community)
        if found is None or found.unavailable:
            await self._settled(client)
        return _guild(client, community)

    async def _settled(self, client: Client) -> None:
        """Wait until Discord has told all its servers: before that, not knowing one means nothing."""
        try:
            async with asyncio.timeout(self._connecting):
                await client.wait_until_ready()
        except TimeoutError:
            raise PlatformBusy("Discord has not told its servers yet") from None


async def _page(client: Client, ref: MessageRef, emoji: str, after: int | None, kind: Literal[0, 1]) -> list[User]:
    async with _asking(client, ref.community, ["view_channel", "read_message_history"], emoji):
        channel, message, token = int(ref.channel), int(ref.id), _token(emoji)
        return await client.http.get_reaction_users(channel, message, token, _PAGE, after, kind)


async def _member(client: Client, community: Community, member: str) -> discord.Member | None:
    if not community.id.isdecimal():
        return None
    async with _asking(client, community, [rights.VIEW]):
        return await client.members.find(int(community.id), int(member))


@asynccontextmanager
async def _asking(
    client: Client, community: Community, permissions: Iterable[str], emoji: str = ""
) -> AsyncGenerator[None]:
    """One call that needs these permissions and may be about an emoji."""
    missing = rights.named(permissions, _tongue(client, community))
    async with errors.edge(CALL, limit=TRAITS.upload_limit, missing=missing):
        try:
            yield
        except discord.HTTPException as error:
            if error.code == errors.UNKNOWN_EMOJI:
                raise BadEmoji(str(error), emoji=emoji) from error
            raise


def _token(emoji: str) -> str:
    """An emoji as Discord's addresses name it: itself, or `name:id` for a server's own."""
    parsed = discord.PartialEmoji.from_str(emoji.strip())
    return f"{parsed.name}:{parsed.id}" if parsed.id else parsed.name


def _guild(client: Client, community: Community) -> discord.Guild | None:
    return client.get_guild(int(community.id)) if community.id.isdecimal() else None


def _tongue(client: Client, community: Community) -> str:
    guild = _guild(client, community)
    return language.tag(guild.preferred_locale if guild else None)


def _lacking(client: Client, community: Community) -> str:
    """Why a role could not be given: no right to roles at all, or only to lower ones."""
    guild = _guild(client, community)
    allowed = guild is not None and not guild.unavailable and guild.me.guild_permissions.manage_roles
    return rights.ROLE_ORDER if allowed else rights.ROLES
