"""Looking for what an earlier run of ours may already have posted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from bot.model.people import Place
from handlers.slack.shape import Json, part, parts, text
from handlers.slack.web import Web

EVENT: Final = "olympic_card"
"""The metadata type of all our cards; its payload holds the posting's key."""
_PAGE: Final = 200
_PAGES: Final = 5
"""A run that died looks again soon after; a thousand messages are further back than that."""


def marked(key: str, file: str = "", picture: str = "") -> Json:
    """A card's metadata: the posting's key and, once there are some, the files of its clip and its still."""
    files = {name: value for name, value in (("file", file), ("picture", picture)) if value}
    return {"event_type": EVENT, "event_payload": {"key": key, **files}}


def payload(message: Json) -> Json:
    """What one of our cards carries; empty for anybody else's message."""
    told = part(message, "metadata")
    return part(told, "event_payload") if text(told, "event_type") == EVENT else {}


async def posted(web: Web, place: Place, key: str, bot: str) -> str:
    """The ts of the card posted under this key, or nothing. `bot`: our bot id, where it is known."""
    pages = thread(web, place.channel, place.thread) if place.thread else _history(web, place.channel)
    async for message in pages:
        if payload(message).get("key") == key and (not bot or message.get("bot_id") in (bot, None)):
            return str(message["ts"])
    return ""


async def thread(web: Web, channel: str, ts: str) -> AsyncIterator[Json]:
    """A message and its replies. Raises `MessageGone`."""
    async for message in _pages(web, "conversations.replies", channel=channel, ts=ts):
        yield message


async def _history(web: Web, channel: str) -> AsyncIterator[Json]:
    async for message in _pages(web, "conversations.history", channel=channel):
        yield message


async def _pages(web: Web, method: str, **arguments: Any) -> AsyncIterator[Json]:
    cursor: str | None = None
    for _ in range(_PAGES):
        told = await web.read(method, limit=_PAGE, include_all_metadata="true", cursor=cursor, **arguments)
        for message in parts(told, "messages"):
            yield message
        cursor = text(part(told, "response_metadata"), "next_cursor") or None
        if cursor is None:
            return
