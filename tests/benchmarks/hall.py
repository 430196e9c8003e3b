"""The public hall at 200 requests a second over real sockets, beside a server that says nothing but hello."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

import httpx
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from handlers.serving import address, bind, serve
from tests.hung import opened

RATE = 200
SECONDS = 4
WORKS = 100


def bench() -> list[tuple[str, str]]:
    return asyncio.run(_measured())


async def _measured() -> list[tuple[str, str]]:
    figures: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder), "http://127.0.0.1") as gallery:
            for number in range(WORKS):
                await gallery.hang(f"w{number}", hours=-number, film=bytes(200_000) + f"{number}".encode())
            hall = gallery.hall.app(gallery.base)
            for what, app, paths in (
                ("a bare hello", PlainTextResponse("hello"), ["/"]),
                (
                    "the wall, 100 works, pages and filters",
                    hall,
                    ["/", "/?page=2", "/?sort=votes", "/?sport=ski-jumping"],
                ),
                ("one work's page, 100 works in turn", hall, [f"/exhibits/w{number}" for number in range(WORKS)]),
                ("64 KiB of a film", hall, [f"/exhibits/w{number}/film.mp4" for number in range(WORKS)]),
            ):
                p50, p99 = await _visited(app, paths)
                figures.append((f"{what} at {RATE} requests/s: ms (median, p99)", f"{p50:.1f}  {p99:.1f}"))
    return figures


async def _visited(app: ASGIApp, paths: list[str]) -> tuple[float, float]:
    """Milliseconds of answers that were asked for at a steady pace, however slow the ones before were."""
    ready = asyncio.Event()
    with bind("127.0.0.1", 0) as listening:
        serving = asyncio.create_task(serve(app, listening, ready=ready.set, close=lambda: None))
        await ready.wait()
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        async with httpx.AsyncClient(base_url=address(listening), limits=limits, timeout=30) as browser:
            await asyncio.gather(*(browser.get(path) for path in paths[:8]))
            times = await _paced(
                [lambda path=path: _one(browser, path) for path in islice(cycle(paths), RATE * SECONDS)]
            )
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    cuts = quantiles(times, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


async def _paced(asks: list[Callable[[], Awaitable[None]]]) -> list[float]:
    began, times = time.perf_counter(), list[float]()

    async def ask(at: float, one: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
        await one()
        times.append(time.perf_counter() - began - at)

    await asyncio.gather(*(ask(number / RATE, one) for number, one in enumerate(asks)))
    return times


async def _one(browser: httpx.AsyncClient, path: str) -> None:
    headers = {"range": "bytes=0-65535"} if path.endswith(".mp4") else {}
    (await browser.get(path, headers=headers)).raise_for_status()
