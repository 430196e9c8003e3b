"""The guided setup in a real Chromium, with the real core and database: looked at, changed, refused, still whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.test_studio_browser import CHROMIUM, CONTRAST, LOOSE, NAMELESS, SMALL, TWICE
from tests.e2e.test_studio_contest_browser import LONG, act, free_port, running, visiting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the chromium package"),
]
NARROW = {"width": 390, "height": 844}


async def typed(page: Page, words: str) -> None:
    await page.fill("#text", words)
    await page.press("#text", "Escape")
    await page.press("#text", "Enter")


async def press(page: Page, name: str) -> None:
    await page.locator("#answers").get_by_role("button", name=name).last.click()


async def seen(page: Page, picture: Path) -> None:
    """A picture of the page: nothing sticks out of it, everything can be read, named and hit, in both lights."""
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for check in (CONTRAST, NAMELESS, SMALL, TWICE, LOOSE):
            assert await page.evaluate(check) == []
        width = await page.evaluate("window.innerWidth")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.screenshot(path=picture, full_page=True)
        with Image.open(picture) as shot:
            assert shot.width == width
            (darkest, lightest) = shot.convert("L").getextrema()
            assert lightest - darkest > 150  # words on a ground, not an empty sheet


async def test_an_admin_walks_through_the_setup_and_what_is_wrong_is_kept(tmp_path):
    async with running(tmp_path / "data", free_port()) as address, visiting(address) as page:
        await act(page, address.split("/?")[0], "admin")
        await typed(page, "/olympic admin setup")
        answers = page.locator("#answers")
        await expect(answers).to_contain_text("Votes that nominate: 2", timeout=LONG)
        await seen(page, tmp_path / "setup.png")
        await press(page, "Voting")
        await page.get_by_label("Votes that nominate").fill("many")
        await press(page, "Save")
        await expect(page.get_by_role("alert")).to_contain_text("“many” is no whole number", timeout=LONG)
        field = page.get_by_label("Votes that nominate")
        await expect(field).to_have_value("many")
        await seen(page, tmp_path / "form.png")
        await field.fill("4")
        await press(page, "Save")
        await expect(answers).to_contain_text("Votes that nominate: 4", timeout=LONG)
        await press(page, "Next: ")
        await page.set_viewport_size(NARROW)
        await seen(page, tmp_path / "narrow.png")


async def test_a_member_is_shown_nothing_of_it(tmp_path):
    async with running(tmp_path / "data", free_port()) as address, visiting(address) as page:
        await act(page, address.split("/?")[0], "member-1")
        await typed(page, "/olympic admin setup")
        await expect(page.locator("#answers")).to_contain_text("Only admins may do this", timeout=LONG)
