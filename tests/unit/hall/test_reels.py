"""A round's film in the hall."""

from __future__ import annotations

from datetime import timedelta

from bot.model.contest import EntryState, Rank, Round
from tests.samples import NOON

THEME = Round("r1", "fake:c1", 1, "Night on the mountain", NOON, NOON + timedelta(days=5), NOON + timedelta(days=7))


async def screened(gallery, *works: str) -> None:
    """The round's reel of these works."""
    rounds = gallery.world.repos.rounds
    await rounds.add(THEME)
    await rounds.ranked("r1", [Rank(work, place, 3) for place, work in enumerate(works, 1)])
    await rounds.reeled("r1", await gallery.world.media.put_bytes(b"the reel", "video/mp4"))


async def test_a_rounds_film_hangs_with_the_works_in_it(gallery) -> None:
    await gallery.hang("a", prompt="A fox on skis")
    await screened(gallery, "a")

    page = await gallery.get("/reels/r1")
    assert ("Night on the mountain" in page.text, 'href="/exhibits/a' in page.text) == (True, True)
    assert (await gallery.get("/reels/r1/film.mp4")).content == b"the reel"


async def test_a_film_with_a_work_that_does_not_hang_is_not_shown(gallery) -> None:
    await gallery.hang("a")
    await gallery.hang("b", state=EntryState.OPEN)
    await screened(gallery, "a", "b")

    assert [(await gallery.get(f"/reels/r1{path}")).status_code for path in ("", "/film.mp4")] == [404, 404]


async def test_a_film_that_was_cut_anew_hangs_without_the_work_that_was_taken_back(gallery) -> None:
    await gallery.hang("a")
    await gallery.hang("b")
    await gallery.world.repos.entries.delete("b", NOON)
    await screened(gallery, "b", "a")

    page = await gallery.get("/reels/r1")
    assert (page.status_code, 'href="/exhibits/a' in page.text, 'href="/exhibits/b' in page.text) == (200, True, False)


async def test_an_unknown_rounds_film_is_not_found(gallery) -> None:
    assert (await gallery.get("/reels/nothing")).status_code == 404


async def test_rounds_can_be_asked_for_by_their_theme(gallery) -> None:
    await screened(gallery, "a")
    await gallery.hang("a", round="r1")
    await gallery.hang("b")

    page = (await gallery.get("/", params={"round": "r1"})).text
    assert ("1 · Night on the mountain (1)" in page, "exhibits/b" in page) == (True, False)
