"""From a nomination to the hall, as moderators and makers see it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import PlaceForbidden, PlatformBusy
from bot.model.command import (
    Approve,
    Create,
    Decline,
    Delete,
    Link,
    Nominate,
    PauseMember,
    Queue,
    ResumeMember,
    Silence,
)
from bot.model.command import Takedown as Remove
from bot.model.contest import EntryState, Shown
from bot.model.letter import Kind, Letter
from bot.model.people import Account, Community, Role
from bot.model.setup import Act, AuditLine, Channels, Setup
from bot.ports import Decision
from bot.usecases import review
from tests.fakes import COMMUNITY, member
from tests.hanging import hang
from tests.samples import NOON

ADA, BEN = member("ada"), member("ben")
MOD, OTHER = member("mo", role=Role.MODERATOR), member("mia", role=Role.MODERATOR)
CHANNELS = Setup(channels=Channels(review="reviews", exhibit="hall"))


@pytest.fixture
async def entry(world) -> str:
    """A work of Ada's that hangs in the chat."""
    await world.set_up(CHANNELS)
    await world.start()
    await world.ask(Create("A fox on skis", sport="ski-jumping"), ADA)
    (job,) = await world.ended()
    await world.engine.curator.look()
    return job.entry


async def state(world, entry: str) -> EntryState:
    return (await world.repos.entries.get(entry)).state


def shown(world, channel: str) -> list:
    return [posted for posted in world.platform.messages.values() if posted.place.channel == channel]


async def one_person(world, *names: str) -> None:
    """These accounts are the same person's. Time stands still meanwhile: a code does not live long."""
    await world.crash()
    said = (await world.ask(Link(), member(names[0]))).told[0].lines[0].strip("*")
    for name in names[1:]:
        await world.ask(Link(said), member(name))


async def nominated(world, entry: str) -> None:
    await review.nominate(world.house, entry)
    await world.engine.curator.look()


async def test_a_nominated_work_is_put_before_the_moderators_once(world, entry):
    await nominated(world, entry)
    await nominated(world, entry)
    (posted,) = shown(world, "reviews")
    assert posted.card.quote == "A fox on skis"
    assert [button.action for button in posted.card.buttons][:3] == [
        f"approve:{entry}",
        f"decline:{entry}",
        f"takedown:{entry}",
    ]


async def test_it_is_put_before_them_after_a_crash_between_nomination_and_message(world, entry):
    await review.nominate(world.house, entry)
    await world.crash()
    await world.engine.curator.look()
    assert len(shown(world, "reviews")) == 1


async def test_an_approved_work_hangs_in_the_exhibit_and_its_card_says_who_approved(world, entry):
    await nominated(world, entry)
    await world.ask(Approve(entry), MOD)
    await world.engine.curator.look()
    assert await state(world, entry) is EntryState.APPROVED
    assert len(shown(world, "hall")) == 1
    (card,) = [posted.card for posted in shown(world, "reviews")]
    assert "Approved by **Mo**" in card.lines
    assert await world.repos.showings.of(entry, {Shown.EXHIBIT})


async def test_a_work_that_waited_for_months_hangs_in_the_exhibit_all_the_same(world, entry):
    await nominated(world, entry)
    world.clock.time += timedelta(days=70)
    await world.ask(Approve(entry), MOD)
    await world.engine.curator.look()
    (card,) = [posted.card for posted in shown(world, "reviews")]
    assert ("Approved by **Mo**" in card.lines, len(shown(world, "hall"))) == (True, 1)


async def test_an_exhibit_channel_that_is_away_keeps_the_others_from_nothing(world, entry):
    other = Community("fake", "c2")
    await world.repos.communities.see(other, "Two", world.clock.now())
    home = await world.repos.communities.join(other, str(COMMUNITY), world.clock.now())
    await world.repos.communities.change(home, Setup(channels=Channels(exhibit="elsewhere")))
    await nominated(world, entry)
    await world.crash()
    await world.ask(Approve(entry), MOD)
    world.platform.unpublished.extend([PlatformBusy("slow down")] * 4)
    await world.engine.curator.look()
    assert (len(shown(world, "hall")), len(shown(world, "elsewhere"))) == (0, 1)
    await world.engine.curator.look()
    assert (len(shown(world, "hall")), len(shown(world, "elsewhere"))) == (1, 1)


async def test_a_work_nominated_before_there_was_a_channel_for_it_is_put_there_once_there_is_one(world, entry):
    await world.set_up(Setup())
    await nominated(world, entry)
    await world.set_up(CHANNELS)
    await world.engine.curator.look()
    assert len(shown(world, "reviews")) == 1


async def test_a_channel_that_refuses_us_is_asked_again_after_a_while_and_no_sooner(world, entry):
    await review.nominate(world.house, entry)
    await world.crash()
    refused = [PlaceForbidden("no", missing="Send Messages") for _ in range(2)]
    world.platform.unpublished.extend(refused)
    asked = []
    for minutes in (0, 1, 11, 12, 24):
        world.clock.time = NOON + timedelta(minutes=minutes)
        await world.engine.curator.look()
        asked.append((len(world.platform.unpublished), len(shown(world, "reviews"))))
    assert asked == [(1, 0), (1, 0), (0, 0), (0, 0), (0, 1)]


