"""Whose reaction counts, and what happens to it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import PlatformBusy, PlatformError
from bot.model.contest import Arrived, Cleared, Departed, Facts, Reacted, Shown, Tally, Vanished, Why
from bot.model.people import Account, Community, MessageRef
from bot.model.setup import Act, AuditLine, Setup, Voting
from bot.usecases.counting import recount
from tests.fakes import COMMUNITY, FakePlatform
from tests.hanging import hang, hang_copy, press, votes


async def why(world, name: str = "a") -> list[Why | None]:
    return [one.why for one in await world.repos.votes.of(name)]


async def test_one_press_is_one_vote_and_pressing_again_takes_it_back(world):
    ref = await hang(world)
    await press(world, ref, "bea")
    assert await votes(world) == 1
    await press(world, ref, "bea", on=False)
    assert await votes(world) == 0


async def test_the_same_event_twice_is_one_vote(world):
    ref = await hang(world)
    for _ in range(2):
        await press(world, ref, "bea")
    assert await votes(world) == 1


async def test_the_maker_may_not_vote_for_their_own(world):
    ref = await hang(world)
    await press(world, ref, "ada")
    assert await why(world) == [Why.OWN]


async def test_bots_do_not_vote(world):
    ref = await hang(world)
    await press(world, ref, "the-bot", bot=True)
    world.platform.people["helper"] = Facts("Helper", bot=True)
    await press(world, ref, "helper")
    assert await why(world) == [Why.BOT, Why.BOT]


async def test_who_comes_back_to_the_community_votes_again_at_once(world):
    ref = await hang(world)
    world.platform.people["bea"] = Facts("Bea", member=False)
    await press(world, ref, "bea")
    assert await why(world) == [Why.UNSEEN]
    world.platform.people["bea"] = Facts("Bea")
    await press(world, ref, "bea")
    assert await why(world) == [None]


async def test_another_emoji_is_no_vote(world):
    ref = await hang(world)
    await press(world, ref, "bea", emoji="🎉")
    assert await why(world) == []


async def test_the_communitys_own_emoji_is_the_vote(world):
    await world.set_up(Setup(voting=Voting(emoji="❄️")))
    ref = await hang(world)
    await press(world, ref, "bea", emoji="❄")
    assert await votes(world) == 1


async def test_a_message_keeps_the_emoji_it_was_hung_with(world):
    ref = await hang(world)
    await world.repos.showings.dressed(ref, "🏅")
    await world.set_up(Setup(voting=Voting(emoji="❄️")))
    await press(world, ref, "bea", emoji="🏅")
    assert await votes(world) == 1


async def test_a_message_that_shows_nothing_has_no_votes(world):
    ref = await hang(world)
    await world.core.hear(Reacted(MessageRef(COMMUNITY, ref.channel, "another"), "🏅", "bea", True))
    assert await votes(world) == 0


@pytest.mark.parametrize("kind", [Shown.EXHIBIT, Shown.REVIEW, Shown.PODIUM])
async def test_nobody_votes_under_cards_that_are_not_for_voting(world, kind):
    other = await hang_copy(world, await hang(world), kind)
    await press(world, other, "bea")
    assert await why(world) == []


async def test_the_same_person_under_two_messages_is_one_vote(world):
    ref = await hang(world)
    copy = await hang_copy(world, ref)
    await press(world, ref, "bea")
    await press(world, copy, "bea")
    assert await votes(world) == 1


@pytest.mark.parametrize(("days", "expected"), [(6, Why.YOUNG_ACCOUNT), (8, None)])
async def test_an_account_must_be_as_old_as_the_setup_asks(world, days, expected):
    ref = await hang(world)
    world.platform.people["bea"] = Facts("Bea", created=world.clock.now() - timedelta(days=days))
    await press(world, ref, "bea")
    assert await why(world) == [expected]


async def test_who_just_came_may_have_to_wait(world):
    await world.set_up(Setup(voting=Voting(member_days=3)))
    ref = await hang(world)
    world.platform.people["bea"] = Facts("Bea", joined=world.clock.now() - timedelta(days=2))
    await press(world, ref, "bea")
    assert await why(world) == [Why.NEW_MEMBER]


async def test_who_left_or_cannot_see_the_channel_has_no_vote(world):
    ref = await hang(world)
    world.platform.people["bea"] = Facts("Bea", member=False)
    world.platform.blind.add("cleo")
    await press(world, ref, "bea")
    await press(world, ref, "cleo")
    assert await why(world) == [Why.UNSEEN, Why.UNSEEN]


async def test_a_paused_account_has_no_vote(world):
    ref = await hang(world)
    await world.repos.people.seen(Account("fake:c1:bea", "fake:c1:bea", COMMUNITY, "bea", "Bea"), world.clock.now())
    line = AuditLine(world.clock.now(), COMMUNITY, "fake:c1:mo", Act.PAUSE, "fake:c1:bea")
    await world.repos.people.pause("fake:c1:bea", str(COMMUNITY), "spam", line)
    await press(world, ref, "bea")
    assert await why(world) == [Why.PAUSED]


async def test_an_account_linked_to_the_maker_has_no_vote(world):
    ref = await hang(world)
    for name in ("ada", "bea"):
        key = f"fake:c1:{name}"
        await world.repos.people.seen(Account(key, "ada-and-bea", COMMUNITY, name, name), world.clock.now())
    await press(world, ref, "bea")
    assert await why(world) == [Why.OWN]


@pytest.mark.parametrize("jury", [("bea",), ("r1",)])
async def test_the_jury_is_marked(world, jury):
    await world.set_up(Setup(voting=Voting(jury=jury, jury_share=50)))
    ref = await hang(world)
    world.platform.people["bea"] = Facts("Bea", roles=("r1",))
    await press(world, ref, "bea")
    await press(world, ref, "cleo")
    assert await world.repos.votes.tally(["a"]) == {"a": Tally(2, 1)}


async def test_a_deleted_copys_votes_do_not_count_any_more_and_the_others_do(world):
    ref = await hang(world)
    copy = await hang_copy(world, ref)
    await press(world, ref, "bea")
    await press(world, copy, "cleo")
    await world.core.hear(Vanished((copy, MessageRef(COMMUNITY, "channel-1", "no work of ours"))))
    world.clock.time += timedelta(seconds=2)
    assert await votes(world) == 1


async def test_a_deleted_work_takes_no_votes(world):
    ref = await hang(world)
    await world.repos.entries.delete("a", world.clock.now())
    await press(world, ref, "bea")
    assert await why(world) == []


async def test_clearing_has_the_platform_asked_what_is_left(world):
    ref = await hang(world)
    await press(world, ref, "bea")
    world.platform.messages[ref.id].reactions.clear()
    await world.core.hear(Cleared(ref))
    assert await world.house.polls.recounts.take() == [ref]
    await recount(world.house, ref)
    assert await votes(world) == 0


async def test_a_vote_whose_giver_the_platform_cannot_tell_of_now_is_counted_by_the_recount(world):
    ref = await hang(world)
    world.platform.facts = Refusing(PlatformBusy("away")).facts
    await press(world, ref, "bea")
    assert await votes(world) == 0
    world.platform.facts = FakePlatform().facts
    await recount(world.house, ref)
    assert await votes(world) == 1


async def test_a_platform_that_never_tells_of_anybody_takes_no_vote_away(world):
    ref = await hang(world)
    world.platform.facts = Refusing(PlatformError("forbidden")).facts
    await press(world, ref, "bea")
    assert await votes(world) == 1


class Refusing:
    """Tells nothing of anybody."""

    def __init__(self, error: PlatformError) -> None:
        self.error = error

    async def facts(self, community: Community, member: str) -> Facts:
        raise self.error


class Slow(FakePlatform):
    """Takes its time over the first account it is asked about."""

    asked = 0

    async def facts(self, community: Community, member: str) -> Facts:
        self.asked += 1
        if self.asked == 1:
            await asyncio.sleep(0.05)
        return Facts(member)


async def test_what_one_account_does_is_done_in_the_order_it_was_heard(world):
    ref = await hang(world)
    world.platform.facts = Slow().facts
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(world.core.hear(Reacted(ref, "🏅", "bea", True)))
        tasks.create_task(world.core.hear(Reacted(ref, "🏅", "bea", False)))
    assert await why(world) == []


async def test_a_community_is_remembered_while_the_bot_is_there(world):
    there = Community("fake", "c9")
    await world.core.hear(Arrived(there, "Nine"))
    assert [home.name for home in await world.repos.communities.all()] == ["Nine"]
    await world.core.hear(Departed(there))
    assert await world.repos.communities.all() == []
