"""fal's queue and platform API on a loopback port, in the vendor's words."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.servers.base import Fault, Order, Server, body_of

KEY = "fal-key-id:fal-key-secret"
UNITS = {"currency": "USD", "unit": "seconds", "unit_price": 0.1}
FIELDS = {
    "wan/v2.6": {"negative_prompt", "aspect_ratio", "audio_url", "enable_prompt_expansion", "multi_shots",
                 "image_url", "image_urls", "enable_audio"},
    "fal-ai/wan": {"negative_prompt", "aspect_ratio", "audio_url", "enable_prompt_expansion", "multi_shots",
                   "image_url", "reference_image_urls"},
    "alibaba/wan-3.0": {"aspect_ratio", "audio", "image_url", "reference_image_urls"},
    "alibaba/wan-3.0-prime": {"aspect_ratio", "audio", "image_url", "reference_image_urls"},
}  # fmt: skip
EVERY = {"prompt", "duration", "resolution", "seed"}


class FalServer(Server):
    """One account. `closed`: its key may not list past requests. `elsewhere`: the addresses it names lie on another
    host, as those of the vendor do when a proxy stands between."""

    def __init__(self, fault: Fault = Fault.NONE, *, looks: int = 2) -> None:
        super().__init__(fault, looks=looks)
        self.closed = False
        self.elsewhere = ""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/models/pricing", self.pricing),
            web.get("/v1/models/requests/by-endpoint", self.history),
            web.get("/{owner}/{app}/requests/{id}/status", self.status),
            web.get("/{owner}/{app}/requests/{id}", self.result),
            web.put("/{owner}/{app}/requests/{id}/cancel", self.cancel),
            web.post("/{path:.+}", self.create),
            self.film_route(),
        ]

    def trouble(self, status: int, headers: dict[str, str] | None = None) -> web.Response:
        told = {
            401: "Cannot access application. Authentication is required to access this application.",
            402: "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.",
            404: "Application not found",
            429: "Too many requests",
        }
        said = {"detail": told.get(status, "Internal Server Error")}
        return web.json_response(said, status={402: 403}.get(status, status), headers=headers)

    def denied(self, request: web.Request) -> web.Response | None:
        return None if request.headers.get("Authorization") == f"Key {KEY}" else self.trouble(401)

    async def create(self, request: web.Request) -> web.StreamResponse:
        refusal = self.denied(request)
        if refusal is None and self.fault is not Fault.REFUSED_WORDS:  # the queue takes anything; models refuse words
            refusal = await self.before(request)
        if refusal:
            return refusal
        told, path = await body_of(request), request.match_info["path"]
        order = self.accept(request, {"input": told, "path": path, "sent": time.time()})
        if refusal := await self.after(request):
            return refusal
        root = f"{self.elsewhere or self.url}/{'/'.join(path.split('/')[:2])}/requests/{order.id}"
        return web.json_response(
            {
                "request_id": order.id,
                "response_url": root,
                "status_url": f"{root}/status",
                "cancel_url": f"{root}/cancel",
                "queue_position": 0,
                "status": "IN_QUEUE",
            }
        )

    def known(self, request: web.Request) -> Order | None:
        order = self.orders.get(request.match_info["id"])
        root = f"{request.match_info['owner']}/{request.match_info['app']}"
        return order if order and "/".join(order.body["path"].split("/")[:2]) == root else None

    async def status(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request) or await self.look(request):
            return refusal
        order = self.known(request)
        if order is None:
            return web.json_response({"detail": "Request not found"}, status=404)
        said = self.state(order, "IN_QUEUE", "IN_PROGRESS", "COMPLETED", "COMPLETED")
        told: dict[str, Any] = {"status": said, "request_id": order.id}
        if said == "IN_QUEUE":
            told["queue_position"] = 3
        if order.cancelled:
            told |= {"status": "COMPLETED", "error": "Request cancelled", "error_type": "client_cancelled"}
        elif said == "COMPLETED" and self.fault is Fault.CRASHED:
            told |= {"error": "Runner disconnected", "error_type": "runner_disconnected"}
        order.body["ended"] = told["status"] == "COMPLETED"
        return web.json_response(told, status=200 if said == "COMPLETED" else 202)

    async def result(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request):
            return refusal
        order = self.known(request)
        if order is None or not order.body.get("ended"):
            return web.json_response({"detail": "Request is still in progress"}, status=400)
        if self.fault in (Fault.REFUSED_PICTURE, Fault.REFUSED_WORDS):
            return _complaint("prompt", "content_policy_violation", "The content was flagged by a content checker.")
        if wrong := wrong_input(order.body["path"], order.body["input"]):
            return _complaint("input", "value_error", wrong)
        video = {"url": f"{self.url}/film/{order.id}.mp4", "content_type": "video/mp4", "file_size": len(self.film())}
        return web.json_response({"video": video, "seed": order.body["input"]["seed"]})

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request):
            return refusal
        order = self.known(request)
        if order is None:
            return web.json_response({"status": "NOT_FOUND"}, status=404)
        if order.body.get("ended"):
            return web.json_response({"status": "ALREADY_COMPLETED"}, status=400)
        order.cancelled = True
        waiting = order.looks <= 1
        return web.json_response(
            {"status": "OK" if waiting else "CANCELLATION_REQUESTED"}, status=200 if waiting else 202
        )

    async def pricing(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request):
            return refusal
        paths = [path for path in request.query["endpoint_id"].split(",") if self.fault is not Fault.NO_MODEL]
        return web.json_response({"prices": [{"endpoint_id": path, **UNITS} for path in paths], "has_more": False})

    async def history(self, request: web.Request) -> web.StreamResponse:
        """Past requests: each look lets time pass, and only what is finished shows."""
        if self.closed:
            return web.json_response({"error": {"type": "authorization_error", "message": "Forbidden"}}, status=403)
        start = datetime.fromisoformat(request.query["start"])
        rows = list[dict[str, Any]]()
        for order in self.orders.values():
            order.looks += 1
            sent = datetime.fromtimestamp(order.body["sent"], UTC)
            if order.looks > self.looks and sent >= start and order.body["path"] == request.query["endpoint_id"]:
                rows.append(
                    {
                        "request_id": order.id,
                        "endpoint_id": order.body["path"],
                        "sent_at": sent.isoformat(),
                        "status_code": 200,
                        **({"json_input": order.body["input"]} if request.query.get("expand") == "payloads" else {}),
                    }
                )
        return web.json_response({"items": rows, "next_cursor": None, "has_more": False})


def _complaint(where: str, kind: str, message: str) -> web.Response:
    said = {"detail": [{"loc": ["body", where], "msg": message, "type": kind}]}
    return web.json_response(said, status=422, headers={"X-Fal-Retryable": "false"})


def wrong_input(path: str, given: Any) -> str:
    """What an endpoint's schema says against an input; empty when it is right."""
    family = "/".join(path.split("/")[:2])
    seconds, flash = given["duration"], path.endswith("flash")
    references, older = "reference" in path, family == "wan/v2.6"
    longest = {"alibaba/wan-3.0": 30, "alibaba/wan-3.0-prime": 30}.get(family, 10 if references else 15)
    allowed = ("5", "10") if references else ("5", "10", "15")
    rules = {
        "unknown field": set(given) <= EVERY | FIELDS.get(family, set()),
        "duration": seconds in allowed if older else isinstance(seconds, int) and 2 <= seconds <= longest,
        "prompt": 0 < len(given["prompt"]) <= (800 if older else 5000),
        "negative_prompt": len(given.get("negative_prompt", "")) <= 500,
        "image_url": ("image-to-video" in path) == ("image_url" in given),
        "references": references == bool(given.get("image_urls") or given.get("reference_image_urls")),
        "image_urls": not references or ("image_urls" in given) == (older and flash),
        "aspect_ratio": "aspect_ratio" not in given or "image-to-video" not in path,
        "resolution": given["resolution"] in ("480p", "720p", "1080p")[0 if "wan-3.0" in path else 1 :],
    }
    return "; ".join(name for name, kept in rules.items() if not kept)
