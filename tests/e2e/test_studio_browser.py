"""The studio in a real Chromium: by keyboard, live, at every width, after a restart."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import imageio_ffmpeg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.model.card import Card, CardKind
from bot.model.command import Create
from handlers.web.people import COMMUNITY
from tests.fakes import PATIENCE
from tests.gallery import MemoryLog, ScriptedCore, studio

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]

expect.set_options(timeout=1000 * PATIENCE)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the chromium package"),
]


@pytest.fixture(scope="session")
def film(tmp_path_factory) -> tuple[Path, Path]:
    """A real film of one second and its poster."""
    home = tmp_path_factory.mktemp("film")
    clip, poster = home / "clip.mp4", home / "poster.jpg"
    source = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=24:duration=1", "-f", "lavfi", "-i", "sine=duration=1"]
    shape = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart", str(clip)]
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
    subprocess.run([*ffmpeg, *source, *shape], check=True, timeout=120)
    subprocess.run([*ffmpeg, "-i", str(clip), "-frames:v", "1", str(poster)], check=True, timeout=120)
    return clip, poster


@dataclass
class Visit:
    """A studio that runs, and a page that shows it."""

    core: ScriptedCore
    page: Page
    context: BrowserContext
    address: str
    errors: list[str]


@asynccontextmanager
async def running(home: Path, log: MemoryLog, port: int = 0) -> AsyncIterator[tuple[ScriptedCore, str]]:
    core, addresses = ScriptedCore(), asyncio.Queue()
    core.studio = studio(home, log, port=port, on_ready=addresses.put_nowait)
    task = asyncio.create_task(core.studio.run(core.handle, core.hear))
    try:
        yield core, await asyncio.wait_for(addresses.get(), PATIENCE)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def visiting(chromium: Browser, core: ScriptedCore, address: str, **options) -> AsyncIterator[Visit]:
    context = await chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(1000 * PATIENCE)
    page, errors = await context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    await page.goto(address)
    yield Visit(core, page, context, address, errors)
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(chromium, tmp_path) -> AsyncIterator[Visit]:
    async with running(tmp_path, MemoryLog()) as (core, address), visiting(chromium, core, address) as visit:
        await expect(visit.page.locator("body")).to_have_attribute("data-line", "open")
        yield visit


async def say(page: Page, words: str) -> None:
    await page.fill("#text", words)
    await page.press("#text", "Escape")
    await page.press("#text", "Enter")


async def test_the_token_leaves_the_address(visit):
    assert "token" not in visit.page.url


async def test_a_command_is_typed_with_completion_by_keyboard_alone(visit):
    page, keyboard = visit.page, visit.page.keyboard
    for _ in range(10):
        await keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "text":
            break
    await keyboard.type("/oly")
    await expect(page.get_by_role("listbox")).to_be_visible()
    await keyboard.press("Tab")
    await expect(page.locator("#text")).to_have_value("/olympic ")
    await keyboard.type("cr")
    await expect(page.get_by_role("option", name="create")).to_be_visible()
    await keyboard.press("ArrowDown")
    await expect(page.get_by_role("combobox", expanded=True)).to_have_attribute("aria-activedescendant", "s-0")
    await keyboard.press("Enter")
    await expect(page.locator("#text")).to_have_value("/olympic create ")
    await keyboard.type("A fox flies sty")
    await expect(page.get_by_role("option", name="style:")).to_be_visible()
    await keyboard.press("Tab")
    await expect(page.locator("#text")).to_have_value("/olympic create A fox flies style:")
    await keyboard.type("man")
    await expect(page.locator("#suggestions [role=option]")).to_have_count(1)
    await keyboard.press("Tab")
    await expect(page.locator("#text")).to_have_value("/olympic create A fox flies style:manga ")
    await keyboard.press("Enter")
    await expect(page.locator("#wall .quote")).to_have_text("A fox flies")
    assert visit.core.asked[0].command == Create("A fox flies", style="manga")


async def test_escape_closes_the_suggestions_and_keeps_the_words(visit):
    await visit.page.locator("#text").press_sequentially("/ol")
    await expect(visit.page.get_by_role("listbox")).to_be_visible()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_role("listbox", include_hidden=True)).to_be_hidden()
    await expect(visit.page.locator("#text")).to_have_value("/ol")


async def test_escape_keeps_suggestions_away_that_are_still_on_their_way(visit):
    on_the_way, let_through = asyncio.Event(), asyncio.Event()

    async def slowly(route):
        on_the_way.set()
        await let_through.wait()
        await route.continue_()

    await visit.page.route("**/complete*", slowly)
    await visit.page.locator("#text").press_sequentially("/")
    await asyncio.wait_for(on_the_way.wait(), 30)
    await visit.page.keyboard.press("Escape")
    async with visit.page.expect_response("**/complete*"):
        let_through.set()
    await visit.page.evaluate("new Promise(requestAnimationFrame)")

    await expect(visit.page.get_by_role("listbox", include_hidden=True)).to_be_hidden()


async def test_on_a_phone_suggestions_leave_the_button_free(visit):
    await visit.page.set_viewport_size({"width": 360, "height": 740})
    await visit.page.locator("#text").press_sequentially("/olympic he")
    await expect(visit.page.get_by_role("listbox")).to_be_visible()

    await visit.page.click("#make")

    await expect(visit.page.locator("#answers li")).to_have_count(1)


async def test_the_card_moves_while_the_film_is_drawn(visit):
    await say(visit.page, "A fox flies")
    bar = visit.page.get_by_role("progressbar")
    await expect(bar).to_have_js_property("value", 0)
    await visit.core.draw("j1", 0.42)
    await expect(bar).to_have_js_property("value", 0.42)
    await expect(visit.page).to_have_title("42 % · Studio")
    await expect(visit.page.locator(".stage")).to_have_text("42 % · 20–40 s left")


async def test_an_edit_leaves_the_focus_where_it_is(visit):
    await say(visit.page, "A fox flies")
    await visit.page.get_by_role("button", name="Cancel").focus()
    await visit.core.draw("j1", 0.5)
    await expect(visit.page).to_have_title("50 % · Studio")
    await expect(visit.page.get_by_role("button", name="Cancel")).to_be_focused()


async def test_the_film_loads_and_plays_in_the_page(visit, film):
    await say(visit.page, "A fox flies")
    await expect(visit.page.locator("#wall li")).to_have_count(1)
    await visit.core.finish("j1", *film)
    video = visit.page.locator("video")
    await expect(video).to_have_attribute("aria-label", "A film: A fox flies")
    await video.evaluate(PLAY)
    assert await video.evaluate("video => video.readyState") >= 2
    assert await video.evaluate("video => video.duration") == pytest.approx(1, abs=0.2)


async def test_a_button_is_pressed_by_keyboard(visit):
    await say(visit.page, "A fox flies")
    await visit.page.get_by_role("button", name="Cancel").press("Enter")
    await expect(visit.page.locator("#wall .above")).to_have_text("Cancelled")
    await expect(visit.page.get_by_role("progressbar")).to_have_count(0)


async def test_a_form_opens_as_a_window_and_is_sent(visit, film):
    await say(visit.page, "A fox flies")
    await expect(visit.page.locator("#wall li")).to_have_count(1)
    await visit.core.finish("j1", *film)
    await visit.page.get_by_role("button", name="Remix").click()
    dialog = visit.page.get_by_role("dialog", name="Remix")
    sentence = dialog.get_by_label("Sentence")
    await expect(sentence).to_be_focused()
    await sentence.fill("A bear flies")
    await dialog.get_by_label("Picture").set_input_files(film[1])
    await dialog.get_by_role("button", name="Make the film").click()
    await expect(visit.page.locator("#wall li")).to_have_count(2)
    await expect(dialog).to_have_count(0)
    command = visit.core.asked[-1].command
    assert (command.prompt, command.parent, command.image.data) == ("A bear flies", "e1", film[1].read_bytes())


async def test_an_answer_to_a_button_far_down_the_wall_comes_into_sight(visit, film):
    for words in ("A fox flies", "A bear slides", "A hare spins"):
        await say(visit.page, words)
        await expect(visit.page.locator("#wall .quote").first).to_have_text(words)
    await visit.core.finish("j1", *film)
    await visit.page.set_viewport_size({"width": 390, "height": 740})
    await visit.page.get_by_role("button", name="Delete").click()
    await expect(visit.page.locator("#answers .answer", has_text="Delete it for good?")).to_be_in_viewport(ratio=1)


async def test_an_answer_comes_into_sight_below_letters_that_stay(visit):
    await visit.page.set_viewport_size({"width": 390, "height": 500})
    await visit.core.studio.whisper(COMMUNITY, "member-1", Card(CardKind.NOTICE, "News", ("of old",) * 30), key="l1")
    await say(visit.page, "style:manga")
    await expect(visit.page.locator(".answer.bad")).to_be_in_viewport(ratio=1)


async def test_escape_dismisses_a_form(visit):
    await say(visit.page, "/olympic")
    await expect(visit.page.get_by_role("dialog")).to_be_visible()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_role("dialog")).to_have_count(0)


async def test_a_form_that_could_not_be_taken_stays_open_and_says_why(visit):
    await say(visit.page, "/olympic")
    dialog = visit.page.get_by_role("dialog")
    await dialog.get_by_label("Sentence").fill(" ")
    await dialog.get_by_role("button", name="Make the film").click()
    assert (await dialog.get_by_role("alert").inner_text()).splitlines() == ["Not this time", "Write a sentence."]


async def test_private_answers_are_seen_by_the_acting_person_only(visit):
    await say(visit.page, "help")
    note = visit.page.locator("#answers .answer")
    await expect(note).to_contain_text("How it works")
    await visit.page.locator("summary", has_text="Member 1").click()
    await visit.page.get_by_role("link", name="Member 2").click()
    await expect(visit.page.locator("summary", has_text="Member 2")).to_be_visible()
    await expect(note).to_have_count(0)


async def test_two_people_see_the_same_wall_at_once(visit):
    other = await visit.context.new_page()
    await other.goto(visit.page.url + "?as=member-2")
    await expect(other.locator("body")).to_have_attribute("data-line", "open")
    await say(visit.page, "A fox flies")
    await expect(other.locator("#wall .quote")).to_have_text("A fox flies")
    await expect(other.locator("#answers li")).to_have_count(0)


async def test_two_sentences_in_quick_succession_are_both_heard(visit):
    for words in ("A fox flies", "A bear slides"):
        await visit.page.fill("#text", words)
        await visit.page.press("#text", "Enter")
    await expect(visit.page.locator("#wall li")).to_have_count(2)
    await expect(visit.page.locator("#text")).to_have_value("")


async def test_an_example_makes_the_first_film(visit):
    await visit.page.locator(".example").first.click()
    await expect(visit.page.locator("#wall li")).to_have_count(1)
    await expect(visit.page.locator(".empty")).to_be_hidden()


async def test_a_dropped_picture_goes_with_the_sentence(visit, film):
    data = film[1].read_bytes().hex()
    await visit.page.evaluate(
        """hex => {
            const bytes = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([bytes], "fox.jpg", { type: "image/jpeg" }));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        data,
    )
    await say(visit.page, "A fox flies")
    await expect(visit.page.locator("#wall li")).to_have_count(1)
    assert visit.core.asked[0].command.image.name == "fox.jpg"


