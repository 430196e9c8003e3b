"""Messages over REST: create, edit, delete, read, with files, nonces and permissions."""

from __future__ import annotations

import datetime as dt
import mimetypes
import re
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakediscord import rules
from tests.fakediscord.keys import FILES, PAYLOAD
from tests.fakediscord.rules import V2, Refused
from tests.fakediscord.world import TIERS, Channel, User, number, snowflake

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord

Files = dict[int, tuple[str, bytes]]


class Messages:
    """The channels' messages of one fake."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.nonces: dict[tuple[int, str], int] = {}
        self.hidden: dict[int, list[dict[str, Any]]] = {}
        """Files of a message that are told nowhere."""
        self.notified: dict[int, list[int]] = {}
        """Who was pinged by a message."""

    async def create(self, request: web.Request) -> web.Response:
        channel = self.place(request, "send_messages")
        payload, files = request[PAYLOAD], request[FILES]
        if files and not channel.bot_may("attach_files"):
            raise Refused(403, 50013, "Missing Permissions")
        if channel.recipient and channel.recipient.id in self.fake.strangers:
            raise Refused(403, 50007, "Cannot send messages to this user")
        nonce = payload.get("nonce")
        known = self.nonces.get((channel.id, nonce)) if payload.get("enforce_nonce") else None
        if known in channel.messages:
            return _reply(told(channel.messages[known]))
        made = self.made(channel, payload, files, limit=TIERS[channel.guild.tier if channel.guild else 0])
        if nonce:
            self.nonces[channel.id, nonce] = int(made["id"])
        channel.messages[int(made["id"])] = made
        # A nonce is told to the sender, never in the history.
        return _reply(told(made) | ({"nonce": nonce} if nonce else {}))

    async def edit(self, request: web.Request) -> web.Response:
        channel = self.place(request)
        message = self.message(channel, request)
        if int(message["author"]["id"]) != self.fake.app:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        self.changed(message, request[PAYLOAD], request[FILES], limit=TIERS[channel.guild.tier])
        return _reply(told(message))

    async def delete(self, request: web.Request) -> web.Response:
        channel = self.place(request)
        message = self.message(channel, request)
        await self.remove(channel, int(message["id"]))
        return web.Response(status=204)

    async def remove(self, channel: Channel, *messages: int) -> None:
        """Somebody deletes messages; the bot is told when it asked to be."""
        for message in messages:
            channel.messages.pop(message, None)
        told = {"channel_id": str(channel.id), **({"guild_id": str(channel.guild.id)} if channel.guild else {})}
        if len(messages) == 1:
            await self.fake.socket.send("MESSAGE_DELETE", {**told, "id": str(messages[0])})
        else:
            await self.fake.socket.send("MESSAGE_DELETE_BULK", {**told, "ids": [str(each) for each in messages]})

    async def fetch(self, request: web.Request) -> web.Response:
        channel = self.place(request, "read_message_history")
        return _reply(told(self.message(channel, request)))

    async def history(self, request: web.Request) -> web.Response:
        channel = self.place(request)
        if not channel.bot_may("read_message_history"):
            return _reply([])
        before = int(request.query.get("before", 2**63))
        found = [message for number, message in sorted(channel.messages.items(), reverse=True) if number < before]
        return _reply([told(message) for message in found[: min(int(request.query.get("limit", 50)), 100)]])

    def made(self, channel: Channel, payload: dict[str, Any], files: Files, *, limit: int) -> dict[str, Any]:
        """A new message of the bot's."""
        attachments = self._attached(payload, files, limit, [])
        rules.message(payload, {file["filename"]: b"" for file in attachments})
        message = self.blank(channel, self.fake.bot) | {
            "content": payload.get("content") or "",
            "embeds": payload.get("embeds") or [],
            "attachments": attachments,
            "components": payload.get("components") or [],
            "flags": payload.get("flags") or 0,
        }
        _settle(message)
        self._notify(message, payload)
        return message

    def changed(self, message: dict[str, Any], payload: dict[str, Any], files: Files, *, limit: int) -> None:
        """An edit, in place."""
        flags = message["flags"] | ((payload.get("flags") or 0) & V2)
        attachments = self._attached(
            payload, files, limit, message["attachments"] + self.hidden.get(int(message["id"]), [])
        )
        new = {
            "content": payload.get("content", message["content"]),
            "embeds": payload.get("embeds", message["embeds"]),
        }
        new["components"] = payload.get("components", message["components"])
        named = {file["filename"]: b"" for file in attachments}
        rules.message({**payload, **new, "flags": flags}, named)
        message.update(new, attachments=attachments, flags=flags, edited_timestamp=_now())
        _settle(message)

    def blank(self, channel: Channel, author: User) -> dict[str, Any]:
        return {
            "id": str(snowflake()),
            "channel_id": str(channel.id),
            "author": author.payload(),
            "content": "",
            "timestamp": _now(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
            "components": [],
        }

    def upload(self, name: str, data: bytes | None, size: int | None = None) -> dict[str, Any]:
        """A file on the CDN, as an attachment object; without data it is lost there, `size` may lie about it."""
        own = snowflake()
        if data is not None:
            self.fake.cdn[own] = data
        url = f"{self.fake.base}/cdn/{own}/{name}"
        return {
            "id": str(own),
            "filename": name,
            "size": len(data or b"") if size is None else size,
            "url": url,
            "proxy_url": url,
            "content_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
            "ephemeral": False,
        }

    def _attached(
        self, payload: dict[str, Any], files: Files, limit: int, old: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        if any(len(data) > limit for _, data in files.values()):
            raise Refused(413, 40005, "Request entity too large")
        if "attachments" not in payload:
            rules.need(not files, "files without attachments")
            return old
        kept = {file["id"]: file for file in old}
        found = []
        for given in payload["attachments"]:
            if str(given["id"]) in kept:
                found.append(kept[str(given["id"])])
                continue
            name, data = files[int(given["id"])]
            found.append(self.upload(re.sub(r"[^\w.-]", "", name.replace(" ", "_"), flags=re.ASCII), data))
        return found

    def _notify(self, message: dict[str, Any], payload: dict[str, Any]) -> None:
        texts = [message["content"], *(part.get("content", "") for part in rules.walk(message["components"]))]
        named = {int(user) for text in texts for user in re.findall(r"(?<!\\)<@!?(\d+)>", text)}
        allowed = payload.get("allowed_mentions")
        users = allowed and allowed.get("users", [])
        everyone = allowed is None or "users" in allowed.get("parse", [])
        message_id = int(message["id"])
        self.notified[message_id] = sorted(user for user in named if everyone or str(user) in map(str, users))

    def place(self, request: web.Request, *needed: str) -> Channel:
        channel = self.fake.channel(int(request.match_info["channel"]))
        if not channel.bot_may("view_channel"):
            raise Refused(403, 50001, "Missing Access")
        for permission in needed:
            threaded = channel.type == 11 and permission == "send_messages"
            if not channel.bot_may("send_messages_in_threads" if threaded else permission):
                raise Refused(403, 50013, "Missing Permissions")
        return channel

    def message(self, channel: Channel, request: web.Request) -> dict[str, Any]:
        found = channel.messages.get(int(request.match_info["message"]))
        if found is None:
            raise Refused(404, 10008, "Unknown Message")
        return found


def _settle(message: dict[str, Any]) -> None:
    """Number the components and point their media to the CDN."""
    number(message["components"])
    files = {file["filename"]: file for file in message["attachments"]}
    for component in rules.walk(message["components"]):
        for item in component.get("items", []):
            name = item["media"]["url"].removeprefix("attachment://")
            if file := files.get(name):
                item["media"] = {"url": file["url"], "proxy_url": file["url"], "attachment_id": file["id"]}


def told(message: dict[str, Any]) -> dict[str, Any]:
    """A message as Discord tells it: files that a component shows are not listed as attachments."""
    items = [item for part in rules.walk(message["components"]) for item in part.get("items", [])]
    shown = {item["media"].get("attachment_id") for item in items}
    return message | {"attachments": [file for file in message["attachments"] if file["id"] not in shown]}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def _reply(data: Any) -> web.Response:
    from tests.fakediscord.server import reply

    return reply(data)
