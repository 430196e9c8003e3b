from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from backends.comfyui.backend import Comfyui
from backends.comfyui.follow import Rhythm
from backends.net import Pace, Times
from tests.fakes import PATIENCE
from tests.servers.comfyui import ComfyServer
from tests.unit.comfyui.samples import PNG, QUICK, menu


@pytest.fixture
def picture(tmp_path) -> Path:
    path = tmp_path / "blob"
    path.write_bytes(PNG)
    return path


@pytest.fixture
async def serve() -> AsyncGenerator[Callable[..., ComfyServer]]:
    async with AsyncExitStack() as stack:

        async def start(*given, **how) -> ComfyServer:
            return await stack.enter_async_context(ComfyServer(*given, **how))

        yield start


@pytest.fixture
async def draw() -> AsyncGenerator[Callable[..., Comfyui]]:
    """Backends for servers; `looks` is how often they look beside the websocket."""
    built: list[Comfyui] = []

    def make(*servers: ComfyServer | str, looks: Pace = QUICK, profiles=("wan22-t2v-14b-fast4",), **how) -> Comfyui:
        urls = [server if isinstance(server, str) else server.url for server in servers]
        rhythm = Rhythm(looks, QUICK, QUICK, searching=(0.01, 0.01, 0.01), cancelling=(0.01,))
        built.append(Comfyui(menu(*profiles), urls, rhythm=rhythm, times=Times(PATIENCE, PATIENCE, PATIENCE), **how))
        return built[-1]

    yield make
    for backend in built:
        await backend.aclose()
