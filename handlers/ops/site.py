"""The addresses of what is watched."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.locales import Words, words
from bot.model.backend import Health
from bot.pipeline.pulse import Pulse, Watch
from bot.scrub import scrubbed
from handlers.ops.meter import MIME, PrometheusMeter

LEVELS: Final = ("debug", "info", "warning", "error")
_FORWARDED: Final = ("origin", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers of a request that comes through a proxy or from a page, and so only seems to be from this machine."""
_LARGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the addresses need."""

    watch: Watch
    meter: PrometheusMeter
    set_level: Callable[[str], None]
    language: str

    def app(self) -> Starlette:
        """The routes."""
        return Starlette(
            routes=[
                Route("/metrics", self.metrics),
                Route("/healthz", self.healthz),
                Route("/readyz", self.readyz),
                Route("/log-level", self.log_level, methods=["POST"]),
            ]
        )

    async def metrics(self, _request: Request) -> Response:
        """For Prometheus."""
        await self.watch.look()
        return Response(self.meter.page(), headers={"content-type": MIME})

    async def healthz(self, _request: Request) -> Response:
        """The loop answers; whoever hears nothing restarts the process."""
        return JSONResponse({"alive": True})

    async def readyz(self, _request: Request) -> Response:
        """Whether a request asked now can become a clip, and if not, why: 503 then."""
        pulse = await self.watch.look()
        return JSONResponse(_told(pulse, words(self.language)), 200 if pulse.ready else 503)

    async def log_level(self, request: Request) -> Response:
        """How much is logged from now on; only whoever is on this machine may say so."""
        if not _from_here(request):
            return JSONResponse({"error": "only from this machine itself"}, 403)
        level = _level(await request.body())
        if level not in LEVELS:
            return JSONResponse({"error": f'one of {", ".join(LEVELS)}, as {{"level": "debug"}}'}, 400)
        self.set_level(level)
        return JSONResponse({"level": level})


def _told(pulse: Pulse, say: Words) -> dict[str, Any]:
    return {
        "ready": pulse.ready,
        "database": {"ok": not pulse.trouble, **({"why": scrubbed(pulse.trouble)} if pulse.trouble else {})},
        "platforms": {name: {"ok": up} for name, up in pulse.platforms.items()},
        "backends": {name: _health(health, say) for name, health in pulse.backends.items()},
    }


def _health(health: Health, say: Words) -> dict[str, Any]:
    """A backend speaks in catalogue keys, or plainly."""
    summary = say(health.summary, **health.facts) if say.knows(health.summary) else health.summary
    return {"ok": health.ok, **({} if health.ok else {"why": scrubbed(summary)})}


def _from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _level(body: bytes) -> str:
    """`{"level": "debug"}`, or the bare word."""
    text = body[:_LARGEST].decode("utf-8", "replace").strip()
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return str(told.get("level", "")) if isinstance(told, dict) else str(told)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
