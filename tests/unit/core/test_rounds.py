"""Rounds as members and admins see them, and how they open, close and end by themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import syntax
from bot.errors import NotFound, PlaceForbidden, PlatformBusy
from bot.model.command import (
    Approve,
    CloseRound,
    Create,
    Delete,
    Exhibit,
    JoinContest,
    OpenRound,
    ShowRound,
    Submit,
    Top,
    Withdraw,
)
from bot.model.contest import EntryState, Reacted, Round, Shown
from bot.model.people import Community, Role
from bot.model.setup import VOTE_EMOJI, Act, Channels, Roles, Setup, Voting
from bot.pipeline.calendar import DAY, next_round
from bot.usecases import counting, review
from tests.fakes import COMMUNITY, member, until
from tests.hanging import hang
from tests.unit.core.test_setup_denied import SPORT

ADA, BEN, CLEO = member("ada"), member("ben"), member("cleo")
ADMIN, OTHER = member("root", role=Role.ADMIN), member("boss", role=Role.ADMIN)
MOD = member("mo", role=Role.MODERATOR)
SETUP = Setup(channels=Channels(announcements="news"), roles=Roles(winner="champion"))
SECOND = Community("fake", "c2")
BOSS = member("chief", role=Role.ADMIN, community=SECOND)


@pytest.fixture
async def world(world):
    """A community with a channel for announcements, on a platform with roles."""
    world.platform.traits = replace(world.platform.traits, roles=True)
    await world.repos.communities.see(COMMUNITY, "Snow", world.clock.now())
    await world.set_up(SETUP)
    return world


async def opened(world, **fields) -> Round:
    """A round that runs and was told of."""
    await world.ask(OpenRound(**{"theme": "Night", **fields}), ADMIN)
    await world.engine.calendar.look()
    return await current(world)


async def current(world) -> Round | None:
    return await world.repos.rounds.current(str(COMMUNITY), world.clock.now())


async def work(world, who, sentence: str = "A fox on skis", sport: str = "ski-jumping") -> str:
    """A work made while the product runs; then the process ends."""
    await world.start()
    before = world.clock.time
    count = len(await world.repos.jobs.of_member(COMMUNITY, who.id, unfinished=False, most=50))
    await world.ask(Create(sentence, sport=sport), who)
    async with asyncio.timeout(60):
        while True:
            jobs = await world.repos.jobs.of_member(COMMUNITY, who.id, unfinished=False, most=50)
            if len(jobs) > count and all(job.over for job in jobs):
                break
            await asyncio.sleep(0.01)
    await world.crash()
    world.clock.time = before + timedelta(minutes=1)
    return jobs[0].entry


async def voted(world, entry: str, *names: str) -> None:
    """People react, and the product hears of it."""
    message = (await world.repos.entries.get(entry)).message
    for name in names:
        world.platform.messages[message.id].reactions.setdefault(VOTE_EMOJI, {})[name] = False
        await world.core.hear(Reacted(message, VOTE_EMOJI, name, on=True))


def news(world, channel: str = "news") -> list[str]:
    return [posted.card.title for posted in world.platform.messages.values() if posted.place.channel == channel]


async def ended(world, contest_round: Round) -> Round:
    """Everything up to the end of the ceremony."""
    for moment in (contest_round.closes, contest_round.ends + timedelta(minutes=1)):
        world.clock.time = moment
        await world.engine.calendar.look()
    return await world.repos.rounds.get(contest_round.id)


# ------------------------------------------------------------------------------------------------------- opening


async def test_a_round_opens_with_sane_defaults_and_is_told_once(world):
    contest_round = await opened(world)
    await world.crash()
    await world.engine.calendar.look()
    assert (contest_round.closes - contest_round.opens, contest_round.ends - contest_round.closes) == (7 * DAY, 3 * DAY)
    assert news(world) == ["Round 1: Night"]


async def test_opening_is_on_the_record(world):
    contest_round = await opened(world)
    (line,) = await world.repos.audit.of_subject(contest_round.id, Act.ROUND)
    assert (line.actor, line.after.startswith("Night")) == ("fake:c1:root", True)


@pytest.mark.parametrize("wish", [OpenRound("x"), CloseRound(), CloseRound(sure=True), OpenRound(later=True)])
async def test_only_admins_open_and_close(world, wish):
    for who in (ADA, MOD):
        assert "Only admins" in (await world.ask(wish, who)).text


async def test_of_two_admins_at_once_one_opens_and_the_other_is_told(world):
    replies = await asyncio.gather(world.ask(OpenRound("A"), ADMIN), world.ask(OpenRound("B"), OTHER))
    assert sum("Another round" in reply.text for reply in replies) == 1


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (OpenRound("x", days="0"), "1 to 60 days"),
        (OpenRound("x", days="soon"), "1 to 60 days"),
        (OpenRound("x", voting="99"), "0 to 30 days"),
        (OpenRound("x", repeat="hourly"), "daily, weekly"),
        (OpenRound("x", repeat="daily", days="2"), "1 day at most"),
        (OpenRound("x" * 101), "100 characters"),
        (OpenRound("x", sport="chess-boxing"), "no sport"),
        (OpenRound("x", opens="tomorrow", later=True), "2026-02-08 18:00"),
        (OpenRound("x", opens="2026-02-30", later=True), "no moment"),
        (OpenRound("x", opens="2020-01-01", later=True), "in the future"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_way_to_say_it(world, wish, said):
    assert said in (await world.ask(wish, ADMIN)).text
    assert await current(world) is None


async def test_a_round_for_a_sport_that_is_not_offered_says_so(world):
    await world.set_up(Setup(sports_off=("luge",)))
    assert "is not offered here" in (await world.ask(OpenRound("x", sport="Luge"), ADMIN)).text


async def test_a_planned_round_opens_at_its_time(world):
    await world.ask(OpenRound("Dawn", opens="2026-02-08 18:00", later=True), ADMIN)
    await world.engine.calendar.look()
    assert news(world) == []
    assert "Dawn" in (await world.ask(ShowRound(), ADA)).text
    world.clock.time += 3 * DAY
    await world.engine.calendar.look()
    assert news(world) == ["Round 1: Dawn"]


async def test_a_round_planned_without_a_moment_follows_the_running_one(world):
    contest_round = await opened(world)
    await world.ask(OpenRound("Next", later=True), ADMIN)
    (coming,) = await world.repos.rounds.coming(str(COMMUNITY), world.clock.now())
    assert coming.opens == contest_round.closes


async def test_a_planned_round_can_be_called_off(world):
    await world.ask(OpenRound("Dawn", opens="2", later=True), ADMIN)
    assert "Call it off?" in (await world.ask(CloseRound(), ADMIN)).text
    await world.ask(CloseRound(sure=True), ADMIN)
    world.clock.time += 3 * DAY
    await world.engine.calendar.look()
    assert news(world) == []


# --------------------------------------------------------------------------------------------------- taking part


async def test_a_finished_work_enters_by_itself_and_its_card_says_so(world):
    contest_round = await opened(world)
    entry = await work(world, ADA)
    assert (await world.repos.entries.get(entry)).round == contest_round.id
    assert "🏁 In the round “Night”" in world.platform.entries[0].card.lines


async def test_a_work_of_another_sport_stands_outside_and_says_why(world):
    await opened(world, sport="luge")
    entry = await work(world, ADA)
    assert (await world.repos.entries.get(entry)).round is None
    assert "takes only 🛷 Luge" in "\n".join(world.platform.entries[0].card.lines)


async def test_a_round_names_a_sport_of_the_communitys_own(world):
    await world.ask(syntax.submit("sport-import", {"text": SPORT}), ADMIN)
    made = await world.ask(OpenRound("Night", sport="snow-polo"), ADMIN)
    await world.engine.calendar.look()
    await work(world, ADA)
    shown = (await world.ask(ShowRound(), ADA)).text
    hung = "\n".join(world.platform.entries[0].card.lines)
    news = "\n".join(line for card in world.platform.cards for line in card.lines)
    assert all("🏅 Snow polo" in told for told in (made.text, news, shown, hung))


async def test_works_beyond_the_limit_stand_outside_until_one_is_taken_out(world):
    await world.set_up(replace(SETUP, voting=Voting(entries=1)))
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, ADA, "A second fox")
    assert [one.id for one in await world.repos.rounds.entries(contest_round.id)] == [first]
    assert "take one out first" in (await world.ask(Submit(second), ADA)).text
    await world.ask(Withdraw(first), ADA)
    assert "Good luck" in (await world.ask(Submit(second), ADA)).text
    assert [one.id for one in await world.repos.rounds.entries(contest_round.id)] == [second]


async def test_an_older_work_enters_by_a_button_of_its_maker_only(world):
    entry = await work(world, ADA)
    await opened(world)
    actions = [button.action for button in (await world.ask(ShowRound(), ADA)).told[0].buttons]
    assert f"submit:{entry}" in actions
    assert "Only the one who made it" in (await world.ask(Submit(entry), BEN)).text
    await world.ask(Submit(entry), ADA)
    assert f"withdraw:{entry}" in [b.action for b in (await world.ask(ShowRound(), ADA)).told[0].buttons]


async def test_forged_works_are_answered_with_a_sentence(world):
    await opened(world)
    for wish in (Submit("nothing"), Withdraw("nothing"), CloseRound("nothing", sure=True)):
        assert (await world.ask(wish, ADMIN)).text


async def test_nothing_enters_or_leaves_after_the_time_for_works(world):
    entry = await work(world, ADA)
    contest_round = await opened(world)
    inside = await work(world, ADA, "Another fox")
    world.clock.time = contest_round.closes
    assert "No round takes works" in (await world.ask(Submit(entry), ADA)).text
    assert "none can be taken out" in (await world.ask(Withdraw(inside), ADA)).text


async def test_a_work_that_dies_on_its_way_to_the_chat_is_in_the_round_once_it_hangs(world):
    contest_round = await opened(world)
    world.platform.unpublished = [None]
    world.platform.after_post = [None, PlatformBusy("the answer is lost")]
    entry = await work(world, ADA)
    assert [one.id for one in await world.repos.rounds.entries(contest_round.id)] == [entry]
    assert len(world.platform.entries) == 1


# -------------------------------------------------------------------------------------------------------- closing


async def test_the_day_before_the_end_is_told_and_no_other(world):
    contest_round = await opened(world)
    for days in (1, 5, 6.5, 6.6):
        world.clock.time = contest_round.opens + days * DAY
        await world.engine.calendar.look()
    assert len(news(world)) == 2


async def test_votes_count_until_the_end_and_not_after(world):
    contest_round = await opened(world)
    entry = await work(world, ADA)
    world.clock.time = contest_round.ends
    await voted(world, entry, "ben")
    world.clock.time = contest_round.ends + timedelta(seconds=1)
    await voted(world, entry, "cleo")
    assert [ballot.counts for ballot in await world.repos.votes.of(entry)] == [True, False]


async def test_the_ceremony_ranks_crowns_writes_and_shows(world):
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    await voted(world, first, "x", "y", "z")
    await voted(world, second, "x")
    over = await ended(world, contest_round)
    assert [rank.entry for rank in over.places] == [first, second]
    assert over.closed
    assert world.platform.grants == {("ada", "champion")}
    podium = next(p.card for p in world.platform.messages.values() if "podium" in p.card.title)
    assert [line[0] for line in podium.lines] == ["🥇", "🥈"]
    assert over.reel
    assert any("the reel" in title for title in news(world))
    await world.engine.postman.round()
    assert sorted(to for to, _ in world.platform.whispers) == ["ada", "ben"]


async def test_the_best_comes_last_in_the_reel_with_every_makers_name(world):
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    await voted(world, first, "x", "y")
    await voted(world, second, "x")
    await ended(world, contest_round)
    (reel,) = world.video.reels
    assert len(reel.highlights) == 2
    assert world.lettering.written[-1].endswith("Ada | Ben")
    assert world.lettering.written[2].startswith("1 · Ada")


@pytest.mark.parametrize("approved", [True, False], ids=["all hang", "one does not"])
async def test_the_reels_message_leads_into_the_hall_where_all_its_works_hang(world, approved):
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    for entry in (first, second):
        await voted(world, entry, "x")
    for entry in (first, second) if approved else (first,):
        await review.nominate(world.house, entry)
        await world.ask(Approve(entry), MOD)
    ceremony = world.engine.calendar._ceremony
    ceremony._tools = replace(ceremony._tools, hall="https://hall.example.org/")
    await ended(world, contest_round)
    (card,) = [one.card for one in world.platform.messages.values() if "the reel" in one.card.title]
    link = f"https://hall.example.org/reels/{contest_round.id}"
    assert [button.url for button in card.buttons if button.action == "hall"] == ([link] if approved else [])


async def test_a_work_taken_back_after_the_end_leaves_neither_podium_nor_reel_behind(world):
    contest_round = await opened(world)
    first, second, third = [await work(world, who, said) for who, said in ((ADA, "A fox"), (BEN, "Owl"), (CLEO, "Elk"))]
    await voted(world, first, "x", "y")
    await voted(world, second, "x")
    over = await ended(world, contest_round)
    await world.ask(Delete(third, sure=True), CLEO)
    assert [sum(word in title for title in news(world)) for word in ("podium", "the reel")] == [1, 1]
    await world.ask(Delete(second, sure=True), BEN)
    assert [sum(word in title for title in news(world)) for word in ("podium", "the reel")] == [0, 0]
    with pytest.raises(NotFound):
        await world.media.local(over.reel)


async def two_works(world) -> tuple[Round, str, str]:
    """A round with Ada's work ahead of Ben's."""
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    await voted(world, first, "x", "y")
    await voted(world, second, "x")
    return contest_round, first, second


def films(world) -> list[int]:
    """Of how many works each reel that was cut is."""
    return [len(reel.highlights) for reel in world.video.reels]


async def test_a_work_taken_back_while_the_reel_is_cut_is_not_in_it(world):
    contest_round, _, second = await two_works(world)
    cut = world.video.reel

    async def and_meanwhile(*args, **named) -> None:
        await cut(*args, **named)
        await world.ask(Delete(second, sure=True), BEN)

    world.video.reel = and_meanwhile
    over = await ended(world, contest_round)
    assert films(world) == [2, 1]
    assert sum("the reel" in title for title in news(world)) == 1
    assert b"+" not in (await world.media.local(over.reel)).read_bytes()


async def test_a_work_taken_back_while_the_reel_is_posted_takes_it_down_again(world):
    contest_round, _, second = await two_works(world)
    publish = world.platform.publish

    async def and_meanwhile(place, card, *, key, **named):
        ref = await publish(place, card, key=key, **named)
        if ":reel:" in key and await standing(world, second):
            await world.ask(Delete(second, sure=True), BEN)
        return ref

    world.platform.publish = and_meanwhile
    await ended(world, contest_round)
    await world.engine.calendar.look()
    assert (films(world), sum("the reel" in title for title in news(world))) == ([2, 1], 1)


async def standing(world, entry: str) -> bool:
    return (await world.repos.entries.get(entry)).deleted is None


async def test_a_reel_that_lost_a_work_is_cut_and_shown_anew_without_it(world):
    contest_round, first, second = await two_works(world)
    before = await ended(world, contest_round)
    await world.ask(Delete(first, sure=True), ADA)
    await world.crash()
    for _ in range(2):
        await world.engine.calendar.look()
    after = await world.repos.rounds.get(contest_round.id)
    assert (films(world), sum("the reel" in title for title in news(world))) == ([2, 1], 1)
    assert (after.reel != before.reel, after.places) == (True, before.places)
    await world.ask(Delete(second, sure=True), BEN)
    for _ in range(2):
        await world.engine.calendar.look()
    assert (films(world), sum("the reel" in title for title in news(world))) == ([2, 1], 0)


@pytest.mark.parametrize("death", ["while cutting", "before it hangs", "after it hangs"])
async def test_a_reel_that_is_cut_anew_is_shown_once_whenever_the_process_is_killed(world, death):
    contest_round, first, _ = await two_works(world)
    await ended(world, contest_round)
    await world.ask(Delete(first, sure=True), ADA)
    match death:
        case "while cutting":
            world.video.reel = killed
        case "before it hangs":
            world.platform.unpublished.append(Killed())
        case _:
            world.platform.after_post.append(Killed())
    with pytest.raises(Killed):
        await world.engine.calendar.look()
    vars(world.video).pop("reel", None)
    await world.crash()
    for _ in range(2):
        await world.engine.calendar.look()
    assert sum("the reel" in title for title in news(world)) == 1


async def test_the_role_goes_from_one_winner_to_the_next(world):
    for who, name in ((ADA, "ada"), (BEN, "ben")):
        contest_round = await opened(world)
        entry = await work(world, who)
        await voted(world, entry, "x")
        await ended(world, contest_round)
        assert world.platform.grants == {(name, "champion")}


async def test_a_round_without_votes_ends_without_a_winner(world):
    contest_round = await opened(world)
    await work(world, ADA)
    over = await ended(world, contest_round)
    assert over.closed
    assert world.platform.grants == set()
    assert world.video.reels == []


async def test_votes_that_nobody_heard_of_are_counted_at_the_end(world):
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    await voted(world, first, "x")
    message = (await world.repos.entries.get(second)).message
    world.platform.messages[message.id].reactions[VOTE_EMOJI] = {"y": False, "z": False}
    over = await ended(world, contest_round)
    assert over.places[0].entry == second


async def test_a_work_taken_back_before_the_podium_is_not_on_it(world):
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    await voted(world, first, "x", "y")
    await voted(world, second, "x")
    await world.repos.entries.delete(first, world.clock.now())
    await ended(world, contest_round)
    podium = next(p.card for p in world.platform.messages.values() if "podium" in p.card.title)
    assert podium.lines[0].startswith("🥇 **Ben**")


async def test_closing_by_hand_asks_first_then_ends_works_and_then_votes(world):
    contest_round = await opened(world, repeat="weekly")
    assert "no further round" in (await world.ask(CloseRound(), ADMIN)).text.lower()
    await world.ask(CloseRound(sure=True), ADMIN)
    now = await world.repos.rounds.get(contest_round.id)
    assert (now.closes, now.ends) == (world.clock.now(), world.clock.now() + 2 * DAY)
    await world.ask(CloseRound(sure=True), ADMIN)
    world.clock.time += timedelta(minutes=1)
    await world.engine.calendar.look()
    assert (await world.repos.rounds.get(contest_round.id)).closed
    assert await world.repos.rounds.coming(str(COMMUNITY), world.clock.now()) == []


async def test_of_two_admins_who_close_at_once_one_does(world):
    await opened(world)
    replies = await asyncio.gather(
        world.ask(CloseRound("1", sure=True), ADMIN), world.ask(CloseRound("1", sure=True), OTHER)
    )
    assert sum("takes no more works" in reply.text for reply in replies) == 1


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


def killed(*_args, **_named):
    raise Killed


DEATHS = {
    "while counting": lambda world: setattr(world.engine.calendar, "recount", killed),
    "before the podium hangs": lambda world: world.platform.unpublished.append(Killed()),
    "after the podium hangs": lambda world: world.platform.after_post.append(Killed()),
    "before the role": lambda world: setattr(world.platform, "grant", killed),
    "before the letters": lambda world: setattr(world.engine.calendar._ceremony, "_write", killed),
    "while cutting": lambda world: setattr(world.video, "reel", killed),
    "before the reel hangs": lambda world: world.platform.unpublished.extend([None, Killed()]),
    "after the reel hangs": lambda world: world.platform.after_post.extend([None, Killed()]),
    "before the cards follow": lambda world: setattr(world.engine.showcase, "changed", killed),
}


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
async def test_a_ceremony_that_is_killed_anywhere_is_brought_to_its_end_once(world, death):
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    await voted(world, first, "x", "y")
    await voted(world, second, "x")
    world.clock.time = contest_round.ends + timedelta(minutes=1)
    death(world)
    with pytest.raises(Killed):
        await world.engine.calendar.look()
    vars(world.platform).pop("grant", None)
    vars(world.video).pop("reel", None)
    await world.crash()
    await world.engine.calendar.look()
    assert (await world.repos.rounds.get(contest_round.id)).closed
    assert sum("podium" in title for title in news(world)) == sum("reel" in title for title in news(world)) == 1
    assert world.platform.grants == {("ada", "champion")}
    assert len(await world.repos.letters.waiting()) == 2


async def test_a_busy_platform_puts_the_ceremony_off(world):
    contest_round = await opened(world)
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    world.clock.time = contest_round.ends + timedelta(minutes=1)
    world.engine.calendar.recount = unreadable
    await world.engine.calendar.look()
    assert (await world.repos.rounds.get(contest_round.id)).closed is None
    world.clock.time += timedelta(hours=1)
    await world.engine.calendar.look()
    assert (await world.repos.rounds.get(contest_round.id)).closed


async def test_a_community_that_is_away_keeps_nobody_else_from_the_podium(world):
    await joined(world)
    contest_round = await opened(world)
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    world.clock.time = contest_round.ends + timedelta(minutes=1)
    world.platform.unpublished = [PlatformBusy("away")] * 4
    await world.engine.calendar.look()
    assert sum("podium" in title for title in news(world, "ice-news")) == 1
    assert (await world.repos.rounds.get(contest_round.id)).closed is None
    await world.engine.calendar.look()
    assert sum("podium" in title for title in news(world)) == 1
    assert (await world.repos.rounds.get(contest_round.id)).closed


async def test_a_role_that_cannot_be_given_is_told_to_moderators_once(world):
    await world.set_up(replace(SETUP, channels=Channels(announcements="news", review="desk")))
    contest_round = await opened(world)
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    world.platform.grant = forbidden
    await ended(world, contest_round)
    assert "manage roles" in next(
        p.card.lines[0] for p in world.platform.messages.values() if p.place.channel == "desk"
    )


async def forbidden(*_args, **_named) -> None:
    raise PlaceForbidden("no")


async def joined(world) -> None:
    """A second community of the same contest."""
    await world.repos.communities.see(SECOND, "Ice", world.clock.now())
    home = await world.repos.communities.join(SECOND, str(COMMUNITY), world.clock.now())
    await world.repos.communities.change(home, replace(SETUP, channels=Channels(announcements="ice-news")))


async def unreadable(_entries, _when) -> int:
    return 1


async def breaks(*_args, **_named):
    raise KeyError("foreign")


async def breaking(_ref, _emoji):
    raise KeyError("foreign")
    yield


@pytest.mark.parametrize(("call", "broken"), [("grant", breaks), ("post", breaks), ("voters", breaking)])
async def test_a_platform_that_breaks_in_its_own_way_does_not_keep_a_round_from_its_end(world, call, broken):
    contest_round = await opened(world)
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    setattr(world.platform, call, broken)
    world.clock.time = contest_round.ends + timedelta(hours=2)
    await world.engine.calendar.look()
    assert (await world.repos.rounds.get(contest_round.id)).closed


async def test_a_film_that_breaks_in_its_own_way_does_not_keep_a_round_from_its_end(world):
    contest_round = await opened(world)
    await voted(world, await work(world, ADA), "x")
    world.video.reel = breaks
    world.clock.time = contest_round.ends + timedelta(minutes=1)
    await world.engine.calendar.look()
    assert (await world.repos.rounds.get(contest_round.id)).closed


async def test_a_channel_that_breaks_in_its_own_way_keeps_nobody_else_from_hearing_of_a_round(world):
    await joined(world)
    post = world.platform.post

    async def here_alone(place, card, **named):
        if place.channel == "news":
            raise KeyError("foreign")
        return await post(place, card, **named)

    world.platform.post = here_alone
    await opened(world)
    assert news(world, "ice-news")


async def test_a_channel_that_refuses_us_does_not_hold_up_the_round(world):
    contest_round = await opened(world)
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    world.clock.time = contest_round.ends + timedelta(minutes=1)
    world.platform.failures = [PlaceForbidden("no")] * 9
    await world.engine.calendar.look()
    world.platform.failures = []
    await world.engine.calendar.look()
    assert (await world.repos.rounds.get(contest_round.id)).closed


# ---------------------------------------------------------------------------------------------------- repetitions


async def test_a_weekly_round_is_followed_by_the_next_theme_once(world):
    contest_round = await opened(world, theme="", themes="Night; Dawn; Noon", repeat="weekly")
    assert contest_round.theme == "Night"
    world.clock.time = contest_round.closes
    for _ in range(2):
        await world.engine.calendar.look()
        await world.crash()
    await world.engine.calendar.look()
    following = await current(world)
    assert (following.theme, following.opens, following.number) == ("Dawn", contest_round.closes, 2)


async def test_a_repetition_for_which_there_is_no_room_is_left_out_and_the_next_one_opens(world):
    daily = await opened(world, repeat="daily")
    await world.ask(OpenRound("Gala", opens="1", days="1", voting="1", later=True), ADMIN)
    await ended(world, daily)
    coming = await world.repos.rounds.coming(str(COMMUNITY), daily.opens)
    assert [(one.theme, one.opens - daily.opens) for one in coming] == [("Gala", DAY), ("Night", 2 * DAY)]


async def test_repetitions_that_nobody_saw_are_left_out(world):
    contest_round = await opened(world, theme="", themes="Night; Dawn; Noon", repeat="daily")
    after = next_round(contest_round, DAY, contest_round.closes + 1.5 * DAY)
    assert (after.opens, after.theme) == (contest_round.closes + DAY, "Noon")


# ----------------------------------------------------------------------------------------------------------- boards


async def test_the_board_shows_the_round_in_order(world):
    await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    await voted(world, second, "x", "y")
    await voted(world, first, "x")
    lines = (await world.ask(Top(), CLEO)).told[0].lines
    assert [line[:2].strip() for line in lines] == ["🥇", "🥈"]
    assert "An owl" in lines[0]


async def test_hidden_tallies_hide_order_and_votes_until_the_end(world):
    await world.set_up(replace(SETUP, voting=Voting(hidden=True)))
    contest_round = await opened(world)
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    for board in ("round", "all"):
        text = (await world.ask(Top(board), CLEO)).text
        assert "1 vote" not in text
        assert "🥇" not in text
    await ended(world, contest_round)
    assert "🥇" in (await world.ask(Top(), CLEO)).text


async def test_hidden_tallies_stay_hidden_in_the_exhibit_and_for_works_outside_of_rounds(world):
    outside = await work(world, BEN, "An owl")
    rules = replace(SETUP, voting=Voting(hidden=True), channels=replace(SETUP.channels, exhibit="hall"))
    await world.set_up(rules)
    contest_round = await opened(world)
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    await voted(world, outside, "x")
    assert "1 vote" not in (await world.ask(Top("all"), CLEO)).text
    await review.nominate(world.house, entry)
    await world.ask(Approve(entry), MOD)
    await world.engine.curator.look()
    (hung,) = [posted.card for posted in world.platform.messages.values() if posted.place.channel == "hall"]
    assert [line for line in hung.lines if "vote" in line] == []
    assert "vote" not in (await world.ask(Exhibit(), CLEO)).text
    await ended(world, contest_round)
    assert "1 vote" in (await world.ask(Exhibit(), CLEO)).text


@pytest.mark.parametrize("dies", [False, True], ids=["at once", "after a crash"])
async def test_what_hangs_says_its_votes_once_they_are_told(world, dies):
    await world.set_up(
        replace(SETUP, voting=Voting(hidden=True, best_of=1), channels=replace(SETUP.channels, exhibit="hall"))
    )
    contest_round = await opened(world)
    entry, lesser = await work(world, ADA), await work(world, ADA, "An owl")
    await voted(world, entry, "x", "y")
    await voted(world, lesser, "x")
    await review.nominate(world.house, entry)
    await world.ask(Approve(entry), MOD)
    await world.engine.curator.look()
    await ended(world, contest_round)
    if dies:
        await world.crash()
    await world.start()
    own = (await world.repos.entries.get(lesser)).message
    (hung,) = [posted for posted in world.platform.messages.values() if posted.place.channel == "hall"]
    await until(lambda: "2 votes" in "\n".join(hung.card.lines), 30)
    await until(lambda: "**1** vote" in "\n".join(world.platform.messages[own.id].card.lines), 30)


async def test_the_board_of_all_time_counts_works_outside_of_rounds(world):
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    assert "1 vote" in (await world.ask(Top("all"), CLEO)).text


async def test_an_empty_board_says_so(world):
    assert "Nobody has votes" in (await world.ask(Top(), ADA)).text


async def test_where_no_round_runs_the_word_says_so(world):
    assert "No round is open" in (await world.ask(ShowRound(), ADA)).text


# ------------------------------------------------------------------------------------------------ two communities


async def test_both_communities_of_a_contest_hear_of_it(world):
    await joined(world)
    contest_round = await opened(world)
    entry = await work(world, ADA)
    await voted(world, entry, "x")
    await ended(world, contest_round)
    assert len(news(world)) >= 3
    assert [title for title in news(world, "ice-news") if "podium" in title]
    assert [title for title in news(world, "ice-news") if "reel" in title]


async def joining(world):
    """An admin of the second community enters a code of the first one's contest."""
    await world.repos.communities.see(SECOND, "Ice", world.clock.now())
    home = await world.repos.communities.get(SECOND)
    await world.repos.communities.change(home, replace(SETUP, channels=Channels(announcements="ice-news")))
    code = (await world.ask(JoinContest(), ADMIN)).told[0].lines[0].strip("*")
    return await world.ask(JoinContest(code), BOSS)


