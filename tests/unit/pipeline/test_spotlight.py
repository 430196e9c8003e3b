"""A daily card for a work that few have seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import PlaceForbidden, PlatformBusy, PlatformError
from bot.model.contest import Shown
from bot.model.people import Community
from bot.model.setup import Channels, Setup, Voting
from bot.pipeline.spotlight import Spotlight
from tests.fakes import COMMUNITY
from tests.hanging import hang, press, votes


@pytest.fixture
async def stage(world):
    """Three works of the day before yesterday; the first has a vote."""
    await world.repos.communities.see(COMMUNITY, "One", world.clock.now())
    await world.set_up(Setup(channels=Channels(announcements="news")))
    refs = [await hang(world, name) for name in ("a", "b", "c")]
    await press(world, refs[0], "bea")
    world.clock.time += timedelta(days=2, hours=5)
    return world


def spotlight(world) -> Spotlight:
    return Spotlight(world.house.tools, world.engine.showcase)


async def lit(world) -> list[str]:
    shown = {name: await world.repos.showings.of(name, {Shown.SPOTLIGHT}) for name in ("a", "b", "c")}
    return [name for name, showings in shown.items() for _ in showings]


def news(world) -> list[str]:
    return [posted.card.lines[0] for posted in world.platform.messages.values() if posted.place.channel == "news"]


async def test_a_work_with_few_votes_is_shown_once_a_day(stage):
    for one in (spotlight(stage), spotlight(stage)):
        await one.look()
        await one.look()
    assert news(stage) == ["🔦 Seen by few so far: what do you think of it?"]
    assert await lit(stage) in (["b"], ["c"])


async def test_one_votes_under_it(stage):
    await spotlight(stage).look()
    name = (await lit(stage))[0]
    await press(stage, (await stage.repos.showings.of(name, {Shown.SPOTLIGHT}))[0].ref, "bea")
    assert await votes(stage, name) == 1


async def test_each_day_another_and_none_twice(stage):
    for _ in range(5):
        await spotlight(stage).look()
        stage.clock.time += timedelta(days=1)
    assert await lit(stage) == ["a", "b", "c"]


async def test_where_tallies_are_hidden_the_choice_does_not_depend_on_votes(stage):
    await stage.set_up(Setup(channels=Channels(announcements="news"), voting=Voting(hidden=True)))
    home, today = await stage.repos.communities.get(COMMUNITY), stage.clock.now().date()
    before = await spotlight(stage).choose(home, today)
    assert before is not None
    (shown,) = await stage.repos.showings.of(before.id)
    stage.clock.time -= timedelta(days=1)
    await press(stage, shown.ref, "cid")
    stage.clock.time += timedelta(days=1)
    assert await spotlight(stage).choose(home, today) == before


async def test_nothing_is_posted_before_its_hour(stage):
    stage.clock.time -= timedelta(hours=2)
    await spotlight(stage).look()
    assert news(stage) == []


async def test_works_of_today_have_not_had_their_chance_yet(world):
    await world.repos.communities.see(COMMUNITY, "One", world.clock.now())
    await world.set_up(Setup(channels=Channels(announcements="news")))
    await hang(world)
    world.clock.time += timedelta(hours=5)
    await spotlight(world).look()
    assert news(world) == []


@pytest.mark.parametrize(
    "setup",
    [Setup(), Setup(channels=Channels(announcements="news"), voting=Voting(spotlight=False))],
    ids=["no channel", "switched off"],
)
async def test_a_community_that_wants_none_gets_none(stage, setup):
    await stage.set_up(setup)
    await spotlight(stage).look()
    assert news(stage) == []


async def test_a_crash_between_choosing_and_posting_leads_to_the_same_choice(stage):
    stage.platform.after_post.append(PlatformError("the answer was lost"))
    await spotlight(stage).look()
    first = [posted.key for posted in stage.platform.messages.values() if posted.place.channel == "news"]
    await spotlight(stage).look()
    assert len(first) == len(news(stage)) == len(await lit(stage)) == 1


async def test_a_channel_that_refuses_us_is_asked_once_a_day(stage):
    stage.platform.unpublished.extend([PlaceForbidden("no", missing="Send Messages")] * 3)
    one, left = spotlight(stage), []
    for days in (0, 0, 1):
        stage.clock.time += timedelta(days=days)
        await one.look()
        left.append(len(stage.platform.unpublished))
    assert left == [2, 2, 1]


async def test_a_busy_platform_is_asked_again_the_same_day(stage):
    stage.platform.unpublished.extend([PlatformBusy("slow down")] * 4)
    one = spotlight(stage)
    await one.look()
    await one.look()
    assert len(news(stage)) == 1


async def test_one_communitys_trouble_is_not_anothers(stage):
    other = Community("fake", "c2")
    await stage.repos.communities.see(other, "Two", stage.clock.now() - timedelta(days=9))
    home = await stage.repos.communities.get(other)
    await stage.repos.communities.change(home, Setup(channels=Channels(announcements="elsewhere")))
    await spotlight(stage).look()
    assert len(news(stage)) == 1
