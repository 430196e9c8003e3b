"""A handler that does nothing but acknowledge, on the bare SDK: what the product's acknowledgement is compared with."""

from __future__ import annotations

import asyncio
import os
import sys


async def discord_bare() -> None:
    import discord
    from discord import app_commands
    from yarl import URL

    discord.http.Route.BASE = os.environ["OLYMPIC_DISCORD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["OLYMPIC_DISCORD_GATEWAY"])
    client = discord.Client(intents=discord.Intents(guilds=True))
    tree = app_commands.CommandTree(client)
    group = app_commands.Group(name="olympic", description="bare")

    @group.command(name="status", description="bare")
    async def status(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)

    tree.add_command(group)

    async def setup() -> None:
        await tree.sync()

    client.setup_hook = setup
    async with client:
        await client.start(os.environ["OLYMPIC_DISCORD_TOKEN"])


async def slack_bare() -> None:
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    token, api = os.environ["OLYMPIC_SLACK_BOT_TOKEN"], os.environ["OLYMPIC_SLACK_API"]
    app = AsyncApp(client=AsyncWebClient(token, base_url=api))

    @app.command("/olympic")
    async def command(ack) -> None:
        await ack()

    await AsyncSocketModeHandler(app, os.environ["OLYMPIC_SLACK_APP_TOKEN"]).start_async()


asyncio.run({"discord": discord_bare, "slack": slack_bare}[sys.argv[1]]())
