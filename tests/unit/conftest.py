"""A whole core over real records and doubles for everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.core import Core
from bot.model.command import Command
from bot.model.job import Job
from bot.model.people import Member
from bot.model.setup import Home, Setup
from bot.pipeline.engine import Engine
from bot.pipeline.tools import Tools
from bot.planner import Rules
from bot.ports import Meter, Unmetered
from bot.settings import Limits
from bot.usecases.house import House
from storage import Storage, open_storage
from storage.media.store import Blobs
from storage.runners.local import LocalRunner
from tests.databases import tables_in
from tests.fakes import (
    COMMUNITY,
    PATIENCE,
    FakeBackend,
    FakeClock,
    FakeLettering,
    FakePlatform,
    FakeProvenance,
    FakeReply,
    FakeSound,
    FakeVideo,
    asked,
)


@dataclass
class World:
    """One community, one backend, one database; `start` and `crash` are this process's life and death."""

    stored: Storage
    clock: FakeClock
    media: Blobs
    platform: FakePlatform = field(default_factory=FakePlatform)
    backend: FakeBackend = field(default_factory=FakeBackend)
    video: FakeVideo = field(default_factory=FakeVideo)
    lettering: FakeLettering = field(default_factory=FakeLettering)
    limits: Limits = field(default_factory=lambda: Limits(running_per_member=3, daily_per_member=20, waiting=100))

    provenance: FakeProvenance | None = None
    rules: Rules = field(default_factory=Rules)
    meter: Meter = field(default_factory=Unmetered)
    others: tuple[FakePlatform, ...] = ()
    """Further platforms of the same process."""

    def __post_init__(self) -> None:
        self._running: asyncio.Task[None] | None = None
        self._build()

    def _build(self) -> None:
        repos = self.stored.repositories(self.media)
        backends = {self.backend.name: self.backend}
        platforms = {one.name: one for one in (self.platform, *self.others)}
        tools = Tools(
            repos,
            backends,
            platforms,
            self.video,
            FakeSound(),
            self.clock,
            provenance=self.provenance,
            lettering=self.lettering,
            patience=0.0,
            meter=self.meter,
        )
        self.repos = repos
        self.engine = Engine(tools, LocalRunner())
        self.house = House(tools, self.engine, self.limits, self.rules)
        self.core = Core(self.house)

    async def start(self) -> None:
        self._running = asyncio.create_task(self._run())
        await asyncio.sleep(0)

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.engine.run())
            tasks.create_task(self.core.run())

    async def crash(self) -> None:
        """Everything in memory is gone, as after kill -9; records and platform stay."""
        if self._running:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        self._running = None
        self._build()

    async def ask(self, command: Command, who: Member | None = None) -> FakeReply:
        reply = FakeReply()
        await self.core.handle(asked(command, who), reply)
        return reply

    async def set_up(self, setup: Setup) -> Home:
        """Choose the community's rules."""
        home = await self.repos.communities.get(COMMUNITY)
        return await self.repos.communities.change(home, setup)

    async def jobs(self) -> list[Job]:
        found = await self.repos.jobs.of_member(COMMUNITY, "ada", unfinished=False, most=50)
        return list(reversed(found))

    async def ended(self, count: int = 1) -> list[Job]:
        """Wait until so many of ada's jobs are over; looking less and less often leaves the work its processor."""
        pause = 0.005
        async with asyncio.timeout(PATIENCE):
            while len([job for job in await self.jobs() if job.over]) < count:
                await asyncio.sleep(pause)
                pause = min(1.5 * pause, 0.05)
        return await self.jobs()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    clock = FakeClock()
    await tables_in(tmp_path)
    async with open_storage(tmp_path, "", clock) as stored:
        world = World(stored, clock, Blobs(tmp_path, stored.blobs, clock))
        yield world
        await world.crash()
