"""A Slack of our own at the level of the wire: one workspace, its Web API, Socket Mode, signed HTTP, and its people.

    slack = FakeSlack()
    await slack.start()              # 127.0.0.1, a free port; slack.api, slack.environment()
    await slack.slash("U1", "C1", "create a fox jumps")
    card = await slack.until(lambda: slack.channel("C1")[-1])
    await slack.press("U1", card, "Cancel")

It keeps Slack's rules where breaking them would be our mistake: tokens, membership, limits of blocks and texts,
one-use tickets and triggers, three seconds for an acknowledgement, uploads that are shared a little later.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.model.people import Community
from handlers.slack.manifest import SCOPES
from tests.fakes import PATIENCE

Json = dict[str, Any]
Found = TypeVar("Found")
SLACK_SECONDS = 3.0
"""Slack waits so long for an acknowledgement, and a trigger opens a form for so long."""
ACK_SECONDS = TRIGGER_SECONDS = PATIENCE
"""This Slack waits longer: a busy machine must not decide a test."""


class Refused(Exception):
    """`ok: false`, with Slack's word for it."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.body = {"ok": False, "error": code, **more}


class NotAcknowledged(Exception):
    """Slack would show "operation_timeout" to the member."""


@dataclass
class Channel:
    """A conversation; `joined`: our bot is a member."""

    id: str
    joined: bool = True
    name: str = ""
    private: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Json] = field(default_factory=list)


@dataclass
class User:
    """A person."""

    id: str
    name: str
    locale: str = "en-US"
    admin: bool = False
    bot: bool = False
    deleted: bool = False


@dataclass
class Trouble:
    """What happens to the next calls of one method instead of, or after, the usual."""

    times: int
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    skip: int = 0
    code: str = ""


class Safe:
    """Satisfies `bot.ports.Installations` in memory."""

    def __init__(self) -> None:
        self.kept: dict[Community, str] = {}

    async def put(self, community: Community, secret: str, when: datetime) -> None:
        self.kept[community] = secret

    async def all(self, platform: str) -> list[tuple[Community, str]]:
        return [(community, secret) for community, secret in self.kept.items() if community.platform == platform]

    async def remove(self, community: Community) -> None:
        self.kept.pop(community, None)


