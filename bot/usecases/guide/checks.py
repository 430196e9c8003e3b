"""Whether the bot may do what the setup asks of it, looked up on the platform at that moment."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final

from bot import cards
from bot.errors import BadEmoji, BadSetting, OlympicError, PlatformError
from bot.locales import Words
from bot.model.card import FieldKind
from bot.model.people import Place
from bot.model.setup import Channels, Home
from bot.ports import Need, Pick, Platform
from bot.usecases.guide.steps import Step
from bot.usecases.offered import called

_FILM: Final = frozenset({Need.POST, Need.FILES})
NEEDS: Final = {
    "create": _FILM | {Need.REACT, Need.HISTORY},
    "review": _FILM,
    "exhibit": _FILM | {Need.REACT, Need.HISTORY},
    "announcements": frozenset({Need.POST}),
}
"""What the bot does in each channel, by the setting that names it."""


async def lacking(platform: Platform, home: Home, step: Step, say: Words) -> list[str]:
    """One sentence for each thing the bot may not do though a step's settings need it."""
    names = {setting.name for setting in step.settings}
    if "review" in names:
        return await _channels(platform, home, say)
    if "winner" in names and home.setup.roles.winner:
        return await _roles(platform, home, say)
    return []


async def usable(platform: Platform, place: Place, emoji: str) -> None:
    """Try an emoji under a message of our own. Raises `BadSetting` when the bot may not use it; where no message can be
    posted to try it on, nothing is known."""
    card = cards.notice(place.language, "check.emoji", emoji=emoji)
    try:
        ref = await platform.post(place, card, key=f"check:{secrets.token_hex(8)}")
    except PlatformError:
        return
    try:
        await platform.react(ref, emoji)
    except BadEmoji as error:
        raise BadSetting(key="check.bad_emoji", emoji=emoji) from error
    except PlatformError:
        return
    finally:
        await platform.delete(ref)


async def _channels(platform: Platform, home: Home, say: Words) -> list[str]:
    names = await called(platform, home.community, Pick.CHANNEL, say.language)
    found: list[str] = []
    for channel, needs in _used(home.setup.channels).items():
        place = Place(home.community, channel, language=say.language)
        if missing := await _missing(platform, place, frozenset(needs)):
            found.append(say("check.channel", channel=names.get(channel, channel), missing=missing))
    return found


async def _roles(platform: Platform, home: Home, say: Words) -> list[str]:
    place = Place(home.community, home.setup.channels.announcements, language=say.language)
    missing = await _missing(platform, place, frozenset({Need.ROLES}))
    return [say("check.roles", missing=missing)] if missing else []


def _used(channels: Channels) -> dict[str, set[Need]]:
    """What is done in each channel, all its uses together."""
    used: dict[str, set[Need]] = {}
    for name, channel in _named(channels):
        used.setdefault(channel, set()).update(NEEDS[name])
    return used


def _named(channels: Channels) -> Iterator[tuple[str, str]]:
    yield from (("create", channel) for channel in channels.create)
    single = {"review": channels.review, "exhibit": channels.exhibit, "announcements": channels.announcements}
    yield from ((name, channel) for name, channel in single.items() if channel)


async def _missing(platform: Platform, place: Place, needs: frozenset[Need]) -> str:
    """What is missing, in the platform's words; a place it does not know is told as such."""
    try:
        return ", ".join(await platform.missing(place, needs))
    except OlympicError as error:
        return str(error.facts.get("missing", "")) or error.detail or place.channel


PICKS: Final = {FieldKind.CHANNEL: Pick.CHANNEL, FieldKind.ROLE: Pick.ROLE}
"""What a field's ids are called by."""