async def test_a_reload_keeps_everything(visit, film):
    await say(visit.page, "A fox flies")
    await expect(visit.page.locator("#wall li")).to_have_count(1)
    await visit.core.finish("j1", *film)
    await visit.page.fill("#text", "half a sentence")
    await visit.page.reload()
    await expect(visit.page.locator("#wall .quote")).to_have_text("A fox flies")
    await expect(visit.page.locator("video")).to_be_visible()
    await expect(visit.page.locator("#text")).to_have_value("half a sentence")


async def test_an_open_page_goes_on_after_a_restart(chromium, tmp_path):
    log = MemoryLog()
    async with running(tmp_path, log) as (core, address):
        port = core.studio._settings.port or int(address.split(":")[2].split("/")[0])
        visited = visiting(chromium, core, address)
        visit = await visited.__aenter__()
        await say(visit.page, "A fox flies")
        await expect(visit.page.locator("#wall li")).to_have_count(1)
        cards = core.cards
    await expect(visit.page.locator("body")).to_have_attribute("data-line", "lost")
    async with running(tmp_path, log, port) as (core, _):
        core.cards = cards
        await expect(visit.page.locator("body")).to_have_attribute("data-line", "open")
        await visit.page.get_by_role("button", name="Cancel").click()
        await expect(visit.page.locator("#wall .above")).to_have_text("Cancelled")
        await visited.__aexit__(None, None, None)


