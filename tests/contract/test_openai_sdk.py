"""OpenAI's own SDK drives our fake of `/v1/videos`, so that the fake is not judged by its author alone; and what our
backend sends to a server of that shape is what the SDK sends."""

from pathlib import Path

import pytest

from backends import Kit
from backends.openai_video import backend as ours
from bot.model.backend import Mode, Order
from bot.model.request import Size
from bot.settings import load
from tests.fakes import FakeVideo
from tests.servers.base import FILM, Fault
from tests.servers.videos import KEY, MODELS, VideosServer

sdk = pytest.importorskip("openai", reason="the dev extra is not installed")

# The SDK announces the end of OpenAI's own service; the shape lives on in the servers this test is about.
pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
DIALECTS = ["sglang", "vllm-omni", "generic"]
PROMPT = "A kitsune skis."
WAN = {"sglang": "Wan2.2-TI2V-5B", "vllm-omni": "Wan2.2-TI2V-5B", "generic": MODELS["generic"]}


@pytest.fixture(params=DIALECTS)
async def server(request):
    async with VideosServer(dialect=request.param, model=WAN[request.param]) as server:
        yield server


@pytest.fixture
async def client(server):
    async with sdk.AsyncOpenAI(api_key=KEY, base_url=f"{server.url}/v1", max_retries=0) as client:
        yield client


async def created(client, server, **fields):
    # The SDK has no field for frames; SGLang's default of 24 x 4 would be refused by Wan.
    extra = {} if server.dialect == "generic" else {"num_frames": 121}
    return await client.videos.create(
        model=server.model, prompt=PROMPT, seconds="4", size="1280x720", extra_body=extra, **fields
    )


async def finished(client, video):
    while video.status in ("queued", "in_progress"):
        video = await client.videos.retrieve(video.id)
    return video


async def test_the_sdk_orders_waits_and_downloads(server, client) -> None:
    video = await finished(client, await created(client, server))
    film = await client.videos.download_content(video.id)

    assert (video.status, video.progress, film.read()) == ("completed", 100, FILM)


async def test_the_sdk_sends_a_picture_along(server, client) -> None:
    picture = ("a.png", b"\x89PNG\r\n\x1a\n0", "image/png")

    video = await created(client, server, input_reference=picture)

    assert server.orders[video.id].files == {"input_reference": picture[1]}


async def test_the_sdk_walks_the_list_newest_first(server, client) -> None:
    ids = [(await created(client, server)).id for _ in range(5)]

    assert [video.id async for video in client.videos.list(limit=2)] == ids[::-1]


async def test_the_sdk_deletes(server, client) -> None:
    video = await created(client, server)

    await client.videos.delete(video.id)

    with pytest.raises(sdk.NotFoundError):
        await client.videos.retrieve(video.id)


async def test_the_sdk_is_refused_without_the_key(server) -> None:
    async with sdk.AsyncOpenAI(api_key="wrong", base_url=f"{server.url}/v1", max_retries=0) as client:
        with pytest.raises(sdk.AuthenticationError):
            await created(client, server)


async def test_a_failed_order_reaches_the_sdk_as_the_server_tells_it(server, client) -> None:
    server.fault = Fault.CRASHED
    video = await created(client, server)
    try:
        said = (await finished(client, video)).model_dump()
    except sdk.InternalServerError as error:  # vLLM-Omni answers the look with the failure's own status
        said = error.response.json()

    assert (said["status"], said["error"]["message"]) == ("failed", "CUDA out of memory")


# --- our backend beside it


def our(server: VideosServer, folder: Path) -> ours.OpenaiVideo:
    given = {"api": server.url, "key": KEY, "dialect": server.dialect, "model": server.model}
    if server.dialect == "generic":
        given |= {"price": "0.1", "seconds": "4,8,12"}
    environment = {f"OLYMPIC_OPENAI_VIDEO_{name.upper()}": value for name, value in given.items()}
    made = ours.build(load({"OLYMPIC_HOME": str(folder), **environment}), Kit(FakeVideo(), folder))
    assert made is not None
    return made


def order(server: VideosServer, **fields) -> Order:
    size = Size(1280, 720) if server.dialect == "generic" else Size(1280, 704)
    return Order(PROMPT, "ski-jumping", "realistic", "multi", 4, 7, size=size, **fields)


async def test_the_sdk_sees_the_order_our_backend_placed(server, client, tmp_path) -> None:
    backend = our(server, tmp_path)
    ref = await backend.submit(order(server), key="k")
    await backend.aclose()

    assert (await finished(client, await client.videos.retrieve(ref.id))).status == "completed"


async def test_to_a_server_of_openais_own_shape_we_send_what_the_sdk_sends(tmp_path) -> None:
    picture = tmp_path / "blob"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n0")
    async with VideosServer(dialect="generic") as server:
        async with sdk.AsyncOpenAI(api_key=KEY, base_url=f"{server.url}/v1", max_retries=0) as client:
            theirs = await created(client, server, input_reference=("a.png", picture.read_bytes(), "image/png"))
        backend = our(server, tmp_path)
        mine = await backend.submit(order(server, mode=Mode.IMAGE, image=picture), key="k")
        await backend.aclose()
        a, b = server.orders[theirs.id], server.orders[mine.id]

    del a.body["created_at"], b.body["created_at"]
    assert (a.body, a.files) == (b.body, b.files)
