"""Reactions: over REST by the bot, and by people in front of their app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from tests.fakediscord.rules import Refused
from tests.fakediscord.world import Channel, User, member_payload

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord

Given = dict[int, tuple[User, bool]]
"""User → who it is, and whether it is a super reaction."""
_MOST = 20


class Reactions:
    """Who reacted with what, by message. An emoji is itself or `name:id`."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.under: dict[int, dict[str, Given]] = {}
        self.usable: set[str] = set()
        """Servers' own emoji the bot can use."""

    def routes(self, channel: str) -> list[web.RouteDef]:
        one = channel + r"/messages/{message:\d+}/reactions/{emoji}"
        return [web.put(f"{one}/@me", self._put), web.delete(f"{one}/@me", self._delete), web.get(one, self._list)]

    def of(self, message: int | str, emoji: str) -> Given:
        return self.under.get(int(message), {}).get(emoji, {})

    # ------------------------------------------------------------------------------------------ what people do

    async def give(self, channel: Channel, message: int | str, emoji: str, user: User, *, burst: bool = False) -> None:
        self.under.setdefault(int(message), {}).setdefault(emoji, {})[user.id] = (user, burst)
        found = channel.messages.get(int(message))
        author = {"message_author_id": found["author"]["id"]} if found else {}
        member = {"member": member_payload(user, channel.guild.members.get(user.id, (user, []))[1])}
        told = self._told(channel, message, emoji) | {"user_id": str(user.id), "burst": burst, "type": int(burst)}
        await self.fake.socket.send("MESSAGE_REACTION_ADD", told | author | member)

    async def take(self, channel: Channel, message: int | str, emoji: str, user: User) -> None:
        burst = self.under[int(message)][emoji].pop(user.id)[1]
        told = self._told(channel, message, emoji) | {"user_id": str(user.id), "burst": burst, "type": int(burst)}
        await self.fake.socket.send("MESSAGE_REACTION_REMOVE", told)

    async def clear(self, channel: Channel, message: int | str, emoji: str = "") -> None:
        if emoji:
            self.under.get(int(message), {}).pop(emoji, None)
            await self.fake.socket.send("MESSAGE_REACTION_REMOVE_EMOJI", self._told(channel, message, emoji))
            return
        self.under.pop(int(message), None)
        told = self._told(channel, message, emoji)
        del told["emoji"]
        await self.fake.socket.send("MESSAGE_REACTION_REMOVE_ALL", told)

    def _told(self, channel: Channel, message: int | str, emoji: str) -> dict[str, Any]:
        name, _, number = emoji.partition(":")
        return {
            "channel_id": str(channel.id),
            "message_id": str(message),
            "guild_id": str(channel.guild.id),
            "emoji": {"id": number or None, "name": name},
        }

    # ------------------------------------------------------------------------------------------ what the bot does

    async def _put(self, request: web.Request) -> web.Response:
        channel, message, emoji = self._meant(request)
        if emoji not in self.under.get(message, {}):
            if not channel.bot_may("add_reactions"):
                raise Refused(403, 50013, "Missing Permissions")
            if len(self.under.get(message, {})) >= _MOST:
                raise Refused(400, 30010, "Maximum number of reactions reached (20)")
        await self.give(channel, message, emoji, self.fake.bot)
        return web.Response(status=204)

    async def _delete(self, request: web.Request) -> web.Response:
        channel, message, emoji = self._meant(request)
        if self.fake.bot.id in self.of(message, emoji):
            await self.take(channel, message, emoji, self.fake.bot)
        return web.Response(status=204)

    async def _list(self, request: web.Request) -> web.Response:
        from tests.fakediscord.server import reply

        _, message, emoji = self._meant(request)
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 25))
        if not 1 <= limit <= 100:
            raise Refused(400, 50035, "limit")
        burst = request.query.get("type", "0") == "1"
        found = [
            user for number, (user, how) in sorted(self.of(message, emoji).items()) if number > after and how == burst
        ]
        return reply([user.payload() for user in found[:limit]])

    def _meant(self, request: web.Request) -> tuple[Channel, int, str]:
        channel = self.fake.messages.place(request, "read_message_history")
        message = self.fake.messages.message(channel, request)
        emoji = unquote(request.match_info["emoji"])
        known = emoji in self.usable if re.search(r":\d+$", emoji) else not emoji.isascii()
        if not known:
            raise Refused(400, 10014, "Unknown Emoji")
        return channel, int(message["id"]), emoji
