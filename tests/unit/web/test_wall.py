"""Cards on the wall: kept, moved, turned into works."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import MessageGone
from bot.model.card import Card, CardKind
from handlers.web.feed import Feed
from handlers.web.hung import read, write
from handlers.web.wall import CHANNEL, Wall
from tests.fakes import FakeClock
from tests.gallery import MemoryLog, entry_card, job_card, store


@pytest.fixture
def log():
    return MemoryLog()


@pytest.fixture
def wall(log, tmp_path):
    return Wall(log, store(tmp_path), FakeClock(), Feed())


@pytest.fixture
def files(tmp_path):
    clip, poster = tmp_path / "clip.mp4", tmp_path / "poster.jpg"
    clip.write_bytes(b"film")
    poster.write_bytes(b"\xff\xd8poster")
    return clip, poster


async def test_a_key_is_posted_once(wall):
    first = await wall.post(CHANNEL, job_card("j1", "A fox", 0.0), "k", again=False)
    assert await wall.post(CHANNEL, job_card("j1", "A fox", 0.0), "k", again=True) == first
    assert len(wall.newest()) == 1


async def test_the_newest_message_is_first(wall):
    await wall.post(CHANNEL, job_card("j1", "old", 0.0), "k1", again=False)
    await wall.post(CHANNEL, job_card("j2", "new", 0.0), "k2", again=False)
    assert [message.hung.card.quote for message in wall.newest()] == ["new", "old"]


async def test_a_card_survives_a_restart(wall, log, tmp_path):
    await wall.post(CHANNEL, job_card("j1", "A fox", 0.4), "k", again=False)
    reborn = Wall(log, store(tmp_path), FakeClock(), Feed())
    await reborn.load()
    assert reborn.newest()[0].hung.card == job_card("j1", "A fox", 0.4)


async def test_a_film_is_remembered_by_its_names_in_the_store(wall, log, files):
    await wall.post(CHANNEL, entry_card("j1", "A fox", *files, blob="b" * 64), "k", again=False)
    hung = read((await log.find("k")).body)
    assert hung.film.blob == "b" * 64
    assert str(files[0]) not in write(hung)


async def test_a_movement_of_the_bar_alone_is_not_written(wall, log):
    message = await wall.post(CHANNEL, job_card("j1", "A fox", 0.1), "k", again=False)
    before = log.writes
    await wall.edit(message, job_card("j1", "A fox", 0.2, b"\xff\xd8jpeg"))
    assert log.writes == before
    assert wall.get(message).hung.card.progress.fraction == 0.2


async def test_a_preview_stays_until_the_next_one(wall):
    message = await wall.post(CHANNEL, job_card("j1", "A fox", 0.1, b"\xff\xd8one"), "k", again=False)
    await wall.edit(message, job_card("j1", "A fox", 0.2))
    assert wall.get(message).preview.data == b"\xff\xd8one"


async def test_a_preview_leaves_with_the_last_bar(wall, files):
    message = await wall.post(CHANNEL, job_card("j1", "A fox", 0.1, b"\xff\xd8one"), "k", again=False)
    await wall.edit(message, entry_card("j1", "A fox", *files))
    assert wall.get(message).preview is None


async def test_editing_a_message_that_is_gone_says_so(wall):
    message = await wall.post(CHANNEL, job_card("j1", "A fox", 0.1), "k", again=False)
    await wall.remove(message)
    with pytest.raises(MessageGone):
        await wall.edit(message, job_card("j1", "A fox", 0.2))


async def test_removing_twice_is_silent(wall):
    message = await wall.post(CHANNEL, Card(CardKind.NOTICE, "x"), "k", again=False)
    await wall.remove(message)
    await wall.remove(message)
    assert wall.newest() == []


async def test_a_message_of_an_unknown_shape_is_passed_over(wall, log):
    await log.add("k", CHANNEL, '{"made": "by a later version"}', FakeClock().now())
    await wall.load()
    assert wall.newest() == []


async def test_an_edit_is_told_to_open_pages(log, tmp_path):
    feed = Feed()
    wall = Wall(log, store(tmp_path), FakeClock(), feed)
    message = await wall.post(CHANNEL, job_card("j1", "A fox", 0.1), "k", again=False)
    seen = feed.number
    waiting = asyncio.create_task(feed.wait(seen, 30))
    await wall.edit(message, job_card("j1", "A fox", 0.2))
    await waiting
    assert [change.message for change in feed.since(seen)] == [message]
