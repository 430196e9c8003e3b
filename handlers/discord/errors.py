"""Discord's refusals in our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot import settings
from bot.errors import (
    MessageGone,
    PlaceForbidden,
    PlatformBusy,
    PlatformError,
    SetupError,
    TooLarge,
    WrongToken,
)

FOREIGN: Final = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""What discord.py raises when Discord refuses or cannot be reached."""

# Codes of Discord's API documentation, "Opcodes and Status Codes".
UNKNOWN_CHANNEL: Final = 10003
NOBODY: Final = frozenset({10007, 10013})
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_EMOJI: Final = 10014
UNKNOWN_INTERACTION: Final = 10062
TOO_LARGE: Final = 40005
_TOO_MANY_OLD_EDITS: Final = 30046
_WRONG_TOKEN: Final = 4004


def token(given: settings.Discord) -> str:
    """The bot token. Raises `WrongToken` when there is none."""
    if given.token is None:
        raise WrongToken("no token", platform="Discord", setting="discord.token")
    return given.token.get_secret_value().strip()


def route(given: settings.Discord) -> None:
    """Point discord.py at the configured addresses. They are the process's: discord.py has no others."""
    api = given.api.rstrip("/")
    if api != Route.BASE:
        Route.BASE = api
    if given.gateway and str(DiscordWebSocket.DEFAULT_GATEWAY) != given.gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(given.gateway)


def refused(error: Exception) -> SetupError | None:
    """The operator's mistake behind a failed start, or None when trying again may help."""
    if isinstance(error, discord.LoginFailure):
        return WrongToken(str(error), platform="Discord", setting="discord.token")
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return SetupError(str(error), key="setup.discord_away", why=str(error))
    if isinstance(error, discord.ConnectionClosed):
        if error.code == _WRONG_TOKEN:
            return WrongToken(str(error), platform="Discord", setting="discord.token")
        return SetupError(str(error), key="setup.discord_away", why=f"{error.code} {error.reason}".strip())
    return None


def renamed(error: Exception, *, limit: int, missing: str) -> PlatformError:
    """A refusal as our error. `limit`: bytes one file may have there; `missing`: the permissions it is about."""
    if isinstance(error, discord.HTTPException):
        return _http(error, limit, missing)
    if isinstance(error, FileNotFoundError):
        return PlatformError(str(error))
    if isinstance(error, (discord.RateLimited, discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError)):
        return PlatformBusy(str(error) or type(error).__name__)
    return PlatformError(str(error))


def _http(error: discord.HTTPException, limit: int, missing: str) -> PlatformError:
    if error.code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
        return MessageGone(str(error))
    if error.status == 413 or error.code == TOO_LARGE:
        return TooLarge(str(error), limit=limit)
    if error.status == 403:
        return PlaceForbidden(str(error), missing=missing)
    if error.status == 429 or error.status >= 500 or error.code == _TOO_MANY_OLD_EDITS:
        return PlatformBusy(str(error))
    return PlatformError(str(error))


@asynccontextmanager
async def edge(seconds: float, *, limit: int, missing: str) -> AsyncGenerator[None]:
    """Everything said to Discord inside ends within `seconds` and fails as a `PlatformError`."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except FOREIGN as error:
        raise renamed(error, limit=limit, missing=missing) from error
    except RuntimeError as error:
        if "closed" not in str(error).lower():  # aiohttp says "Session is closed" while we shut down
            raise
        raise PlatformBusy(str(error)) from error
