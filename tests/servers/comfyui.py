"""ComfyUI on a loopback port: its routes, its websocket, its way of checking a workflow.

The shapes of its answers are those recorded from a real server (tests/fixtures/comfyui). Jobs are brought further by
being looked at, unless a test says in `states` where one stands.
"""

from __future__ import annotations

import json
import struct
import uuid
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.base import Fault, Order, Server, body_of

PICTURE = b"\xff\xd8\xff\xe0" + b"a latent preview" * 20
RECORDED = Path(__file__).parents[1] / "fixtures" / "comfyui"
FILES = {
    "UNETLoader.unet_name": [
        "wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors", "wan2.2_t2v_low_noise_14B_fp8_scaled.safetensors",
        "wan2.2_i2v_high_noise_14B_fp8_scaled.safetensors", "wan2.2_i2v_low_noise_14B_fp8_scaled.safetensors",
        "wan2.2_ti2v_5B_fp16.safetensors",
    ],
    "VAELoader.vae_name": ["wan_2.1_vae.safetensors", "wan2.2_vae.safetensors"],
    "CLIPLoader.clip_name": ["umt5_xxl_fp8_e4m3fn_scaled.safetensors"],
    "LoraLoaderModelOnly.lora_name": [
        f"wan2.2_{kind}_lightx2v_4steps_lora_{version}_{noise}_noise.safetensors"
        for kind, version in (("t2v", "v1.1"), ("i2v", "v1")) for noise in ("high", "low")
    ],
}  # fmt: skip
"""Model files that are installed: "class.input" → names."""
INPUTS = {
    "CLIPLoader": "clip_name type device", "CLIPTextEncode": "clip text", "VAELoader": "vae_name",
    "UNETLoader": "unet_name weight_dtype", "LoraLoaderModelOnly": "model lora_name strength_model",
    "ModelSamplingSD3": "model shift", "EmptyHunyuanLatentVideo": "width height length batch_size",
    "WanImageToVideo": "positive negative vae width height length batch_size",
    "WanFirstLastFrameToVideo": "positive negative vae width height length batch_size",
    "Wan22ImageToVideoLatent": "vae width height length batch_size", "LoadImage": "image",
    "KSampler": "model seed steps cfg sampler_name scheduler positive negative latent_image denoise",
    "KSamplerAdvanced": "model add_noise noise_seed steps cfg sampler_name scheduler positive negative latent_image "
    "start_at_step end_at_step return_with_leftover_noise", "VAEDecode": "samples vae", "CreateVideo": "images fps",
    "SaveVideo": "video filename_prefix format codec", "PreviewImage": "images",
}  # fmt: skip
"""Required inputs of every node that is installed."""


def recorded(name: str) -> Any:
    """A recording of a real server."""
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


