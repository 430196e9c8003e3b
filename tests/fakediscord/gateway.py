"""The websocket: identify, heartbeats, events with sequence numbers, resume with replay; zlib-stream when asked for."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord

INTENTS = {"GUILD_": 1 << 0, "THREAD_": 1 << 0, "MESSAGE_REACTION_": 1 << 10, "MESSAGE_": 1 << 9}
"""What one must have asked for to be told an event, by how its name begins; the first that fits counts."""
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


@dataclass
class Wire:
    """One connection: one compressor for all its messages."""

    socket: web.WebSocketResponse
    compressor: Any = None

    async def send(self, op: int, data: Any, sequence: int | None = None, event: str | None = None) -> None:
        text = json.dumps({"op": op, "d": data, "s": sequence, "t": event}).encode()
        if self.socket.closed:
            return
        if self.compressor is None:
            await self.socket.send_str(text.decode())
        else:
            await self.socket.send_bytes(self.compressor.compress(text) + self.compressor.flush(zlib.Z_SYNC_FLUSH))


@dataclass
class Session:
    """What is kept over a broken connection."""

    id: str
    events: list[tuple[str, Any]] = field(default_factory=list)
    wire: Wire | None = None
    intents: int = 0

    def wants(self, event: str) -> bool:
        needed = next((bit for start, bit in INTENTS.items() if event.startswith(start)), 0)
        return self.intents & needed == needed


class Gateway:
    """All sessions; one at a time is live."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.sessions: list[Session] = []
        self.identified = 0
        self.resumed = 0
        self.heartbeats = 0
        self.token = ""
        """The only token the gateway takes, when it differs from the one REST takes."""
        self.closes: list[int | None] = []
        """Close codes the client sent."""

    @property
    def live(self) -> bool:
        return bool(self.sessions) and self.sessions[-1].wire is not None

    async def connected(self) -> None:
        """Wait until the bot hears us."""
        await self.fake.until(lambda: self.live)

    async def send(self, event: str, data: Any) -> None:
        """Tell an event; kept for the resume when nobody listens."""
        assert self.sessions, "the bot never connected"
        session = self.sessions[-1]
        if not session.wants(event):
            return
        session.events.append((event, data))
        if session.wire:
            await session.wire.send(DISPATCH, data, len(session.events), event)

    async def drop(self, code: int = 4000) -> None:
        """Break the connection; the session may be resumed."""
        session = self.sessions[-1]
        wire, session.wire = session.wire, None
        if wire:
            await wire.socket.close(code=code)

    async def forget(self) -> None:
        """Break the connection for good: the bot has to identify anew."""
        self.sessions[-1].id = "forgotten"
        await self.drop()

    async def ask_to_reconnect(self) -> None:
        wire = self.sessions[-1].wire
        if wire:
            await wire.send(RECONNECT, None)

    async def close(self) -> None:
        for session in self.sessions:
            if session.wire:
                await session.wire.socket.close(code=1001)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        wire = Wire(socket, zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None)
        await wire.send(HELLO, {"heartbeat_interval": 41250})
        session: Session | None = None
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            session = await self._heard(wire, json.loads(message.data)) or session
            await self.fake.stir()
        if session and session.wire is wire:
            session.wire = None
        self.closes.append(socket.close_code)
        await self.fake.stir()
        return socket

    async def _heard(self, wire: Wire, payload: dict[str, Any]) -> Session | None:
        match payload["op"]:
            case 1:
                self.heartbeats += 1
                await wire.send(ACK, None)
            case 2:
                return await self._identify(wire, payload["d"])
            case 6:
                return await self._resume(wire, payload["d"])
        return None

    async def _identify(self, wire: Wire, data: dict[str, Any]) -> Session | None:
        if data["token"] != (self.token or self.fake.token):
            await wire.socket.close(code=4004, message=b"Authentication failed.")
            return None
        if data["intents"] & PRIVILEGED:
            await wire.socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        self.identified += 1
        session = Session(f"session-{len(self.sessions)}", wire=wire, intents=data["intents"])
        self.sessions.append(session)
        await self.send("READY", self._ready(session))
        for guild in self.fake.guilds.values():
            await self.send("GUILD_CREATE", guild.payload())
        return session

    def _ready(self, session: Session) -> dict[str, Any]:
        return {
            "v": 10,
            "user": self.fake.bot.payload() | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in self.fake.guilds.values()],
            "session_id": session.id,
            "resume_gateway_url": self.fake.gateway,
            "application": {"id": str(self.fake.app), "flags": 0},
            "private_channels": [],
            "relationships": [],
        }

    async def _resume(self, wire: Wire, data: dict[str, Any]) -> Session | None:
        session = next((each for each in self.sessions if each.id == data["session_id"]), None)
        if session is None or data["token"] != self.fake.token:
            await wire.send(INVALID, False)
            return None
        self.resumed += 1
        session.wire = wire
        for sequence, (event, told) in enumerate(session.events[data["seq"] :], data["seq"] + 1):
            await wire.send(DISPATCH, told, sequence, event)
        await self.send("RESUMED", {"_trace": []})
        return session