class FakeSlack:
    """The workspace. All helpers act as people do; what they see is in `channel`, `thread`, `whispers`, `views`."""

    team = "T0FAKE"
    bot_user = "U0BOT"
    bot_id = "B0BOT"
    bot_token = "xoxb-fake"
    app_token = "xapp-fake"
    signing_secret = "fake-signing-secret"
    client_id = "1.2"
    client_secret = "fake-client-secret"

    def __init__(self, *, share_seconds: float = 0.05) -> None:
        self.share_seconds = share_seconds
        self.users = {
            "U1": User("U1", "ann"),
            "U2": User("U2", "bea", locale="ja-JP"),
            "U9": User("U9", "boss", admin=True),
        }
        self.channels = {
            "C1": Channel("C1", name="general"),
            "C2": Channel("C2", name="films"),
            "C9": Channel("C9", joined=False, name="elsewhere"),
            "G1": Channel("G1", name="review", private=True, members={"U9", self.bot_user}),
        }
        self.groups: list[Json] = []
        """User groups, as usergroups.list tells them."""
        self.teams = {self.bot_token: self.team}
        """Bot tokens and the workspaces they belong to."""
        self.codes: dict[str, str] = {}
        """Codes of admins who came back from the installation, with their workspaces."""
        self.tokens: list[tuple[str, str]] = []
        """(method, workspace) of every call."""
        self.shy = 0
        """So many people reactions.get counts and does not name."""
        self.files: dict[str, Json] = {}
        self.uploads: dict[str, bytes] = {}
        self.whispers: dict[str, list[Json]] = defaultdict(list)
        """What only one person sees, oldest first."""
        self.views: dict[str, list[Json]] = defaultdict(list)
        """Modals opened for a person and not yet submitted."""
        self.homes: dict[str, Json] = {}
        self.calls: list[tuple[str, Json]] = []
        self.problems: list[str] = []
        """Shapes Slack would have refused; a test's last look."""
        self.http_url = ""
        """Where signed HTTP listens; while it is empty, everything goes through Socket Mode."""
        self.installed = True
        self.scopes = set(SCOPES)
        self.spoiled = 0
        """So many tickets to come will open nothing."""
        self.dislikes_pictures = False
        self.links = 0
        """Sockets opened so far."""
        self._troubles: dict[str, Trouble] = {}
        self._numbers = itertools.count(1)
        self._triggers: dict[str, tuple[str, float]] = {}
        self._answers: dict[str, tuple[str, str, int]] = {}
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._changed = asyncio.Event()
        self._later: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None
        self.base = ""

    # ------------------------------------------------------------------------------------------ life

    async def start(self) -> None:
        """Listen on 127.0.0.1."""
        app = web.Application(client_max_size=200 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_post("/respond/{id}", self._respond)
        app.router.add_get("/files/{file}/{name}", self._download)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._client = aiohttp.ClientSession()

    async def stop(self) -> None:
        """Close everything."""
        for task in self._later:
            task.cancel()
        for socket in list(self._sockets):
            await socket.close()
        if self._client:
            await self._client.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api(self) -> str:
        """The Web API's address."""
        return f"{self.base}/api/"

    def environment(self, *, socket: bool = True) -> dict[str, str]:
        """Settings of a process that shall talk to this Slack."""
        way = {"APP_TOKEN": self.app_token} if socket else {"SIGNING_SECRET": self.signing_secret}
        values = {"BOT_TOKEN": self.bot_token, "API": self.api, **way}
        return {f"OLYMPIC_SLACK_{name}": value for name, value in values.items()}

    async def until(self, look: Callable[[], Found], seconds: float = PATIENCE) -> Found:
        """Wait until `look` finds something (errors of looking count as nothing)."""
        async with asyncio.timeout(seconds):
            while True:
                self._changed.clear()
                try:
                    if found := look():
                        return found
                except (IndexError, KeyError, StopIteration):
                    pass
                await self._changed.wait()

    # ------------------------------------------------------------------------------------------ what people see

    def channel(self, channel: str) -> list[Json]:
        """Messages in the channel itself, oldest first."""
        return [m for m in self.channels[channel].messages if m.get("thread_ts", m["ts"]) == m["ts"]]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """Replies below a message, oldest first."""
        return [m for m in self.channels[channel].messages if m.get("thread_ts") == ts and m["ts"] != ts]

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(1 for called, _ in self.calls if called == method)

    @property
    def connected(self) -> int:
        """Open sockets."""
        return sum(1 for socket in self._sockets if not socket.closed)

    # ------------------------------------------------------------------------------------------ what goes wrong

    def limit(self, method: str, *, times: int = 1, after: int | str = 1) -> None:
        """The next calls are too many."""
        self._troubles[method] = Trouble(times, 429, {"Retry-After": str(after)})

    def fail(self, method: str, *, times: int = 1, status: int = 502) -> None:
        """The next calls fail without being carried out."""
        self._troubles[method] = Trouble(times, status)

    def refuse(self, method: str, code: str, *, times: int = 1) -> None:
        """The next calls are refused with Slack's word `code`."""
        self._troubles[method] = Trouble(times, code=code)

    def lose(self, method: str, *, times: int = 1, skip: int = 0) -> None:
        """The next calls, or those after `skip` more, are carried out, but their answers never arrive."""
        self._troubles[method] = Trouble(times, lost=True, skip=skip)

    def age_triggers(self) -> None:
        """Let every trigger be older than Slack allows."""
        self._triggers = {name: (user, when - 2 * TRIGGER_SECONDS) for name, (user, when) in self._triggers.items()}

    def exhaust_answers(self) -> None:
        """Let every response_url be used up."""
        self._answers = {name: (user, channel, 5) for name, (user, channel, _) in self._answers.items()}

    def remove(self, channel: str, ts: str) -> None:
        """Somebody deletes a message."""
        messages = self.channels[channel].messages
        messages[:] = [message for message in messages if message["ts"] != ts]

    async def refresh(self) -> None:
        """Slack asks every client to connect anew, then closes the old sockets."""
        old = list(self._sockets)
        for socket in old:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
        self._note()

    async def drop(self) -> None:
        """The sockets break without a word."""
        for socket in list(self._sockets):
            await socket.close(code=1011)
        self._note()

    # ------------------------------------------------------------------------------------------ what people do

    async def slash(self, user: str, channel: str, text: str, *, command: str = "/olympic", **same: str) -> Json:
        """Type a slash command; returns the acknowledgement's body."""
        return await self.send("slash_commands", self.slash_body(user, channel, text, command=command, **same))

    def slash_body(
        self, user: str, channel: str, text: str, *, command: str = "/olympic", trigger: str = "", team: str = ""
    ) -> Json:
        """A slash command's payload; with `trigger` the same one once more."""
        return {
            "command": command,
            "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "user_id": user,
            "user_name": self.users[user].name,
            "channel_id": channel,
            "channel_name": "general",
            "team_id": team or self.team,
            "team_domain": "fake",
            "api_app_id": "A0FAKE",
            "response_url": self._answer_url(user, channel),
            "trigger_id": trigger or self._trigger(user),
            "is_enterprise_install": "false",
        }

    async def press(self, user: str, message: Json, label: str, **more: Any) -> Json:
        """Press the button whose label contains `label`."""
        body = self.press_body(user, message, label)
        return await self.send("interactive", body | more)

    def press_body(self, user: str, message: Json, label: str) -> Json:
        """A pressed button's payload; `message` may be a message, a whisper or a home view."""
        button = self.button(message, label)
        place: Json = {"container": {"type": "view"}, "view": message}
        if channel := message.get("channel"):
            place = {
                "channel": {"id": channel, "name": "general"},
                "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel},
                "message": {name: message[name] for name in ("ts", "thread_ts", "text", "blocks") if name in message},
                "response_url": self._answer_url(user, channel),
            }
        pressed = {name: button[name] for name in ("action_id", "value", "type", "text")}
        return {
            "type": "block_actions",
            **self._who(user),
            **place,
            "trigger_id": self._trigger(user),
            "actions": [{**pressed, "block_id": "b", "action_ts": self._ts()}],
        }

    async def forge(self, user: str, channel: str, action: str) -> Json:
        """Send the press of a button that nobody was shown."""
        pressed = {"action_id": "press:0", "value": action, "type": "button", "block_id": "b", "action_ts": self._ts()}
        place = {"channel": {"id": channel, "name": "general"}, "message": {"ts": self._ts(), "text": "", "blocks": []}}
        trigger, url = self._trigger(user), self._answer_url(user, channel)
        body = {"type": "block_actions", **self._who(user), **place, "trigger_id": trigger, "response_url": url}
        return await self.send("interactive", {**body, "actions": [pressed]})

    async def forge_form(self, user: str, channel: str, action: str, values: Mapping[str, str]) -> Json:
        """Send a form that nobody was shown."""
        state = {name: {"value": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
        origin = json.dumps({"channel": channel, "thread": "", "answer": self._answer_url(user, channel)})
        view: Json = {"id": f"V{next(self._numbers)}", "hash": self._ts(), "type": "modal", "blocks": []}
        view |= {"callback_id": f"form:{action}", "private_metadata": origin, "state": {"values": state}}
        body = {"type": "view_submission", **self._who(user), "trigger_id": self._trigger(user), "response_urls": []}
        return await self.send("interactive", {**body, "view": view})

    def button(self, message: Json, label: str) -> Json:
        """The button whose label contains `label`."""
        rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
        return next(button for row in rows for button in row if label in button["text"]["text"])

    async def submit(
        self,
        user: str,
        values: dict[str, str],
        *,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        place: str = "",
    ) -> Json:
        """Fill the newest open form and submit it."""
        view = self.views[user].pop()
        state = {block["block_id"]: {block["element"]["action_id"]: self._filled(block, values, files or {}, place)}
                 for block in view["blocks"] if block["type"] == "input"}  # fmt: skip
        body = {
            "type": "view_submission",
            **self._who(user),
            "trigger_id": self._trigger(user),
            "view": {**view, "state": {"values": state}},
            "response_urls": [],
        }
        if place:
            url = self._answer_url(user, place)
            body["response_urls"] = [{"channel_id": place, "response_url": url, "block_id": "slack:place"}]
        return await self.send("interactive", body)

    async def shortcut(self, user: str, callback: str, message: Json | None = None) -> Json:
        """Use a shortcut: the global one, or one on a message."""
        body = {"type": "shortcut", **self._who(user), "callback_id": callback, "trigger_id": self._trigger(user)}
        if message:
            channel = message["channel"]
            url = self._answer_url(user, channel)
            body |= {"type": "message_action", "message": message, "channel": {"id": channel}, "response_url": url}
        return await self.send("interactive", body)

    async def say(self, user: str, channel: str, text: str) -> Json:
        """A person writes a message."""
        message = {"type": "message", "user": user, "text": text, "ts": self._ts(), "channel": channel}
        self.channels[channel].messages.append(message)
        return message

    async def open_home(self, user: str, *, event_id: str = "") -> Json:
        """Open the app's own page."""
        return await self.event({"type": "app_home_opened", "user": user, "tab": "home"}, event_id=event_id)

    async def react(self, user: str, message: Json, name: str) -> Json:
        """React to a message."""
        _reaction(message, name)["users"].append(user)
        return await self.event(self._reacted("reaction_added", user, message, name))

    async def unreact(self, user: str, message: Json, name: str) -> Json:
        """Take a reaction back."""
        _reaction(message, name)["users"].remove(user)
        return await self.event(self._reacted("reaction_removed", user, message, name))

    def _reacted(self, kind: str, user: str, message: Json, name: str) -> Json:
        item = {"type": "message", "channel": message["channel"], "ts": message["ts"]}
        return {"type": kind, "user": user, "reaction": name, "item": item, "item_user": message["user"]}

    async def discard(self, message: Json) -> Json:
        """Somebody deletes a message, and the app is told."""
        self.remove(message["channel"], message["ts"])
        told = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message["ts"], "previous_message": message}
        return await self.event({"type": "message", "channel": message["channel"], "ts": self._ts(), **told})

    async def invite(self, channel: str, inviter: str) -> Json:
        """The app is brought into a channel."""
        self.channels[channel].joined = True
        who = {"user": self.bot_user, "inviter": inviter, "channel": channel, "channel_type": "C", "team": self.team}
        return await self.event({"type": "member_joined_channel", **who})

    async def uninstall(self) -> Json:
        """An admin removes the app."""
        self.installed = False
        return await self.event({"type": "app_uninstalled"})

    async def event(self, event: Json, *, event_id: str = "", attempt: int = 0, team: str = "") -> Json:
        """Send an event, perhaps once more."""
        body = {
            "type": "event_callback",
            "team_id": team or self.team,
            "api_app_id": "A0FAKE",
            "event": event,
            "event_id": event_id or f"Ev{next(self._numbers)}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": team or self.team, "user_id": self.bot_user, "is_bot": True}],
        }
        return await self.send("events_api", body, attempt=attempt)

    # ------------------------------------------------------------------------------------------ to the app

    async def send(self, kind: str, payload: Json, *, attempt: int = 0) -> Json:
        """Deliver by whichever way is open; raises `NotAcknowledged` after 3 s or for an answer that is not 200."""
        if not self.http_url:
            return await self._send_socket(kind, payload, attempt)
        status, text = await self.post(kind, payload, attempt=attempt)
        if status != 200:
            raise NotAcknowledged(f"{status} {text}")
        return json.loads(text) if text.startswith("{") else {"text": text} if text else {}

    async def post(
        self, kind: str, payload: Json, *, attempt: int = 0, age: int = 0, secret: str = ""
    ) -> tuple[int, str]:
        """Signed HTTP, with an old timestamp or a wrong secret if wanted; returns (status, text)."""
        assert self._client
        form = {"slash_commands": payload, "interactive": {"payload": json.dumps(payload)}}.get(kind)
        data = json.dumps(payload) if form is None else urlencode(form)
        kind_of = "application/json" if form is None else "application/x-www-form-urlencoded"
        stamp = str(int(time.time()) - age)
        key = (secret or self.signing_secret).encode()
        signature = "v0=" + hmac.new(key, f"v0:{stamp}:{data}".encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": kind_of, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        try:
            async with asyncio.timeout(ACK_SECONDS):
                async with self._client.post(self.http_url, data=data, headers=headers) as answer:
                    return answer.status, await answer.text()
        except TimeoutError:
            raise NotAcknowledged(kind) from None

    async def _send_socket(self, kind: str, payload: Json, attempt: int) -> Json:
        socket = next(socket for socket in reversed(self._sockets) if not socket.closed)
        name = f"env-{next(self._numbers)}"
        ack = self._acks[name] = asyncio.get_running_loop().create_future()
        again = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        envelope = {"envelope_id": name, "type": kind, "payload": payload, "accepts_response_payload": True, **again}
        await socket.send_json(envelope)
        try:
            async with asyncio.timeout(ACK_SECONDS):
                return await ack
        except TimeoutError:
            raise NotAcknowledged(kind) from None

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": self.connected})
        self.links += 1
        self._note()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                told = json.loads(message.data)
                waiting = self._acks.pop(told.get("envelope_id", ""), None)
                if waiting and not waiting.done():
                    waiting.set_result(told.get("payload") or {})
        self._sockets.remove(socket)
        self._note()
        return socket

    # ------------------------------------------------------------------------------------------ the Web API

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method, said = request.match_info["method"], await _arguments(request)
        trouble = self._trouble(method)
        if trouble and trouble.status == 429:
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=trouble.headers)
        if trouble and trouble.status != 200:
            return web.Response(text="<h1>Bad Gateway</h1>", content_type="text/html", status=trouble.status)
        try:
            if trouble and trouble.code:
                raise Refused(trouble.code)
            self._check_token(request, method)
            self.calls.append((method, said))
            answer = {"ok": True, **getattr(self, "_" + method.replace(".", "_"))(said)}
        except Refused as refused:
            answer = refused.body
        self._note()
        if trouble and trouble.lost:
            assert request.transport
            request.transport.close()
        return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes))})

    def _trouble(self, method: str) -> Trouble | None:
        trouble = self._troubles.get(method)
        if trouble is None or trouble.times == 0:
            return None
        if trouble.skip:
            trouble.skip -= 1
            return None
        trouble.times -= 1
        return trouble

    def _check_token(self, request: web.Request, method: str) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if method == "oauth.v2.access":
            return
        if method == "apps.connections.open":
            if token != self.app_token:
                raise Refused("invalid_auth")
            return
        if not token:
            raise Refused("not_authed")
        if token not in self.teams:
            raise Refused("invalid_auth")
        self.tokens.append((method, self.teams[token]))
        if not self.installed:
            raise Refused("account_inactive")

    def _oauth_v2_access(self, said: Json) -> Json:
        if (said["client_id"], said["client_secret"]) != (self.client_id, self.client_secret):
            raise Refused("invalid_client_id")
        team = self.codes.pop(said["code"], "")
        if not team or not said["redirect_uri"].startswith("https://"):
            raise Refused("invalid_code")
        token = f"xoxb-{team}"
        self.teams[token] = team
        return {"access_token": token, "team": {"id": team, "name": team}, "authed_user": {"id": "U9"}}

    def _auth_test(self, said: Json) -> Json:
        team = self.tokens[-1][1]
        return {
            "team_id": team,
            "team": "Fake" if team == self.team else team,
            "user_id": self.bot_user,
            "user": "olympic-bot",
            "bot_id": self.bot_id,
        }

    def _apps_connections_open(self, said: Json) -> Json:
        ticket = f"ticket-{next(self._numbers)}"
        if self.spoiled:
            self.spoiled -= 1
        else:
            self._tickets.add(ticket)
        return {"url": self.base.replace("http", "ws") + f"/link?ticket={ticket}"}

    def _users_info(self, said: Json) -> Json:
        user = self.users.get(said["user"])
        if user is None:
            raise Refused("user_not_found")
        locale = {"locale": user.locale} if said.get("include_locale") else {}
        profile = {"display_name": user.name, "real_name": user.name.title()}
        about = {"id": user.id, "name": user.name, "is_admin": user.admin, "is_bot": user.bot, "deleted": user.deleted}
        return {"user": {**about, "profile": profile, **locale}}

    def _users_list(self, said: Json) -> Json:
        people = [self._users_info({"user": user})["user"] for user in self.users]
        return self._listed("members", people, said)

    def _usergroups_list(self, said: Json) -> Json:
        return {"usergroups": self.groups}

    def _chat_postMessage(self, said: Json) -> Json:  # noqa: N802  # Slack's name
        channel = self._writable(said["channel"], said)
        message = self._message(channel.id, said) | ({"metadata": said["metadata"]} if said.get("metadata") else {})
        if thread := said.get("thread_ts"):
            message["thread_ts"] = thread
            self._open_thread(channel, thread)
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _chat_postEphemeral(self, said: Json) -> Json:  # noqa: N802
        channel = self._writable(said["channel"], said)
        message = self._message(channel.id, said)
        self.whispers[said["user"]].append(message)
        return {"message_ts": message["ts"]}

    def _chat_update(self, said: Json) -> Json:
        channel = self._writable(said["channel"], said)
        if len(said.get("text") or "") > 4000:
            raise Refused("msg_too_long")
        message = self._own(channel, said["ts"])
        message |= {"text": said.get("text", ""), "edited": {"ts": self._ts(), "user": self.bot_user}}
        message["blocks"] = said.get("blocks") or []
        if "metadata" in said:
            message["metadata"] = said["metadata"]
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"]}

    def _chat_delete(self, said: Json) -> Json:
        channel = self._writable(said["channel"], said)
        channel.messages.remove(self._own(channel, said["ts"]))
        return {"channel": channel.id, "ts": said["ts"]}

    def _views_open(self, said: Json) -> Json:
        user, when = self._triggers.pop(said["trigger_id"], ("", 0.0))
        if not user:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - when > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        view = {**said["view"], "id": f"V{next(self._numbers)}", "hash": self._ts()}
        self._check_view(view)
        self.views[user].append(view)
        return {"view": view}

    def _views_publish(self, said: Json) -> Json:
        self._check_view(said["view"])
        self.homes[said["user_id"]] = {**said["view"], "id": f"V{next(self._numbers)}"}
        return {"view": self.homes[said["user_id"]]}

    def _files_getUploadURLExternal(self, said: Json) -> Json:  # noqa: N802
        file = f"F{next(self._numbers):08d}"
        self.files[file] = {"id": file, "name": said["filename"], "size": int(said["length"]), "shares": {}}
        return {"file_id": file, "upload_url": f"{self.base}/upload/{file}"}

    def _files_completeUploadExternal(self, said: Json) -> Json:  # noqa: N802
        channel = self._writable(said["channel_id"], said) if said.get("channel_id") else Channel("")
        parent = next((m for m in channel.messages if m["ts"] == said.get("thread_ts")), None)
        if said.get("thread_ts") and (parent is None or parent.get("thread_ts", parent["ts"]) != parent["ts"]):
            raise Refused("invalid_arguments")
        for told in said["files"]:
            file = self.files.get(told["id"])
            if file is None or len(self.uploads.get(told["id"], b"")) != file["size"]:
                raise Refused("file_not_found")
            file["title"] = told.get("title", "")
            self._do_later(self._share(channel, file, said) if channel.id else self._process(file))
        return {"files": [{"id": told["id"], "title": told.get("title", "")} for told in said["files"]]}

    async def _process(self, file: Json) -> None:
        await asyncio.sleep(self.share_seconds)
        file["mimetype"] = "image/jpeg"
        self._note()

    async def _share(self, channel: Channel, file: Json, said: Json) -> None:
        await asyncio.sleep(self.share_seconds)
        message = self._message(channel.id, {"text": said.get("initial_comment", "")})
        message |= {"subtype": "file_share", "files": [{name: file[name] for name in ("id", "name", "title")}]}
        if thread := said.get("thread_ts"):
            message["thread_ts"] = thread
            self._open_thread(channel, thread)
        channel.messages.append(message)
        file["shares"] = {"public": {channel.id: [{"ts": message["ts"], "thread_ts": said.get("thread_ts")}]}}
        self._note()

    def _files_info(self, said: Json) -> Json:
        if said["file"] not in self.files:
            raise Refused("file_not_found")
        return {"file": self.files[said["file"]]}

    def _files_delete(self, said: Json) -> Json:
        if self.files.pop(said["file"], None) is None:
            raise Refused("file_not_found")
        return {}

    def _conversations_history(self, said: Json) -> Json:
        self._readable(said["channel"])
        return self._page(list(reversed(self.channel(said["channel"]))), said)

    def _conversations_replies(self, said: Json) -> Json:
        channel = self._readable(said["channel"])
        found = next((m for m in channel.messages if m["ts"] == said["ts"]), None)
        if found is None:
            raise Refused("thread_not_found")
        root = found.get("thread_ts", found["ts"])
        return self._page([m for m in channel.messages if m["ts"] == root or m.get("thread_ts") == root], said)

    def _conversations_info(self, said: Json) -> Json:
        channel = self.channels.get(said["channel"])
        if channel is None or (channel.private and not channel.joined):
            raise Refused("channel_not_found")
        return {"channel": self._about(channel)}

    def _conversations_list(self, said: Json) -> Json:
        seen = [self._about(channel) for channel in self.channels.values() if channel.name]
        return self._listed("channels", seen, said)

    def _conversations_members(self, said: Json) -> Json:
        return self._listed("members", sorted(self._readable(said["channel"]).members), said)

    def _conversations_open(self, said: Json) -> Json:
        if said["users"] not in self.users:
            raise Refused("users_not_found")
        name = f"D{said['users']}"
        self.channels.setdefault(name, Channel(name))
        return {"channel": {"id": name}}

    def _about(self, channel: Channel) -> Json:
        told = {"id": channel.id, "name": channel.name, "is_private": channel.private, "is_member": channel.joined}
        return told | ({"is_im": True} if channel.id.startswith("D") else {})

    def _listed(self, name: str, whole: list[Any], said: Json) -> Json:
        """Two at a time, however many were asked for: a list that is not read to its end misses some."""
        start = int(said.get("cursor") or 0)
        more = str(start + 2) if start + 2 < len(whole) else ""
        return {name: whole[start : start + 2], "response_metadata": {"next_cursor": more}}

    def _reactions_add(self, said: Json) -> Json:
        if not re.fullmatch(r"[a-z0-9_'+\-]+", said["name"]) or said["name"] == "no_such_emoji":
            raise Refused("invalid_name")
        users = _reaction(self._reactable(said), said["name"])["users"]
        if self.bot_user in users:
            raise Refused("already_reacted")
        users.append(self.bot_user)
        return {}

    def _reactions_get(self, said: Json) -> Json:
        message = self._reactable(said)
        told = [one | {"count": len(one["users"]) + self.shy} for one in message.get("reactions", []) if one["users"]]
        return {"type": "message", "message": {**message, "reactions": told}}

    def _reactable(self, said: Json) -> Json:
        messages = self._readable(said["channel"]).messages
        found = next((m for m in messages if m["ts"] == said["timestamp"]), None)
        if found is None:
            raise Refused("message_not_found")
        return found

    # ------------------------------------------------------------------------------------------ beside the Web API

    async def _upload(self, request: web.Request) -> web.Response:
        self.uploads[request.match_info["file"]] = await request.read()
        return web.Response(text="OK - done")

    async def _download(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=self.uploads[request.match_info["file"]], content_type="application/octet-stream")

    async def _respond(self, request: web.Request) -> web.Response:
        user, channel, uses = self._answers[request.match_info["id"]]
        if uses >= 5:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        self._answers[request.match_info["id"]] = (user, channel, uses + 1)
        said = await request.json()
        try:
            self._check_blocks(said.get("blocks") or [])
        except Refused as refused:
            return web.json_response(refused.body, status=404)
        self.whispers[user].append(self._message(channel, said))
        self._note()
        return web.Response(text="ok")

    # ------------------------------------------------------------------------------------------ inside

    def _writable(self, name: str, said: Json) -> Channel:
        if name in self.users:
            name = f"D{name}"
            self.channels.setdefault(name, Channel(name))
        channel = self._readable(name)
        self._check_blocks(said.get("blocks") or [])
        return channel

    def _readable(self, name: str) -> Channel:
        channel = self.channels.get(name)
        if channel is None:
            raise Refused("channel_not_found")
        if not channel.joined:
            raise Refused("not_in_channel")
        return channel

    def _own(self, channel: Channel, ts: str) -> Json:
        message = next((m for m in channel.messages if m["ts"] == ts), None)
        if message is None:
            raise Refused("message_not_found")
        if message["user"] != self.bot_user:
            raise Refused("cant_update_message")
        return message

    def _message(self, channel: str, said: Json) -> Json:
        message = {"type": "message", "user": self.bot_user, "bot_id": self.bot_id, "channel": channel}
        return message | {"ts": self._ts(), "text": said.get("text") or "", "blocks": said.get("blocks") or []}

    def _open_thread(self, channel: Channel, ts: str) -> None:
        for message in channel.messages:
            if message["ts"] == ts:
                message["thread_ts"] = ts

    def _page(self, messages: list[Json], said: Json) -> Json:
        start, most = int(said.get("cursor") or 0), int(said.get("limit") or 100)
        hidden = set() if said.get("include_all_metadata") else {"metadata"}
        page = [{k: v for k, v in m.items() if k not in hidden} for m in messages[start : start + most]]
        more = str(start + most) if start + most < len(messages) else ""
        return {"messages": page, "has_more": bool(more), "response_metadata": {"next_cursor": more}}

    def _check_blocks(self, blocks: list[Json]) -> None:
        try:
            faults = block_faults(blocks) + [f for block in blocks for f in self._picture_faults(block)]
        except SlackObjectFormationError as error:
            faults = [str(error)]
        self.problems += faults
        if faults:
            raise Refused("invalid_blocks", errors=faults)

    def _picture_faults(self, block: Json) -> list[str]:
        file = block.get("slack_file", {}).get("id")
        ready = file is None or (not self.dislikes_pictures and self.files.get(file, {}).get("mimetype"))
        return [] if ready else ["invalid slack file"]

    def _check_view(self, view: Json) -> None:
        try:
            View(**{name: value for name, value in view.items() if name not in ("id", "hash")}).validate_json()
        except SlackObjectFormationError as error:
            self.problems.append(str(error))
            raise Refused("invalid_arguments", errors=[str(error)]) from None
        self._check_blocks([block for block in view["blocks"] if block["type"] != "input"])

    def _filled(
        self, block: Json, values: dict[str, str], files: dict[str, tuple[str, bytes, str]], place: str
    ) -> Json:
        element, name = block["element"], block["block_id"]
        kind = element["type"]
        if kind == "conversations_select" and name == "slack:place":
            return {"type": kind, "selected_conversation": place}
        if kind.endswith(("conversations_select", "users_select")):
            return {"type": kind, **_picked(kind, element, values.get(name, ""))}
        if kind == "file_input":
            return {"type": kind, "files": [self.keep(*files[name])] if name in files else []}
        if kind == "static_select":
            wanted = values.get(name, element.get("initial_option", {}).get("value"))
            chosen = next((option for option in element["options"] if option["value"] == wanted), None)
            return {"type": kind, "selected_option": chosen}
        if kind == "multi_static_select":
            usual = ",".join(option["value"] for option in element.get("initial_options", ()))
            wanted = values.get(name, usual).split(",")
            return {"type": kind, "selected_options": [one for one in element["options"] if one["value"] in wanted]}
        return {"type": kind, "value": values.get(name, element.get("initial_value"))}

    def keep(self, name: str, data: bytes, mime: str) -> Json:
        """A person's file in Slack."""
        file = f"F{next(self._numbers):08d}"
        url = f"{self.base}/files/{file}/{name}"
        self.uploads[file] = data
        self.files[file] = {"id": file, "name": name, "mimetype": mime, "size": len(data), "shares": {}}
        return self.files[file] | {"url_private": url, "url_private_download": url}

    def _who(self, user: str) -> Json:
        person = {"id": user, "username": self.users[user].name, "name": self.users[user].name, "team_id": self.team}
        return {"user": person, "team": {"id": self.team, "domain": "fake"}, "api_app_id": "A0FAKE"}

    def _trigger(self, user: str) -> str:
        name = f"trigger-{next(self._numbers)}"
        self._triggers[name] = (user, time.monotonic())
        return name

    def _answer_url(self, user: str, channel: str) -> str:
        name = f"answer-{next(self._numbers)}"
        self._answers[name] = (user, channel, 0)
        return f"{self.base}/respond/{name}"

    def _do_later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def _note(self) -> None:
        self._changed.set()


