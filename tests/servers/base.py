"""A server on a loopback port that speaks some backend's protocol and can be told to misbehave.

Every protocol's fake shares one script of faults. A fake accepts orders through `accept`, which is the one place that
counts money, and asks the script at each of its steps what to do.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from aiohttp import web

from tests.fakes import PATIENCE


class Fault(StrEnum):
    """How a server can misbehave, in the order of an order's life."""

    NONE = "nothing goes wrong"
    SLOW = "everything takes its time"
    BUSY = "429 with Retry-After, then accepted"
    BROKEN_BEFORE = "5xx before accepting"
    BROKEN_AFTER = "5xx after accepting"
    CUT_AFTER = "connection cut after accepting"
    GARBLED_ANSWER = "malformed JSON after accepting"
    SILENT_AFTER = "no answer after accepting"
    REFUSED_WORDS = "moderation refuses the sentence"
    REFUSED_PICTURE = "moderation refuses the film"
    WRONG_KEY = "the key is refused"
    NO_CREDIT = "the account is empty"
    NO_MODEL = "the model is gone"
    GARBLED_LOOK = "malformed JSON on a look"
    BROKEN_LOOK = "5xx and a cut connection on a look"
    DISORDER = "states in the wrong order"
    CRASHED = "drawing fails"
    AMNESIA = "restarted, knows nothing"
    CUT_FILM = "the video is cut short once"
    SHORT_FILM = "the video has the wrong length"
    EXPIRED = "the video's address has expired"
    DEAD = "nobody listens"


FILM = b"\x00\x00\x00\x18ftypmp42" + b"film of 15 seconds " * 2000
SHORT = b"\x00\x00\x00\x18ftypmp42" + b"film of 8 seconds " * 900


@dataclass
class Order:
    """One paid order as the server keeps it. `looks` counts how often it was asked for."""

    id: str
    body: Any
    headers: dict[str, str]
    looks: int = 0
    cancelled: bool = False
    files: dict[str, bytes] = field(default_factory=dict)


