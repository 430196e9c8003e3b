"""Fifteen seconds from a model that draws five: three shots, each drawn once, whatever happens in between."""

from bot.model.command import Cancel, Create
from bot.model.job import Stage
from storage import open_storage
from storage.media.store import Blobs
from tests.fakes import FakeClock, FakePlatform, FakeVideo, until
from tests.unit.conftest import World

WISH = Create("A kitsune jumps from the large hill at dusk on skis", sport="ski-jumping")


class Community:
    """One data folder; `life` is one process over it."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.chat = FakePlatform()

    async def life(self, backend, until_) -> None:
        clock = FakeClock()
        async with open_storage(self.folder, "", clock) as stored:
            world = World(stored, clock, Blobs(self.folder, stored.blobs, clock), self.chat, backend, FakeVideo())
            await world.start()
            try:
                await until_(world)
            finally:
                await world.crash()


async def test_three_servers_draw_three_shots(serve, draw, tmp_path) -> None:
    servers = [await serve() for _ in range(3)]
    ended = []

    async def ask(world) -> None:
        await world.ask(WISH)
        ended.extend(await world.ended())

    await Community(tmp_path).life(draw(*servers), ask)

    assert ([job.stage for job in ended], [server.paid for server in servers]) == ([Stage.DONE], [1, 1, 1])


async def test_shots_drawn_before_a_crash_are_not_drawn_again(serve, draw, tmp_path) -> None:
    server = await serve()
    community, ended = Community(tmp_path), []

    async def crash_in_the_second_shot(world) -> None:
        await world.ask(WISH)
        await until(lambda: server.paid == 2)

    async def go_on(world) -> None:
        ended.extend(await world.ended())

    await community.life(draw(server), crash_in_the_second_shot)
    await community.life(draw(server), go_on)

    assert ([job.stage for job in ended], server.paid) == ([Stage.DONE], 3)


async def test_a_cancelled_film_stops_every_shot(serve, draw, tmp_path) -> None:
    servers = [await serve(looks=10_000) for _ in range(3)]
    ended = []

    async def ask_and_cancel(world) -> None:
        await world.ask(WISH)
        await until(lambda: all(server.paid for server in servers))
        await world.ask(Cancel())
        ended.extend(await world.ended())

    await Community(tmp_path).life(draw(*servers), ask_and_cancel)
    left = [order for server in servers for order in server.orders.values() if not order.cancelled]

    assert ([job.stage for job in ended], left) == ([Stage.CANCELLED], [])
