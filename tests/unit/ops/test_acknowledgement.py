"""How long people wait until their platform knows that we heard them."""

from __future__ import annotations

import asyncio

from bot.model.command import Help
from handlers.web.desk import Desk
from tests.fakes import FakeMeter, FakeReply, asked


async def hear_nothing(_happening) -> None:
    """Nobody listens."""


async def test_the_studio_s_answer_is_timed() -> None:
    meter = FakeMeter()

    async def slowly(_asked, _reply) -> None:
        await asyncio.sleep(0.01)

    async with Desk.open(slowly, hear_nothing, meter) as desk:
        await desk.ask(asked(Help()), FakeReply())

    assert meter.observed == [("olympic_acknowledgement_seconds", "studio")]
