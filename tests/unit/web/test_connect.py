"""How the studio comes to be part of the product."""

from __future__ import annotations

import asyncio

import pytest

from bot.completion import completions
from bot.locales import words
from bot.model.finding import Verdict
from bot.settings import Discord, Settings, Studio
from handlers import Kit
from handlers.serving import address, bind
from handlers.web import check, connect
from tests.fakes import PATIENCE, FakeClock
from tests.fakes_slack import Safe
from tests.gallery import MemoryLog, store


@pytest.fixture
def announced():
    return asyncio.Queue()


@pytest.fixture
def kit(tmp_path, announced):
    return Kit(MemoryLog(), store(tmp_path), FakeClock(), completions([]), announced.put_nowait, Safe())


async def ignore(asked, reply):
    return None


def test_alone_it_is_on(kit):
    assert connect(Settings(), kit).name == "studio"


def test_beside_another_platform_it_is_off_unless_asked_for(kit):
    discord = Discord(token="x")
    assert connect(Settings(discord=discord), kit) is None
    assert connect(Settings(discord=discord, studio=Studio(enabled=True)), kit) is not None


async def test_it_announces_its_address_with_the_token_once_it_listens(kit, announced):
    platform = connect(Settings(studio=Studio(port=0)), kit)
    running = asyncio.create_task(platform.run(ignore))
    line = await asyncio.wait_for(announced.get(), PATIENCE)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert f"/?token={platform.token}" in line
    assert line == words("en")("studio.ready", url=line.split()[-1])


def test_every_run_has_its_own_token_unless_one_is_set(kit):
    assert connect(Settings(), kit).token != connect(Settings(), kit).token
    assert connect(Settings(studio=Studio(token="mine")), kit).token == "mine"


async def test_the_doctor_finds_a_free_port_good():
    finding = await check(Settings(studio=Studio(port=0)))
    assert finding.verdict is Verdict.GOOD


async def test_the_doctor_warns_of_a_taken_port():
    with bind("127.0.0.1", 0) as taken:
        finding = await check(Settings(studio=Studio(port=int(address(taken).rpartition(":")[2]))))
    assert finding.verdict is Verdict.WARNING
    assert "OLYMPIC_STUDIO_PORT" in finding.says


async def test_the_doctor_says_that_it_is_off():
    assert (await check(Settings(studio=Studio(enabled=False)))).verdict is Verdict.IDLE
