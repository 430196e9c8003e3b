"""What every implementation of `bot.ports.Showings` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model.contest import Showing, Shown
from bot.model.people import MessageRef
from storage import Storage
from tests.contract.test_entries import made
from tests.samples import CARD, GUILD, NOON

EARLY = NOON - timedelta(days=900)


def showing(number: int = 1, kind: Shown = Shown.COPY) -> Showing:
    return Showing("a", MessageRef(GUILD, "100", str(number)), kind)


async def test_what_a_message_shows_is_found_by_the_message(storage: Storage):
    await made(storage, "a")
    for _ in range(2):
        await storage.showings.add(showing())
    assert await storage.showings.at(showing().ref) == showing()
    assert await storage.showings.at(CARD) is None


async def test_a_delivered_entry_is_shown_by_its_message(storage: Storage):
    await made(storage, "a")
    mine = await storage.jobs.take("a")
    await storage.jobs.delivered(mine, CARD)
    assert await storage.showings.of("a") == [Showing("a", CARD, Shown.ENTRY)]


async def test_a_message_that_is_gone_shows_nothing_any_more_but_is_known(storage: Storage):
    await made(storage, "a")
    await storage.showings.add(showing())
    assert (await storage.showings.gone(showing().ref, NOON)).gone == NOON
    assert await storage.showings.of("a") == []
    assert (await storage.showings.at(showing().ref)).gone == NOON


async def test_only_messages_people_vote_under_are_recounted(storage: Storage):
    await made(storage, "a")
    for number, kind in enumerate((Shown.COPY, Shown.EXHIBIT, Shown.REVIEW, Shown.SPOTLIGHT)):
        await storage.showings.add(showing(number, kind))
    assert [one.kind for one in await storage.showings.votable(EARLY)] == [Shown.COPY, Shown.SPOTLIGHT]


async def test_a_work_taken_back_is_not_recounted(storage: Storage):
    await made(storage, "a")
    await storage.showings.add(showing())
    await storage.entries.delete("a", NOON)
    assert await storage.showings.votable(EARLY) == []


async def test_several_messages_are_looked_up_at_once(storage: Storage):
    await made(storage, "a")
    await storage.showings.add(showing(1))
    await storage.showings.gone(showing(1).ref, NOON)
    assert await storage.showings.among([showing(1).ref, showing(2).ref]) == [replace(showing(1), gone=NOON)]


async def test_a_message_remembers_what_people_vote_with_under_it(storage: Storage):
    await made(storage, "a")
    await storage.showings.add(showing())
    await storage.showings.dressed(showing().ref, "❄️")
    assert (await storage.showings.at(showing().ref)).emoji == "❄️"
