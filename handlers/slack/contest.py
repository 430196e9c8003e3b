"""What the contest asks of Slack: reactions, people, channels, private messages."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from typing import Final

from bot.errors import BadEmoji, MessageGone, PlaceForbidden, PlatformBusy
from bot.model.card import Card, Choice
from bot.model.contest import Facts, Voter
from bot.model.people import Community, MessageRef, Place
from bot.ports import Need, Pick
from handlers.slack import emoji as names
from handlers.slack import find, parse
from handlers.slack.posting import Posting, show
from handlers.slack.shape import part, parts, text, texts
from handlers.slack.web import Refused
from handlers.slack.workspace import Workspace

log = logging.getLogger(__name__)

_SCOPES: Final = {
    Need.POST: ("chat:write",),
    Need.FILES: ("files:write", "files:read"),
    Need.REACT: ("reactions:write", "reactions:read"),
}
_NOBODY: Final = frozenset({"user_not_found", "users_not_found", "user_disabled", "user_not_visible"})


class Contest(Posting):
    """The contest's part of `Platform`."""

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """The bot's own reaction under the card; silent when it is there already. Raises `BadEmoji`."""
        web = self._workspaces.of(ref.community).web
        try:
            await web.form("reactions.add", channel=ref.channel, timestamp=ref.id, name=names.name(emoji))
        except Refused as error:
            if error.code == "invalid_name":
                raise BadEmoji(error.detail, emoji=emoji) from error
            if error.code != "already_reacted":
                raise

    async def voters(self, ref: MessageRef, emoji: str) -> AsyncIterator[Voter]:
        """Everybody who reacted under the card or under the clip, each once.

        Raises `MessageGone` without the card, and `PlatformBusy` where Slack names fewer people than it counts: who
        replaced all votes by such a list would lose some.
        """
        there = self._workspaces.of(ref.community)
        found = await reacted(there, ref.channel, ref.id, emoji)
        clip = ref.extra or (await there.pairs.at(ref.channel, ref.id)).clip
        if clip:
            try:
                found |= await reacted(there, ref.channel, clip, emoji)
            except MessageGone:
                log.info("the clip under %s is gone; the card's votes stay", ref.id)
        for member in sorted(found):
            yield Voter(member, bot=member == there.identity.bot_user)

    async def facts(self, community: Community, member: str) -> Facts:
        """What Slack knows of an account; it does not tell when an account was made or joined."""
        there = self._workspaces.of(community)
        try:
            told = part(await there.web.read("users.info", user=member), "user")
        except Refused as error:
            if error.code in _NOBODY:
                return Facts(member=False)
            raise
        groups = await there.directory.groups_of(member)
        gone = bool(told.get("deleted"))
        return Facts(parse.name(told), bool(told.get("is_bot")), roles=groups, member=not gone)

    async def sees(self, place: Place, member: str) -> bool:
        """Whether somebody is in a private channel; everybody of the workspace may look into the others."""
        directory = self._workspaces.of(place.community).directory
        try:
            channel = await directory.channel(place.channel)
            if not channel.get("is_private"):
                return True
            return await directory.belongs(place.channel, member)
        except (Refused, PlaceForbidden) as error:
            log.info("Slack does not tell who is in %s: %r", place.channel, error)
            return True

    async def whisper(self, to: Community, member: str, card: Card, *, key: str, again: bool = False) -> None:
        """A message from the app to one person. Raises `PlaceForbidden` when they take none."""
        there = self._workspaces.of(to)
        try:
            told = await there.web.send("conversations.open", users=member)
            channel = text(part(told, "channel"), "id")
            place = Place(to, channel)
            if again and await find.posted(there.web, place, key, there.identity.bot):
                return
            language = (await there.people.member(member, "")).language
            how = {"channel": channel, "metadata": find.marked(key)}
            await show(there.web, "chat.postMessage", card, "", language, unfurl_links=False, **how)
        except Refused as error:
            if error.code in _NOBODY:
                raise PlaceForbidden(error.detail, missing=error.code) from error
            raise

    async def grant(self, community: Community, member: str, role: str, *, on: bool) -> None:
        """Slack has no roles that could be given."""
        raise PlaceForbidden("Slack has no roles", missing="roles")

    async def missing(self, place: Place, needs: AbstractSet[Need]) -> tuple[str, ...]:
        """Scopes the token lacks, and the invitation where the app is no member of the channel."""
        there = self._workspaces.of(place.community)
        private, outside = False, ()
        if place.channel:
            try:
                channel = await there.directory.channel(place.channel)
                private = bool(channel.get("is_private"))
                outside = () if channel.get("is_member") or channel.get("is_im") else (there.invitation,)
            except PlaceForbidden as error:
                outside = (str(error.facts.get("missing", there.invitation)),)
        wanted = [scope for need in sorted(needs) for scope in _SCOPES.get(need, ())]
        if Need.HISTORY in needs:
            wanted.append("groups:history" if private else "channels:history")
        return (*outside, *(scope for scope in wanted if scope not in there.web.granted))

    async def choices(self, community: Community, what: Pick, language: str) -> list[Choice]:
        """Channels as they are called, or user groups where we may read them."""
        directory = self._workspaces.of(community).directory
        if what is Pick.CHANNEL:
            named = sorted((await directory.channels()).items(), key=lambda one: one[1])
            return [Choice(channel, f"#{name}") for channel, name in named]
        return [Choice(text(group, "id"), f"@{text(group, 'handle')}") for group in await directory.groups()]


async def reacted(there: Workspace, channel: str, ts: str, emoji: str) -> set[str]:
    """Who reacted with an emoji, in any skin tone, under one message. Raises `MessageGone`, `PlatformBusy`."""
    told = await there.web.read("reactions.get", channel=channel, timestamp=ts, full="true")
    found: set[str] = set()
    for reaction in parts(part(told, "message"), "reactions"):
        if not names.same(text(reaction, "name"), emoji):
            continue
        users = set(texts(reaction, "users"))
        if len(users) < int(reaction.get("count") or 0):
            raise PlatformBusy(f"reactions.get named {len(users)} of {reaction.get('count')} people")
        found |= users
    return found
