"""Drawing in another process than the one that talks to people: two engines, the same records, one queue between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.errors import ContentRejected, StorageError
from bot.model.command import Cancel, Create
from bot.model.job import MAKING, RUNNING, Stage
from bot.pipeline.engine import Engine
from bot.usecases.house import House
from storage.runners.local import LocalRunner
from tests.fakes import FREE, FakeClock, until

WISH = Create(prompt="A kitsune jumps from the large hill at dusk", sport="ski-jumping")


class Steady(FakeClock):
    """The same hour on all machines; waiting is short and moves nothing."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.005)


class Split:
    """The bot of `world` without drawing, and one worker that can be killed."""

    def __init__(self, world) -> None:
        self.world = world
        self.queue = LocalRunner()
        chat = replace(world.house.tools, clock=Steady())
        self.drawing = replace(chat, platforms={})
        world.engine = Engine(chat, LocalRunner(), mine=RUNNING - MAKING, workers=self.queue)
        world.house = House(chat, world.engine, world.limits)
        world.core = type(world.core)(world.house)
        self._worker: asyncio.Task[None] | None = None

    def work(self) -> None:
        self._worker = asyncio.create_task(Engine(self.drawing, self.queue, mine=MAKING).run())

    async def kill(self) -> None:
        if self._worker:
            self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await self._worker

    @property
    def cards(self):
        return [posted.card for posted in self.world.platform.messages.values() if not posted.entry]


@pytest.fixture
async def split(world) -> AsyncGenerator[Split]:
    made = Split(world)
    await world.start()
    yield made
    await made.kill()


async def stage(world) -> Stage:
    return (await world.jobs())[0].stage


async def test_what_a_worker_draws_the_bot_delivers_once(split) -> None:
    split.work()
    await split.world.ask(WISH)
    [job] = await split.world.ended()

    assert (job.stage, len(split.world.platform.entries), split.world.backend.submits) == (Stage.DONE, 1, 1)


async def test_without_a_worker_nothing_is_drawn(split) -> None:
    await split.world.ask(WISH)
    await asyncio.sleep(0.1)

    assert (await stage(split.world), split.world.backend.submits) == (Stage.ADMITTED, 0)


async def test_a_worker_that_comes_later_takes_what_waits(split) -> None:
    await split.world.ask(WISH)
    split.work()
    [job] = await split.world.ended()

    assert job.stage is Stage.DONE


async def test_the_card_follows_what_the_worker_has_reached(split) -> None:
    split.world.backend.gate = asyncio.Event()
    split.work()
    await split.world.ask(WISH)

    await until(lambda: any(card.progress and card.progress.fraction for card in split.cards), 30)
    split.world.backend.gate.set()
    await split.world.ended()


async def test_cancelling_reaches_the_worker(split) -> None:
    split.world.backend.gate = asyncio.Event()
    split.work()
    await split.world.ask(WISH)
    await until(lambda: split.world.backend.submits, 30)

    await split.world.ask(Cancel())
    split.world.backend.gate.set()
    [job] = await split.world.ended()

    assert (job.stage, split.world.platform.entries) == (Stage.CANCELLED, [])


async def test_a_failure_in_the_worker_is_told_on_the_card(split) -> None:
    split.world.backend.submit_faults = [ContentRejected("no")]
    split.work()
    await split.world.ask(WISH)
    [job] = await split.world.ended()

    assert job.stage is Stage.FAILED
    await until(lambda: all(card.progress is None for card in split.cards), 30)


async def test_a_slot_that_a_worker_freed_is_given_to_the_next(split) -> None:
    split.world.backend.able = replace(FREE, concurrency=1)
    split.work()
    await split.world.ask(WISH)
    await split.world.ask(WISH)

    assert [job.stage for job in await split.world.ended(2)] == [Stage.DONE, Stage.DONE]


async def test_a_job_of_a_killed_worker_is_drawn_by_the_next_without_paying_twice(split) -> None:
    split.world.backend.gate = asyncio.Event()
    split.work()
    await split.world.ask(WISH)
    await until(lambda: split.world.backend.submits, 30)
    await split.kill()

    split.world.backend.gate.set()
    split.work()
    [job] = await split.world.ended()

    assert (job.stage, split.world.backend.submits, job.fence) == (Stage.DONE, 1, 3)


async def test_a_worker_leaves_alone_what_is_being_delivered(split) -> None:
    """A stale id in the queue must not take a delivery away from the bot."""
    split.work()
    await split.world.ask(WISH)
    [job] = await split.world.ended()
    await split.queue.enqueue(job.id)
    await asyncio.sleep(0.05)

    assert (await split.world.jobs())[0].fence == job.fence


class Once:
    """A queue that is away at first."""

    def __init__(self, queue: LocalRunner) -> None:
        self._queue = queue
        self.refused = 0

    async def enqueue(self, job_id: str) -> None:
        if not self.refused:
            self.refused += 1
            raise StorageError("the queue is away")
        await self._queue.enqueue(job_id)

    async def run(self, advance) -> None:
        await self._queue.run(advance)


async def test_a_queue_that_is_away_only_delays(world) -> None:
    split = Split(world)
    world.engine._workers = once = Once(split.queue)
    await world.start()
    split.work()
    await world.ask(WISH)
    [job] = await world.ended()
    await split.kill()

    assert (job.stage, once.refused) == (Stage.DONE, 1)
