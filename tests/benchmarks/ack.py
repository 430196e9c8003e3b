"""How soon a command is acknowledged, beside a bare handler of the same SDK in a process of its own."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import quantiles

from tests.benchmarks.process import ROOT, environment
from tests.fakediscord.server import TOKEN, FakeDiscord
from tests.fakes_slack import FakeSlack

TURNS = 100
BARE = "tests.benchmarks.bare"
"""As a module: as a file its folder would come first, and `queue` there would hide the standard library's."""


def bench() -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, measure in (("Discord", _discord), ("Slack", _slack)):
        ours = asyncio.run(measure([sys.executable, "-m", "bot", "up"]))
        bare = asyncio.run(measure([sys.executable, "-m", BARE, name.lower()]))
        rows.append((f"{name}: acknowledged in ms p50 / p99 (bare handler)", f"{_both(ours)} ({_both(bare)})"))
        rows.append((f"{name}: ratio to the bare handler p50", f"{_cut(ours)[0] / _cut(bare)[0]:.2f}"))
    return rows


def _cut(times: list[float]) -> tuple[float, float]:
    hundredths = quantiles(times, n=100, method="inclusive")
    return hundredths[49] * 1000, hundredths[98] * 1000


def _both(times: list[float]) -> str:
    return " / ".join(f"{value:.1f}" for value in _cut(times))


@asynccontextmanager
async def _process(command: list[str], env: dict[str, str]):
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, env=env, cwd=ROOT, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def _timed(turn: Callable[[], Awaitable[object]]) -> list[float]:
    times: list[float] = []
    for _ in range(TURNS + 5):
        began = time.perf_counter()
        await turn()
        times.append(time.perf_counter() - began)
        await asyncio.sleep(0.03)
    return times[5:]


async def _discord(command: list[str]) -> list[float]:
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fake = await FakeDiscord(patience=20).start()
        stack.push_async_callback(fake.stop)
        guild = fake.guild()
        channel = guild.channel("slopes")
        alice = fake.person(guild, "alice")
        more = {
            "OLYMPIC_DISCORD_TOKEN": TOKEN,
            "OLYMPIC_DISCORD_API": fake.api,
            "OLYMPIC_DISCORD_GATEWAY": fake.gateway,
        }
        await stack.enter_async_context(_process(command, environment(home, **more)))
        await fake.socket.connected()
        await fake.until(lambda: fake.commands.get(0))

        async def turn() -> None:
            await (await alice.slash(channel, "status")).ack()

        return await _timed(turn)


async def _slack(command: list[str]) -> list[float]:
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slack = FakeSlack()
        await slack.start()
        stack.push_async_callback(slack.stop)
        await stack.enter_async_context(_process(command, environment(home, **slack.environment())))
        await slack.until(lambda: slack.connected, 30)
        return await _timed(lambda: slack.slash("U1", "C1", "status"))
