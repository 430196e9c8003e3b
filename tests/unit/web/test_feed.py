"""Changes are numbered, kept for a while, and recognised as this run's."""

from __future__ import annotations

import asyncio

from handlers.web.feed import REMEMBERED, Feed


async def test_a_page_that_knows_nothing_is_told_everything():
    assert Feed().place("") is None


async def test_a_position_of_this_run_is_recognised():
    feed = Feed()
    feed.message("m1")
    assert feed.place(feed.position()) == 1


async def test_a_position_of_an_earlier_run_is_not():
    assert Feed().place(Feed().position()) is None


async def test_a_position_from_the_future_is_not():
    feed = Feed()
    assert feed.place(feed.position(7)) is None


async def test_a_page_that_missed_too_much_is_told_everything():
    feed = Feed()
    start = feed.position()
    for number in range(REMEMBERED + 1):
        feed.message(f"m{number}")
    assert feed.place(start) is None


async def test_what_came_after_a_position_is_told_in_order():
    feed = Feed()
    for name in ("a", "b", "c"):
        feed.message(name)
    assert [change.message for change in feed.since(1)] == ["b", "c"]


async def test_waiting_ends_with_the_next_change():
    feed = Feed()
    waiting = asyncio.create_task(feed.wait(0, 30))
    await asyncio.sleep(0)
    feed.answers("member-1")
    await waiting
    assert feed.since(0)[0].member == "member-1"


async def test_waiting_ends_when_the_studio_closes():
    feed = Feed()
    waiting = asyncio.create_task(feed.wait(0, 30))
    await asyncio.sleep(0)
    feed.close()
    await waiting
    assert feed.closed


async def test_waiting_gives_up_after_its_time():
    feed = Feed()
    await feed.wait(0, 0.01)
    assert feed.since(0) == []
