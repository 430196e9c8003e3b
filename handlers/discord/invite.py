"""The link that brings the bot into a server with the least it needs."""

from __future__ import annotations

from typing import Final

import discord

from bot import settings
from bot.errors import SetupError
from handlers.discord import errors

SCOPES: Final = ("bot", "applications.commands")
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    embed_links=True,
    read_message_history=True,
    add_reactions=True,
)


def url(application: int) -> str:
    """The link for an application id."""
    return discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=SCOPES)


async def invitation(given: settings.Discord) -> str:
    """The link for the application the token belongs to. Raises `SetupError`."""
    token = errors.token(given)
    errors.route(given)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
        except errors.FOREIGN as error:
            raise errors.refused(error) or SetupError(str(error), key="setup.discord_away", why=str(error)) from error
        assert client.application_id is not None
        return url(client.application_id)
