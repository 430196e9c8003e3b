"""What every implementation of `bot.ports.Privacy` and `bot.ports.Statistics` promises."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from bot.model.contest import Ballot, EntryState, Review, Showing, Shown
from bot.model.people import Account, Community, MessageRef, Profile
from bot.model.setup import Act, AuditLine
from bot.ports import Decision, Draft
from storage import Storage
from tests.samples import CARD, CLIP, GUILD, KAI, NOON, PLACE, WISH, entry, job

ACCOUNT = Account("discord:42", "discord:42", GUILD, "42", "Kai")
BALLOT = Ballot("e9", ACCOUNT.key, f"{GUILD}/100/555", NOON)


async def lived(storage: Storage) -> None:
    """Kai was here, asked, made, voted and chose."""
    await storage.people.seen(ACCOUNT, NOON)
    await storage.people.choose(ACCOUNT.person, Profile(name="K."))
    await storage.people.visit(ACCOUNT.key, GUILD, NOON.date())
    await storage.votes.record(BALLOT)
    await storage.drafts.put(Draft("d1", KAI, PLACE, WISH, NOON, {}))
    await storage.jobs.add(job("j1"))
    await storage.jobs.admit(lambda waiting, _: [one.id for one in waiting])
    taken = await storage.jobs.take("j1")
    assert taken is not None
    await storage.jobs.delivered(await storage.jobs.finished(taken, CLIP, entry(taken, "j1", contest=str(GUILD))), CARD)


async def test_everything_about_an_account_can_be_written_down(storage: Storage):
    await lived(storage)
    told = await storage.privacy.known_of(ACCOUNT)
    assert json.loads(json.dumps(told))["works"][0]["request"]["prompt"] == WISH.prompt
    assert {name: len(rows) for name, rows in told.items() if rows} == {
        "accounts": 1,
        "choices": 1,
        "days": 1,
        "votes": 1,
        "requests": 1,
        "works": 1,
    }


async def test_a_forgotten_account_is_in_no_record(storage: Storage):
    await lived(storage)
    await storage.privacy.erase(ACCOUNT, "gone:1", NOON)
    told = await storage.privacy.known_of(ACCOUNT)
    assert {name: rows for name, rows in told.items() if rows} == {}
    (left,) = await storage.votes.of("e9")
    assert (left.counts, ACCOUNT.key in left.account) == (True, False)
    assert await storage.drafts.get("d1") is None


async def test_a_moderator_who_was_forgotten_is_named_in_no_decision(storage: Storage):
    await lived(storage)
    moderator = Account("discord:7", "discord:7", GUILD, "7", "Mo")
    await storage.people.seen(moderator, NOON)
    line = AuditLine(NOON, GUILD, moderator.key, Act.APPROVE, "j1")
    review = Review(moderator.key, "Mo", NOON, "decline.quality", votes=4)
    await storage.entries.decide("j1", Decision(EntryState.APPROVED, {EntryState.OPEN}, line, review=review))
    assert [row["id"] for row in (await storage.privacy.known_of(moderator))["decisions"]] == ["j1"]
    await storage.privacy.erase(moderator, "gone:2", NOON)
    assert (await storage.entries.get("j1")).review == replace(review, by="gone:2", name="…")
    assert (await storage.privacy.known_of(moderator))["decisions"] == []


async def test_what_was_removed_or_taken_back_and_is_still_there_is_found(storage: Storage):
    await lived(storage)
    assert await storage.privacy.half_gone() == []
    line = AuditLine(NOON, GUILD, "discord:7", Act.REMOVE, "j1")
    await storage.entries.decide("j1", Decision(EntryState.REMOVED, {EntryState.OPEN}, line))
    assert [one.id for one in await storage.privacy.half_gone()] == ["j1"]
    await storage.blobs.add(CLIP.blob, "video/mp4", 7, NOON)
    await storage.entries.delete("j1", NOON)
    assert [one.id for one in await storage.privacy.half_gone()] == ["j1"]
    await storage.blobs.remove(CLIP.blob)
    assert await storage.privacy.half_gone() == []


async def test_it_is_known_that_an_account_was_forgotten_only_to_who_asks_for_it(storage: Storage):
    await lived(storage)
    await storage.privacy.erase(ACCOUNT, "gone:1", NOON)
    (left,) = await storage.votes.of("e9")
    assert await storage.privacy.gone([ACCOUNT.key, "discord:43"]) == {ACCOUNT.key: (left.account, NOON)}


async def test_who_was_paused_is_paused_when_they_come_back(storage: Storage):
    await lived(storage)
    line = AuditLine(NOON, GUILD, "discord:1", Act.PAUSE, ACCOUNT.key)
    await storage.people.pause(ACCOUNT.key, str(GUILD), "spam", line)
    await storage.privacy.erase(ACCOUNT, "gone:1", NOON)
    again = await storage.people.seen(ACCOUNT, NOON)
    assert (again.paused(str(GUILD)), again.paused("elsewhere")) == ("–", "")
    await storage.privacy.erase(ACCOUNT, "gone:1", NOON)
    await storage.people.met([ACCOUNT], NOON)
    assert (await storage.people.get(ACCOUNT.key)).paused(str(GUILD))


async def test_of_a_persons_two_votes_on_a_work_one_stays(storage: Storage):
    await lived(storage)
    other = replace(ACCOUNT, key="slack:T1:U1")
    await storage.people.seen(other, NOON)
    await storage.votes.record(replace(BALLOT, account=other.key, message="copy"))
    for one in (ACCOUNT, other):
        await storage.privacy.erase(one, "gone:1", NOON)
    assert [one.message for one in await storage.votes.of("e9")] == ["copy"]


async def test_who_came_back_voted_anew_and_is_forgotten_again_has_one_vote(storage: Storage):
    for _ in range(2):
        await lived_again(storage)
        await storage.privacy.erase(ACCOUNT, "gone:1", NOON)
    assert len(await storage.votes.of("e9")) == 1


async def lived_again(storage: Storage) -> None:
    await storage.people.seen(ACCOUNT, NOON)
    await storage.votes.record(BALLOT)


async def test_its_works_are_husks_that_keep_their_place(storage: Storage):
    await lived(storage)
    await storage.privacy.erase(ACCOUNT, "gone:1", NOON)
    work, made = await storage.entries.get("j1"), await storage.jobs.get("j1")
    assert (work.member.id, work.member.name, work.request.prompt, work.deleted) == ("gone:1", "", "…", NOON)
    assert {shot.prompt for shot in made.plan.shots} == {"…"}


async def test_an_account_that_is_one_in_all_communities_is_forgotten_in_all(storage: Storage):
    await lived(storage)
    elsewhere = Account(ACCOUNT.key, ACCOUNT.person, Community("discord", "9"), "42", "Kai")
    assert [one.id for one in await storage.privacy.works_of(elsewhere)] == ["j1"]


async def test_an_account_of_another_workspace_is_somebody_else(storage: Storage):
    await lived(storage)
    other = Account("discord:9:42", "discord:9:42", Community("discord", "9"), "42", "Kai")
    assert await storage.privacy.works_of(other) == []


async def test_a_wish_to_be_forgotten_is_kept_until_it_is_done(storage: Storage):
    await lived(storage)
    for _ in range(2):
        await storage.privacy.begin([ACCOUNT.key], NOON)
    before = [one.key for one in await storage.privacy.begun()]
    await storage.privacy.expire(NOON + timedelta(days=400))
    still = [one.key for one in await storage.privacy.begun()]
    await storage.privacy.erase(ACCOUNT, "gone:1", NOON)
    assert (before, still, await storage.privacy.begun()) == ([ACCOUNT.key], [ACCOUNT.key], [])


async def test_a_lent_file_comes_back_at_its_time(storage: Storage):
    await storage.privacy.lend("f" * 64, ACCOUNT.key, NOON)
    early, late = [await storage.privacy.lent(NOON + timedelta(seconds=s)) for s in (-1, 0)]
    await storage.privacy.returned("f" * 64)
    assert (early, late, await storage.privacy.lent(NOON)) == ([], ["f" * 64], [])


async def test_files_of_old_requests_are_told_once(storage: Storage):
    await lived(storage)
    (_, jobs) = await storage.privacy.outdated(GUILD, NOON + timedelta(days=400))
    await storage.privacy.without_files("j1")
    (_, again) = await storage.privacy.outdated(GUILD, NOON + timedelta(days=400))
    assert ([one.id for one in jobs], again) == (["j1"], [])


async def test_numbers_count_what_happened_in_the_contest(storage: Storage):
    await lived(storage)
    ref = MessageRef(GUILD, "100", "777")
    await storage.showings.add(Showing("j1", ref, Shown.COPY))
    await storage.people.seen(Account("discord:7", "discord:7", GUILD, "7", "Umi"), NOON)
    await storage.votes.record(Ballot("j1", "discord:7", f"{GUILD}/100/777", NOON))
    figures = await storage.statistics.figures(str(GUILD), NOON - timedelta(days=1))
    assert (figures.requests, figures.clips, figures.votes, figures.voters) == (1, 1, 1, 1)
    assert await storage.statistics.visits(str(GUILD)) == [(ACCOUNT.key, NOON.date())]
