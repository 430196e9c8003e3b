from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from backends import Kit
from backends.fal.backend import Fal, build
from bot.settings import load
from tests.fakes import FakeVideo
from tests.servers.fal import KEY, FalServer


@pytest.fixture
async def server() -> AsyncGenerator[FalServer]:
    async with FalServer() as server:
        yield server


class Builder:
    """Backends that talk to the fake; settings by keyword. `again` is another process over the same folder."""

    def __init__(self, server: FalServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.built: list[Fal] = []

    def __call__(self, **given: Any) -> Fal:
        url = self.server.url
        here = {"key": KEY, "api": url, "platform": f"{url}/v1", "result_hosts": self.server.host}
        values = {**here, "poll": "0.005", "patience": self.server.patience, "lookup": self.server.search, **given}
        environment = {f"OLYMPIC_FAL_{name.upper()}": str(value) for name, value in values.items()}
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