def _reaction(message: Json, name: str) -> Json:
    """The reactions with one name, made when there are none."""
    told: list[Json] = message.setdefault("reactions", [])
    if found := next((one for one in told if one["name"] == name), None):
        return found
    told.append({"name": name, "users": []})
    return told[-1]


async def _arguments(request: web.Request) -> Json:
    """Query, form and JSON together, as Slack reads them; JSON inside forms is opened."""
    said: Json = dict(request.query)
    if request.content_type == "application/json":
        said |= await request.json()
    elif request.method == "POST":
        said |= dict(await request.post())
    for name in ("files", "blocks", "view", "metadata"):
        if isinstance(said.get(name), str):
            said[name] = json.loads(said[name])
    return said


def _picked(kind: str, element: Json, value: str) -> Json:
    """What a list of channels or people gives back: what was chosen, or what it began with."""
    what = "conversation" if "conversations" in kind else "user"
    if kind.startswith("multi_"):
        return {f"selected_{what}s": value.split(",") if value else element.get(f"initial_{what}s", [])}
    return {f"selected_{what}": value or element.get(f"initial_{what}")}


def block_faults(blocks: list[Json]) -> list[str]:
    """What Slack would refuse: the SDK's own checks, and the limits it leaves out."""
    faults = [f"{len(blocks)} blocks"] if len(blocks) > 50 else []
    for block in blocks:
        parsed = Block.parse(block)
        if parsed is None:
            faults.append(f"unknown block {block.get('type')}")
            continue
        parsed.validate_json()
        elements = block.get("elements", []) if block["type"] == "actions" else []
        names = [element["action_id"] for element in elements]
        if len(set(names)) != len(names):
            faults.append("two buttons with one action_id")
        faults += [fault for element in elements for fault in _button_faults(element)]
        faults += _empty_texts(block)
    return faults


def _button_faults(button: Json) -> list[str]:
    limits = {"text": (len(button["text"]["text"]), 75), "value": (len(button["value"]), 2000)}
    limits["action_id"] = (len(button["action_id"]), 255)
    return [f"button {name} of {size}" for name, (size, most) in limits.items() if not 0 < size <= most]


def _empty_texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [fault for item in value for fault in _empty_texts(item)]
    if not isinstance(value, dict):
        return []
    here = ["an empty text"] if value.get("text") == "" else []
    return here + [fault for item in value.values() for fault in _empty_texts(item)]