@pytest.mark.parametrize("width", [360, 640, 1280])
async def test_nothing_scrolls_sideways(visit, film, width):
    await say(visit.page, "A fox flies " + "verylongword" * 30)
    await expect(visit.page.locator("#wall li")).to_have_count(1)
    await visit.core.finish("j1", *film, "verylongword" * 30)
    await say(visit.page, "help")
    await visit.page.set_viewport_size({"width": width, "height": 740})
    await visit.page.get_by_text("Choose sport").click()
    await expect(visit.page.locator("#p-sport")).to_be_visible()
    assert await visit.page.evaluate("document.documentElement.scrollWidth") <= width


async def test_text_at_twice_its_size_still_fits(visit, film):
    await say(visit.page, "A fox flies")
    await expect(visit.page.locator("#wall li")).to_have_count(1)
    await visit.core.finish("j1", *film)
    await visit.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert await visit.page.evaluate("document.documentElement.scrollWidth") <= 1280


async def test_reduced_motion_moves_nothing(chromium, tmp_path):
    async with (
        running(tmp_path, MemoryLog()) as (core, address),
        visiting(chromium, core, address, reduced_motion="reduce") as visit,
    ):
        await say(visit.page, "A fox flies")
        await expect(visit.page.locator("#wall li")).to_have_count(1)
        assert await visit.page.evaluate("document.getAnimations().length") == 0
        moving = "[...document.all].filter((e) => getComputedStyle(e).transitionDuration !== '0s').length"
        assert await visit.page.evaluate(moving) == 0


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_the_wall_follows_the_system_until_a_light_is_chosen(chromium, tmp_path, scheme):
    async with (
        running(tmp_path, MemoryLog()) as (core, address),
        visiting(chromium, core, address, color_scheme=scheme) as visit,
    ):
        other = "Light wall" if scheme == "dark" else "Dark wall"
        before = await visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        await visit.page.get_by_role("link", name=other).click()
        await visit.page.goto(visit.page.url.split("?")[0])
        assert await visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != before


