"""A Discord for tests: REST, gateway and CDN on one local port, spoken to by an unmodified discord.py.

`FakeDiscord.start()` listens on 127.0.0.1; `api` and `gateway` are the addresses to configure. `guild`, `person` and
the `Person` methods act as people; `fail`, `drop`, `until` steer and watch.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakediscord.gateway import Gateway
from tests.fakediscord.interaction import Interaction
from tests.fakediscord.keys import FILES, PAYLOAD
from tests.fakediscord.members import Members
from tests.fakediscord.messages import Messages
from tests.fakediscord.people import Person
from tests.fakediscord.reactions import Reactions
from tests.fakediscord.registry import Registry
from tests.fakediscord.rules import Refused
from tests.fakediscord.world import Channel, Guild, User, snowflake
from tests.fakes import PATIENCE

TOKEN = "bot-token"


@dataclass
class Fault:
    """Answers instead of the server, for the next `times` matching requests."""

    method: str
    path: str
    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    times: int
    after: bool = False
    """The server does as it was told first: only its answer is lost."""

    def meets(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method == method and re.search(self.path, path) is not None


@dataclass
class Seen:
    """One request as it came."""

    method: str
    path: str
    payload: Any
    at: float
    status: int = 0


@dataclass
class FakeDiscord:
    """The server and its world."""

    token: str = TOKEN
    app: int = field(default_factory=snowflake)
    guilds: dict[int, Guild] = field(default_factory=dict)
    commands: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    """By server; 0: everywhere."""
    interactions: dict[int, Interaction] = field(default_factory=dict)
    direct: dict[int, Channel] = field(default_factory=dict)
    cdn: dict[int, bytes] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """Why commands were not taken."""
    patience: float = 3.0
    """Seconds until an interaction must have its first answer."""
    endpoint: str | None = None
    """Where the application's owner has Discord send interactions instead of over the gateway."""
    strangers: set[int] = field(default_factory=set)
    """Users who take no direct messages."""

    def __post_init__(self) -> None:
        self.bot = User("olympic", self.app, bot=True)
        self.moved = asyncio.Condition()
        self.messages = Messages(self)
        self.reactions = Reactions(self)
        self.members = Members(self)
        self.socket = Gateway(self)
        self._runner: web.AppRunner | None = None
        self.port = 0

    # ------------------------------------------------------------------------------------------ life

    async def start(self, port: int = 0) -> FakeDiscord:
        app = web.Application(client_max_size=300 * 2**20, middlewares=[self._watch])
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        await self.socket.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.base}/api/v10"

    @property
    def gateway(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    # ------------------------------------------------------------------------------------------ acting and watching

    def guild(self, name: str = "snow club", *, tier: int = 0, locale: str = "en-US") -> Guild:
        made = Guild(name, User("owner"), self.bot, tier, locale)
        self.guilds[made.id] = made
        return made

    def person(self, guild: Guild, name: str, *, permissions: int = 0, locale: str = "en-US") -> Person:
        made = Person(self, guild, User(name), permissions, locale)
        guild.members[made.user.id] = (made.user, made.roles)
        return made

    async def join(self, guild: Guild) -> None:
        """Somebody brings the bot into a server: then nothing is said of its being available."""
        self.guilds[guild.id] = guild
        payload = guild.payload()
        del payload["unavailable"]
        await self.socket.send("GUILD_CREATE", payload)

    async def leave(self, guild: Guild) -> None:
        """The bot is removed from a server."""
        del self.guilds[guild.id]
        await self.socket.send("GUILD_DELETE", {"id": str(guild.id)})

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        *,
        code: int = 0,
        times: int = 1,
        after: bool = False,
        headers: dict[str, str] | None = None,
        **body: Any,
    ) -> Fault:
        fault = Fault(method, path, status, {"code": code, "message": "fault", **body}, headers or {}, times, after)
        self.faults.append(fault)
        return fault

    def slow_down(self, method: str, path: str, seconds: float) -> Fault:
        """One 429 as Discord's own: with Via and the seconds to wait."""
        return self.fail(method, path, 429, headers={"Via": "1.1 google"}, retry_after=seconds, **{"global": False})

    def requests(self, method: str, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.method == method and re.search(path, seen.path)]

    async def until(self, true: Callable[[], object], seconds: float = PATIENCE) -> Any:
        """Wait until something has become so, and return it."""
        async with asyncio.timeout(seconds), self.moved:
            return await self.moved.wait_for(true)

    async def stir(self) -> None:
        async with self.moved:
            self.moved.notify_all()

    def channel(self, wanted: int) -> Channel:
        for guild in self.guilds.values():
            if wanted in guild.channels:
                return guild.channels[wanted]
        for channel in self.direct.values():
            if channel.id == wanted:
                return channel
        raise Refused(404, 10003, "Unknown Channel")

    # ------------------------------------------------------------------------------------------ the wire

    def _routes(self) -> list[web.RouteDef]:
        hook = r"/api/v10/webhooks/{app:\d+}/{token}"
        channel = r"/api/v10/channels/{channel:\d+}"
        return [
            web.get("/gateway", self.socket.serve),
            web.get(r"/cdn/{id:\d+}/{name}", self._cdn),
            web.get("/api/v10/users/@me", self._me),
            web.get("/api/v10/users/@me/guilds", self._servers),
            web.get("/api/v10/oauth2/applications/@me", self._application),
            web.post("/api/v10/users/@me/channels", self._direct),
            *Registry(self).routes(r"/api/v10/applications/{app:\d+}"),
            web.post(r"/api/v10/interactions/{id:\d+}/{token}/callback", self._callback),
            web.patch(f"{hook}/messages/@original", self._edit_original),
            web.delete(f"{hook}/messages/@original", self._delete_original),
            web.post(hook, self._follow_up),
            web.get(f"{channel}/messages", self.messages.history),
            web.post(f"{channel}/messages", self.messages.create),
            web.get(channel + r"/messages/{message:\d+}", self.messages.fetch),
            web.patch(channel + r"/messages/{message:\d+}", self.messages.edit),
            web.delete(channel + r"/messages/{message:\d+}", self.messages.delete),
            *self.reactions.routes(channel),
            *self.members.routes(r"/api/v10/guilds/{guild:\d+}"),
        ]

    @web.middleware
    async def _watch(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path == "/gateway" or request.path.startswith("/cdn/"):
            return await handler(request)
        payload, request[FILES] = await _body(request)
        request[PAYLOAD] = payload
        seen = Seen(request.method, request.path, payload, time.monotonic())
        self.seen.append(seen)
        try:
            response = await self._answer(request, handler)
        except Refused as refused:
            response = reply({"code": refused.code, "message": refused.message}, refused.status)
        except web.HTTPException as error:
            response = reply({"code": 0, "message": f"{error.status}: {request.method} {request.path}"}, error.status)
        seen.status = response.status
        await self.stir()
        return response

    async def _answer(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        fault = next((fault for fault in self.faults if fault.meets(request.method, request.path)), None)
        if fault:
            fault.times -= 1
            if fault.after:
                await handler(request)
            return reply(fault.body, fault.status, fault.headers)
        tokened = "/webhooks/" in request.path or "/interactions/" in request.path
        if not tokened and request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(401, 0, "401: Unauthorized")
        return await handler(request)

    async def _cdn(self, request: web.Request) -> web.Response:
        self.seen.append(Seen("GET", request.path, None, time.monotonic()))
        data = self.cdn.get(int(request.match_info["id"]))
        return web.Response(body=data) if data is not None else web.Response(status=404)

    async def _me(self, _: web.Request) -> web.Response:
        return reply(self.bot.payload() | {"verified": True, "mfa_enabled": False, "locale": "en-US", "email": None})

    async def _servers(self, _: web.Request) -> web.Response:
        return reply([guild.payload() | {"owner": False, "permissions": "0"} for guild in self.guilds.values()])

    async def _application(self, _: web.Request) -> web.Response:
        return reply(self.application())

    def application(self) -> dict[str, Any]:
        return {
            "id": str(self.app),
            "name": "olympic",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": User("maker").payload(),
            "verify_key": "00",
            "flags": 0,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
            "team": None,
            "interactions_endpoint_url": self.endpoint,
        }

    async def _direct(self, request: web.Request) -> web.Response:
        user = int(request[PAYLOAD]["recipient_id"])
        if user not in self.direct:
            self.direct[user] = Channel("", None, recipient=User("someone", user))
        return reply(self.direct[user].payload())

    async def _callback(self, request: web.Request) -> web.Response:
        interaction = self.interactions.get(int(request.match_info["id"]))
        if interaction is None or interaction.token != request.match_info["token"]:
            raise Refused(404, 10062, "Unknown interaction")
        return reply(interaction.callback(request[PAYLOAD], request[FILES]))

    def _by_token(self, request: web.Request) -> Interaction:
        token = request.match_info["token"]
        found = next((each for each in self.interactions.values() if each.token == token), None)
        if found is None or found.acked is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if found.dead:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return found

    async def _edit_original(self, request: web.Request) -> web.Response:
        return reply(self._by_token(request).edit_original(request[PAYLOAD], request[FILES]))

    async def _delete_original(self, request: web.Request) -> web.Response:
        self._by_token(request).delete_original()
        return web.Response(status=204)

    async def _follow_up(self, request: web.Request) -> web.Response:
        return reply(self._by_token(request).follow_up(request[PAYLOAD], request[FILES]))


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON with exactly `application/json`: discord.py reads anything else as text."""
    return web.Response(
        body=json.dumps(data).encode(), status=status, content_type="application/json", headers=headers or {}
    )


async def _body(request: web.Request) -> tuple[Any, dict[int, tuple[str, bytes]]]:
    """(JSON, files by their index), from a plain or a multipart body."""
    if not request.can_read_body:
        return None, {}
    if not request.content_type.startswith("multipart/"):
        return await request.json(), {}
    payload, files = None, {}
    async for part in await request.multipart():
        if part.name == "payload_json":
            payload = json.loads(await part.text())
        elif found := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
            files[int(found[1])] = (part.filename or "", bytes(await part.read()))
    return payload, files
