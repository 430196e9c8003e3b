"""The studio as a browser meets it, over its ASGI application; streams over a real socket."""

from __future__ import annotations

import asyncio
import html
import json
import re
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.errors import MessageGone, PlatformBusy, SetupError, StorageError
from bot.model.card import Button, Card, CardKind, Picture
from bot.model.command import Create, Help
from bot.model.people import Role
from handlers.web.people import COMMUNITY
from handlers.web.uploads import LIMITS
from tests.fakes import PATIENCE
from tests.gallery import HOME, TOKEN, MemoryLog, ScriptedCore, entry_card, gallery, job_card, studio

SCRIPT = {"accept": "application/json"}


@pytest.fixture
async def open_studio(tmp_path):
    async with gallery(tmp_path) as opened:
        yield opened


@pytest.fixture
def files(tmp_path):
    clip, poster = tmp_path / "clip.mp4", tmp_path / "poster.jpg"
    clip.write_bytes(bytes(range(256)) * 40)
    poster.write_bytes(b"\xff\xd8poster")
    return clip, poster


async def hung(opened, files, sentence="A fox flies"):
    """A finished work on the wall; returns the name of its film."""
    await opened.browser.post("/say", data={"text": sentence}, headers=SCRIPT)
    await opened.core.finish("j1", *files, sentence)
    return opened.studio._wall.newest()[0].hung.film.blob


# ------------------------------------------------------------------------------------------------ the door


async def test_a_stranger_is_told_where_the_address_is(open_studio):
    async with open_studio.stranger() as stranger:
        answer = await stranger.get("/")
    assert answer.status_code == 403
    assert "terminal" in answer.text