class Server:
    """Serves one protocol: `async with Fake(fault) as server: server.url`. Subclasses add routes and words."""

    def __init__(self, fault: Fault = Fault.NONE, *, looks: int = 2) -> None:
        self.fault = fault
        self.looks = looks
        """How often an order is looked at before it is finished."""
        self.orders: dict[str, Order] = {}
        self.paid = 0
        """Orders that were accepted, also those forgotten since."""
        self.broken = 500
        """The 5xx that is answered before and after accepting: nobody can tell the two apart by it."""
        self.movie = FILM
        """What a finished order is answered with; a real film where a real tool inspects it."""
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        """(method, path, headers in lower case) of every request."""
        self._struck: set[str] = set()
        self._numbers = itertools.count(1)

    # --- life

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._noted], client_max_size=64 * 2**20)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]
        if self.fault is Fault.DEAD:
            await site.stop()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def patience(self) -> str:
        """Seconds without a byte after which a backend under test gives a call up: only a script of silence needs it
        soon. On a busy machine any other answer may take its time."""
        return "1" if self.fault is Fault.SILENT_AFTER else str(PATIENCE)

    @property
    def search(self) -> str:
        """Seconds a backend under test searches for a lost order: briefly for one that never arrived."""
        return "0.2" if self.fault is Fault.BROKEN_BEFORE else str(PATIENCE)

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def film_route(self) -> web.RouteDef:
        """Where finished films lie: `/film/{id}.mp4`."""
        return web.get("/film/{id}.mp4", self._film)

    @web.middleware
    async def _noted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append((request.method, request.path, {k.lower(): v for k, v in request.headers.items()}))
        return await handler(request)

    # --- steps of an order's life, for the protocols

    def once(self, *faults: Fault) -> bool:
        """Whether one of these faults is the script's and has not struck here yet; it strikes once."""
        if self.fault not in faults or self.fault in self._struck:
            return False
        self._struck.add(self.fault)
        return True

    def new_id(self) -> str:
        return f"task-{next(self._numbers):04d}"

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        """What a server says before it accepts anything, or None."""
        if self.fault is Fault.SLOW:
            await asyncio.sleep(0.05)
        if self.once(Fault.BUSY):
            return self.trouble(429, headers={"Retry-After": "1"})
        if self.once(Fault.BROKEN_BEFORE):
            return self.trouble(self.broken)
        statuses = {Fault.WRONG_KEY: 401, Fault.NO_CREDIT: 402, Fault.NO_MODEL: 404, Fault.REFUSED_WORDS: 400}
        return self.trouble(statuses[self.fault]) if self.fault in statuses else None

    def accept(self, request: web.Request, body: Any, order_id: str = "", **files: bytes) -> Order:
        """Take an order: from here it costs money."""
        order = Order(order_id or self.new_id(), body, {k.lower(): v for k, v in request.headers.items()}, files=files)
        self.orders[order.id] = order
        self.paid += 1
        return order

    async def after(self, request: web.Request) -> web.StreamResponse | None:
        """What goes wrong between accepting and answering, or None."""
        if self.once(Fault.BROKEN_AFTER):
            return self.trouble(self.broken)
        if self.once(Fault.CUT_AFTER):
            return self.cut(request)
        if self.once(Fault.GARBLED_ANSWER):
            return self.garbled()
        if self.once(Fault.SILENT_AFTER):
            await asyncio.sleep(3600)
        if self.fault is Fault.AMNESIA:
            self.orders.clear()
        return None

    async def look(self, request: web.Request) -> web.StreamResponse | None:
        """What goes wrong with a look, or None."""
        if self.fault is Fault.SLOW:
            await asyncio.sleep(0.02)
        if self.once(Fault.GARBLED_LOOK):
            return self.garbled()
        if self.fault is Fault.BROKEN_LOOK:
            strikes = sum(strike.startswith("look") for strike in self._struck)
            self._struck.add(f"look {strikes}")
            if strikes < 2:
                return self.trouble(503) if strikes else self.cut(request)
        return None

    def state(self, order: Order, queued: str, running: str, done: str, failed: str) -> str:
        """Where the order stands in the protocol's words; each look brings it further."""
        order.looks += 1
        if self.fault is Fault.DISORDER and order.looks <= 3:
            return (running, queued, running)[order.looks - 1]
        if order.looks <= self.looks * (3 if self.fault is Fault.SLOW else 1):
            return queued if order.looks == 1 else running
        return failed if self.fault in (Fault.CRASHED, Fault.REFUSED_PICTURE) else done

    def film(self) -> bytes:
        return SHORT if self.fault is Fault.SHORT_FILM else self.movie

    async def _film(self, request: web.Request) -> web.StreamResponse:
        return await self.deliver(request)

    async def deliver(self, request: web.Request) -> web.StreamResponse:
        """The film as a download."""
        if self.fault is Fault.EXPIRED:
            return web.Response(status=403, text="<Error><Code>AccessDenied</Code></Error>")
        if self.once(Fault.CUT_FILM):
            response = web.StreamResponse(headers={"Content-Length": str(len(self.movie))})
            await response.prepare(request)
            await response.write(self.movie[: len(self.movie) // 2])
            self.cut(request)
            return response
        return web.Response(body=self.film(), content_type="video/mp4")

    # --- how things go wrong

    def trouble(self, status: int, headers: dict[str, str] | None = None) -> web.Response:
        """An error in the protocol's words; most say it with a status and a small body."""
        return web.json_response({"error": {"message": f"trouble {status}"}}, status=status, headers=headers)

    def garbled(self) -> web.Response:
        return web.Response(body=b'{"output": {"task_id": "07', content_type="application/json")

    def cut(self, request: web.Request) -> web.Response:
        """Close the connection without an answer."""
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


async def body_of(request: web.Request) -> Any:
    return json.loads(await request.read() or b"null")
