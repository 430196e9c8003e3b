"""Theirs to ours: what happens under messages and to servers. Nothing here touches the network."""

from __future__ import annotations

import discord

from bot.model.contest import Arrived, Cleared, Departed, Reacted, Vanished
from handlers.discord import language, parse


def reacted(told: discord.RawReactionActionEvent, me: int, *, on: bool) -> Reacted | None:
    """A reaction that may be a vote: none of our own, and as far as Discord says so under a message of ours."""
    if told.guild_id is None or told.user_id == me:
        return None
    if told.message_author_id not in (None, me):  # only said when one is added
        return None
    ref = parse.reference(told.guild_id, told.channel_id, told.message_id)
    bot = told.member is not None and told.member.bot
    return Reacted(ref, str(told.emoji), str(told.user_id), on, bot)


def cleared(told: discord.RawReactionClearEvent) -> Cleared | None:
    """All reactions were taken from a message."""
    if told.guild_id is None:
        return None
    return Cleared(parse.reference(told.guild_id, told.channel_id, told.message_id))


def cleared_emoji(told: discord.RawReactionClearEmojiEvent) -> Cleared | None:
    """All reactions with one emoji were taken from a message."""
    if told.guild_id is None:
        return None
    return Cleared(parse.reference(told.guild_id, told.channel_id, told.message_id), str(told.emoji))


def vanished(guild: int | None, channel: int, *messages: int) -> Vanished | None:
    """Messages were deleted, ours among them or not: Discord does not say whose they were."""
    if guild is None:
        return None
    return Vanished(tuple(parse.reference(guild, channel, message) for message in messages))


def arrived(guild: discord.Guild) -> Arrived:
    """The bot was brought into a server, and may say hello where newcomers are greeted or in the first channel."""
    greeting = next(iter(filter(_may_write, [guild.system_channel, *guild.text_channels])), None)
    return Arrived(
        parse.community(guild.id),
        guild.name,
        str(greeting.id) if greeting else "",
        language.tag(guild.preferred_locale),
    )


def departed(guild: discord.Guild) -> Departed:
    """The bot was removed from a server."""
    return Departed(parse.community(guild.id))


def _may_write(channel: discord.TextChannel | None) -> bool:
    if channel is None:
        return False
    allowed = channel.permissions_for(channel.guild.me)
    return allowed.view_channel and allowed.send_messages
