"""Bot and workers as processes of their own, over a real PostgreSQL and a small S3, one worker killed on the way."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.e2e.product import SKETCHED, running
from tests.servers.s3 import BUCKET, KEY, REGION, SECRET, FakeS3

POSTGRES = os.environ.get("OLYMPIC_TEST_POSTGRES", "").replace("+asyncpg", "")
LONG = 480.0
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not POSTGRES, reason="OLYMPIC_TEST_POSTGRES names no server on which a database may be made"),
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX affair"),
]


@pytest.fixture
async def database() -> AsyncIterator[str]:
    """A database of its own, so that other tests' jobs are not drawn here."""
    name = f"olympic_{secrets.token_hex(4)}"
    server = await asyncpg.connect(POSTGRES)
    await server.execute(f"CREATE DATABASE {name}")
    yield f"{POSTGRES.rpartition('/')[0]}/{name}"
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


@pytest.fixture
async def environment(database) -> AsyncIterator[dict[str, str]]:
    async with FakeS3() as s3:
        yield {
            "OLYMPIC_DATABASE": database,
            "OLYMPIC_WORKERS_ENABLED": "true",
            "OLYMPIC_MEDIA_URL": f"s3://{BUCKET}/films",
            "OLYMPIC_MEDIA_ENDPOINT": s3.url,
            "OLYMPIC_MEDIA_REGION": REGION,
            "OLYMPIC_MEDIA_KEY_ID": KEY,
            "OLYMPIC_MEDIA_SECRET_KEY": SECRET,
            "OLYMPIC_STUDIO_PORT": "0",
            "OLYMPIC_STUDIO_BROWSER": "false",
            "OLYMPIC_STUDIO_TOKEN": "door-token",
        }


async def seen(log: Path, pattern: str) -> str:
    """The first match in a process's log, waited for."""
    async with asyncio.timeout(LONG):
        while not (found := re.search(pattern, log.read_text("utf-8") if log.exists() else "")):
            await asyncio.sleep(0.1)
    return found[0]


async def shown(browser: httpx.AsyncClient, pattern: str) -> list[str]:
    """What the studio's page shows, waited for."""
    async with asyncio.timeout(LONG):
        while not (found := re.findall(pattern, (await browser.get("/")).text)):
            await asyncio.sleep(0.2)
    return found


def requests(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]


async def test_a_killed_worker_s_job_is_finished_by_another_and_shown_once(tmp_path, environment) -> None:
    bot, first, second = (tmp_path / name for name in ("bot", "first", "second"))
    async with running(bot, environment):
        url = await seen(bot / "product.log", r"http://\S+token=\S+")
        home = url.split("/?")[0]
        headers = {"origin": home, "sec-fetch-site": "same-origin", "accept": "application/json"}
        async with httpx.AsyncClient(base_url=home, headers=headers, follow_redirects=True, timeout=60) as browser:
            await browser.get(url, headers={"accept": "text/html"})
            browser.headers["accept"] = "text/html"
            said = {"text": "/olympic create A fox on skis at dusk sport:ski-jumping size:480p"}
            (await browser.post("/say", data=said, headers={"accept": "application/json"})).raise_for_status()
            async with running(first, environment, "worker") as doomed:
                await shown(browser, r'<progress[^>]*value="0\.[1-9]')
                await doomed.kill()
            async with running(second, environment | SKETCHED, "worker") as helper:
                videos = await shown(browser, r'<video[^>]*src="(/media/[0-9a-f]+)"')
                film = (await browser.get(videos[0])).content
                code = await helper.stop()

    job = re.search(r"as request (\w+)", (bot / "product.log").read_text("utf-8"))
    assert job is not None
    carried = {line.get("request") for line in requests(second / "product.log") if "is now" in str(line["event"])}
    delivered = {line["request"] for line in requests(bot / "product.log") if "is now done" in str(line["event"])}
    assert (len(videos), film[4:8], code) == (1, b"ftyp", 0)
    assert carried == delivered == {job[1]}