async def test_who_joins_in_the_middle_of_a_round_takes_part_in_it_from_then_on(world):
    contest_round = await opened(world)
    before = await work(world, ADA)
    world.clock.time += 5 * DAY
    said = (await joining(world)).text
    await world.crash()
    await world.start()
    async with asyncio.timeout(30):
        while not (copies := await world.repos.showings.of(before, {Shown.COPY})):
            await asyncio.sleep(0.01)
    (copy,) = copies
    await world.crash()
    await world.core.hear(Reacted(copy.ref, VOTE_EMOJI, "zoe", on=True))
    await hang(world, "new", member("zoe", community=SECOND), SECOND)
    await world.ask(Submit("new"), member("zoe", community=SECOND))
    assert "“Night” is running" in said
    assert [one.id for one in await world.repos.rounds.entries(contest_round.id)] == [before, "new"]
    assert (await world.repos.votes.tally([before]))[before].votes == 1


async def test_who_joins_while_a_round_is_voted_on_is_told_when_their_works_take_part(world):
    contest_round = await opened(world)
    world.clock.time = contest_round.closes
    assert "from the next round on" in (await joining(world)).text


async def test_a_community_with_rounds_of_its_own_closes_them_before_it_joins(world):
    await world.ask(OpenRound("Fog"), BOSS)
    await world.ask(OpenRound("Ice", later=True), BOSS)
    assert "Fog, Ice" in (await joining(world)).text
    assert (await world.repos.communities.get(SECOND)).contest == str(SECOND)


