"""What every implementation of `bot.ports.Entries` promises about the exhibit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.contest import EntryState, Review
from bot.model.exhibit import Room, Sort
from bot.model.people import Account, Profile
from bot.model.setup import Act, AuditLine
from storage import Storage
from tests.samples import CLIP, GUILD, KAI, NOON, WISH, entry, job


async def hung(storage: Storage, name: str, *, votes: int = 5, hours: int = 0, **fields) -> None:
    """A work as it hangs once it was approved, `hours` after noon; fields of the request or of the entry."""
    asked = {key: fields.pop(key) for key in ("sport", "style", "language", "parent") if key in fields}
    new = job(name, request=replace(WISH, **asked))
    await storage.jobs.add(new)
    await storage.jobs.admit(lambda waiting, running: [name])
    mine = await storage.jobs.take(name)
    assert mine is not None
    review = Review("discord:1", "Mo", NOON + timedelta(hours=hours), votes=votes)
    shown = {"state": EntryState.APPROVED, "review": review, "contest": "c1", **fields}
    await storage.jobs.finished(mine, CLIP, entry(mine, name, **shown))


def ids(entries: Sequence) -> list[str]:
    return [one.id for one in entries]


@pytest.mark.parametrize("state", [state for state in EntryState if state is not EntryState.APPROVED])
async def test_nothing_hangs_that_is_not_approved(storage, state):
    await hung(storage, "a", state=state)
    assert await storage.entries.exhibits() == []
    assert await storage.entries.count_exhibits() == 0


async def test_a_work_that_was_taken_back_hangs_no_more(storage):
    await hung(storage, "a")
    await storage.entries.delete("a", NOON)
    assert await storage.entries.exhibits() == []


async def test_the_newest_approval_comes_first(storage):
    await hung(storage, "late", hours=2)
    await hung(storage, "early", hours=1)
    assert ids(await storage.entries.exhibits()) == ["late", "early"]


async def test_the_most_voted_comes_first_when_votes_are_asked_for(storage):
    await hung(storage, "nine", votes=9, hours=1)
    await hung(storage, "ten", votes=10)
    assert ids(await storage.entries.exhibits(sort=Sort.VOTES)) == ["ten", "nine"]


async def test_pages_follow_each_other_without_a_gap(storage):
    for hour, name in enumerate("abcde"):
        await hung(storage, name, hours=hour)
    pages = [ids(await storage.entries.exhibits(skip=skip, most=2)) for skip in (0, 2, 4)]
    assert pages == [["e", "d"], ["c", "b"], ["a"]]


@pytest.mark.parametrize(
    ("room", "found"),
    [
        (Room(sport="curling"), ["a"]),
        (Room(style="manga"), ["b", "a"]),
        (Room(language="en"), ["b"]),
        (Room(round="r1"), ["b"]),
        (Room(contest="c2"), ["c"]),
        (Room(sport="curling", language="en"), []),
    ],
)
async def test_a_room_holds_what_was_asked_for(storage, room, found):
    await hung(storage, "a", sport="curling")
    await hung(storage, "b", language="en", round="r1")
    await hung(storage, "c", style="realistic", contest="c2")
    assert ids(await storage.entries.exhibits(room)) == found
    assert await storage.entries.count_exhibits(room) == len(found)


async def test_facets_count_what_hangs(storage):
    await hung(storage, "a", sport="curling")
    await hung(storage, "b", sport="curling", round="r1", contest="c2", language="en")
    await hung(storage, "c", sport="luge", state=EntryState.OPEN)
    facets = await storage.entries.facets()
    assert (facets.sport, facets.round, facets.contest) == ({"curling": 2}, {"r1": 1}, {"c1": 1, "c2": 1})
    assert (facets.style, facets.language) == ({"manga": 2}, {"ja": 1, "en": 1})


async def test_children_are_the_exhibits_made_from_a_work_oldest_first(storage):
    await hung(storage, "parent")
    await hung(storage, "first", parent="parent", hours=2)
    await hung(storage, "second", parent="parent", hours=1)
    await hung(storage, "unseen", parent="parent", state=EntryState.NOMINATED)
    assert ids(await storage.entries.children("parent")) == ["first", "second"]


async def test_what_was_taken_back_after_approval_is_withdrawn(storage):
    await hung(storage, "a")
    assert not await storage.entries.withdrawn("a")
    await storage.entries.delete("a", NOON)
    assert await storage.entries.withdrawn("a")


@pytest.mark.parametrize("state", [EntryState.OPEN, EntryState.NOMINATED, EntryState.DECLINED])
async def test_what_never_hung_was_never_withdrawn(storage, state):
    await hung(storage, "a", state=state)
    await storage.entries.delete("a", NOON)
    assert not await storage.entries.withdrawn("a")


async def test_what_a_moderator_removed_is_withdrawn_only_if_it_had_been_approved(storage):
    await hung(storage, "a", state=EntryState.REMOVED)
    assert not await storage.entries.withdrawn("a")
    await storage.audit.add(AuditLine(NOON, GUILD, "discord:1", Act.APPROVE, "a"))
    assert await storage.entries.withdrawn("a")


async def test_names_are_those_that_persons_chose(storage):
    for key in ("k1", "k2", "k3"):
        await storage.people.seen(Account(key, key, GUILD, KAI.id, KAI.name), NOON)
    await storage.people.choose("k1", Profile(name="The Ice Fox"))
    await storage.people.choose("k2", Profile(remixable=False))
    assert await storage.people.names(["k1", "k2", "k3", "k4"]) == {"k1": "The Ice Fox"}


async def test_the_newest_exhibits_are_listed_with_the_moment_of_their_approval(storage):
    for hours, name in enumerate(("early", "late", "later")):
        await hung(storage, name, hours=hours)
    await hung(storage, "never", state=EntryState.DECLINED)
    assert await storage.entries.hung(2) == [("later", NOON + timedelta(hours=2)), ("late", NOON + timedelta(hours=1))]


async def test_what_is_before_the_moderators_or_was_lately_decided_on_is_in_review(storage):
    long_ago = NOON - timedelta(days=60)
    await hung(storage, "waits", state=EntryState.NOMINATED, nominated=long_ago, review=None)
    await hung(storage, "decided", state=EntryState.DECLINED, nominated=long_ago + timedelta(hours=1))
    await hung(storage, "over", hours=-31 * 24, nominated=long_ago)
    await hung(storage, "open", state=EntryState.OPEN, review=None)
    assert ids(await storage.entries.in_review(NOON - timedelta(days=30))) == ["waits", "decided"]
