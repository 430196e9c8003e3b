"""Slack: one workspace by Socket Mode or signed HTTP.

client   the Platform: posts, edits, publishes, runs        door     the two ways in
inbox    what is heard, acknowledged at once, once          reply    the private way back
parse    theirs -> ours (shape reads their JSON)            render   ours -> theirs
web      the Web API, its errors renamed                    people   who a member is
clip     the video into the card's thread                   picture  the still into the card
find     what an earlier run posted                         manifest what Slack must know about the app
checkup  what the doctor finds
"""

from __future__ import annotations

from bot.errors import SetupError
from bot.locales import words
from bot.ports import Platform
from bot.settings import Settings
from handlers import Kit
from handlers.slack.checkup import check
from handlers.slack.client import SlackPlatform

__all__ = ["SlackPlatform", "check", "connect"]


def connect(settings: Settings, kit: Kit) -> Platform | None:
    """The workspace's platform, or None without a bot token; nothing is connected before its `run`.

    Raises `SetupError` with a bot token but neither an app token nor a signing secret.
    """
    slack = settings.slack
    if slack.bot_token is None:
        return None
    if slack.app_token is None and slack.signing_secret is None:
        raise SetupError("neither slack.app_token nor slack.signing_secret is set", key="slack.setup.way")

    def ready(team: str, bot: str) -> None:
        kit.announce(words(settings.language)("slack.ready", team=team, bot=bot))

    return SlackPlatform(slack, slack.bot_token.get_secret_value(), settings.language, on_ready=ready, meter=kit.meter)