class ComfyServer(Server):
    """`jobs_api`: it has /api/jobs; `cancel_api`: also to cancel. `takes_ids`: it lets the client choose the job's id.

    `states` says where a job stands, whatever the looks.
    """

    def __init__(
        self,
        fault: Fault = Fault.NONE,
        *,
        looks: int = 2,
        jobs_api: bool = True,
        cancel_api: bool = True,
        takes_ids: bool = True,
    ) -> None:
        super().__init__(fault, looks=looks)
        self.jobs_api = jobs_api
        self.cancel_api = jobs_api and cancel_api
        self.takes_ids = takes_ids
        self.states: dict[str, str] = {}
        self.uploads: dict[str, bytes] = {}
        self.largest = 2**20
        """Bytes of an upload it takes."""
        self.files = {name: list(files) for name, files in FILES.items()}
        self.inputs = dict(INPUTS)
        self.more: dict[str, dict[str, Any]] = {}
        """Inputs a newer node wants besides: class → name → what it asks for."""
        self.strangers = 0
        """Jobs of other people in the queue."""
        self.interrupted: list[str] = []
        self.deaf = False
        """A proxy before it lets no websocket through."""
        self.sockets: dict[str, web.WebSocketResponse] = {}
        self.flags: dict[str, Any] = {}

    def routes(self) -> list[web.RouteDef]:
        jobs = [web.get("/api/jobs/{id}", self.job)] if self.jobs_api else []
        jobs += [web.post("/api/jobs/{id}/cancel", self.cancel)] if self.cancel_api else []
        return [
            web.post("/prompt", self.prompt),
            web.get("/queue", self.queue),
            web.post("/queue", self.dequeue),
            web.post("/interrupt", self.interrupt),
            web.get("/history", self.history),
            web.get("/history/{id}", self.history),
            web.post("/upload/image", self.upload),
            web.get("/view", self.view),
            web.get("/object_info/{name}", self.object_info),
            web.get("/system_stats", self.stats),
            web.get("/ws", self.socket),
            *jobs,
        ]

    def trouble(self, status: int, headers: dict[str, str] | None = None) -> web.Response:
        if status != 404:
            return super().trouble(status, headers)
        error = {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"}
        lost = _value_not_in_list("unet_name", "wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors")
        return web.json_response(
            {"error": error, "node_errors": {"unet_h": _node_error("UNETLoader", lost)}}, status=400
        )

    # --- orders

    async def prompt(self, request: web.Request) -> web.StreamResponse:
        if refusal := await self.before(request):
            return refusal
        told = await body_of(request)
        if wrong := self.wrong(told["prompt"]):
            error = {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"}
            return web.json_response({"error": error, "node_errors": wrong}, status=400)
        chosen = str(told["prompt_id"]) if self.takes_ids else str(uuid.uuid4())
        order = self.accept(request, told, chosen)
        if refusal := await self.after(request):
            return refusal
        return web.json_response({"prompt_id": order.id, "number": self.paid, "node_errors": {}})

    def wrong(self, graph: dict[str, Any]) -> dict[str, Any]:
        """What a server says against a workflow, by node."""
        found = dict[str, Any]()
        for name, node in graph.items():
            for key in self.inputs[node["class_type"]].split():
                if key not in node["inputs"]:
                    found[name] = _node_error(node["class_type"], {"type": "required_input_missing", "message": key})
            for key, value in node["inputs"].items():
                offered = self.offered(node["class_type"], key)
                if offered is not None and value not in offered:
                    found[name] = _node_error(node["class_type"], _value_not_in_list(key, value))
        return found

    def offered(self, kind: str, key: str) -> list[str] | None:
        return list(self.uploads) if (kind, key) == ("LoadImage", "image") else self.files.get(f"{kind}.{key}")

    def where(self, order: Order, *, looked: bool) -> str:
        """Where a job stands in the server's words; a look brings it further."""
        if order.cancelled:
            return "cancelled"
        if order.id in self.states:
            return self.states[order.id]
        if looked or not order.looks:
            return self.state(order, "pending", "in_progress", "completed", "failed")
        order.looks -= 1
        return self.state(order, "pending", "in_progress", "completed", "failed")

    async def job(self, request: web.Request) -> web.StreamResponse:
        if refusal := await self.look(request):
            return refusal
        order = self.orders.get(request.match_info["id"])
        if order is None:
            return web.json_response({"error": "Job not found"}, status=404)
        status = self.where(order, looked=True)
        job = {"id": order.id, "status": status, "priority": 0, "create_time": 1795406668567, "outputs_count": 0}
        if status in ("completed", "failed", "cancelled"):
            job |= self.outcome(order, status)
        return web.json_response(job)

    def outcome(self, order: Order, status: str) -> dict[str, Any]:
        """What a finished job's record holds besides."""
        film = {"filename": f"{order.id}.mp4", "subfolder": "olympic", "type": "output"}
        outputs = {"save": {"images": [film], "animated": [True]}} if status == "completed" else {}
        messages: list[Any] = [["execution_start", {"prompt_id": order.id}]]
        if status == "cancelled":
            messages.append(["execution_interrupted", {"prompt_id": order.id, "node_id": "k_high"}])
        failed = {"node_type": "KSamplerAdvanced", "exception_type": "RuntimeError", "exception_message": "it broke\n"}
        if status == "failed":
            messages.append(["execution_error", failed])
        told = {"status_str": "success" if status == "completed" else "error", "messages": messages}
        more = {"execution_error": failed} if status == "failed" else {}
        return {"outputs": outputs, "execution_status": told, **more}

    async def queue(self, request: web.Request) -> web.StreamResponse:
        rows: dict[str, list[Any]] = {"in_progress": [], "pending": []}
        for number in range(self.strangers):
            rows["pending" if rows["in_progress"] else "in_progress"].append([number, f"stranger-{number}", {}, {}, []])
        if not self.jobs_api and (refusal := await self.look(request)):
            return refusal
        for number, order in enumerate(self.orders.values(), 100):
            status = self.where(order, looked=not self.jobs_api)
            if status in rows:
                extra = {"client_id": order.body["client_id"]}
                rows[status].append([number, order.id, order.body["prompt"], extra, ["save"]])
        return web.json_response({"queue_running": rows["in_progress"], "queue_pending": rows["pending"]})

    async def history(self, request: web.Request) -> web.StreamResponse:
        found = dict[str, Any]()
        for order in self.orders.values():
            status = self.where(order, looked=False)
            if status in ("completed", "failed", "cancelled") and request.match_info.get("id", order.id) == order.id:
                told = self.outcome(order, status)
                extra = {"client_id": order.body["client_id"]}
                found[order.id] = {
                    "prompt": [0, order.id, order.body["prompt"], extra, ["save"]],
                    "outputs": told["outputs"],
                    "status": told["execution_status"],
                }
        return web.json_response(found)

    # --- stopping

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        order = self.orders.get(request.match_info["id"])
        status = self.where(order, looked=False) if order else ""
        if order and status in ("pending", "in_progress"):
            self.stop(order, status)
        return web.json_response({"cancelled": status in ("pending", "in_progress")})

    async def dequeue(self, request: web.Request) -> web.StreamResponse:
        for name in (await body_of(request))["delete"]:
            order = self.orders.get(name)
            if order and self.where(order, looked=False) == "pending":
                self.stop(order, "pending")
        return web.Response()

    async def interrupt(self, request: web.Request) -> web.StreamResponse:
        told = await body_of(request)
        self.interrupted.append(str((told or {}).get("prompt_id", "whatever runs")))
        for order in list(self.orders.values()):
            if self.where(order, looked=False) == "in_progress":
                self.stop(order, "in_progress")
        return web.Response()

    def stop(self, order: Order, status: str) -> None:
        """A job that waits leaves no trace; one that runs is remembered as cancelled."""
        if status == "pending":
            del self.orders[order.id]
        order.cancelled = True

    # --- files and facts

    async def upload(self, request: web.Request) -> web.StreamResponse:
        given = await request.post()
        image = given["image"]
        assert isinstance(image, web.FileField)
        name = f"{given['subfolder']}/{image.filename}"
        data = image.file.read()
        if len(data) > self.largest:
            return web.Response(status=413)
        self.uploads[name] = data
        return web.json_response({"name": image.filename, "subfolder": given["subfolder"], "type": given["type"]})

    async def view(self, request: web.Request) -> web.StreamResponse:
        if request.query["filename"].removesuffix(".mp4") not in self.orders or request.query["subfolder"] != "olympic":
            return web.Response(status=404)
        return await self.deliver(request)

    async def object_info(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in self.inputs:
            return web.json_response({})
        required = {
            key: [offered, {}] if (offered := self.offered(name, key)) is not None else ["ANY", {}]
            for key in self.inputs[name].split()
        }
        told = {"input": {"required": {**required, **self.more.get(name, {})}}, "output_node": name in _SAVERS}
        return web.json_response({name: told})

    async def stats(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(recorded("system_stats"))

    # --- the websocket

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        if self.deaf:
            raise web.HTTPBadGateway
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        client = request.query["clientId"]
        self.sockets[client] = socket
        await socket.send_json({"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 0}}}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.flags[client] = message.json()
        return socket

    async def tell(self, order: Order, kind: str, **data: Any) -> None:
        """Say something about a job to whoever listens to it."""
        told = {"type": kind, "data": {**data, "prompt_id": order.id}}
        await self.sockets[order.body["client_id"]].send_json(told)

    async def show(self, order: Order, picture: bytes = PICTURE) -> None:
        """Send a preview the way servers do that were asked for metadata."""
        about = json.dumps({"node_id": "k_high", "prompt_id": order.id, "image_type": "image/jpeg"}).encode()
        await self.sockets[order.body["client_id"]].send_bytes(struct.pack(">II", 4, len(about)) + about + picture)


_SAVERS = ("SaveVideo", "PreviewImage")


def _value_not_in_list(key: str, value: object) -> dict[str, Any]:
    return {
        "type": "value_not_in_list",
        "message": "Value not in list",
        "details": f"{key}: '{value}' not in []",
        "extra_info": {"input_name": key, "received_value": value},
    }


def _node_error(kind: str, *errors: dict[str, Any]) -> dict[str, Any]:
    return {"errors": list(errors), "dependent_outputs": ["save"], "class_type": kind}
