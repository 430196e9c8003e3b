"""Platforms that fall, come back, or never could start."""

import asyncio
from contextlib import suppress

import pytest

from bot.app import App
from bot.errors import PlatformBusy, SetupError, WrongToken
from bot.settings import load
from tests.fakes import FakePlatform, until


class Idle:
    """An engine with nothing to do."""

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def handle(self, asked, reply) -> None:
        """Nobody asks."""

    async def hear(self, what) -> None:
        """Nothing happens."""


class Falling(FakePlatform):
    """Raises what it is given, one a run, and then serves."""

    def __init__(self, name: str, *falls: Exception | None) -> None:
        super().__init__()
        self.name = name
        self.falls = list(falls)
        self.runs = 0
        self.serving = False

    async def run(self, handle, hear) -> None:
        self.runs += 1
        if self.falls:
            fall = self.falls.pop(0)
            if fall is None:
                return
            raise fall
        self.serving = True
        await asyncio.Event().wait()


def app(*platforms: Falling, starting: float = 60.0, ops: Idle | None = None) -> App:
    idle = Idle()
    return App(load({}), idle, idle, {one.name: one for one in platforms}, {}, starting, rest=(0.0,), ops=ops)


async def test_a_wrong_token_at_the_start_ends_the_process_with_its_sentence() -> None:
    wrong = WrongToken(platform="Discord", setting="discord.token")

    with pytest.raises(WrongToken):
        await app(Falling("discord", wrong), Falling("slack")).run()


@pytest.mark.parametrize(
    "fall", [RuntimeError("a bug"), PlatformBusy("away"), None, WrongToken(platform="Discord", setting="discord.token")]
)
async def test_a_platform_that_falls_later_is_connected_again_and_the_other_goes_on(fall) -> None:
    first, second = Falling("discord", fall, fall), Falling("slack")
    running = asyncio.create_task(app(first, second, starting=0.0).run())

    await until(lambda: first.serving)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert (first.runs, second.runs) == (3, 1)


async def test_the_only_platform_never_goes_on_without_its_token() -> None:
    with pytest.raises(WrongToken):
        await app(Falling("discord", WrongToken(platform="Discord", setting="discord.token")), starting=0.0).run()


class Unwatchable(Idle):
    """A watching port that cannot be had, or breaks."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def run(self) -> None:
        raise self.error


async def test_a_watching_port_that_is_taken_ends_the_process_with_its_sentence() -> None:
    taken = SetupError(key="ops.no_port", host="127.0.0.1", port=9026, why="taken")

    with pytest.raises(SetupError) as told:
        await app(Falling("discord"), ops=Unwatchable(taken)).run()

    assert told.value.sentence == "ops.no_port"


async def test_a_watching_port_that_breaks_takes_nobody_down() -> None:
    platform = Falling("discord")
    running = asyncio.create_task(app(platform, ops=Unwatchable(RuntimeError("a bug"))).run())

    await until(lambda: platform.serving)
    await asyncio.sleep(0)

    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
