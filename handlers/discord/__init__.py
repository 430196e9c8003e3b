"""The bot on Discord: `connect` makes its platform, `check` looks whether it could work, `invitation` brings it in.

platform (keeps the connection) · posting (post, publish, edit) · contest (reactions, members, roles, letters) · hung
(files that stay) · client (connect, hear, acknowledge) · commands, options (what Discord shows) · parse, happenings
(theirs → ours) · render (ours → theirs) · reply (the private way back) · members, rights (who may what) · invite (the
link that brings the bot in).
"""

from __future__ import annotations

from bot.ports import Platform
from bot.settings import Settings
from handlers import Kit
from handlers.discord.invite import check, invitation
from handlers.discord.platform import DiscordPlatform

__all__ = ["DiscordPlatform", "check", "connect", "invitation"]


def connect(settings: Settings, kit: Kit) -> Platform | None:
    """The platform as soon as there is a token; nothing is connected before its `run`."""
    return DiscordPlatform(settings.discord, kit.completions, meter=kit.meter) if settings.discord.token else None
