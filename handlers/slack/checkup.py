"""What the doctor finds about Slack: whether the tokens are taken and allow what we do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import PlatformError
from bot.locales import Words, words
from bot.model.finding import Finding, Verdict
from bot.settings import Settings, Slack
from handlers.slack.install import INSTALL, lacking
from handlers.slack.manifest import SCOPES
from handlers.slack.parse import NAME
from handlers.slack.shape import Json, text
from handlers.slack.web import AUTH, Web, code_of


async def check(settings: Settings) -> Finding:
    """Asks Slack about both tokens and the scopes. Never raises."""
    say, slack = words(settings.language), settings.slack
    if not slack.on:
        return Finding(NAME, Verdict.IDLE, say("slack.check.idle"))
    if slack.bot_token is None:
        return _installable(slack, say)
    if slack.app_token is None and slack.signing_secret is None:
        return Finding(NAME, Verdict.BROKEN, say("slack.setup.way"))
    web = Web(slack.bot_token.get_secret_value(), slack.api)
    try:
        told = await web.send("auth.test")
        missing = sorted(set(SCOPES) - web.granted)
    except PlatformError as error:
        return _broken(error, "slack.bot_token", say)
    finally:
        await web.close()
    return await _socket(slack, say) or _found(told, missing, say)


async def _socket(slack: Slack, say: Words) -> Finding | None:
    """What is wrong with the app token, if anything."""
    if slack.app_token is None:
        return None
    web = Web(slack.app_token.get_secret_value(), slack.api)
    try:
        await web.send("apps.connections.open")
    except PlatformError as error:
        return _broken(error, "slack.app_token", say)
    finally:
        await web.close()
    return None


def _installable(slack: Slack, say: Words) -> Finding:
    if trouble := lacking(slack):
        return Finding(NAME, Verdict.BROKEN, say("slack.setup.install", setting=trouble))
    return Finding(NAME, Verdict.GOOD, say("slack.check.install", address=slack.address.rstrip("/") + INSTALL))


def _found(told: Json, missing: Sequence[str], say: Words) -> Finding:
    if missing:
        return Finding(NAME, Verdict.WARNING, say("slack.scopes", missing=", ".join(missing)))
    return Finding(NAME, Verdict.GOOD, say("slack.check.good", team=text(told, "team"), bot=text(told, "user")))


def _broken(error: PlatformError, setting: str, say: Words) -> Finding:
    if code_of(error) in (*AUTH, "not_allowed_token_type"):
        return Finding(NAME, Verdict.BROKEN, say("setup.token", platform="Slack", setting=setting))
    return Finding(NAME, Verdict.BROKEN, say("slack.check.silent", why=error.detail), say("doctor.silent_remedy"))
