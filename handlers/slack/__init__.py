"""Slack: one workspace or many, by Socket Mode or signed HTTP.

client    the Platform: connects, runs                     door      the two ways in
posting   cards and works, with the clip (clip, picture)   contest   votes, letters, people, channels
inbox     what is heard, acknowledged at once, once        reply     the private way back
parse     theirs → ours (shape reads their JSON)           render    ours → theirs
naming    names in typed words → ids                       home      the app's own page
happenings  events → ours                                  emoji     Slack's names of them
workspace one token and all we keep for it                 many      all that installed the app
web       the Web API, its errors renamed                  install   installing by OAuth
pairs     card and clip of one work                        find      what an earlier run posted
people    who a member is                                  directory channels, people, groups
manifest  what Slack must know about the app               checkup   what the doctor finds
"""

from __future__ import annotations

from bot.errors import SetupError
from bot.locales import words
from bot.ports import Platform
from bot.settings import Settings
from handlers import Kit
from handlers.slack.checkup import check
from handlers.slack.client import SlackPlatform
from handlers.slack.install import lacking
from handlers.slack.many import Many

__all__ = ["SlackPlatform", "check", "connect"]


def connect(settings: Settings, kit: Kit) -> Platform | None:
    """The platform, or None without a bot token or client id; nothing is connected before its `run`.

    Raises `SetupError` with a bot token but neither an app token nor a signing secret, and with a client id but
    without all that installing needs.
    """
    slack = settings.slack
    if not slack.on:
        return None

    def ready(team: str, bot: str) -> None:
        kit.announce(words(settings.language)("slack.ready", team=team, bot=bot))

    if slack.bot_token is None:
        if trouble := lacking(slack):
            raise SetupError(f"{trouble} is not set", key="slack.setup.install", setting=trouble)
        many = Many(kit.installations, kit.clock, slack.api, settings.language)
        return SlackPlatform(slack, "", settings.language, on_ready=ready, many=many, meter=kit.meter)
    if slack.app_token is None and slack.signing_secret is None:
        raise SetupError("neither slack.app_token nor slack.signing_secret is set", key="slack.setup.way")
    return SlackPlatform(slack, slack.bot_token.get_secret_value(), settings.language, on_ready=ready, meter=kit.meter)
