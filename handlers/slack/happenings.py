"""Theirs → ours: what happens under messages, in channels and to the app. Which of its messages a work is told by is
asked here; nothing else is."""

from __future__ import annotations

import logging
from typing import Final

from bot.errors import MessageGone, PlatformError
from bot.model.contest import Arrived, Cleared, Departed, Happening, Reacted, Vanished
from bot.model.people import MessageRef
from handlers.slack import emoji
from handlers.slack.contest import reacted
from handlers.slack.shape import Json, part, parts, text
from handlers.slack.workspace import Workspace

log = logging.getLogger(__name__)

EVENTS: Final = frozenset(
    {"reaction_added", "reaction_removed", "message", "member_joined_channel", "app_uninstalled", "tokens_revoked"}
)


async def happened(there: Workspace, event: Json) -> Happening | None:
    """What an event means for the contest; None for all that does not matter. Raises `PlatformError`."""
    match text(event, "type"):
        case "reaction_added" | "reaction_removed":
            return await _reaction(there, event)
        case "message":
            return _deleted(there, event)
        case "member_joined_channel":
            return _joined(there, event)
        case "app_uninstalled":
            return Departed(there.community)
        case "tokens_revoked":
            return Departed(there.community) if part(event, "tokens").get("bot") else None
        case _:
            return None


async def _reaction(there: Workspace, event: Json) -> Happening | None:
    """A reaction under the card or the clip is one under the work. One of two taken back leaves the other."""
    item, me = part(event, "item"), there.identity.bot_user
    member, channel, ts = text(event, "user"), text(item, "channel"), text(item, "ts")
    if text(item, "type") != "message" or member == me or text(event, "item_user") not in ("", me):
        return None
    try:
        pair = await there.pairs.at(channel, ts)
    except MessageGone:
        return None
    ref = MessageRef(there.community, channel, pair.card, pair.clip)
    on, sign = text(event, "type") == "reaction_added", emoji.sign(text(event, "reaction"))
    if not on and pair.clip:
        try:
            if await _still(there, ref, sign, member):
                return None
        except PlatformError as error:
            log.info("whether %s still votes is counted later: %r", member, error)
            return Cleared(ref, sign)
    return Reacted(ref, sign, member, on)


async def _still(there: Workspace, ref: MessageRef, sign: str, member: str) -> bool:
    for ts in (ref.id, ref.extra):
        try:
            if member in await reacted(there, ref.channel, ts, sign):
                return True
        except MessageGone:
            log.debug("message %s is gone", ts)
    return False


def _deleted(there: Workspace, event: Json) -> Happening | None:
    """A message of ours was deleted: the card with all it stood for, or the clip alone, whose votes then are gone."""
    if text(event, "subtype") != "message_deleted":
        return None
    before, channel, ts = part(event, "previous_message"), text(event, "channel"), text(event, "deleted_ts")
    if text(before, "user") not in ("", there.identity.bot_user):
        return None
    pair = there.pairs.forget(channel, ts)
    card = pair.card if pair else text(before, "thread_ts")
    if card and card != ts and (pair or parts(before, "files")):
        return Cleared(MessageRef(there.community, channel, card))
    return Vanished((MessageRef(there.community, channel, ts),))


def _joined(there: Workspace, event: Json) -> Happening | None:
    if text(event, "user") != there.identity.bot_user:
        return None
    channel, inviter = text(event, "channel"), text(event, "inviter")
    return Arrived(there.community, there.identity.team_name, channel, there.language, inviter)
