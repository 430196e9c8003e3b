from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from backends import Kit
from backends.openai_video.backend import OpenaiVideo, build
from bot.settings import Settings, load
from tests.fakes import FakeVideo
from tests.servers.videos import KEY, VideosServer


@pytest.fixture
async def server() -> AsyncGenerator[VideosServer]:
    async with VideosServer() as server:
        yield server


def settings(folder: Path, **given: Any) -> Settings:
    """Settings of this backend by keyword; `api` is needed."""
    environment = {f"OLYMPIC_OPENAI_VIDEO_{name.upper()}": str(value) for name, value in given.items()}
    return load({"OLYMPIC_HOME": str(folder), **environment})


class Builder:
    """Backends that talk to the fake. `speak` makes both sides another dialect and model."""

    def __init__(self, server: VideosServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.built: list[OpenaiVideo] = []

    def __call__(self, **given: Any) -> OpenaiVideo:
        here = {"api": self.server.url, "key": KEY, "dialect": self.server.dialect, "model": self.server.model}
        made = build(
            settings(self.folder, **{**here, "poll": "0.005", "patience": self.server.patience, **given}), self.kit
        )
        assert made is not None
        self.built.append(made)
        return made

    def speak(self, dialect: str, model: str) -> None:
        self.server.dialect, self.server.model = dialect, model

    @property
    def kit(self) -> Kit:
        return Kit(FakeVideo(), self.folder)


@pytest.fixture
async def make(server, tmp_path) -> AsyncGenerator[Builder]:
    builder = Builder(server, tmp_path)
    yield builder
    for backend in builder.built:
        await backend.aclose()
