"""`/v1/videos` on a loopback port, in the words of SGLang 0.5.23, of vLLM-Omni 0.30.0, or of OpenAI's own shape.

Written from those servers' source: what they refuse, what they repeat of an order, how a failed order answers a look.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any

from aiohttp import web

from tests.servers.base import Fault, Order, Server

KEY = "videos-key-0001"
MODELS = {
    "sglang": "MiniMaxAI/MiniMax-H3",
    "vllm-omni": "MiniMaxAI/MiniMax-H3",
    "generic": "some-video-model",
}
OWNERS = {"sglang": "sglang", "vllm-omni": "vllm", "generic": "somebody"}
SERVER_PATHS = {"video_path", "output_path", "perf_dump_path", "reference_url"}


class VideosServer(Server):
    """One server with one model. `newer`: SGLang as its newer documentation has it, with a way to cancel.

    `reluctant`: how often vLLM-Omni answers that a cancellation is still in progress.
    """

    def __init__(self, fault: Fault = Fault.NONE, *, dialect: str = "sglang", model: str = "", looks: int = 2) -> None:
        super().__init__(fault, looks=looks)
        self.dialect = dialect
        self.model = model or MODELS[dialect]
        self.newer = False
        self.reluctant = 0
        self.uploaded_to = ""
        """Where SGLang's cloud storage puts films; empty: they lie on the server."""
        self.warm = True

    def routes(self) -> list[web.RouteDef]:
        routes = [
            web.post("/v1/videos", self.create),
            web.get("/v1/videos", self.list),
            web.get("/v1/videos/{id}", self.fetch),
            web.delete("/v1/videos/{id}", self.delete),
            web.get("/v1/videos/{id}/content", self.content),
            web.get("/v1/models", self.models),
            self.film_route(),
        ]
        if self.dialect != "generic":
            routes.append(web.get("/health", self.health))
        if self.dialect == "sglang":
            routes.append(web.post("/v1/videos/{id}/cancel", self.cancel))
        return routes

    # --- words

    def trouble(self, status: int, headers: dict[str, str] | None = None) -> web.Response:
        if self.dialect == "sglang":
            return web.json_response({"detail": f"trouble {status}"}, status=status, headers=headers)
        told = {
            400: ("moderation_blocked", "Your request was blocked by our moderation system."),
            401: ("invalid_api_key", "Incorrect API key provided."),
            402: ("insufficient_quota", "You exceeded your current quota."),
            404: ("model_not_found", f"The model {self.model} does not exist."),
        }
        code, message = told.get(status, ("server_error", f"trouble {status}"))
        if status == 404 and self.dialect == "vllm-omni":
            code, message, status = "BadRequestError", "Model mismatch: request specifies 'a' but server runs 'b'.", 400
        status = 429 if status == 402 else status
        return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)

    def say(self, status: int, detail: str) -> web.Response:
        if self.dialect == "generic":
            return web.json_response({"error": {"code": "invalid", "message": detail}}, status=status)
        return web.json_response({"detail": detail}, status=status)

    def denied(self, request: web.Request) -> web.Response | None:
        return None if request.headers.get("Authorization") == f"Bearer {KEY}" else self.trouble(401)

    # --- an order's life

    async def create(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request) or await self.before(request):
            return refusal
        fields, files = await self.read(request)
        if wrong := self.wrong(request, fields, files):
            return self.say(*wrong)
        order = self.accept(request, fields, **files)
        order.body["created_at"] = int(time.time())
        if refusal := await self.after(request):
            return refusal
        return web.json_response(self.told(order, "queued"))

    async def read(self, request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
        if not request.content_type.startswith("multipart/"):
            return json.loads(await request.read()), {}
        fields, files = dict[str, Any](), dict[str, bytes]()
        async for part in await request.multipart():
            data = bytes(await part.read(decode=False))
            if part.filename:
                files[str(part.name)] = data
            else:
                fields[str(part.name)] = data.decode()
        return fields, files

    def wrong(self, request: web.Request, fields: dict[str, Any], files: dict[str, bytes]) -> tuple[int, str] | None:
        """What the server has against an order: a status and a sentence."""
        if SERVER_PATHS & set(fields):
            return 400, "a path of the server was asked for"
        if not fields.get("prompt"):
            return 400, "prompt is required"
        rules = {"sglang": self.sglang_wrong, "vllm-omni": self.vllm_wrong, "generic": self.openai_wrong}
        found = rules[self.dialect](request.content_type, fields)
        picture = files.get("input_reference")
        if found is None and picture is not None and not picture.startswith((b"\x89PNG", b"\xff\xd8\xff")):
            word = "Failed to process image source" if self.dialect == "sglang" else "Invalid input reference"
            return 400, f"{word}: cannot identify image file"
        return found

    def sglang_wrong(self, kind: str, fields: dict[str, Any]) -> tuple[int, str] | None:
        if kind == "application/json" and not isinstance(fields.get("num_frames", 1), int):
            return 400, "Invalid request body: num_frames"
        if "h3" in self.model.lower():
            return self.h3_wrong(fields)
        if int(fields.get("num_frames", 96)) % 4 != 1:
            return 400, "num_frames must be 4k+1"
        return None

    def h3_wrong(self, fields: dict[str, Any]) -> tuple[int, str] | None:
        if {"num_frames", "fps", "seconds", "negative_prompt", "size"} & set(fields):
            return 400, "MiniMax H3 takes its timing from target"
        target, conditions = fields.get("target", {}), fields.get("conditions")
        if set(target) != {"short_edge", "aspect_ratio", "duration_seconds"} or not isinstance(conditions, list):
            return 400, "target and conditions are required"
        if not 4 <= target["duration_seconds"] <= 15:
            return 400, "duration_seconds must be in [4, 15]"
        if fields.get("task") != ("fl2va" if conditions else "t2va"):
            return 400, "task does not fit the conditions"
        return None

    def vllm_wrong(self, kind: str, fields: dict[str, Any]) -> tuple[int, str] | None:
        if not kind.startswith("multipart/"):
            return 422, "Field required: prompt"
        if fields.get("model", self.model) != self.model:
            return 400, f"Model mismatch: request specifies '{fields['model']}' but server is running '{self.model}'."
        if "seconds" in fields and not re.fullmatch(r"[1-9]\d*", fields["seconds"]):
            return 422, "seconds: String should match pattern '^[1-9]\\d*$'"
        if "size" in fields and not re.fullmatch(r"\d+x\d+", fields["size"]):
            return 422, "size: String should match pattern"
        return None

    def openai_wrong(self, kind: str, fields: dict[str, Any]) -> tuple[int, str] | None:
        strange = set(fields) - {"prompt", "model", "seconds", "size"}
        return (400, f"Unknown parameter: {min(strange)}") if strange else None

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request) or await self.look(request):
            return refusal
        order = self.orders.get(request.match_info["id"])
        if order is None:
            return self.say(404, "Video not found")
        if order.cancelled:
            return web.json_response(self.told(order, "cancelled"))
        status = self.state(order, "queued", "in_progress", "completed", "failed")
        order.body["status"] = status
        said = self.told(order, status)
        late = {"vllm-omni": 500, "generic": 200, "sglang": 200}[self.dialect] if status == "failed" else 200
        if status == "failed" and self.dialect == "vllm-omni":
            said["error"]["code"] = late
        return web.json_response(said, status=late)

    def told(self, order: Order, status: str) -> dict[str, Any]:
        """The order as this server shows it."""
        fields = order.body
        share = {"queued": 0, "in_progress": 40 if self.dialect != "vllm-omni" else 0, "completed": 100}
        said: dict[str, Any] = {
            "id": order.id,
            "object": "video",
            "model": fields.get("model") or self.model,
            "status": status,
            "progress": share.get(status, 0),
            "created_at": fields["created_at"],
            "seconds": str(fields.get("seconds", "4")),
            "size": fields.get("size", "1280x720"),
            "error": None,
        }
        if self.dialect != "sglang":
            said["prompt"] = fields["prompt"]
        if status == "failed":
            refused = self.fault is Fault.REFUSED_PICTURE
            message = "Your request was blocked by our moderation system." if refused else "CUDA out of memory"
            named = {} if self.dialect == "sglang" else {"code": "moderation_blocked" if refused else "server_error"}
            said["error"] = {**named, "message": message}
        if status == "completed" and self.uploaded_to:
            said["url"] = f"{self.uploaded_to}/film/{order.id}.mp4?X-Amz-Signature=secret"
        return said

    async def list(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request):
            return refusal
        rows = [self.told(order, order.body.get("status", "queued")) for order in self.orders.values()]
        rows.reverse()
        ids = [row["id"] for row in rows]
        after, limit = request.query.get("after"), int(request.query.get("limit", "20"))
        rows = rows[ids.index(after) + 1 :] if after in ids else rows
        page = rows[:limit]
        return web.json_response(
            {
                "object": "list",
                "data": page,
                "first_id": page[0]["id"] if page else None,
                "last_id": page[-1]["id"] if page else None,
                "has_more": len(rows) > limit,
            }
        )

    async def delete(self, request: web.Request) -> web.StreamResponse:
        if self.reluctant:
            self.reluctant -= 1
            return self.say(409, "Cancellation in progress. Please try again later.")
        order = self.orders.pop(request.match_info["id"], None)
        if order is None:
            return self.say(404, "Video not found")
        if self.dialect == "sglang":
            return web.json_response(self.told(order, "deleted"))
        return web.json_response({"id": order.id, "deleted": True, "object": "video.deleted"})

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        order = self.orders.get(request.match_info["id"])
        if not self.newer or order is None:
            return self.say(404, "Not Found")
        order.cancelled = True
        return web.json_response(self.told(order, "cancelled"))

    async def content(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request):
            return refusal
        order = self.orders.get(request.match_info["id"])
        if order is None or order.body.get("status") != "completed":
            return self.say(404, "Generation is still in-progress")
        if self.fault is Fault.EXPIRED:
            return self.say(404, "Generated video file not found on disk")
        return await self.deliver(request)

    async def health(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0)
        return web.json_response({"status": "ok"}) if self.warm else web.Response(status=503)

    async def models(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request):
            return refusal
        rows = [{"id": self.model, "object": "model", "owned_by": OWNERS[self.dialect]}]
        return web.json_response({"object": "list", "data": rows})
