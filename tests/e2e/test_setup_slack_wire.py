"""The whole setup as an admin of a workspace: slack-bolt, the real core and records, a Slack on a local port."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from bot.model.people import Community
from bot.model.setup import Setup
from bot.settings import Slack
from handlers.slack import SlackPlatform
from storage import open_storage
from storage.media.store import Blobs
from tests.databases import tables_in
from tests.fakes import FakeClock
from tests.fakes_slack import FakeSlack
from tests.unit.conftest import World

ADMIN, MEMBER = "U9", "U1"
STEPS = (
    *("language", "channels", "roles", "sports", "voting", "contest"),
    *("jury", "limits", "budget", "backend", "access", "extras", "retention"),
)
WORDS = ("setup", "channels", "roles", "limits", "budget", "language", "backend", "export", "sports list", "sports add")


@pytest.fixture
async def slack():
    fake = FakeSlack()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.problems == []


@pytest.fixture
async def world(slack, tmp_path):
    clock = FakeClock()
    await tables_in(tmp_path)
    told = {"bot_token": slack.bot_token, "app_token": slack.app_token, "api": slack.api}
    platform = SlackPlatform(Slack.model_validate(told), slack.bot_token, "en", looks=[0.05] * 12)
    async with open_storage(tmp_path, "", clock) as stored:
        made = World(stored, clock, Blobs(tmp_path, stored.blobs, clock), platform=platform)
        task = asyncio.create_task(platform.run(made.core.handle, made.core.hear))
        await slack.until(lambda: slack.connected, seconds=30)
        yield made
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await made.crash()


async def chosen(world) -> Setup:
    return (await world.repos.communities.get(Community("slack", FakeSlack.team))).setup


async def said(slack, user: str, words: str):
    """What somebody reads after these words."""
    before = len(slack.whispers[user])
    await slack.slash(user, "C1", words)
    return await slack.until(lambda: slack.whispers[user][before:], seconds=30)


async def save(slack, step: str, **values: str) -> str:
    """Open a step's form, change it, send it; what is answered."""
    await slack.slash(ADMIN, "C1", f"admin setup {step}")
    await slack.until(lambda: slack.views[ADMIN], seconds=30)
    before = len(slack.whispers[ADMIN])
    await slack.submit(ADMIN, values)
    return str(await slack.until(lambda: slack.whispers[ADMIN][before:], seconds=30))


async def test_an_admin_walks_through_every_step_and_each_is_kept(slack, world):
    values = {"channels": {"exhibit": "C2"}, "voting": {"nominate": "7"}, "limits": {"daily": "4"}}
    for step in STEPS:
        assert "not saved" not in (await save(slack, step, **values.get(step, {}))).lower(), step
    setup = await chosen(world)
    assert set(STEPS) <= set(setup.done)
    assert (setup.channels.exhibit, setup.voting.nominate, setup.allowance.daily) == ("C2", 7, 4)


@pytest.mark.parametrize("use", ["create", "review", "exhibit", "announcements"])
async def test_a_channel_the_bot_is_not_in_is_said_when_it_is_chosen(slack, world, use):
    assert "/invite @olympic-bot" in await save(slack, "channels", **{use: "C9"})


async def test_who_is_no_admin_is_refused_every_word(slack, world):
    for word in WORDS:
        assert "Only admins" in str(await said(slack, MEMBER, f"admin {word}")), word
    assert await chosen(world) == Setup()


async def test_an_admin_sets_up_from_the_apps_own_page(slack, world):
    await slack.open_home(ADMIN)
    home = await slack.until(lambda: slack.homes.get(ADMIN), seconds=30)
    await slack.press(ADMIN, home, "Set up")
    (overview,) = await slack.until(lambda: own_conversation(slack), seconds=30)
    await slack.press(ADMIN, overview, "Channels")
    await slack.until(lambda: slack.views[ADMIN], seconds=30)
    await slack.submit(ADMIN, {"exhibit": "C2"})
    await slack.until(lambda: "Saved" in str([*slack.whispers[ADMIN], *own_conversation(slack)]), seconds=30)
    assert (await chosen(world)).channels.exhibit == "C2"


def own_conversation(slack):
    """What the app wrote to the admin alone."""
    there = slack.channels.get(f"D{ADMIN}")
    return there.messages if there else []
