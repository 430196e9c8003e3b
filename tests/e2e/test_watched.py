"""A running product, seen from outside: its watching port, its log, and how much it logs while it runs."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from pathlib import Path

import httpx
import pytest

from tests.e2e.product import running

LONG = 240.0
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="SIGHUP is a POSIX affair")]
ENVIRONMENT = {"OLYMPIC_OPS_PORT": "0", "OLYMPIC_STUDIO_PORT": "0", "OLYMPIC_STUDIO_BROWSER": "false"}


async def seen(log: Path, pattern: str) -> str:
    """The first match in the product's log, waited for."""
    async with asyncio.timeout(LONG):
        while not (found := re.search(pattern, log.read_text("utf-8") if log.exists() else "")):
            await asyncio.sleep(0.1)
    return found[1]


async def answered(client: httpx.AsyncClient, path: str, status: int) -> httpx.Response:
    """The answer, as soon as it is this one: the studio opens a moment after the watching port, or before."""
    async with asyncio.timeout(LONG):
        while (answer := await client.get(path)).status_code != status:
            await asyncio.sleep(0.2)
    return answer


async def test_it_is_watched_and_told_to_log_more_while_it_runs(tmp_path) -> None:
    log, file = tmp_path / "product.log", tmp_path / "data" / "olympic.toml"
    file.parent.mkdir()
    file.write_text('log = "warning"', "utf-8")
    async with running(tmp_path, ENVIRONMENT) as product:
        url = await seen(log, r"Watched at (http://[\d.]+:\d+)")
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            alive = await answered(client, "/healthz", 200)
            ready = await answered(client, "/readyz", 200)
            metrics = await client.get("/metrics")
            told = await client.post("/log-level", content='{"level": "debug"}')
        file.write_text('log = "error"', "utf-8")
        product.process.send_signal(signal.SIGHUP)
        await seen(log, r'"event": "(from now on error is logged)"')
        code = await product.stop()

    assert (alive.json(), ready.json()["ready"], told.json(), code) == ({"alive": True}, True, {"level": "debug"}, 0)
    assert 'olympic_backend_up{backend="animatic"} 1.0' in metrics.text
