from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from backends import Kit
from backends.dashscope.backend import Dashscope, build
from bot.settings import load
from tests.fakes import FakeVideo
from tests.servers.dashscope import KEY, DashscopeServer


@pytest.fixture
async def server() -> AsyncGenerator[DashscopeServer]:
    async with DashscopeServer() as server:
        yield server


class Builder:
    """Backends that talk to the fake; settings by keyword. `again` is another process over the same folder."""

    def __init__(self, server: DashscopeServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.built: list[Dashscope] = []

    def __call__(self, **settings: str) -> Dashscope:
        here = {"api_key": KEY, "api": self.server.url, "result_hosts": self.server.host}
        values = {**here, "poll": "0.005", "patience": self.server.patience, **settings}
        environment = {f"OLYMPIC_DASHSCOPE_{name.upper()}": value for name, value in values.items()}
        made = build(load({"OLYMPIC_HOME": str(self.folder), **environment}), Kit(FakeVideo(), self.folder))
        assert made is not None
        self.built.append(made)
        return made


@pytest.fixture
async def make(server, tmp_path) -> AsyncGenerator[Builder]:
    builder = Builder(server, tmp_path)
    yield builder
    for backend in builder.built:
        await backend.aclose()
