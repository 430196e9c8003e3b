"""What breaks in a way nobody foresaw keeps nothing behind it waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.errors import PlatformBusy
from bot.model.command import Decline, Erase, Nominate
from bot.model.contest import Shown
from bot.model.letter import Kind, Letter
from bot.model.people import Account, Community, MessageRef, Role
from bot.model.setup import Channels, Setup
from bot.pipeline.spotlight import Spotlight
from bot.usecases import review
from tests.fakes import COMMUNITY, member
from tests.hanging import hang

ADA, BEN, MOD = member("ada"), member("ben"), member("mod", role=Role.MODERATOR)


def breaking(call, when):
    """A call of a port that breaks in its own way where `when` says so."""

    async def called(*given, **named):
        if when(*given):
            raise KeyError("foreign")
        return await call(*given, **named)

    return called


async def test_a_letter_that_breaks_keeps_no_other_letter_waiting(world) -> None:
    people = [Account(f"fake:c1:{name}", f"fake:c1:{name}", COMMUNITY, name, name) for name in ("ada", "ben")]
    await world.repos.people.met(people, world.clock.now())
    for one in people:
        await world.repos.letters.put(Letter(one.key, one.key, Kind.APPROVED, world.clock.now()))
        world.clock.time += timedelta(seconds=1)
    world.platform.whisper = breaking(world.platform.whisper, lambda _to, who, _card: who == "ada")

    await world.engine.postman.round()

    assert [who for who, _ in world.platform.whispers] == ["ben"]
    assert [one.key for one in await world.repos.letters.waiting()] == ["fake:c1:ada"]


async def test_a_message_that_cannot_be_removed_keeps_nobody_else_from_being_forgotten(world) -> None:
    await world.ask(Erase(sure=True), ADA)
    await world.ask(Erase(sure=True), BEN)
    stuck = await hang(world, "a", ADA)
    await hang(world, "b", BEN)
    world.platform.delete = breaking(world.platform.delete, lambda ref: ref == stuck)

    await world.engine.keeper.round()

    assert [bool(await world.repos.people.get(f"fake:c1:{name}")) for name in ("ada", "ben")] == [True, False]


async def test_a_card_that_breaks_keeps_no_other_work_from_the_moderators(world) -> None:
    await world.repos.communities.see(COMMUNITY, "One", world.clock.now())
    await world.set_up(Setup(channels=Channels(review="desk")))
    for name in ("a", "b"):
        await hang(world, name, BEN)
        await world.ask(Nominate(name), MOD)
        world.clock.time += timedelta(seconds=1)
    world.platform.publish = breaking(world.platform.publish, lambda _place, card: card.subject == "a")

    await world.engine.curator.look()

    assert [len(await world.repos.showings.of(name, {Shown.REVIEW})) for name in ("a", "b")] == [0, 1]


async def test_a_spotlight_that_breaks_leaves_the_other_communities_theirs(world) -> None:
    other, now = Community("fake", "c2"), world.clock.now()
    for number, (community, channel) in enumerate(((COMMUNITY, "here"), (other, "there"))):
        await world.repos.communities.see(community, channel, now + timedelta(seconds=number))
        home = await world.repos.communities.get(community)
        await world.repos.communities.change(home, Setup(channels=Channels(announcements=channel)))
        await hang(world, channel, community=community)
    world.clock.time += timedelta(days=2, hours=5)
    world.platform.publish = breaking(world.platform.publish, lambda place, _card: place.channel == "here")

    await Spotlight(world.house.tools, world.engine.showcase).look()

    assert [len(await world.repos.showings.of(name, {Shown.SPOTLIGHT})) for name in ("here", "there")] == [0, 1]


async def test_letters_that_wait_for_a_platform_that_is_away_cost_a_handful_of_reads(world) -> None:
    gone = [Account(f"gone:{one}", f"gone:{one}", Community("gone", "g"), f"{one}", "X") for one in range(50)]
    await world.repos.people.met(gone, world.clock.now())
    for one in gone:
        await world.repos.letters.put(Letter(one.key, one.key, Kind.APPROVED, world.clock.now()))
    people, reads = world.repos.people, list[str]()

    class Counted:
        def __getattr__(self, name):
            reads.append(name)
            return getattr(people, name)

    world.stored = replace(world.stored, people=Counted())
    world._build()
    await world.engine.postman.round()

    assert len(reads) == 1


async def test_a_message_that_cannot_be_removed_now_keeps_no_other_community_from_forgetting(world) -> None:
    other, now, refs = Community("fake", "c2"), world.clock.now(), list[MessageRef]()
    for number, (community, name) in enumerate(((COMMUNITY, "a"), (other, "b"))):
        await world.repos.communities.see(community, name, now + timedelta(seconds=number))
        home = await world.repos.communities.get(community)
        await world.repos.communities.change(home, Setup(retention_days=30))
        refs.append(await hang(world, name, community=community))
        await review.nominate(world.house, name)
        await world.ask(Decline(name, "quality"), member("mod", role=Role.MODERATOR, community=community))
    world.clock.time += timedelta(days=31)

    async def away(ref) -> None:
        if ref == refs[0]:
            raise PlatformBusy("away")

    world.platform.delete = away
    await world.engine.keeper.round()

    assert [bool((await world.repos.entries.get(name)).deleted) for name in ("a", "b")] == [False, True]
