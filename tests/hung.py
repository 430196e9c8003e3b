"""An exhibit to look at: works that hang, made without drawing anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.model.clip import Clip
from bot.model.contest import EntryState, Review
from bot.model.entry import Entry
from bot.settings import Hall as HallSettings
from handlers.hall import Hall
from storage import open_storage
from storage.media.store import Blobs
from tests.fakes import FakeClock, FakeProvenance
from tests.samples import KAI, LOOK, NOON, WISH, entry, job
from tests.unit.conftest import World

PLAIN = {"accept-encoding": "identity"}
WISHED = ("prompt", "sport", "style", "language", "parent", "seed")
BASE = "https://hall.example.org"


@dataclass
class Gallery:
    """A world with a hall, and a visitor's browser."""

    world: World
    hall: Hall
    base: str
    browser: httpx.AsyncClient
    blobs: dict[str, str] = field(default_factory=dict)

    async def hang(self, name: str, *, votes: int = 5, hours: int = 0, **fields: Any) -> Entry:
        """A work, approved `hours` after noon; fields of its request, its maker's name, or of the entry."""
        wished = {
            key: fields.pop(key)
            for key in ("prompt", "sport", "style", "language", "parent", "seed", "own", "storyboard")
            if key in fields
        }
        maker = replace(KAI, name=fields.pop("maker", KAI.name))
        clip = await self._clip(fields.pop("film", b"film of " + name.encode()), fields.pop("poster", b"poster"))
        repos = self.world.repos
        request = replace(WISH, image=None, backend=None, **{"parent": None, **wished})
        await repos.jobs.add(job(name, member=maker, request=request))
        await repos.jobs.admit(lambda waiting, running: [name])
        mine = await repos.jobs.take(name)
        assert mine is not None
        review = Review("discord:1", "Mo", NOON + timedelta(hours=hours), votes=votes)
        shown = {"state": EntryState.APPROVED, "review": review, "contest": "fake:c1", **fields}
        made = entry(mine, name, clip=clip, **shown)
        await repos.jobs.finished(mine, clip, made)
        return made

    def provide(self, provenance: FakeProvenance) -> None:
        """From now on films are asked what they say of themselves."""
        house = self.world.house
        self.hall._house = replace(house, tools=replace(house.tools, provenance=provenance))

    async def get(self, address: str, **named: Any) -> httpx.Response:
        """What a visitor gets."""
        return await self.browser.get(address, **named)

    async def _clip(self, film: bytes | Path, poster: bytes | Path) -> Clip:
        size = film.stat().st_size if isinstance(film, Path) else len(film)
        blobs = [await self._kept(film, "video/mp4"), await self._kept(poster, "image/jpeg")]
        return Clip(*blobs, replace(LOOK, bytes=size))

    async def _kept(self, content: bytes | Path, mime: str) -> str:
        if isinstance(content, Path):
            return await self.world.media.put(content, mime)
        return await self.world.media.put_bytes(content, mime)


@asynccontextmanager
async def opened(folder: Path, base: str = BASE, fresh: float = 0.0, **settings: Any) -> AsyncIterator[Gallery]:
    """A hall over a fresh database; `base` is where its links lead."""
    clock = FakeClock()
    async with open_storage(folder, "", clock) as stored:
        world = World(stored, clock, Blobs(folder, stored.blobs, clock))
        hall = Hall(HallSettings(**settings), world.house, language="en", on_ready=lambda _: None, fresh=fresh)
        transport = httpx.ASGITransport(hall.app(base))
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=PLAIN) as browser:
            yield Gallery(world, hall, base, browser)
        await world.crash()