PLAY = """(video) => new Promise((done) => {
    video.ontimeupdate = () => video.currentTime > .2 && done();
    video.play();
})"""
CONTRAST = """() => {
    const linear = (c) => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
    const lit = (rgb) => rgb.slice(0, 3).map((c) => linear(c / 255));
    const bright = (c) => { const [r, g, b] = lit(c); return .2126 * r + .7152 * g + .0722 * b; };
    const read = (text) => text.match(/[\\d.]+/g).map(Number);
    const behind = (e) => {
        for (; e; e = e.parentElement) {
            const c = read(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] === 1) return c;
        }
    };
    const low = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const e = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.matches("option, script, .emoji")) continue;
        const [a, b] = [bright(read(getComputedStyle(e).color)), bright(behind(e))].sort((x, y) => y - x);
        const ratio = (a + .05) / (b + .05);
        if (ratio < 4.5) low.push(`${e.tagName} ${walk.currentNode.data.trim()} ${ratio}`);
    }
    return low;
}"""
NAMELESS = """() => [...document.querySelectorAll(
        "button, a, input:not([type=hidden]), select, textarea, img, video, progress, dialog")]
    .filter((e) => e.checkVisibility())
    .filter((e) => !(e.innerText || e.alt || e.ariaLabel || e.labels?.length || e.hasAttribute("aria-labelledby")
        || (e.nodeName === "IMG" && e.hasAttribute("alt"))))
    .map((e) => e.outerHTML)"""