async def test_a_round_of_ones_own_goes_on_without_who_left_for_another_contest(world):
    third = Community("fake", "c3")
    await world.repos.communities.see(third, "Fog", world.clock.now())
    await world.repos.communities.join(third, str(SECOND), world.clock.now())
    await world.ask(OpenRound("Fog"), BOSS)
    assert "vote together" in (await joining(world)).text


async def test_a_whole_contest_of_two_communities_with_a_restart_in_the_middle(world):
    await joined(world)
    rules = replace(SETUP, voting=Voting(nominate=3), channels=replace(SETUP.channels, exhibit="hall"))
    await world.set_up(rules)
    contest_round = await opened(world)
    first, second = await work(world, ADA), await work(world, BEN, "An owl")
    for entry in (first, second):
        await world.engine.showcase.present(entry)
    await voted(world, first, "x", "y")
    (copy,) = await world.repos.showings.of(first, {Shown.COPY})
    world.platform.messages[copy.ref.id].reactions[VOTE_EMOJI]["z"] = False
    await voted(world, second, "x")
    await world.crash()
    await world.core.hear(Reacted(copy.ref, VOTE_EMOJI, "z", on=True))
    await counting.settle(world.house, [first, second])
    assert (await world.repos.entries.get(first)).state is EntryState.NOMINATED
    await world.ask(Approve(first), MOD)
    await world.engine.curator.look()
    world.clock.time = contest_round.closes
    await world.engine.calendar.look()
    await world.crash()
    over = await ended(world, contest_round)
    assert [(rank.entry, rank.votes) for rank in over.places] == [(first, 3), (second, 1)]
    titles = [news(world), news(world, "ice-news")]
    assert [sum("podium" in title for title in one) for one in titles] == [1, 1]
    assert len(news(world, "hall")) == 1
    assert (await world.repos.entries.get(first)).state is EntryState.APPROVED
