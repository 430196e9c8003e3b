"""The whole contest in a real Chromium, with the real core, database and animator: made, voted for, approved, hung."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.app import lifespan
from bot.settings import Settings
from tests.e2e.test_studio_browser import AXE, CHROMIUM, FLAGS, PLAY

LONG = 240_000
"""Milliseconds: a clip is drawn meanwhile, on a machine that may be busy."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the chromium package"),
]


@asynccontextmanager
async def running(home: Path, hall: int) -> AsyncIterator[str]:
    """`olympic up` in this process, the hall at that port; the studio's address."""
    said: asyncio.Queue[str] = asyncio.Queue()
    chosen = {"home": home, "studio": {"port": 0, "browser": False}, "hall": {"port": hall}, "animatic": {"fps": 6}}
    settings = Settings.model_validate(chosen)
    async with lifespan(settings, announce=said.put_nowait) as app:
        serving = asyncio.create_task(app.run())
        try:
            while "http" not in (line := await asyncio.wait_for(said.get(), LONG / 1000)) or "token" not in line:
                pass
            yield next(word for word in line.split() if word.startswith("http"))
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


@asynccontextmanager
async def visiting(address: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        page.set_default_timeout(LONG)
        await page.goto(address)
        yield page
        await browser.close()


async def act(page: Page, home: str, who: str, room: str = "wall") -> None:
    """Go there as somebody."""
    await page.goto(f"{home}/?as={who}&room={room}")
    await expect(page.locator("body")).to_have_attribute("data-line", "open", timeout=LONG)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


async def look_in_the_hall(browser: Browser, hall: str) -> None:
    """What a passer-by does with a shared link: find it, play it; and what other sites read of it."""
    context = await browser.new_context(bypass_csp=True, reduced_motion="reduce", locale="en-GB")
    context.set_default_timeout(LONG)
    page = await context.new_page()
    await page.goto(hall)
    await page.get_by_role("link", name="A fox flies over the hill").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("A fox flies over the hill")
    await page.locator(".film video").evaluate(PLAY)
    assert await page.locator('meta[property="og:url"]').get_attribute("content") == page.url
    for name in ('meta[property="og:video"]', 'meta[property="og:image"]', 'meta[name="twitter:player"]'):
        told = await page.request.get(str(await page.locator(name).first.get_attribute("content")))
        assert told.ok, name
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    await context.close()


async def test_a_work_is_made_voted_for_approved_and_hangs_in_the_exhibit(tmp_path):
    port = free_port()
    async with running(tmp_path / "data", port) as address, visiting(address) as page:
        home = address.split("/?")[0]
        await act(page, home, "admin")
        await page.fill(
            "#text", "/olympic create A fox flies over the hill sport:ski-jumping style:pictogram size:480p"
        )
        await page.press("#text", "Escape")
        await page.press("#text", "Enter")
        await expect(page.locator("#wall video")).to_have_count(1, timeout=LONG)
        for who, votes in (("member-1", 1), ("member-2", 2)):
            await act(page, home, who)
            vote = page.get_by_role("button", name="Vote with 🏅")
            await vote.focus()
            await page.keyboard.press("Enter")
            await expect(vote).to_have_attribute("aria-pressed", "true", timeout=LONG)
            await expect(vote.locator(".number")).to_have_text(str(votes), timeout=LONG)
        await act(page, home, "moderator", "review")
        await expect(page.locator("#wall .message")).to_have_count(1, timeout=LONG)
        await page.get_by_role("button", name="Approve").click()
        await page.get_by_role("link", name="Exhibit").click()
        await expect(page.locator("#wall .quote")).to_have_text("A fox flies over the hill", timeout=LONG)
        await act(page, home, "admin")
        await expect(page.locator("#answers .answer")).not_to_have_count(0, timeout=LONG)
        assert page.context.browser is not None
        await look_in_the_hall(page.context.browser, f"http://127.0.0.1:{port}")
