"""What the core relies on whoever shows its cards: posted once under a key, gone when deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.errors import MessageGone
from bot.model.card import Card, CardKind, Progress
from bot.model.people import Community, Place
from bot.ports import Platform
from bot.settings import Slack
from handlers.slack.client import SlackPlatform
from tests.fakediscord.bench import bench
from tests.fakes import COMMUNITY, FakePlatform
from tests.fakes_slack import FakeSlack
from tests.gallery import entry_card, gallery

WAITING = Card(CardKind.JOB, "In line", quote="a fox", progress=Progress(0.4, "40 %"))
DRAWING = Card(CardKind.JOB, "Drawing", quote="a fox", progress=Progress(0.6, "60 %"))


@dataclass
class Chat:
    """A platform and a place on it where the bot may post."""

    platform: Platform
    place: Place


@asynccontextmanager
async def double(home: Path) -> AsyncIterator[Chat]:
    yield Chat(FakePlatform(), Place(COMMUNITY, "general"))


@asynccontextmanager
async def studio(home: Path) -> AsyncIterator[Chat]:
    async with gallery(home) as opened:
        await opened.browser.post("/say", data={"text": "A fox flies"}, headers={"accept": "application/json"})
        yield Chat(opened.studio, opened.core.asked[0].place)


@asynccontextmanager
async def discord(home: Path) -> AsyncIterator[Chat]:
    async with bench() as on:
        yield Chat(on.platform, on.place)


@asynccontextmanager
async def slack(home: Path) -> AsyncIterator[Chat]:
    fake = FakeSlack()
    await fake.start()
    chosen = Slack.model_validate({"bot_token": fake.bot_token, "app_token": fake.app_token, "api": fake.api})
    platform = SlackPlatform(chosen, fake.bot_token, "en", looks=[0.05] * 12)
    yield Chat(platform, Place(Community("slack", FakeSlack.team), "C1"))
    await platform.aclose()
    await fake.stop()


@pytest.fixture(params=[double, studio, discord, slack], ids=lambda made: made.__name__)
async def chat(request, tmp_path) -> AsyncIterator[Chat]:
    async with request.param(tmp_path) as opened:
        yield opened


@pytest.fixture
def work(tmp_path) -> Card:
    clip, poster = tmp_path / "clip.mp4", tmp_path / "poster.jpg"
    clip.write_bytes(b"film" * 100)
    poster.write_bytes(b"\xff\xd8poster")
    card = entry_card("j1", "A fox flies", clip, poster)
    assert card.video is not None
    return replace(card, mention="42", video=replace(card.video, bytes=clip.stat().st_size))


async def test_posting_again_under_a_key_finds_the_first(chat):
    first = await chat.platform.post(chat.place, WAITING, key="card:x")
    assert await chat.platform.post(chat.place, WAITING, key="card:x", again=True) == first


async def test_another_key_is_another_message(chat):
    first = await chat.platform.post(chat.place, WAITING, key="card:x")
    assert await chat.platform.post(chat.place, WAITING, key="card:y", again=True) != first


async def test_a_card_can_be_edited_until_it_is_deleted(chat):
    ref = await chat.platform.post(chat.place, WAITING, key="card:x")
    await chat.platform.edit(ref, DRAWING)
    await chat.platform.delete(ref)
    with pytest.raises(MessageGone):
        await chat.platform.edit(ref, WAITING)


async def test_deleting_what_is_gone_is_silent(chat):
    ref = await chat.platform.post(chat.place, WAITING, key="card:x")
    await chat.platform.delete(ref)
    await chat.platform.delete(ref)


async def test_publishing_again_under_a_key_finds_the_first(chat, work):
    card = await chat.platform.post(chat.place, WAITING, key="card:x")
    first = await chat.platform.publish(chat.place, work, key="entry:x", instead_of=card)
    assert await chat.platform.publish(chat.place, work, key="entry:x", again=True, instead_of=card) == first


async def test_a_published_work_can_be_taken_down(chat, work):
    ref = await chat.platform.publish(chat.place, work, key="entry:x")
    await chat.platform.delete(ref)
    with pytest.raises(MessageGone):
        await chat.platform.edit(ref, work)
