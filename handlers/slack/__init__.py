"""Slack: one workspace by Socket Mode or signed HTTP."""

from __future__ import annotations

from bot.errors import SetupError
from bot.settings import Slack
from handlers.slack.client import SlackPlatform
from handlers.slack.manifest import manifest

__all__ = ["SlackPlatform", "create", "manifest"]


def create(settings: Slack, *, language: str = "en") -> SlackPlatform:
    """The platform for a workspace. `language`: what everybody reads, and members whose own is unknown.

    Raises `SetupError` without a bot token, or with neither an app token nor a signing secret.
    """
    if settings.bot_token is None:
        raise SetupError("slack.bot_token is empty", key="slack.setup.way")
    if settings.app_token is None and settings.signing_secret is None:
        raise SetupError("neither slack.app_token nor slack.signing_secret is set", key="slack.setup.way")
    return SlackPlatform(settings, settings.bot_token.get_secret_value(), language)