async def test_of_two_moderators_at_once_one_decides_and_the_other_is_told(world, entry):
    await nominated(world, entry)
    replies = await asyncio.gather(world.ask(Approve(entry), MOD), world.ask(Decline(entry, "quality"), OTHER))
    texts = sorted(reply.text for reply in replies)
    assert sum("already" in text for text in texts) == 1
    lines = await world.repos.audit.latest(COMMUNITY)
    assert sum(line.act in (Act.APPROVE, Act.DECLINE) for line in lines) == 1


async def test_declining_asks_for_the_reason_first(world, entry):
    await nominated(world, entry)
    reply = await world.ask(Decline(entry), MOD)
    assert reply.forms[0].action == f"decline:{entry}"
    assert await state(world, entry) is EntryState.NOMINATED


async def test_the_maker_reads_the_moderators_own_words(world, entry):
    await nominated(world, entry)
    await world.ask(Decline(entry, "quality", "Lovely, but too dark."), MOD)
    await world.engine.postman.round()
    assert "Lovely, but too dark." in "\n".join(world.platform.whispers[-1][1].lines)
    assert world.platform.whispers[-1][0] == "ada"


async def test_a_letter_is_brought_once_though_the_process_dies_after_sending(world, entry):
    await nominated(world, entry)
    await world.engine.postman.round()
    letter = world.platform.whispers[-1]
    await world.crash()
    await world.engine.postman.round()
    assert world.platform.whispers.count(letter) == 1


async def test_letters_to_a_platform_that_is_away_keep_nobody_else_waiting(world, entry):
    gone = Account("gone:x", "gone:x", Community("gone", "g"), "x", "X")
    await world.repos.people.met([gone], world.clock.now())
    for number in range(250):
        await world.repos.letters.put(Letter(f"old:{number}", gone.key, Kind.APPROVED, world.clock.now()))
    world.clock.time += timedelta(seconds=1)
    await nominated(world, entry)
    await world.engine.postman.round()
    assert [who for who, _ in world.platform.whispers] == ["ada"]


async def test_who_wants_no_letters_of_a_kind_gets_none(world, entry):
    await world.ask(Silence("nominated"), ADA)
    await nominated(world, entry)
    await world.engine.postman.round()
    assert world.platform.whispers == []


@pytest.mark.parametrize("wish", [Approve, Decline, Remove])
async def test_a_member_decides_nothing(world, entry, wish):
    await nominated(world, entry)
    reply = await world.ask(wish(entry), BEN)
    assert "Only moderators" in reply.text
    assert await state(world, entry) is EntryState.NOMINATED


@pytest.mark.parametrize("wish", [Queue(), PauseMember("ada"), ResumeMember("ada")])
async def test_a_member_sees_no_queue_and_pauses_nobody(world, entry, wish):
    assert "Only moderators" in (await world.ask(wish, BEN)).text


async def test_forged_ids_are_answered_with_a_sentence(world, entry):
    for wish in (Approve("nothing"), Decline("nothing", "quality"), Remove("nothing", sure=True), Nominate("nothing")):
        assert (await world.ask(wish, MOD)).text


async def test_a_removed_work_disappears_everywhere_with_its_files(world, entry):
    await nominated(world, entry)
    await world.ask(Approve(entry), MOD)
    await world.engine.curator.look()
    blob = (await world.repos.entries.get(entry)).clip.blob
    assert "disappears" in (await world.ask(Remove(entry), MOD)).text
    await world.ask(Remove(entry, sure=True), MOD)
    assert [posted for posted in world.platform.messages.values() if posted.entry] == []
    assert await state(world, entry) is EntryState.REMOVED
    assert await world.repos.media.mime(blob) is None


@pytest.mark.parametrize("died", ["after the decision", "before the files"])
async def test_a_removal_that_a_crash_interrupted_is_brought_to_its_end(world, entry, died):
    work, now = await world.repos.entries.get(entry), world.clock.now()
    if died == "after the decision":
        line = AuditLine(now, COMMUNITY, "fake:c1:mo", Act.REMOVE, entry)
        await world.repos.entries.decide(entry, Decision(EntryState.REMOVED, review.STANDING, line))
    else:
        await world.repos.entries.delete(entry, now)
    await world.crash()
    await world.engine.keeper.round()
    left = [posted for posted in world.platform.messages.values() if posted.entry]
    gone = (await world.repos.entries.get(entry)).deleted is not None
    assert (left, gone, await world.repos.media.mime(work.clip.blob)) == ([], True, None)


async def test_a_work_its_maker_takes_back_disappears_from_exhibit_and_review(world, entry):
    await nominated(world, entry)
    await world.ask(Approve(entry), MOD)
    await world.engine.curator.look()
    await world.ask(Delete(entry, sure=True), ADA)
    assert shown(world, "hall") == shown(world, "reviews") == []


