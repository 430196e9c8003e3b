"""What the bot may do, as far as the connection knows a channel, in the words of the server's people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

import discord

from bot.locales import words
from bot.ports import Need
from handlers.discord import language, parse

VIEW: Final = "view_channel"
SEND: Final = "send_messages"
FILES: Final = "attach_files"
ROLES: Final = "manage_roles"
ROLE_ORDER: Final = "role_order"
LETTERS: Final = "direct_messages"
_NEEDED: Final[Mapping[Need, tuple[str, ...]]] = {
    Need.POST: (VIEW, SEND),
    Need.FILES: (FILES,),
    Need.REACT: ("read_message_history", "add_reactions"),
    Need.HISTORY: ("read_message_history",),
    Need.ROLES: (ROLES,),
}


def needed(needs: AbstractSet[Need]) -> tuple[str, ...]:
    """The permissions for what is to be done."""
    return tuple(dict.fromkeys(name for need in Need if need in needs for name in _NEEDED[need]))


def missing(client: discord.Client, channel: int, permissions: Iterable[str]) -> list[str]:
    """Those the bot lacks in a channel; none where the connection does not know it."""
    found = client.get_channel(channel)
    if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
        return []
    me = found.guild.me
    try:
        have = found.permissions_for(me)
    except discord.ClientException:  # a thread whose channel is not known
        return []
    threaded = isinstance(found, discord.Thread)
    asked = ["send_messages_in_threads" if name == SEND and threaded else name for name in permissions]
    # In a channel the right to roles means the channel's own settings.
    return [name for name in asked if not getattr(me.guild_permissions if name == ROLES else have, name)]


def lacking(guild: discord.Guild, permissions: Iterable[str]) -> list[str]:
    """Those the bot lacks in a server as a whole."""
    return [name for name in permissions if not getattr(guild.me.guild_permissions, name)]


def named(permissions: Iterable[str], tag: str) -> str:
    """Permissions as Discord calls them in a language."""
    say = words(tag)
    return ", ".join(say(f"discord.permission.{name}") for name in permissions)


def tongue(client: discord.Client, channel: int) -> str:
    """The language of a channel's server."""
    guild = getattr(client.get_channel(channel), "guild", None)
    return language.tag(guild.preferred_locale if guild else None)


def limit(client: discord.Client, channel: int, told: int | None, usual: int) -> int:
    """Bytes of one file there."""
    guild = getattr(client.get_channel(channel), "guild", None)
    return parse.upload_limit(guild) or told or usual
