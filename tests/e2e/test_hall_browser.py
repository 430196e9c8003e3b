"""The public hall in a real Chromium: find, open, play, share; nothing that keeps anybody out."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import imageio_ffmpeg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.model.contest import Rank, Round
from handlers.serving import address, bind, serve
from tests.e2e.test_studio_browser import AXE, CHROMIUM, FLAGS, PLAY
from tests.hung import Gallery, opened
from tests.samples import NOON

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the chromium package"),
]


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """A real film of one second."""
    clip = tmp_path_factory.mktemp("film") / "clip.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=24:duration=1"]
    shape = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-movflags", "+faststart", str(clip)]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *source, *shape], check=True, timeout=60)
    return clip


async def furnished(gallery: Gallery, film: Path) -> None:
    """Works as a season leaves them."""
    poster = ROOT / "docs" / "gallery" / "hero.jpg"
    seen = {"film": film, "poster": poster}
    await gallery.hang("fox", prompt="A fox flies from the large hill", language="en", maker="Aiko", hours=3, **seen)
    await gallery.hang(
        "bears", prompt="Two bears race", sport="bobsleigh", language="en", parent="fox", hours=2, **seen
    )
    await gallery.hang("kitsune", prompt="狐がカーリングをする", sport="curling", style="sci-fi", hours=1, **seen)
    await gallery.hang("long", prompt="verylongword" * 60, maker="averylongname" * 9, hours=0, **seen)
    await gallery.hang("gone", **seen)
    await gallery.world.repos.entries.delete("gone", NOON)
    rounds, week = gallery.world.repos.rounds, timedelta(days=7)
    await rounds.add(Round("r1", "fake:c1", 1, "Night on the mountain", NOON, NOON + week, NOON + week))
    await rounds.ranked("r1", [Rank("fox", 1, 5), Rank("bears", 2, 3)])
    await rounds.reeled("r1", await gallery.world.media.put(film, "video/mp4"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def base(tmp_path_factory, film) -> AsyncIterator[str]:
    """A hall that is open, at its address."""
    with bind("127.0.0.1", 0) as listening:
        here = address(listening)
        async with opened(tmp_path_factory.mktemp("hall"), here) as gallery:
            await furnished(gallery, film)
            ready = asyncio.Event()
            serving = asyncio.create_task(serve(gallery.hall.app(here), listening, ready=ready.set, close=lambda: None))
            await asyncio.wait_for(ready.wait(), 30)
            yield here
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def visiting(chromium: Browser, url: str, **options) -> AsyncIterator[Page]:
    """A page, on which nothing may go wrong by itself."""
    context = await chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(30_000)
    page, errors = await context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    await page.goto(url)
    yield page
    await context.close()
    assert [error for error in errors if "status of 4" not in error] == []


async def test_a_visitor_finds_a_work_opens_it_and_plays_it(chromium, base):
    async with visiting(chromium, base) as page:
        await expect(page.locator(".work")).to_have_count(4)
        await page.get_by_label("Sport").select_option("bobsleigh")
        await page.get_by_role("button", name="Show").click()
        await expect(page.locator(".work")).to_have_count(1)
        await page.get_by_role("link", name="Two bears race").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Two bears race")
        video = page.locator(".film video")
        await video.evaluate(PLAY)
        assert await video.evaluate("video => video.duration") == pytest.approx(1, abs=0.2)
        assert await video.evaluate("video => video.textTracks[0].kind") == "captions"


async def test_a_shared_page_carries_its_film_in_its_head(chromium, base):
    async with visiting(chromium, f"{base}/exhibits/fox") as page:
        film = await page.locator('meta[property="og:video"]').get_attribute("content")
        card = await page.locator('meta[name="twitter:player"]').get_attribute("content")
        answer = await page.request.get(film, headers={"range": "bytes=0-99"})
        assert (answer.status, len(await answer.body())) == (206, 100)
        await page.goto(card)
        await page.locator("video").evaluate(PLAY)


async def test_the_link_is_copied_and_told(chromium, base):
    async with visiting(chromium, f"{base}/exhibits/fox", permissions=["clipboard-read", "clipboard-write"]) as page:
        await page.get_by_role("button", name="Copy link").click()
        await expect(page.get_by_role("status")).to_have_text("The link is copied.")
        assert await page.evaluate("navigator.clipboard.readText()") == f"{base}/exhibits/fox"


async def test_the_lineage_leads_to_the_first_author(chromium, base):
    async with visiting(chromium, f"{base}/exhibits/bears") as page:
        await page.locator(".lineage").get_by_role("link").first.click()
        await expect(page).to_have_url(f"{base}/exhibits/fox")
        await expect(page.locator(".plate")).to_contain_text("Aiko")


async def test_pointing_and_focusing_play_a_silent_preview(chromium, base):
    async with visiting(chromium, base) as page:
        await page.locator(".work").first.hover()
        await expect(page.locator(".work video.on")).to_have_count(1)
        assert await page.locator(".work video").evaluate("video => video.muted")
        await page.mouse.move(0, 0)
        await expect(page.locator(".work video")).to_have_count(0)
        await page.get_by_role("link", name="Two bears race").focus()
        await expect(page.locator(".work video.on")).to_have_count(1)


async def test_reduced_motion_plays_nothing_by_itself(chromium, base):
    async with visiting(chromium, base, reduced_motion="reduce") as page:
        await page.locator(".work").first.hover()
        await page.get_by_role("link", name="Two bears race").focus()
        assert await page.locator(".work video").count() == 0
        assert await page.evaluate("document.getAnimations().length") == 0


async def test_the_whole_way_works_by_keyboard_and_without_a_script(chromium, base):
    async with visiting(chromium, base, java_script_enabled=False) as page:
        await page.get_by_label("Style").select_option("sci-fi")
        await page.get_by_role("button", name="Show").press("Enter")
        await page.get_by_role("link", name="狐がカーリングをする").press("Enter")
        await expect(page.locator(".film video")).to_be_visible()
        await expect(page.get_by_label("Link to this page")).to_have_value(re.compile("/exhibits/kitsune"))
        await expect(page.get_by_role("button", name="Copy link")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/exhibits/bears", "/exhibits/long", "/exhibits/gone", "/nowhere"])
async def test_nothing_scrolls_sideways_on_a_phone_or_at_twice_the_size(chromium, base, path):
    async with visiting(chromium, base + path, viewport={"width": 360, "height": 740}) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.set_viewport_size({"width": 1280, "height": 740})
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "en-GB"),
        ("/", "ja-JP"),
        ("/exhibits/bears", "en-GB"),
        ("/exhibits/bears", "ja-JP"),
        ("/exhibits/gone", "en-GB"),
        ("/reels/r1", "en-GB"),
        ("/exhibits/fox/embed", "en-GB"),
    ],
)
async def test_axe_finds_nothing_that_keeps_anybody_out(chromium, base, path, language, scheme):
    look = {"color_scheme": scheme, "locale": language, "reduced_motion": "reduce", "bypass_csp": True}
    async with visiting(chromium, base + path, **look) as page:
        await page.evaluate(AXE)
        found = await page.evaluate("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })")
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


async def test_a_rounds_reel_is_found_from_the_wall_and_plays(chromium, base):
    async with visiting(chromium, base) as page:
        await page.get_by_role("link", name="Round 1: Night on the mountain – the reel").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Round 1: Night on the mountain – the reel")
        await page.locator("video").evaluate(PLAY)
        assert await page.locator(".work").count() == 2
