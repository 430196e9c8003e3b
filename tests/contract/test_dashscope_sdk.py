"""The vendor's own SDK drives our fake of its service, so that the fake is not judged by its author alone; and what
our backend sends is what the SDK sends."""

import asyncio
from http import HTTPStatus
from pathlib import Path

import pytest

from backends import Kit
from backends.dashscope import backend as ours
from bot.model.backend import Mode, Order
from bot.settings import load
from tests.fakes import FakeVideo
from tests.servers.base import Fault
from tests.servers.dashscope import KEY, DashscopeServer

sdk = pytest.importorskip("dashscope", reason="the dev extra is not installed")

ORDER = Order("A kitsune skis.", "ski-jumping", "realistic", "multi", 15, 7, negative="blur")


@pytest.fixture
async def server():
    async with DashscopeServer() as server:
        yield server


async def asked(server, verb, *given, **fields):
    """One blocking call of the SDK, beside the server's loop."""

    def call():
        sdk.base_http_api_url = f"{server.url}/api/v1"  # the SDK's own way to another region
        return verb(*given, api_key=KEY, **fields)

    return await asyncio.to_thread(call)


async def created(server, model="wan2.6-t2v", **fields):
    said = {"prompt": ORDER.prompt, "negative_prompt": "blur", "duration": 15, "seed": 7, "watermark": False, **fields}
    return await asked(server, sdk.VideoSynthesis.async_call, model=model, **said)


T2V = {"size": "1280*720", "prompt_extend": True, "shot_type": "multi"}


async def test_the_sdk_orders_and_waits_for_a_film(server) -> None:
    task = await created(server, **T2V)

    done = await asked(server, sdk.VideoSynthesis.wait, task)

    assert (done.output.task_status, done.output.video_url.startswith(server.url)) == ("SUCCEEDED", True)


async def test_the_sdk_reads_a_refusal(server) -> None:
    server.fault = Fault.REFUSED_WORDS

    said = await created(server, **T2V)

    assert (said.status_code, said.code) == (HTTPStatus.BAD_REQUEST, "DataInspectionFailed")


async def test_the_sdk_reads_a_failed_task(server) -> None:
    server.fault = Fault.CRASHED
    task = await created(server, **T2V)

    done = await asked(server, sdk.VideoSynthesis.wait, task)

    assert (done.output.task_status, done.output.code) == ("FAILED", "InternalError.Algo")


async def test_the_sdk_takes_an_unknown_task_for_the_end(server) -> None:
    done = await asked(server, sdk.VideoSynthesis.fetch, "nobody-knows")

    assert done.output.task_status == "UNKNOWN"


async def test_the_sdk_cancels_and_lists(server) -> None:
    task = await created(server, **T2V)

    cancelled = await asked(server, sdk.VideoSynthesis.cancel, task)
    listed = await asked(server, sdk.VideoSynthesis.list)

    assert (cancelled.status_code, [row["task_id"] for row in listed.output["data"]]) == (200, [task.output.task_id])


async def test_the_sdk_orders_the_media_protocol(server) -> None:
    media = [{"type": "first_frame", "url": "https://pictures.example/a.png"}]

    task = await created(server, "wan2.7-i2v", media=media, resolution="720P", prompt_extend=True)

    assert task.status_code == HTTPStatus.OK


async def test_our_order_is_the_sdks_order(server, tmp_path: Path) -> None:
    environment = {"OLYMPIC_DASHSCOPE_API_KEY": KEY, "OLYMPIC_DASHSCOPE_API": server.url}
    backend = ours.build(load({"OLYMPIC_HOME": str(tmp_path), **environment}), Kit(FakeVideo(), tmp_path))
    assert backend is not None
    await backend.submit(ORDER, key="k")
    await backend.aclose()
    await created(server, **T2V)

    mine, theirs = (order.body for order in server.orders.values())
    for own in ("extend_prompt", "function"):  # the SDK's deprecated copies of what stands elsewhere
        theirs["input"].pop(own)
    assert (mine, ORDER.mode) == (theirs, Mode.TEXT)
