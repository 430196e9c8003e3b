"""Model Studio's video API on a loopback port, in the vendor's own words."""

from __future__ import annotations

import json
import re
import time
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.servers.base import Fault, Order, Server, body_of

KEY = "sk-fake-key-0001"
MODELS = {
    "wan2.6-t2v", "wan2.6-i2v", "wan2.6-i2v-flash", "wan2.6-r2v", "wan2.6-r2v-flash", "wan2.7-t2v", "wan2.7-i2v",
    "wan2.7-r2v", "wan3.0-video", "wan3.0-video-prime",
}  # fmt: skip
CODES = {
    400: ("InvalidParameter", "bad"),
    401: ("InvalidApiKey", "Invalid API-key provided."),
    402: ("Arrearage", "Access denied, please make sure your account is in good standing."),
    404: ("ModelNotFound", "Model can not be found."),
    429: ("Throttling.RateQuota", "Requests rate limit exceeded, please try again later."),
    500: ("InternalError", "An internal error has occured."),
    502: ("GatewayError", "Bad gateway"),
    503: ("ServiceUnavailable", "busy"),
    504: ("GatewayTimeout", "timed out"),
}


class DashscopeServer(Server):
    """`listed` is the account's list of tasks, newest last; other programs' tasks may be put there too."""

    def __init__(self, fault: Fault = Fault.NONE, *, looks: int = 2) -> None:
        super().__init__(fault, looks=looks)
        self.uploads: dict[str, bytes] = {}
        self.listed: list[dict[str, Any]] = []
        self.lag = 0
        """So many times the list is asked before it shows anything."""
        self.missing = 0
        """So many tasks the list counts and does not show."""
        self.list_fails = False
        self.ahead = 0.0
        """Seconds its clock is ahead."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/services/aigc/video-generation/video-synthesis", self.create),
            web.get("/api/v1/tasks", self.list),
            web.get("/api/v1/tasks/{id}", self.fetch),
            web.post("/api/v1/tasks/{id}/cancel", self.cancel),
            web.get("/api/v1/uploads", self.policy),
            web.post("/oss", self.upload),
            self.film_route(),
        ]

    def trouble(self, status: int, headers: dict[str, str] | None = None) -> web.Response:
        code, message = CODES[status]
        if status == 400 and self.fault is Fault.REFUSED_WORDS:
            code, message = "DataInspectionFailed", "Input data may contain inappropriate content."
        said = {"code": code, "message": message, "request_id": "r-1"}
        if status == 404:  # the gateway answers some business errors with HTTP 200
            return web.json_response(said, status=200)
        return web.json_response(said, status={402: 400}.get(status, status), headers=headers)

    def denied(self, request: web.Request) -> web.Response | None:
        return None if request.headers.get("Authorization") == f"Bearer {KEY}" else self.trouble(401)

    async def create(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request) or await self.before(request):
            return refusal
        told = await body_of(request)
        if wrong := self.wrong(request, told):
            return self.say(400, "InvalidParameter", wrong)
        self.enlist(self.accept(request, told).id, told["model"])
        order = next(reversed(self.orders.values()))
        if refusal := await self.after(request):
            return refusal
        return web.json_response({"output": {"task_status": "PENDING", "task_id": order.id}, "request_id": "r-2"})

    def enlist(self, task: str, model: str = "wan2.6-t2v", ago: float = 0.0) -> None:
        """Put a task into the account's list."""
        self.listed.append(
            {
                "task_id": task,
                "model_name": model,
                "gmt_create": int((time.time() + self.ahead - ago) * 1000),
                "status": "PENDING",
                "user_api_unique_key": f"apikey:v1:aigc:video-generation:video-synthesis:{model}",
            }
        )

    def say(self, status: int, code: str, message: str) -> web.Response:
        return web.json_response({"code": code, "message": message, "request_id": "r"}, status=status)

    def wrong(self, request: web.Request, told: Any) -> str:
        """What the vendor's rules say against an order; empty when it is right."""
        model, given, asked = told["model"], told["input"], told["parameters"]
        if request.headers.get("X-DashScope-Async") != "enable":
            return "current user api does not support synchronous calls"
        if model not in MODELS:
            return "Model not exist."
        if "oss://" in json.dumps(given) and request.headers.get("X-DashScope-OssResourceResolve") != "enable":
            return "oss address cannot be resolved"
        if missing := [url for url in re.findall(r"oss://([^\"]+)", json.dumps(given)) if url not in self.uploads]:
            return f"no such object {missing}"
        return _family_wrong(model, given, asked)

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request) or await self.look(request):
            return refusal
        order = self.orders.get(request.match_info["id"])
        if order is None:
            unknown = {"task_id": request.match_info["id"], "task_status": "UNKNOWN"}
            return web.json_response({"request_id": "r", "output": unknown})
        return web.json_response({"request_id": "r", **self.told(order)})

    def told(self, order: Order) -> dict[str, Any]:
        if order.cancelled:
            return {"output": {"task_id": order.id, "task_status": "CANCELED"}}
        status = self.state(order, "PENDING", "RUNNING", "SUCCEEDED", "FAILED")
        output: dict[str, Any] = {"task_id": order.id, "task_status": status, "submit_time": "2026-11-23 10:00:00.000"}
        if status == "FAILED":
            refused = self.fault is Fault.REFUSED_PICTURE
            output["code"] = "InternalError.Algo.DataInspectionFailed" if refused else "InternalError.Algo"
            output["message"] = "Output data may contain inappropriate content." if refused else "out of memory"
        if status == "SUCCEEDED":
            output["orig_prompt"] = order.body["input"]["prompt"]
            output["video_url"] = f"{self.url}/film/{order.id}.mp4?Expires=1&Signature=very-secret"
            return {"output": output, "usage": {"video_count": 1, "duration": order.body["parameters"]["duration"]}}
        return {"output": output}

    async def list(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request):
            return refusal
        if self.list_fails:
            return self.trouble(503)
        number, size = int(request.query.get("page_no", 1)), int(request.query.get("page_size", 10))
        self.lag -= 1
        rows = list(reversed(self.listed)) if self.lag < 0 else []
        total = len(rows) + self.missing
        told = {
            "total": total,
            "data": rows[(number - 1) * size : number * size],
            "total_page": -(-total // size),
            "page_no": number,
            "page_size": size,
            "request_id": "r",
        }
        return web.json_response(told, headers={"Date": formatdate(time.time() + self.ahead, usegmt=True)})

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        order = self.orders.get(request.match_info["id"])
        if order is None or order.looks > 1:
            return self.say(400, "UnsupportedOperation", "only PENDING tasks can be cancelled")
        order.cancelled = True
        return web.json_response({"request_id": "r"})

    async def policy(self, request: web.Request) -> web.StreamResponse:
        if refusal := self.denied(request):
            return refusal
        if request.query.get("model") not in MODELS or self.fault is Fault.NO_MODEL:
            return self.say(400, "Model.NotExist", "Model not exist.")
        data = {
            "policy": "p0licy", "signature": "s1gn", "upload_dir": "dashscope-instant/x/2026-11-23/1",
            "upload_host": f"{self.url}/oss", "expire_in_seconds": 300, "max_file_size_mb": 100,
            "capacity_limit_mb": 999999999, "oss_access_key_id": "id", "x_oss_object_acl": "private",
            "x_oss_forbid_overwrite": "true",
        }  # fmt: skip
        return web.json_response({"request_id": "r", "data": data})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, bytes] = {}
        async for part in await request.multipart():
            assert "file" not in fields, "the file must be the last field"
            fields[part.name or ""] = bytes(await part.read())
        wanted = {"OSSAccessKeyId", "Signature", "policy", "key", "success_action_status", "file"}
        if not wanted <= set(fields) or "Authorization" in request.headers:
            return web.Response(status=403, text="<Error/>")
        self.uploads[fields["key"].decode()] = fields["file"]
        return web.Response(status=200)


