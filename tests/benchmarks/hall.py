"""The public hall in a process of its own at 200 requests a second, beside a server that says nothing but hello."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles

from starlette.responses import PlainTextResponse

from handlers.hall.shelf import FRESH
from handlers.serving import bind, serve
from tests.hung import opened

RATE = 200
SECONDS = 2
WORKS = 40
VISITORS = 32
HELLO = "a bare hello"
ASKED = {
    HELLO: ["/"],
    "the wall: pages, order, filter": ["/", "/?page=2", "/?sort=votes", "/?sport=ski-jumping"],
    f"one work's page, {WORKS} works in turn": [f"/exhibits/w{number}" for number in range(WORKS)],
    "64 KiB of a film": [f"/exhibits/w{number}/film.mp4" for number in range(WORKS)],
}


def bench() -> list[tuple[str, str]]:
    figures: list[tuple[str, str]] = []
    with _serving(hall=False) as bare, _serving(hall=True) as hall:
        for what, paths in ASKED.items():
            p50, p99 = asyncio.run(_visited(bare if what == HELLO else hall, paths))
            figures.append((f"{what}: ms (median, p99 at {RATE}/s)", f"{p50:.1f}  {p99:.1f}"))
    return figures


@contextmanager
def _serving(*, hall: bool) -> Generator[int]:
    """The port of a server in another process."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, hall), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def _serve(told: Connection, hall: bool) -> None:
    asyncio.run(_served(told, hall))


async def _served(told: Connection, hall: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, bind("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        async with opened(Path(folder), f"http://127.0.0.1:{port}", fresh=FRESH) as gallery:
            for number in range(WORKS if hall else 0):
                await gallery.hang(f"w{number}", hours=-number, film=bytes(200_000) + f"{number}".encode())
            app = gallery.hall.app(gallery.base) if hall else PlainTextResponse("hello")
            await serve(app, listening, ready=lambda: told.send(port), close=lambda: None)


async def _visited(port: int, paths: list[str]) -> tuple[float, float]:
    """Milliseconds of answers that were asked for at a steady pace, however slow the ones before were."""
    await _visitor(port, paths, 0, 1, time.perf_counter(), [])  # so that nobody waits for what was never drawn
    asks = list(islice(cycle(paths), RATE * SECONDS))
    times: list[float] = []
    began = time.perf_counter() + 0.1
    await asyncio.gather(*(_visitor(port, asks, first, VISITORS, began, times) for first in range(VISITORS)))
    cuts = quantiles(times, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


async def _visitor(port: int, asks: list[str], first: int, step: int, began: float, times: list[float]) -> None:
    """One connection, kept open, that makes every so-manieth request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(first, len(asks), step):
        at = began + number / RATE
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        part = "Range: bytes=0-65535\r\n" if asks[number].endswith(".mp4") else ""
        writer.write(f"GET {asks[number]} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n{part}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.split(None, 2)[1] in (b"200", b"206"), head
        await reader.readexactly(int(head.partition(b"content-length: ")[2].split(b"\r\n")[0]))
        times.append(time.perf_counter() - at)
    writer.close()
