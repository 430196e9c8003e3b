"""What visitors see on the walls, and what they never see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.model.contest import EntryState, Round
from bot.model.people import Account, Profile
from bot.model.setup import Setup, Voting
from tests.fakes import FakeProvenance
from tests.hung import opened
from tests.samples import KAI, NOON
from tests.unit.core.test_setup_denied import SPORT

DAY = timedelta(days=1)


def order(page: str) -> list[str]:
    return re.findall(r'class="words"><a href="/exhibits/([^"?]+)', page)


@pytest.mark.parametrize("state", [state for state in EntryState if state is not EntryState.APPROVED])
async def test_nothing_is_shown_anywhere_that_is_not_approved(gallery, state) -> None:
    await gallery.hang("a", prompt="a secret sentence", state=state)

    for address in ("/", "/feed.json", "/feed.xml", "/sitemap.xml", "/exhibits/a"):
        answer = await gallery.get(address)
        assert "secret" not in answer.text
        assert "exhibits/a" not in answer.text

    files = [await gallery.get(f"/exhibits/a/{name}") for name in ("film.mp4", "poster.jpg", "captions.vtt", "embed")]
    oembed = await gallery.get("/oembed", params={"url": f"{gallery.base}/exhibits/a"})
    assert {answer.status_code for answer in (*files, oembed)} == {404}


async def test_votes_that_are_hidden_until_the_close_are_not_told_before(gallery) -> None:
    world = gallery.world
    home = await world.repos.communities.see(KAI.community, "Snow", NOON)
    await world.repos.communities.change(home, Setup(voting=Voting(hidden=True)))
    await world.repos.rounds.add(Round("r1", "fake:c1", 1, "Night", NOON, NOON + DAY, NOON + 2 * DAY))
    await gallery.hang("a", votes=5, round="r1")

    assert ["5 votes" in (await gallery.get(address)).text for address in ("/", "/exhibits/a")] == [False, False]
    await world.repos.rounds.closed("r1", NOON + 3 * DAY)
    assert ["5 votes" in (await gallery.get(address)).text for address in ("/", "/exhibits/a")] == [True, True]


async def test_the_order_by_votes_tells_nothing_of_works_whose_votes_are_hidden(gallery) -> None:
    world = gallery.world
    home = await world.repos.communities.see(KAI.community, "Snow", NOON)
    await world.repos.communities.change(home, Setup(voting=Voting(hidden=True)))
    await world.repos.rounds.add(Round("r1", "fake:c1", 1, "Night", NOON, NOON + DAY, NOON + 2 * DAY))
    await gallery.hang("most", votes=9, round="r1", hours=1)
    await gallery.hang("least", votes=1, round="r1", hours=2)
    await gallery.hang("told", votes=5)

    assert order((await gallery.get("/?sort=votes")).text) == ["told", "least", "most"]
    await world.repos.rounds.closed("r1", NOON + 3 * DAY)
    assert order((await gallery.get("/?sort=votes")).text) == ["most", "told", "least"]


async def test_an_empty_hall_invites(gallery) -> None:
    html = (await gallery.get("/")).text
    assert "The walls are still bare" in html
    assert "0 films" not in html


async def test_filters_choose_what_hangs_and_stay_chosen(gallery) -> None:
    await gallery.hang("a", sport="curling")
    await gallery.hang("b", sport="luge")
    page = (await gallery.get("/?sport=luge")).text
    assert order(page) == ["b"]
    assert '<option value="luge" selected>Luge (1)' in page


async def test_a_communitys_own_sport_is_called_by_its_name_in_filters_and_labels(gallery) -> None:
    await gallery.hang("a", sport="snow-polo", own=SPORT)
    await gallery.hang("b", sport="luge")
    assert '<option value="snow-polo">Snow polo (1)' in (await gallery.get("/")).text
    assert "Snow polo" in (await gallery.get("/exhibits/a")).text


async def test_an_order_may_be_chosen(gallery) -> None:
    await gallery.hang("few", votes=2, hours=1)
    await gallery.hang("many", votes=20)
    assert order((await gallery.get("/")).text) == ["few", "many"]
    assert order((await gallery.get("/?sort=votes")).text) == ["many", "few"]


async def test_pages_lead_to_each_other_and_keep_what_was_asked_for(gallery) -> None:
    for number in range(15):
        await gallery.hang(f"w{number}", hours=-number, style="manga")
    first = (await gallery.get("/?style=manga")).text
    assert len(order(first)) == 13
    assert '<a rel="next" href="/?page=2&amp;style=manga">' in first
    assert order((await gallery.get("/?page=2&style=manga")).text) == ["w13", "w14"]


@pytest.mark.parametrize(
    "asked", ["page=-1", "page=0", "page=x", "page=９", "page=" + "9" * 400, "sort=x", "sport=%00"]
)
async def test_strange_wishes_do_no_harm(gallery, asked) -> None:
    await gallery.hang("a")
    assert (await gallery.get(f"/?{asked}")).status_code == 200


async def test_words_of_members_are_never_markup(gallery) -> None:
    await gallery.hang("a", prompt="<script>alert(1)</script> \"'&", maker="<b>Mo</b>")
    for address in ("/", "/exhibits/a", "/exhibits/a/embed"):
        text = (await gallery.get(address)).text
        assert "<script>alert" not in text
        assert "<b>Mo" not in text


async def test_a_maker_is_named_as_they_wish(gallery) -> None:
    people = gallery.world.repos.people
    await people.seen(Account("discord:8001:42", "p", KAI.community, KAI.id, KAI.name), NOON)
    await people.choose("p", Profile(name="The Ice Fox"))
    await gallery.hang("a")
    text = (await gallery.get("/exhibits/a")).text
    assert "The Ice Fox" in text
    assert KAI.name not in text


async def test_lineage_credits_everybody_and_shows_only_what_hangs(gallery) -> None:
    await gallery.hang("root", maker="Ada", prompt="hidden words", state=EntryState.DECLINED)
    await gallery.hang("middle", maker="Bo", parent="root")
    await gallery.hang("leaf", maker="Cy", parent="middle")
    await gallery.hang("child", maker="Di", parent="leaf")
    text = (await gallery.get("/exhibits/leaf")).text
    assert "After a work by Ada that is not on show" in text
    assert "hidden words" not in text
    assert re.findall(r'/exhibits/(\w+)"><q', text) == ["middle", "child"]


async def test_a_parent_that_was_taken_back_breaks_no_child(gallery) -> None:
    await gallery.hang("parent", maker="Ada")
    await gallery.hang("child", parent="parent")
    await gallery.world.repos.entries.delete("parent", NOON)
    answer = await gallery.get("/exhibits/child")
    assert (answer.status_code, "After a work by Ada" in answer.text) == (200, True)


async def test_works_that_remix_each_other_in_a_ring_end(gallery) -> None:
    await gallery.hang("a", parent="b")
    await gallery.hang("b", parent="a")
    assert (await gallery.get("/exhibits/a")).status_code == 200


async def test_a_withdrawn_work_leaves_a_plain_page_and_no_files(gallery) -> None:
    await gallery.hang("a", prompt="the old words")
    await gallery.world.repos.entries.delete("a", NOON)
    answer = await gallery.get("/exhibits/a")
    assert (answer.status_code, "This work was withdrawn" in answer.text, "old words" in answer.text) == (
        410,
        True,
        False,
    )
    assert [(await gallery.get(f"/exhibits/a/{name}")).status_code for name in ("film.mp4", "poster.jpg", "embed")] == [
        410
    ] * 3


@pytest.mark.parametrize("address", ["/exhibits/nowhere", "/nothing", "/exhibits/" + "x" * 5000, "/static/none.css"])
async def test_what_is_unknown_invites_back(gallery, address) -> None:
    answer = await gallery.get(address)
    assert answer.status_code == 404
    assert "There is nothing on this wall" in answer.text
    assert 'href="/"' in answer.text


async def test_the_reader_is_addressed_in_their_language(gallery) -> None:
    await gallery.hang("a")
    japanese = await gallery.get("/exhibits/a", headers={"accept-language": "ja-JP,en;q=0.5"})
    assert '<html lang="ja">' in japanese.text
    assert "2026年2月6日" in japanese.text
    assert "Accept-Language" in japanese.headers["vary"]


async def test_a_chosen_language_wins_and_is_kept_by_links(gallery) -> None:
    await gallery.hang("a")
    text = (await gallery.get("/?lang=ja", headers={"accept-language": "en"})).text
    assert '<html lang="ja">' in text
    assert 'href="/exhibits/a?lang=ja"' in text


async def test_moments_are_told_in_utc(gallery) -> None:
    await gallery.hang("a", hours=3)
    assert '<time datetime="2026-02-06T15:00:00Z">' in (await gallery.get("/exhibits/a")).text


async def test_links_keep_the_path_of_the_halls_address(home) -> None:
    async with opened(home, "https://example.org/hall") as gallery:
        await gallery.hang("a")
        answer = await gallery.browser.get("https://example.org/")
        assert 'href="/hall/exhibits/a"' in answer.text
        assert 'href="/hall/static/hall.css' in answer.text


async def test_the_operators_name_for_the_hall_is_used(home) -> None:
    async with opened(home, title="Ice House") as gallery:
        assert "<title>Ice House</title>" in (await gallery.get("/")).text


async def test_the_label_tells_what_the_film_says_of_itself(home) -> None:
    async with opened(home) as gallery:
        gallery.provide(FakeProvenance())
        await gallery.hang("signed", film=b"film|sealed algorithmicMedia")
        await gallery.hang("bare", film=b"film")
        signed, bare = [(await gallery.get(f"/exhibits/{name}")).text for name in ("signed", "bare")]
    assert "Drawn by an algorithm, without a trained model. Signed by The Studio; unchanged since." in signed
    assert "None are embedded in this film." in bare


async def test_a_storyboard_is_labelled_as_one(gallery) -> None:
    await gallery.hang("a", storyboard=True)
    await gallery.hang("b")

    pages = [(await gallery.get(f"/exhibits/{name}")).text for name in "ab"]

    assert ["Storyboard · " in page for page in pages] == [True, False]
