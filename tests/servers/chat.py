"""A /chat/completions that answers what it is told to, or misbehaves."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.servers.base import Fault, Server, body_of


class ChatServer(Server):
    """Says `says` to everybody; `heard` are the bodies of the questions."""

    def __init__(self, fault: Fault = Fault.NONE, *, says: str = "A red fox soars from the hill at dusk.") -> None:
        super().__init__(fault)
        self.says = says
        self.heard: list[Any] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/chat/completions", self._complete)]

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(await body_of(request))
        if self.fault is Fault.GARBLED_ANSWER:
            return self.garbled()
        if self.fault is Fault.SILENT_AFTER:
            await asyncio.sleep(3600)
        if wrong := await self.before(request):
            return wrong
        return web.json_response({"choices": [{"message": {"role": "assistant", "content": self.says}}]})
