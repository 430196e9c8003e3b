"""How the hall comes to be part of the product."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import httpx
import pytest

from bot.app import App
from bot.model.finding import Verdict
from bot.settings import Settings, load
from handlers import Kit
from handlers.hall import check, open_site
from handlers.serving import address, bind
from tests.fakes import FakeClock, until
from tests.fakes_slack import Safe
from tests.gallery import MemoryLog, store

DISCORD = {"OLYMPIC_DISCORD_TOKEN": "x"}


@pytest.mark.parametrize(
    ("given", "on"),
    [
        ({}, True),
        (DISCORD, False),
        ({**DISCORD, "OLYMPIC_STUDIO_ENABLED": "true"}, True),
        ({**DISCORD, "OLYMPIC_HALL_ADDRESS": "https://hall.example.org"}, True),
        ({**DISCORD, "OLYMPIC_HALL_ENABLED": "true"}, True),
        ({"OLYMPIC_HALL_ENABLED": "false"}, False),
    ],
)
def test_it_opens_where_somebody_can_reach_it(given, on) -> None:
    assert load(given).hall_on is on


@pytest.mark.parametrize(
    ("given", "links"),
    [
        ({}, "http://127.0.0.1:8028"),
        ({"OLYMPIC_HALL_ADDRESS": "https://example.org/hall/"}, "https://example.org/hall"),
        ({"OLYMPIC_HALL_HOST": "::1"}, "http://[::1]:8028"),
        ({"OLYMPIC_HALL_ENABLED": "false"}, ""),
    ],
)
def test_links_lead_to_its_address(given, links) -> None:
    assert load(given).hall_address == links


async def test_it_serves_and_announces_where(gallery, tmp_path) -> None:
    announced: list[str] = []
    kit = Kit(MemoryLog(), store(tmp_path), FakeClock(), lambda *_: [], announced.append, Safe())
    site = open_site(load({"OLYMPIC_HALL_PORT": "0"}), kit, gallery.world.house)
    running = asyncio.create_task(site.run())
    await until(lambda: announced, 30)
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(announced[0].split()[-1], timeout=30)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert answer.status_code == 200


def test_while_it_is_closed_there_is_no_site(gallery, tmp_path) -> None:
    kit = Kit(MemoryLog(), store(tmp_path), FakeClock(), lambda *_: [], print, Safe())
    assert open_site(load({"OLYMPIC_HALL_ENABLED": "false"}), kit, gallery.world.house) is None


async def test_the_doctor_warns_of_a_taken_port() -> None:
    with bind("127.0.0.1", 0) as taken:
        settings = load({"OLYMPIC_HALL_PORT": address(taken).rpartition(":")[2]})
        finding = await check(settings)
    assert (finding.verdict, "hall.port" in finding.says) == (Verdict.WARNING, True)


class Idle:
    async def run(self) -> None:
        await asyncio.Event().wait()

    async def handle(self, asked, reply) -> None:
        """Nobody asks."""


class Falling:
    """A site whose first tries fail."""

    name = "hall"

    def __init__(self, *falls: Exception) -> None:
        self.falls = list(falls)
        self.serving = False

    async def run(self) -> None:
        if self.falls:
            raise self.falls.pop(0)
        self.serving = True
        await asyncio.Event().wait()


async def test_a_hall_that_cannot_open_stops_nobody_and_is_tried_again() -> None:
    with bind("127.0.0.1", 0) as taken, pytest.raises(Exception, match="no_port") as caught:
        bind("127.0.0.1", int(address(taken).rpartition(":")[2]), key="hall.no_port")
    site = Falling(caught.value, RuntimeError("a bug"))
    running = asyncio.create_task(App(Settings(), Idle(), Idle(), {}, {}, rest=(0.0,), sites=[site]).run())
    await until(lambda: site.serving, 30)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert site.serving