def _family_wrong(model: str, given: Any, asked: Any) -> str:
    """The rules of one family's request, from the API reference."""
    longest = {"wan2.6": 1500, "wan2.7": 5000, "wan3.0": 20000}[model[:6]]
    seconds = {"wan3.0": 30}.get(model[:6], 10 if "r2v" in model else 15)
    kind = model.split("-")[1]
    rules = {
        f"prompt over {longest}": len(given["prompt"]) <= longest,
        f"duration 2 to {seconds}": isinstance(asked["duration"], int) and 2 <= asked["duration"] <= seconds,
        "no negative_prompt": model[:6] != "wan3.0" or "negative_prompt" not in given,
        "negative_prompt over 500": len(given.get("negative_prompt", "")) <= 500,
        "shot_type is unknown": model[:6] == "wan2.6" or "shot_type" not in asked,
        "size is unknown": "size" not in asked or model.startswith(("wan2.6-t2v", "wan2.6-r2v")),
        "size or resolution is missing": ("size" in asked) != ("resolution" in asked),
        "ratio is unknown": "ratio" not in asked or (model[:6] != "wan2.6" and kind != "i2v"),
        "prompt_extend is unknown": "prompt_extend" not in asked or kind != "r2v",
        "audio is unknown": "audio" not in asked or "flash" in model or model[:6] == "wan3.0",
        "media protocol only": model[:6] == "wan2.6" or not {"img_url", "reference_urls"} & set(given),
        "media is unknown": model[:6] != "wan2.6" or "media" not in given,
        "img_url is missing": not model.startswith("wan2.6-i2v") or bool(given.get("img_url")),
        "first_frame is missing": model != "wan2.7-i2v" or "first_frame" in _types(given),
        "base64 is not supported": "r2v" not in model or "data:" not in json.dumps(given),
        "mutually exclusive": not ({"first_frame", "last_frame"} & _types(given) and _references(given)),
        "seed": 0 <= asked["seed"] <= 2**31 - 1,
    }
    return "; ".join(name for name, kept in rules.items() if not kept)


def _types(given: Any) -> set[str]:
    return {entry["type"] for entry in given.get("media", [])}


def _references(given: Any) -> set[str]:
    return {kind for kind in _types(given) if kind.startswith("reference_")}