SMALL = """() => [...document.querySelectorAll("button, select, input:not([type=hidden]), summary")]
    .filter((e) => e.checkVisibility())
    .filter((e) => e.getBoundingClientRect().height < 40)
    .map((e) => e.outerHTML)"""
TWICE = (
    """() => [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, n, ids) => ids.indexOf(id) !== n)"""
)
LOOSE = """() => [...document.querySelectorAll("[aria-labelledby], [aria-describedby], [aria-controls], label[for]")]
    .flatMap((e) => ["aria-labelledby", "aria-describedby", "aria-controls", "for"].map((name) => e.getAttribute(name)))
    .filter((id) => id && !document.getElementById(id))"""


@pytest.mark.parametrize("language", ["en-GB", "ja-JP"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_everything_can_be_read_named_and_hit(chromium, tmp_path, film, scheme, language):
    async with (
        running(tmp_path, MemoryLog()) as (core, address),
        visiting(chromium, core, address, color_scheme=scheme, locale=language, reduced_motion="reduce") as visit,
    ):
        for words in ("A fox flies", "A bear slides"):
            await say(visit.page, words)
            await expect(visit.page.locator("#wall .quote").first).to_have_text(words)
        await core.finish("j1", *film)
        await core.draw("j2", 0.3)
        await visit.page.locator(".more summary").click()
        await say(visit.page, "style:manga")
        await expect(visit.page.locator(".answer.bad")).to_be_visible()
        for check in (CONTRAST, NAMELESS, SMALL, TWICE, LOOSE):
            assert await visit.page.evaluate(check) == []
        await say(visit.page, "/olympic")
        await expect(visit.page.get_by_role("dialog")).to_be_visible()
        for check in (CONTRAST, NAMELESS, SMALL, TWICE, LOOSE):
            assert await visit.page.evaluate(check) == []
        assert await visit.page.evaluate("document.documentElement.lang") == language[:2]
        assert await visit.page.locator("h1").count() == 1
        assert visit.errors == []


async def test_nothing_on_the_page_keeps_anybody_out(chromium, tmp_path, film):
    async with (
        running(tmp_path, MemoryLog()) as (core, address),
        visiting(chromium, core, address, bypass_csp=True, reduced_motion="reduce") as visit,
    ):
        await say(visit.page, "A fox flies")
        await expect(visit.page.locator("#wall li")).to_have_count(1)
        await core.finish("j1", *film, sentence="A fox flies over hill and dale, " * 40)
        await say(visit.page, "help")
        await expect(visit.page.locator("#answers .answer")).to_have_count(1)
        await visit.page.evaluate(AXE)
        found = await visit.page.evaluate("axe.run()")
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


async def test_without_a_script_the_page_makes_films_too(chromium, tmp_path, film):
    async with (
        running(tmp_path, MemoryLog()) as (core, address),
        visiting(chromium, core, address, java_script_enabled=False) as visit,
    ):
        await visit.page.fill("#text", "A fox flies")
        await visit.page.click("#make")
        await expect(visit.page.locator("#wall .quote")).to_have_text("A fox flies")
        await core.finish("j1", *film)
        await visit.page.get_by_role("link", name="Look for news").click()
        await expect(visit.page.locator("video")).to_be_visible()
        await visit.page.get_by_role("button", name="Remix").click()
        await visit.page.get_by_label("Sentence").last.fill("A bear flies")
        await visit.page.get_by_role("dialog").get_by_role("button", name="Make the film").click()
        await expect(visit.page.locator("#wall .quote").first).to_have_text("A bear flies")
        await expect(visit.page.get_by_role("dialog")).to_have_count(0)
