"""What other sites and programs read."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from tests.hung import opened
from tests.samples import NOON
from tests.unit.core.test_setup_denied import SPORT


def metas(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page))


async def test_a_shared_link_shows_film_poster_and_player(gallery) -> None:
    work = await gallery.hang("a", sport="curling", prompt="A fox")
    told = metas((await gallery.get("/exhibits/a", headers={"host": "evil.example"})).text)
    assert told["og:type"] == "video.other"
    assert told["og:title"] == "“A fox” — Curling"
    assert told["og:url"] == f"{gallery.base}/exhibits/a"
    assert told["og:image"] == f"{gallery.base}/exhibits/a/poster.jpg?v={work.clip.poster[:8]}"
    assert (
        told["og:video"] == told["og:video:secure_url"] == f"{gallery.base}/exhibits/a/film.mp4?v={work.clip.blob[:8]}"
    )
    assert (told["twitter:card"], told["twitter:player"]) == ("player", f"{gallery.base}/exhibits/a/embed")
    assert (told["twitter:player:width"], told["og:video:height"]) == ("1280", "720")


async def test_x_is_offered_sentence_and_link(gallery) -> None:
    await gallery.hang("a", sport="curling", prompt="A fox", maker="Mo")
    page = (await gallery.get("/exhibits/a")).text
    link = re.search(r'href="(https://x\.com/[^"]+)"', page)[1].replace("&amp;", "&")
    asked = parse_qs(urlsplit(link).query)
    assert asked["url"] == [f"{gallery.base}/exhibits/a"]
    assert "A fox" in asked["text"][0]
    assert "Mo" in asked["text"][0]


async def test_oembed_is_discovered_and_answers(gallery) -> None:
    await gallery.hang("a", prompt='A "fox" <b>', maker="Mo")
    found = re.search(r'application/json\+oembed" [^>]*href="([^"]+)"', (await gallery.get("/exhibits/a")).text)
    answer = await gallery.get(found[1].replace("&amp;", "&"))
    told = answer.json()
    assert (told["version"], told["type"], told["author_name"]) == ("1.0", "video", "Mo")
    assert (told["width"], told["height"]) == (640, 360)
    assert f'src="{gallery.base}/exhibits/a/embed"' in told["html"]
    assert "<b>" not in told["html"]
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("asked", "size"),
    [({"maxwidth": 320}, (320, 180)), ({"maxheight": 180}, (320, 180)), ({"maxwidth": "x"}, (640, 360))],
)
async def test_oembed_keeps_to_the_room_there_is(gallery, asked, size) -> None:
    await gallery.hang("a")
    told = (await gallery.get("/oembed", params={"url": f"{gallery.base}/exhibits/a", **asked})).json()
    assert (told["width"], told["height"]) == size


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/exhibits/a",
        "javascript:a",
        "https://hall.example.org/",
        "https://[",
        "https://hall.example.org/exhibits/a/b",
    ],
)
async def test_oembed_knows_no_other_addresses(gallery, url) -> None:
    await gallery.hang("a")
    assert (await gallery.get("/oembed", params={"url": url})).status_code == 404


async def test_oembed_speaks_json_only(gallery) -> None:
    assert (await gallery.get("/oembed", params={"url": "x", "format": "xml"})).status_code == 501


async def test_the_player_alone_may_be_framed(gallery) -> None:
    await gallery.hang("a")
    policies = {
        address: (await gallery.get(address)).headers["content-security-policy"]
        for address in ("/", "/exhibits/a", "/exhibits/a/embed")
    }
    assert ["frame-ancestors *" in policy for policy in policies.values()] == [False, False, True]


@pytest.mark.parametrize("address", ["/", "/exhibits/a", "/nowhere", "/feed.xml", "/static/hall.css"])
async def test_no_answer_lets_foreign_code_in(gallery, address) -> None:
    await gallery.hang("a")
    headers = (await gallery.get(address)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"


async def test_the_json_feed_carries_the_films(gallery) -> None:
    await gallery.hang("a", prompt="A fox", maker="Mo", film=b"0123456789")
    feed = (await gallery.get("/feed.json")).json()
    (item,) = feed["items"]
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{gallery.base}/feed.json")
    assert (item["url"], item["date_published"]) == (f"{gallery.base}/exhibits/a", "2026-02-06T12:00:00Z")
    assert (item["attachments"][0]["mime_type"], item["attachments"][0]["size_in_bytes"]) == ("video/mp4", 10)
    assert item["authors"] == [{"name": "Mo"}]


async def test_rss_is_well_formed_whatever_members_write(gallery) -> None:
    await gallery.hang("a", prompt="A fox \x07 ]]> & <b> \ufffe", film=b"0123456789")
    channel = ET.fromstring((await gallery.get("/feed.xml?sport=ski-jumping")).content).find("channel")
    enclosure = channel.find("item/enclosure").attrib
    assert (enclosure["type"], enclosure["length"]) == ("video/mp4", "10")
    assert enclosure["url"].startswith(f"{gallery.base}/exhibits/a/film.mp4")
    assert "<b>" in channel.find("item/description").text


async def test_the_sitemap_names_every_exhibit(gallery) -> None:
    await gallery.hang("a")
    tree = ET.fromstring((await gallery.get("/sitemap.xml")).content)
    found = [loc.text for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert found == [f"{gallery.base}/", f"{gallery.base}/exhibits/a"]


async def test_robots_are_shown_the_sitemap(gallery) -> None:
    assert f"Sitemap: {gallery.base}/sitemap.xml" in (await gallery.get("/robots.txt")).text


async def test_a_page_that_is_known_is_not_sent_again(gallery) -> None:
    await gallery.hang("a")
    tag = (await gallery.get("/")).headers["etag"]
    assert (await gallery.get("/", headers={"if-none-match": tag})).status_code == 304


async def test_pages_travel_packed(gallery) -> None:
    await gallery.hang("a")
    answer = await gallery.get("/", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "</html>" in answer.text


async def test_visitors_who_come_together_share_one_drawing_until_it_is_old(home) -> None:
    async with opened(home, fresh=60.0) as gallery:
        await gallery.hang("a")
        first = (await gallery.get("/")).text
        await gallery.hang("b")
        assert (await gallery.get("/")).text == first
        assert (await gallery.get("/?lang=en")).text != first


async def test_nothing_takes_anything_in(gallery) -> None:
    await gallery.hang("a")
    assert {(await gallery.browser.post(address)).status_code for address in ("/", "/exhibits/a", "/oembed")} == {405}


async def test_tags_are_names_in_the_readers_language_also_of_a_communitys_own_sport(gallery) -> None:
    own = SPORT.replace("[words]", 'ja = "スノーポロ"\n[words]')
    await gallery.hang("a", sport="snow-polo", own=own, style="watercolour")
    await gallery.hang("b", sport="curling", style="watercolour", hours=1)
    read = [(await gallery.get("/feed.json", params={"lang": tongue})).json()["items"] for tongue in ("en", "ja")]
    assert [[item["tags"] for item in items] for items in read] == [
        [["Curling", "Watercolour"], ["Snow polo", "Watercolour"]],
        [["カーリング", "水彩画"], ["スノーポロ", "水彩画"]],
    ]


async def test_a_withdrawn_work_leaves_the_feeds(gallery) -> None:
    await gallery.hang("a")
    await gallery.world.repos.entries.delete("a", NOON)
    assert (await gallery.get("/feed.json")).json()["items"] == []
