"""Films and posters as players fetch them."""

from __future__ import annotations

import itertools

import pytest

from handlers.hall.captions import captions


async def test_a_film_comes_with_type_tag_and_a_life_of_its_own(gallery) -> None:
    work = await gallery.hang("a", film=b"0123456789")
    answer = await gallery.get("/exhibits/a/film.mp4")
    assert (answer.content, answer.headers["content-type"]) == (b"0123456789", "video/mp4")
    assert (answer.headers["etag"], answer.headers["accept-ranges"]) == (f'"{work.clip.blob}"', "bytes")
    assert "immutable" in answer.headers["cache-control"]


async def test_a_player_gets_the_part_it_asks_for(gallery) -> None:
    await gallery.hang("a", film=b"0123456789")
    answer = await gallery.get("/exhibits/a/film.mp4", headers={"range": "bytes=2-5"})
    assert (answer.status_code, answer.content) == (206, b"2345")
    assert answer.headers["content-range"] == "bytes 2-5/10"


async def test_a_range_beyond_the_end_is_refused(gallery) -> None:
    await gallery.hang("a", film=b"0123456789")
    assert (await gallery.get("/exhibits/a/film.mp4", headers={"range": "bytes=50-"})).status_code == 416


async def test_a_film_that_is_known_is_not_sent_again(gallery) -> None:
    work = await gallery.hang("a")
    answer = await gallery.get("/exhibits/a/film.mp4", headers={"if-none-match": f'"{work.clip.blob}"'})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_download_has_a_name(gallery) -> None:
    await gallery.hang("a", sport="curling")
    answer = await gallery.get("/exhibits/a/film.mp4?download")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''curling-a.mp4"


async def test_posters_are_pictures(gallery) -> None:
    await gallery.hang("a")
    assert (await gallery.get("/exhibits/a/poster.jpg")).headers["content-type"] == "image/jpeg"


async def test_the_sentence_is_the_films_captions(gallery) -> None:
    await gallery.hang("a", prompt="A fox & a bear")
    answer = await gallery.get("/exhibits/a/captions.vtt")
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert answer.text == "WEBVTT\n\n00:00:00.000 --> 00:00:15.000\nA fox &amp; a bear\n"


@pytest.mark.parametrize("sentence", ["word " * 200, "狐" * 300, "x" * 2000, "--> 00:00\n\nNOTE"])
def test_captions_fill_the_film_without_a_gap(sentence) -> None:
    times = [line.split(" --> ") for line in captions(sentence, 15.0).splitlines() if line.startswith("00:")]
    assert (times[0][0], times[-1][1]) == ("00:00:00.000", "00:00:15.000")
    assert all(before[1] == after[0] for before, after in itertools.pairwise(times))
