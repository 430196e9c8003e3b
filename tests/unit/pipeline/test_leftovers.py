"""What a request leaves in the media store once it is over: the film and its poster, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import ContentRejected, DiskFull
from bot.model.backend import Lengths, Mode, RemoteState, RemoteStatus
from bot.model.command import Cancel, Create, Delete
from bot.model.job import Stage
from tests.fakes import FREE, FakeBackend, FakeProvenance, until

WISH = Create("A fox on skis", sport="luge", seed="7")
SHOTS = replace(FREE, modes={Mode.TEXT: Lengths(5, 5)}, concurrency=1)


@pytest.fixture
def kept(world, tmp_path):
    """The names of all files in the store."""
    world.provenance = FakeProvenance()
    world._build()
    return lambda: {path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()}


class Refusing(FakeBackend):
    """Its second order is refused when it is looked at."""

    async def poll(self, ref):
        if ref.id.endswith("-1"):
            return RemoteStatus(RemoteState.FAILED, error=ContentRejected("no"))
        return await super().poll(ref)


async def test_a_delivered_film_leaves_no_shots_behind(world, kept) -> None:
    world.backend.able = SHOTS
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()
    await until(lambda: len(kept()) == 2)

    assert kept() == {job.clip.blob, job.clip.poster}


async def test_a_film_that_was_taken_back_leaves_nothing_behind(world, kept) -> None:
    await world.start()
    await world.ask(WISH)
    (job,) = await world.ended()

    await world.ask(Delete(job.id, sure=True))

    await until(lambda: not kept())


async def test_a_film_that_could_not_be_finished_leaves_no_shots_behind(world, kept) -> None:
    world.backend = Refusing(able=SHOTS)
    world._build()
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()
    await until(lambda: not kept())

    assert job.stage is Stage.FAILED


async def test_what_a_crash_left_behind_is_cleared_by_the_next_run(world, kept) -> None:
    await world.start()
    await world.ask(WISH)
    (job,) = await world.ended()
    await until(lambda: len(kept()) == 2)
    await world.crash()
    left = await world.media.put_bytes(b"a shot", "video/mp4")
    (record,) = await world.repos.jobs.shots(job.id)
    await world.repos.jobs.shot(job, replace(record, blob=left))

    await world.start()

    await until(lambda: left not in kept())


async def test_a_shot_that_another_request_still_needs_stays(world, kept) -> None:
    class Same(FakeBackend):
        """Equal orders give equal films, as the animator does."""

        async def fetch(self, ref, status, into):
            await super().fetch(ref, status, into)
            into.write_bytes(b"the same film")

    world.backend = Same()
    world._build()
    await world.start()
    await world.ask(WISH)
    await world.ended()
    full = world.media.put
    stuck = [True]

    async def put(path, mime):
        if stuck and path.name == "sealed.mp4":
            raise DiskFull("full")
        return await full(path, mime)

    world.media.put = put
    await world.ask(WISH)
    await until(lambda: len(world.backend.orders) == 2)
    await world.ask(WISH)
    await until(lambda: len(world.backend.orders) == 3)
    await world.ask(Cancel())
    await world.ended(2)
    stuck.clear()

    jobs = await world.ended(3)

    assert [job.stage for job in jobs] == [Stage.DONE, Stage.DONE, Stage.CANCELLED]
