"""The link that brings the bot into a server with the least it needs, and whether the bot could work there."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import discord

from bot.errors import SetupError
from bot.locales import words
from bot.model.finding import Finding, Verdict
from bot.settings import Discord, Settings
from handlers.discord import errors, parse

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


async def invitation(given: Discord) -> str:
    """The link for the application the token belongs to. Raises `SetupError`."""
    async with _introduced(given) as client:
        return _link(client)


async def check(settings: Settings) -> Finding:
    """Whether the token is good, commands reach this process, and any server has the bot. Never raises."""
    say, name = words(settings.language), parse.PLATFORM
    if settings.discord.token is None:
        return Finding(name, Verdict.IDLE, say("doctor.not_configured"))
    try:
        async with _introduced(settings.discord) as client:
            servers = [guild async for guild in client.fetch_guilds(limit=200)]
            link, elsewhere = _link(client), client.application and client.application.interactions_endpoint_url
    except SetupError as error:
        return Finding(name, Verdict.BROKEN, say(error.sentence, **error.facts), say("discord.doctor_remedy"))
    if elsewhere:  # then Discord sends commands and buttons there, and none over the gateway
        said = say("discord.doctor_endpoint", address=elsewhere)
        return Finding(name, Verdict.BROKEN, said, say("discord.doctor_endpoint_remedy"))
    if not servers:
        return Finding(name, Verdict.WARNING, say("discord.doctor_nowhere"), say("discord.doctor_invite", link=link))
    return Finding(name, Verdict.GOOD, say("discord.doctor", n=len(servers)))


@asynccontextmanager
async def _introduced(given: Discord) -> AsyncGenerator[discord.Client]:
    """A client that is logged in but not connected. Whatever Discord refuses becomes a `SetupError`."""
    token = errors.token(given)
    errors.route(given)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
            yield client
        except errors.FOREIGN as error:
            raise errors.refused(error) or SetupError(str(error), key="setup.discord_away", why=str(error)) from error


def _link(client: discord.Client) -> str:
    assert client.application_id is not None  # known once logged in
    return url(client.application_id)
