"""Films put together from several shots."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import RemoteFailed
from bot.model.backend import Lengths, Mode, RemoteState, RemoteStatus
from bot.model.command import Create
from bot.model.job import Stage
from bot.planner import Rules
from tests.fakes import FREE, PATIENCE, FakeBackend, FakeVideo, until

WISH = Create("A kitsune jumps from the large hill at dusk on skis", sport="ski-jumping")
FIVE = Lengths(5, 5, only=(5.0,))
PAID = replace(FREE, modes={Mode.TEXT: FIVE, Mode.IMAGE: FIVE}, native_audio=False, free_resend=False, concurrency=3)


class Turnstile(asyncio.Semaphore):
    """A gate that lets one shot through at each release."""

    async def wait(self) -> None:
        await self.acquire()


class Camera(FakeVideo):
    """Remembers how films were put together."""

    def __init__(self) -> None:
        super().__init__()
        self.films: list[dict] = []

    async def assemble(self, shots, out, **how) -> None:
        self.films.append({"shots": [shot.read_bytes() for shot in shots], **how})
        await super().assemble(shots, out)

    async def last_frame(self, path, out) -> None:
        out.write_bytes(b"\x89PNG end of " + path.read_bytes())


def prepared(world, *, chained: bool) -> None:
    world.backend.able = PAID
    world.video = Camera()
    world.rules = Rules(chained=chained)
    world._build()


@pytest.mark.parametrize("chained", [False, True])
async def test_three_shots_make_exactly_the_planned_length(world, chained) -> None:
    prepared(world, chained=chained)
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()
    (film,) = world.video.films

    assert (job.stage, len(film["shots"]), film["seconds"], film["chained"]) == (Stage.DONE, 3, 15.0, chained)


async def test_a_silent_backends_film_gets_one_bed_of_sound(world) -> None:
    prepared(world, chained=False)
    await world.start()

    await world.ask(WISH)
    await world.ended()

    assert world.video.films[0]["sound"].name == "bed.wav"


async def test_shots_are_drawn_side_by_side_where_there_is_room(world) -> None:
    prepared(world, chained=False)
    world.backend.gate = asyncio.Event()
    await world.start()

    await world.ask(WISH)
    await until(lambda: world.backend.submits == 3)
    world.backend.gate.set()
    await world.ended()


async def test_a_chained_shot_waits_for_the_one_before(world) -> None:
    prepared(world, chained=True)
    world.backend.gate = asyncio.Event()
    await world.start()

    await world.ask(WISH)
    await until(lambda: world.backend.submits == 1)
    await asyncio.sleep(0.05)
    sent = world.backend.submits
    world.backend.gate.set()
    await world.ended()

    assert (sent, world.backend.submits) == (1, 3)


async def test_a_chained_shot_begins_with_the_last_picture_of_the_one_before(world) -> None:
    prepared(world, chained=True)
    seen: list[bytes | None] = []

    class Looking(FakeBackend):
        async def submit(self, order, *, key):
            seen.append(order.image.read_bytes() if order.image else None)
            return await super().submit(order, key=key)

    world.backend = Looking(able=PAID)
    world._build()
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert seen == [None, *(f"\x89PNG end of video of {job.id}-{n}".encode("latin-1") for n in (0, 1))]


@pytest.mark.parametrize("drawn", [0, 1, 2])
@pytest.mark.parametrize("chained", [False, True])
async def test_shots_drawn_before_a_crash_are_never_drawn_or_paid_again(world, chained, drawn) -> None:
    prepared(world, chained=chained)
    world.backend.gate = Turnstile(drawn)
    await world.start()
    await world.ask(WISH)
    await until(lambda: world.backend.submits == (drawn + 1 if chained else 3))
    (job,) = await world.jobs()

    async def so_many_drawn() -> bool:
        return sum(bool(shot.blob) for shot in await world.repos.jobs.shots(job.id)) == drawn

    async with asyncio.timeout(PATIENCE):
        while not await so_many_drawn():
            await asyncio.sleep(0.005)
    await world.crash()
    world.backend.gate = None
    await world.start()
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits, len(world.platform.entries)) == (Stage.DONE, 3, 1)


async def test_a_shot_that_fails_stops_the_others_at_the_backend(world) -> None:
    prepared(world, chained=False)

    class Uneven(FakeBackend):
        """The second shot fails; the others would go on for ever."""

        async def events(self, ref):
            yield RemoteStatus(RemoteState.RUNNING, 0.1)
            if ref.id.endswith("-1"):
                await until(lambda: self.submits == 3)
                yield RemoteStatus(RemoteState.FAILED, error=RemoteFailed("oom"))
                return
            await asyncio.Event().wait()

    world.backend = Uneven(able=PAID)
    world._build()
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, sorted(world.backend.cancelled)) == (Stage.FAILED, [f"{job.id}-0", f"{job.id}-2"])
