"""What one pastes into Discord's and Slack's own pages to connect the product."""

from __future__ import annotations

import typer

from bot.errors import SetupError
from bot.settings import Settings


async def invite(settings: Settings) -> int:
    """The address that invites the bot; needs the token, which knows the application."""
    from handlers.discord import invitation

    if settings.discord.token is None:
        raise SetupError(key="setup.no_discord_token")
    typer.echo(await invitation(settings.discord))
    return 0


def manifest(url: str) -> None:
    """The Slack app manifest as JSON."""
    from handlers.slack.manifest import manifest as made

    typer.echo(made(socket_mode=not url, address=url), nl=False)