async def test_a_work_that_lost_its_votes_leaves_the_queue(world, entry):
    await nominated(world, entry)
    await review.unnominate(world.house, entry)
    await world.engine.curator.look()
    assert await state(world, entry) is EntryState.OPEN
    assert shown(world, "reviews") == []


async def test_a_card_that_cannot_be_taken_away_keeps_no_other_work_from_the_moderators(world, entry):
    await nominated(world, entry)
    await review.unnominate(world.house, entry)
    await world.crash()

    async def refused(ref) -> None:
        raise PlaceForbidden("the bot was thrown out", missing="View Channel")

    world.platform.delete = refused
    world.clock.time += timedelta(minutes=1)
    await hang(world, "b")
    await nominated(world, "b")
    assert shown(world, "reviews")[-1].card.subject == "b"


async def test_a_work_nominated_by_hand_stays_when_votes_are_few(world, entry):
    await world.ask(Nominate(entry), BEN)
    assert await review.unnominate(world.house, entry) is None
    assert await state(world, entry) is EntryState.NOMINATED


async def test_nobody_nominates_their_own_work(world, entry):
    assert "Others nominate" in (await world.ask(Nominate(entry), ADA)).text


async def test_nobody_nominates_their_own_work_with_another_account_of_theirs(world, entry):
    await one_person(world, "ada", "bea")
    assert "Others nominate" in (await world.ask(Nominate(entry), member("bea"))).text


async def test_who_is_paused_nominates_nothing(world, entry):
    await world.ask(Silence("nominated"), BEN)
    await world.ask(PauseMember("ben", "flooding"), MOD)
    assert "paused you" in (await world.ask(Nominate(entry), BEN)).text


async def test_a_message_that_shows_a_work_can_be_pointed_at(world, entry):
    message = (await world.repos.entries.get(entry)).message
    await world.ask(Nominate(message=message), BEN)
    assert await state(world, entry) is EntryState.NOMINATED


async def test_a_member_nominates_a_few_a_day(world, entry):
    for number in range(review.NOMINATIONS_A_DAY):
        line = f"other-{number}"
        await world.repos.audit.add(review.AuditLine(world.clock.now(), COMMUNITY, "fake:c1:ben", Act.NOMINATE, line))
    assert "a day" in (await world.ask(Nominate(entry), BEN)).text


async def test_the_queue_shows_one_work_with_its_buttons(world, entry):
    await nominated(world, entry)
    (card,) = (await world.ask(Queue(), MOD)).told
    assert card.quote == "A fox on skis"
    assert f"approve:{entry}" in [button.action for button in card.buttons]


async def test_an_empty_queue_says_so(world, entry):
    assert "Nothing waits" in (await world.ask(Queue(), MOD)).text


async def test_a_paused_member_asks_for_nothing_until_they_may_go_on(world, entry):
    await world.ask(PauseMember("ada", "flooding"), MOD)
    assert "paused you" in (await world.ask(Create("Another fox", sport="luge"), ADA)).text
    await world.ask(ResumeMember("ada"), MOD)
    assert "paused you" not in (await world.ask(Create("Another fox", sport="luge"), ADA)).text


async def test_a_member_is_paused_with_all_their_accounts_in_the_contest(world, entry):
    await one_person(world, "ada", "bea")
    await world.ask(PauseMember("ada", "flooding"), MOD)
    assert await paused(world, "bea") == "flooding"
    await world.ask(ResumeMember("bea"), MOD)
    assert not await paused(world, "ada")


async def paused(world, name: str) -> str:
    return (await world.repos.people.get(f"fake:c1:{name}")).paused(str(COMMUNITY))


async def test_a_pause_that_is_pressed_again_is_noted_and_told_once(world, entry):
    replies = [await world.ask(PauseMember("ada", "flooding"), MOD) for _ in range(2)]
    assert ["already" in reply.text for reply in replies] == [False, True]
    assert len(await world.repos.audit.of_subject("fake:c1:ada", Act.PAUSE)) == 1
    assert len(await world.repos.letters.waiting()) == 1


async def test_the_maker_of_a_nominated_work_can_be_paused_from_its_card(world, entry):
    await world.ask(PauseMember(entry=entry), MOD)
    assert await paused(world, "ada")


async def test_similar_sentences_are_shown_to_the_moderators(world, entry):
    await world.ask(Create("A fox on skis!", sport="ski-jumping"), ADA)
    await world.ended(2)
    await nominated(world, entry)
    (posted,) = shown(world, "reviews")
    assert "Similar: “A fox on skis!”" in posted.card.lines


async def test_a_pause_without_a_reason_is_shown_without_one(world, entry):
    await world.ask(PauseMember("ada"), MOD)
    await nominated(world, entry)
    (posted,) = shown(world, "reviews")
    assert "This member is paused: –" in posted.card.lines