async def test_the_token_becomes_a_strict_cookie_and_leaves_the_address(open_studio):
    async with open_studio.stranger() as stranger:
        answer = await stranger.get("/", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert re.search(r"HttpOnly.*SameSite=strict", answer.headers["set-cookie"])
    assert TOKEN not in answer.headers["set-cookie"]


async def test_a_link_on_another_site_still_opens_the_studio(open_studio):
    async with open_studio.stranger() as stranger:
        entered = await stranger.get("/", params={"token": TOKEN}, headers={"sec-fetch-site": "cross-site"})
        assert "refresh" in entered.text
        assert (await stranger.get("/")).status_code == 200


async def test_a_wrong_token_opens_nothing(open_studio):
    async with open_studio.stranger() as stranger:
        assert (await stranger.get("/", params={"token": "guess"})).status_code == 403
        assert (await stranger.get("/")).status_code == 403


@pytest.mark.parametrize("path", ["/", "/events", "/complete?text=/", "/media/" + "a" * 64, "/preview/1"])
async def test_nothing_is_shown_without_the_token(open_studio, path):
    async with open_studio.stranger() as stranger:
        assert (await stranger.get(path)).status_code == 403


async def test_a_foreign_name_pointed_at_this_machine_is_refused(open_studio):
    answer = await open_studio.browser.get("/", headers={"host": "rebound.example:8026"})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/say", "/press", "/submit", "/dismiss"])
async def test_a_post_from_another_site_is_refused(open_studio, path, headers):
    answer = await open_studio.browser.post(path, data={"text": "A fox"}, headers=headers)
    assert answer.status_code == 403
    assert open_studio.core.asked == []


async def test_pages_run_no_inline_script_and_tell_other_sites_nothing(open_studio):
    answer = await open_studio.browser.get("/")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=", answer.text) is None


async def test_an_admitted_browser_stays_admitted_after_a_restart(tmp_path):
    log = MemoryLog()
    async with gallery(tmp_path, log) as first:
        cookies = first.browser.cookies
    async with gallery(tmp_path, log) as second, second.stranger() as returning:
        returning.cookies = cookies
        assert (await returning.get("/")).status_code == 200


# ------------------------------------------------------------------------------------------------ commands


async def test_a_sentence_becomes_a_card_on_the_wall(open_studio):
    await open_studio.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
    page = (await open_studio.browser.get("/")).text
    assert "<q>A fox flies</q>" in page
    assert "<progress" in page


async def test_the_typed_command_is_the_same_as_everywhere(open_studio):
    await open_studio.browser.post("/say", data={"text": "/olympic create A fox style:manga seed:7"}, headers=SCRIPT)
    assert open_studio.core.asked[0].command == Create("A fox", style="manga", seed="7")


@pytest.mark.parametrize(
    ("who", "role"),
    [("member-1", Role.MEMBER), ("member-2", Role.MEMBER), ("moderator", Role.MODERATOR), ("admin", Role.ADMIN)],
)
async def test_one_acts_as_the_chosen_person(open_studio, who, role):
    await open_studio.browser.post(f"/say?as={who}", data={"text": "/olympic status"}, headers=SCRIPT)
    member = open_studio.core.asked[0].member
    assert (member.id, member.role, str(member.community)) == (who, role, "studio:local")


async def test_nobody_becomes_admin_by_an_invented_name(open_studio):
    await open_studio.browser.post("/say?as=root", data={"text": "/olympic status"}, headers=SCRIPT)
    assert open_studio.core.asked[0].member.role is Role.MEMBER


async def test_a_private_answer_is_in_the_answer_to_the_post(open_studio):
    answer = await open_studio.browser.post("/say", data={"text": "help"}, headers=SCRIPT)
    assert "How it works" in answer.json()["answers"][0]["html"]


async def test_a_private_answer_is_seen_by_the_asker_only(open_studio):
    await open_studio.browser.post("/say?as=member-2", data={"text": "help"}, headers=SCRIPT)
    assert "How it works" in (await open_studio.browser.get("/?as=member-2")).text
    assert "How it works" not in (await open_studio.browser.get("/")).text
    assert "How it works" not in (await open_studio.browser.get("/?as=admin")).text


async def test_a_dismissed_answer_is_gone(open_studio):
    told = (await open_studio.browser.post("/say", data={"text": "help"}, headers=SCRIPT)).json()
    left = await open_studio.browser.post("/dismiss", data={"answer": told["answers"][0]["id"]}, headers=SCRIPT)
    assert left.json()["answers"] == []


async def test_a_button_needs_its_sign_only_where_its_label_is_a_number(open_studio):
    buttons = (Button("remix:e1", "1", "🎬"), Button("delete:e1", "削除", "🗑️"))
    card = Card(CardKind.NOTICE, "Works", buttons=buttons)
    await open_studio.studio.whisper(COMMUNITY, "member-1", card, key="l1")
    page = (await open_studio.browser.get("/")).text
    assert ("🎬" in page, "🗑️" in page) == (True, False)


async def test_all_answers_are_dismissed_at_once(open_studio):
    for words in ("help", "/olympic", "delete e1"):
        await open_studio.browser.post("/say", data={"text": words}, headers=SCRIPT)
    left = await open_studio.browser.post("/dismiss", data={"answer": ""}, headers=SCRIPT)
    assert left.json()["answers"] == []


async def test_a_question_that_is_asked_again_is_there_once(open_studio):
    for _ in range(2):
        told = await open_studio.browser.post("/press", data={"action": "delete:e1"}, headers=SCRIPT)
    assert told.text.count("Delete it for good?") == 1


async def test_the_word_that_a_film_is_on_its_way_leaves_when_it_hangs(open_studio, tmp_path):
    clip, poster = tmp_path / "a.mp4", tmp_path / "a.jpg"
    clip.write_bytes(b"film")
    poster.write_bytes(b"\xff\xd8poster")
    await open_studio.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
    assert "ready in about a minute" in (await open_studio.browser.get("/")).text
    await open_studio.core.finish("j1", clip, poster)
    assert "ready in about a minute" not in (await open_studio.browser.get("/")).text


async def test_nobody_dismisses_another_persons_answer(open_studio):
    told = (await open_studio.browser.post("/say", data={"text": "help"}, headers=SCRIPT)).json()
    await open_studio.browser.post("/dismiss?as=member-2", data={"answer": told["answers"][0]["id"]}, headers=SCRIPT)
    assert "How it works" in (await open_studio.browser.get("/")).text


async def test_what_was_only_to_be_read_leaves_with_the_next_command(open_studio):
    await open_studio.browser.post("/say", data={"text": "help"}, headers=SCRIPT)
    after = await open_studio.browser.post("/say", data={"text": "status"}, headers=SCRIPT)
    assert "heard Status" in after.json()["answers"][0]["html"]
    assert len(after.json()["answers"]) == 1


async def test_an_answer_that_comes_late_is_kept_for_its_asker(open_studio):
    await open_studio.browser.post("/say", data={"text": "status"}, headers=SCRIPT)
    await open_studio.core.replies[0].tell(Card(CardKind.NOTICE, "", ("It took a while.",)))
    assert "It took a while." in (await open_studio.browser.get("/")).text


async def test_a_command_the_core_cannot_carry_stops_nothing(open_studio):
    open_studio.core.studio = None
    await open_studio.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
    answer = await open_studio.browser.post("/say", data={"text": "status"}, headers=SCRIPT)
    assert "heard Status" in answer.json()["answers"][0]["html"]


async def test_a_button_acts(open_studio):
    await open_studio.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
    await open_studio.browser.post("/press", data={"action": "cancel:j1"}, headers=SCRIPT)
    assert "Cancelled" in (await open_studio.browser.get("/")).text


async def test_a_question_leaves_once_it_is_answered(open_studio, files):
    await hung(open_studio, files)
    asked = (await open_studio.browser.post("/press", data={"action": "delete:j1"}, headers=SCRIPT)).json()
    sure = {"action": "delete-sure:j1", "answer": asked["answers"][-1]["id"]}
    answered = (await open_studio.browser.post("/press", data=sure, headers=SCRIPT)).json()
    assert "Delete it for good?" not in json.dumps(answered)
    assert "A fox flies" not in (await open_studio.browser.get("/")).text


async def test_a_form_is_filled_in_and_sent(open_studio):
    opened = (await open_studio.browser.post("/say", data={"text": "/olympic"}, headers=SCRIPT)).json()
    filled = {"action": "create:e1", "answer": opened["answers"][0]["id"], "prompt": "A bear"}
    sent = await open_studio.browser.post("/submit", data=filled, headers=SCRIPT)
    assert open_studio.core.asked[-1].command == Create("A bear", parent="e1")
    assert "<dialog" not in json.dumps(sent.json())


async def test_a_form_that_could_not_be_taken_keeps_what_was_typed(open_studio):
    opened = (await open_studio.browser.post("/say", data={"text": "/olympic"}, headers=SCRIPT)).json()
    filled = {"action": "create", "answer": opened["answers"][0]["id"], "prompt": " "}
    sent = (await open_studio.browser.post("/submit", data=filled, headers=SCRIPT)).json()
    assert sent["bad"] is True
    assert "<dialog" in json.dumps(sent["answers"])


async def test_a_mistyped_command_is_kept_to_be_mended(open_studio):
    answer = await open_studio.browser.post("/say", data={"text": "/olympic creat fox"}, headers=SCRIPT)
    assert answer.json()["bad"] is True


async def test_completion_answers_while_one_types(open_studio):
    found = (await open_studio.browser.get("/complete", params={"text": "/olympic create A fox style:van"})).json()
    assert found == {"start": 22, "choices": [{"insert": "style:van-gogh ", "label": "🌻 Van Gogh"}]}


async def test_what_a_member_wrote_stays_text(open_studio):
    nasty = "<script>alert(1)</script> **bold** \u202e"
    await open_studio.browser.post("/say", data={"text": nasty}, headers=SCRIPT)
    page = (await open_studio.browser.get("/")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold**" in page


# ------------------------------------------------------------------------------------------------ without a script


async def test_without_a_script_a_sentence_is_posted_and_the_page_shows_it(open_studio):
    sent = await open_studio.browser.post("/say", data={"text": "A fox flies", "style": "manga"})
    assert sent.status_code == 303
    page = await open_studio.browser.get(sent.headers["location"])
    assert "<q>A fox flies</q>" in page.text
    assert open_studio.core.asked[0].command == Create("A fox flies", style="manga")


async def test_without_a_script_bad_words_stay_in_the_form(open_studio):
    page = await open_studio.browser.post("/say", data={"text": "style:manga", "sport": "luge"})
    assert page.status_code == 422
    assert "style:manga</textarea>" in page.text
    assert '<option value="luge" selected>' in page.text
    assert "Write a sentence." in page.text


async def test_without_a_script_a_form_is_on_the_page(open_studio):
    await open_studio.browser.post("/say", data={"text": "/olympic"})
    assert "<dialog open" in (await open_studio.browser.get("/")).text


async def test_an_empty_wall_invites_to_the_first_work(open_studio):
    page = (await open_studio.browser.get("/")).text
    assert page.count('class="example" name="text"') == 3


async def test_the_page_speaks_japanese(open_studio):
    page = await open_studio.browser.get("/", params={"lang": "ja"})
    assert '<html lang="ja"' in page.text
    assert "一文から、冬の15秒。" in page.text
    await open_studio.browser.post("/say", data={"text": "help"}, headers=SCRIPT)
    assert open_studio.core.asked[-1].member.language == "ja"


async def test_the_browsers_language_is_spoken_until_another_is_chosen(open_studio):
    page = await open_studio.browser.get("/", headers={"accept-language": "ja,en;q=0.3"})
    assert '<html lang="ja"' in page.text


async def test_every_word_of_the_page_is_translated(open_studio, files):
    await hung(open_studio, files)
    await open_studio.browser.post("/say", data={"text": "/olympic"}, headers=SCRIPT)
    for language in ("en", "ja"):
        page = (await open_studio.browser.get(f"/?lang={language}")).text
        assert re.findall(r"studio\.(?!css|js)[a-z]", page) == []


# ------------------------------------------------------------------------------------------------ files


@pytest.mark.parametrize(("field", "limit"), LIMITS.items())
async def test_a_file_over_its_limit_is_refused_with_a_sentence(open_studio, field, limit):
    big = {field: ("big.bin", b"\0" * (limit + 1), "application/octet-stream")}
    answer = await open_studio.browser.post("/say", data={"text": "A fox"}, files=big, headers=SCRIPT)
    assert answer.status_code == 413
    assert f"over {limit // 2**20} MB" in answer.json()["answers"][0]["html"]
    assert open_studio.core.asked == []


async def test_without_a_script_the_words_beside_a_refused_file_are_kept(open_studio):
    big = {"audio": ("big.wav", b"\0" * (LIMITS["audio"] + 1), "audio/wav")}
    page = await open_studio.browser.post("/say", data={"text": "A fox flies"}, files=big)
    assert page.status_code == 413
    assert "A fox flies</textarea>" in page.text


async def test_a_file_at_its_limit_is_taken(open_studio):
    exact = {"audio": ("a.wav", b"\1" * LIMITS["audio"], "audio/wav")}
    await open_studio.browser.post("/say", data={"text": "A fox"}, files=exact, headers=SCRIPT)
    attached = open_studio.core.asked[0].command.audio
    assert (attached.name, len(attached.data), attached.mime) == ("a.wav", LIMITS["audio"], "audio/wav")


async def test_an_upload_without_end_is_cut_off(open_studio):
    async def endless():
        yield b'--b\r\ncontent-disposition: form-data; name="image"; filename="x"\r\n\r\n'
        while True:
            yield b"\0" * 2**20

    headers = {"content-type": "multipart/form-data; boundary=b", **SCRIPT}
    answer = await open_studio.browser.post("/say", content=endless(), headers=headers)
    assert answer.status_code == 413


async def test_a_body_that_is_no_form_is_refused(open_studio):
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert (await open_studio.browser.post("/say", content=b"nonsense", headers=headers)).status_code == 400


async def test_an_empty_file_field_is_no_file(open_studio):
    await open_studio.browser.post("/say", data={"text": "A fox"}, files={"image": ("", b"")}, headers=SCRIPT)
    assert open_studio.core.asked[0].command == Create("A fox")


async def test_a_film_is_served_in_pieces(open_studio, files):
    blob = await hung(open_studio, files)
    part = await open_studio.browser.get(f"/media/{blob}", headers={"range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes 10-19/{256 * 40}"
    assert part.content == bytes(range(10, 20))


async def test_a_film_is_known_by_its_content(open_studio, files):
    blob = await hung(open_studio, files)
    whole = await open_studio.browser.get(f"/media/{blob}")
    assert whole.headers["etag"] == f'"{blob}"'
    assert whole.headers["content-type"] == "video/mp4"
    assert "private" in whole.headers["cache-control"]
    assert "immutable" in whole.headers["cache-control"]
    again = await open_studio.browser.get(f"/media/{blob}", headers={"if-none-match": f'"{blob}"'})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_head_tells_the_size_of_a_film(open_studio, files):
    blob = await hung(open_studio, files)
    head = await open_studio.browser.head(f"/media/{blob}")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(256 * 40), b"")


@pytest.mark.parametrize("name", ["0" * 64, "..%2f..%2fetc%2fpasswd", "A" * 64])
async def test_a_name_that_is_no_file_of_ours_is_not_found(open_studio, name):
    assert (await open_studio.browser.get(f"/media/{name}")).status_code == 404


async def test_a_file_that_is_no_picture_or_film_is_never_shown_as_a_page(open_studio):
    blob = await open_studio.media.put_bytes(b"<script>alert(1)</script>", "text/html")
    answer = await open_studio.browser.get(f"/media/{blob}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"


async def test_a_preview_is_shown_while_the_film_is_drawn(open_studio):
    await open_studio.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
    await open_studio.core.draw("j1", 0.5, b"\xff\xd8preview")
    address = re.search(r'src="(/preview/[^"]+)"', (await open_studio.browser.get("/")).text)[1]
    picture = await open_studio.browser.get(address)
    assert (picture.content, picture.headers["content-type"]) == (b"\xff\xd8preview", "image/jpeg")


async def test_a_picture_in_an_answer_is_shown_to_whom_it_was_given(open_studio):
    chart = Card(CardKind.LIST, "Chart", picture=Picture("chart.png", "a chart", b"\x89PNG chart"))
    await open_studio.browser.post("/say?as=admin", data={"text": "A fox flies"}, headers=SCRIPT)
    await open_studio.core.replies[-1].tell(chart)
    page = (await open_studio.browser.get("/?as=admin")).text
    address = html.unescape(re.search(r'src="(/preview/[^"]+)"', page)[1])
    assert (await open_studio.browser.get(address)).content == b"\x89PNG chart"


# ------------------------------------------------------------------------------------------------ as a platform


async def test_cards_and_buttons_survive_a_restart(tmp_path, files):
    log = MemoryLog()
    async with gallery(tmp_path, log) as before:
        blob = await hung(before, files)
        cards = before.core.cards
    async with gallery(tmp_path, log) as after:
        after.core.cards = cards
        page = (await after.browser.get("/")).text
        assert f"/media/{blob}" in page
        await after.browser.post("/press", data={"action": "delete-sure:j1"}, headers=SCRIPT)
        assert "A fox flies" not in (await after.browser.get("/")).text


async def test_a_work_takes_the_place_of_its_jobs_card(open_studio, files):
    await hung(open_studio, files)
    assert len(open_studio.studio._wall.newest()) == 1


async def test_a_work_is_posted_anew_when_its_jobs_card_is_gone(open_studio, files):
    await open_studio.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
    ref = open_studio.core.cards["j1"]
    await open_studio.studio.delete(ref)
    await open_studio.core.finish("j1", *files)
    assert open_studio.core.cards["j1"] != ref


async def test_publishing_again_under_a_key_finds_the_first(open_studio, files):
    await open_studio.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
    place, card = open_studio.core.asked[0].place, entry_card("j1", "A fox", *files)
    first = await open_studio.studio.publish(place, card, key="entry:x")
    assert await open_studio.studio.publish(place, card, key="entry:x", again=True) == first


async def test_editing_what_was_deleted_says_that_it_is_gone(open_studio):
    await open_studio.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
    ref = open_studio.core.cards["j1"]
    await open_studio.studio.delete(ref)
    await open_studio.studio.delete(ref)
    with pytest.raises(MessageGone):
        await open_studio.studio.edit(ref, job_card("j1", "A fox", 0.5))


class FullLog(MemoryLog):
    async def change(self, message_id, body):
        raise StorageError("no space left")


async def test_a_log_that_cannot_be_written_is_a_platform_that_is_busy(tmp_path, files):
    async with gallery(tmp_path, FullLog()) as opened:
        await opened.browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
        with pytest.raises(PlatformBusy):
            await opened.core.finish("j1", *files)


# ------------------------------------------------------------------------------------------------ over a real socket


@asynccontextmanager
async def served(home, log=None):
    """A studio that listens on a free port, and a browser that is inside."""
    core, addresses = ScriptedCore(), asyncio.Queue()
    core.studio = studio(home, log or MemoryLog(), on_ready=addresses.put_nowait)
    running = asyncio.create_task(core.studio.run(core.handle))
    url = httpx.URL(await asyncio.wait_for(addresses.get(), PATIENCE))
    origin = f"{url.scheme}://{url.netloc.decode()}"
    try:
        async with httpx.AsyncClient(base_url=origin, headers={"origin": origin}, timeout=PATIENCE) as browser:
            await browser.get(url)
            yield core, browser, running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def events(lines, kinds):
    """The next events of these kinds as (id, kind, data)."""
    event = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line:
            event[name] = value
        elif event.get("event") in kinds:
            yield event["id"], event["event"], json.loads(event["data"])
            event = {}
        else:
            event = {}


async def test_a_stream_begins_with_everything_and_goes_on_with_edits(tmp_path):
    async with served(tmp_path) as (core, browser, _):
        await browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
        async with asyncio.timeout(PATIENCE), browser.stream("GET", "/events") as stream:
            news = events(stream.aiter_lines(), ("wall", "card"))
            _, _, everything = await anext(news)
            assert "A fox flies" in everything["cards"][0]["html"]
            await core.draw("j1", 0.42)
            _, _, card = await anext(news)
            assert 'value="0.4200"' in card["html"]


async def test_a_stream_goes_on_where_the_last_one_broke(tmp_path):
    async with served(tmp_path) as (core, browser, _):
        await browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
        async with asyncio.timeout(PATIENCE), browser.stream("GET", "/events") as stream:
            place, _, _ = await anext(events(stream.aiter_lines(), ("wall",)))
        await core.draw("j1", 0.1)
        await core.draw("j1", 0.7)
        async with (
            asyncio.timeout(PATIENCE),
            browser.stream("GET", "/events", headers={"last-event-id": place}) as stream,
        ):
            _, kind, card = await anext(events(stream.aiter_lines(), ("wall", "card")))
        assert kind == "card"
        assert 'value="0.7000"' in card["html"]


async def test_a_stream_tells_private_answers_to_their_asker_only(tmp_path):
    async with served(tmp_path) as (core, browser, _), asyncio.timeout(PATIENCE):
        async with browser.stream("GET", "/events?as=member-2") as stream:
            news = events(stream.aiter_lines(), ("wall", "answers", "card"))
            await anext(news)
            await browser.post("/say", data={"text": "help"}, headers=SCRIPT)
            await browser.post("/say?as=member-2", data={"text": "status"}, headers=SCRIPT)
            _, kind, told = await anext(news)
        assert kind == "answers"
        assert "heard Status" in json.dumps(told)
        assert isinstance(core.asked[0].command, Help)


async def test_a_stream_says_when_a_message_is_gone(tmp_path):
    async with served(tmp_path) as (core, browser, _):
        await browser.post("/say", data={"text": "A fox flies"}, headers=SCRIPT)
        async with asyncio.timeout(PATIENCE), browser.stream("GET", "/events") as stream:
            news = events(stream.aiter_lines(), ("wall", "gone"))
            await anext(news)
            await core.studio.delete(core.cards["j1"])
            _, kind, gone = await anext(news)
        assert (kind, gone["id"]) == ("gone", core.cards["j1"].id)


async def test_an_open_stream_does_not_keep_the_studio_from_closing(tmp_path):
    async with served(tmp_path) as (_, browser, running), browser.stream("GET", "/events") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        running.cancel()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(running, return_exceptions=True)
            assert [line async for line in lines][-1] == ""
        assert running.cancelled()


async def test_a_studio_that_fell_over_runs_again(tmp_path):
    core, addresses = ScriptedCore(), asyncio.Queue()
    core.studio = studio(tmp_path, MemoryLog(), on_ready=addresses.put_nowait)
    for _ in range(2):
        running = asyncio.create_task(core.studio.run(core.handle))
        url = httpx.URL(await asyncio.wait_for(addresses.get(), PATIENCE))
        origin = f"http://{url.netloc.decode()}"
        browsing = httpx.AsyncClient(base_url=origin, headers={"origin": origin}, timeout=PATIENCE)
        async with browsing as browser, asyncio.timeout(PATIENCE):
            await browser.get(url)
            async with browser.stream("GET", "/events") as stream:
                news = events(stream.aiter_lines(), ("wall", "answers"))
                assert (await anext(news))[1] == "wall"
                await browser.post("/say", data={"text": "status"}, headers=SCRIPT)
                assert (await anext(news))[1] == "answers"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_taken_port_is_told_as_a_setup_error(tmp_path):
    async with served(tmp_path) as (_, browser, _running):
        second = studio(tmp_path, MemoryLog(), port=browser.base_url.port)
        with pytest.raises(SetupError) as refused:
            await second.run(ScriptedCore().handle)
    assert refused.value.sentence == "studio.no_port"


async def test_the_host_of_every_request_is_checked_on_the_wire_too(tmp_path):
    async with served(tmp_path) as (_, browser, _running):
        assert (await browser.get("/", headers={"host": "rebound.example"})).status_code == 421
        assert HOME not in str(browser.base_url)
