"""The bot comes into a community."""

from __future__ import annotations

from bot.errors import PlatformBusy
from bot.model.contest import Arrived
from bot.model.setup import Setup, Voting
from tests.fakes import COMMUNITY

HELLO = Arrived(COMMUNITY, "Snow", channel="general", language="ja")


def greetings(world) -> list:
    return [posted for posted in world.platform.messages.values() if posted.place.channel == "general"]


async def test_a_new_community_is_greeted_with_three_things_to_try_in_its_language(world):
    await world.core.hear(HELLO)
    (posted,) = greetings(world)
    assert posted.card.title.startswith("はじめまして")
    assert len([line for line in posted.card.lines if line[:2] in ("1.", "2.", "3.")]) == 3
    assert [button.action for button in posted.card.buttons] == ["compose", "help", "setup"]


async def test_nobody_is_greeted_twice_not_even_after_a_crash_or_a_return(world):
    await world.core.hear(HELLO)
    await world.crash()
    await world.core.hear(HELLO)
    assert len(greetings(world)) == 1


async def test_a_greeting_that_could_not_be_posted_is_posted_the_next_time(world):
    world.platform.failures = [PlatformBusy("busy")]
    await world.core.hear(HELLO)
    await world.core.hear(HELLO)
    assert len(greetings(world)) == 1


async def test_where_nothing_may_be_said_nothing_is(world):
    await world.core.hear(Arrived(COMMUNITY, "Snow"))
    assert world.platform.messages == {}


async def test_what_suits_the_platform_is_chosen_unless_somebody_chose(world):
    suits = Arrived(COMMUNITY, "Snow", setup=Setup(voting=Voting(nominate=2)))
    await world.core.hear(suits)
    assert (await world.repos.communities.get(COMMUNITY)).setup.voting.nominate == 2
    await world.set_up(Setup(voting=Voting(nominate=8)))
    await world.core.hear(suits)
    assert (await world.repos.communities.get(COMMUNITY)).setup.voting.nominate == 8
