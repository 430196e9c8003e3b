"""The watching port over a whole core, without a socket."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import httpx
import pytest

from bot.pipeline.pulse import Watch
from handlers.ops.meter import PrometheusMeter
from handlers.ops.site import Site
from tests.unit.conftest import World


@dataclass
class Watched:
    """One world and what is seen of it."""

    world: World
    meter: PrometheusMeter = field(default_factory=PrometheusMeter)
    levels: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world.meter = self.meter
        self.world._build()

    async def get(self, path: str) -> httpx.Response:
        async with self._client() as client:
            return await client.get(path)

    async def post(self, path: str, body: str, client: str = "127.0.0.1", **headers: str) -> httpx.Response:
        async with self._client(client) as connection:
            return await connection.post(
                path, content=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
            )

    def _client(self, client: str = "127.0.0.1") -> httpx.AsyncClient:
        tools = replace(self.world.house.tools, meter=self.meter)
        site = Site(Watch(tools, fresh=0.0), self.meter, self.levels.append, "en")
        transport = httpx.ASGITransport(site.app(), client=(client, 1234))
        return httpx.AsyncClient(transport=transport, base_url="http://ops")


@pytest.fixture
def watched(world: World) -> Watched:
    return Watched(world)
