"""The bot on Discord: `connect` makes its platform.

platform (post, publish, edit) · client (connect, hear, acknowledge) · commands (what Discord shows) · parse (theirs →
ours) · render (ours → theirs) · reply (the private way back) · invite (the link that brings the bot in).
"""

from __future__ import annotations

from bot import settings
from bot.ports import Platform
from handlers.discord.commands import Completions
from handlers.discord.invite import invitation
from handlers.discord.platform import DiscordPlatform

__all__ = ["Completions", "DiscordPlatform", "connect", "invitation"]


def connect(given: settings.Discord, completions: Completions) -> Platform:
    """The platform for a token; nothing is connected before its `run`. Raises `WrongToken` when there is none."""
    return DiscordPlatform(given, completions)
