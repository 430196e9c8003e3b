"""What every implementation of `bot.ports.Votes` promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import StorageError
from bot.model.contest import Ballot, Cast, Showing, Shown, Tally, Why, showing_key
from bot.model.people import Account, MessageRef
from storage import Storage
from tests.contract.test_entries import made
from tests.samples import GUILD, KAI, NOON

ORIGIN = MessageRef(GUILD, "100", "1")
COPY = MessageRef(GUILD, "100", "2")


def ballot(account: str = "discord:7", ref: MessageRef = ORIGIN, entry: str = "a", **fields) -> Ballot:
    return replace(Ballot(entry, account, showing_key(ref), NOON), **fields)


async def counted(storage: Storage, entry: str = "a") -> Tally:
    return (await storage.votes.tally([entry]))[entry]


@pytest.fixture
async def shown(storage: Storage) -> Storage:
    """An entry of Kai's, shown by two messages."""
    await made(storage, "a")
    await storage.showings.add(Showing("a", ORIGIN, Shown.ENTRY))
    await storage.showings.add(Showing("a", COPY, Shown.COPY))
    return storage


async def account(storage: Storage, key: str, person: str) -> None:
    await storage.people.seen(Account(key, person, GUILD, key.rpartition(":")[2], key), NOON)


async def test_an_entry_nobody_voted_on_has_no_votes(shown: Storage):
    assert await shown.votes.tally(["a", "nowhere"]) == {"a": Tally(), "nowhere": Tally()}


async def test_a_vote_counts_until_it_is_withdrawn(shown: Storage):
    await shown.votes.record(ballot())
    assert await counted(shown) == Tally(1)
    await shown.votes.withdraw("a", showing_key(ORIGIN), "discord:7")
    assert await counted(shown) == Tally()


async def test_the_same_vote_twice_counts_once_and_keeps_its_moment(shown: Storage):
    await shown.votes.record(ballot())
    await shown.votes.record(ballot(when=NOON + timedelta(hours=1), why=Why.CLOSED))
    assert await shown.votes.of("a") == [ballot()]


async def test_a_vote_that_did_not_count_may_count_later(shown: Storage):
    await shown.votes.record(ballot(why=Why.YOUNG_ACCOUNT))
    assert await counted(shown) == Tally()
    await shown.votes.record(ballot())
    assert await counted(shown) == Tally(1)


async def test_withdrawing_what_was_never_given_is_silent(shown: Storage):
    await shown.votes.withdraw("a", showing_key(ORIGIN), "discord:7")
    assert await shown.votes.of("a") == []


async def test_a_person_who_votes_under_two_messages_counts_once(shown: Storage):
    await shown.votes.record(ballot())
    await shown.votes.record(ballot(ref=COPY))
    assert await counted(shown) == Tally(1)


async def test_linked_accounts_are_one_vote(shown: Storage):
    await account(shown, "discord:7", "discord:7")
    await account(shown, "slack:T:7", "discord:7")
    await shown.votes.record(ballot())
    await shown.votes.record(ballot("slack:T:7", COPY))
    await shown.votes.record(ballot("slack:T:8", COPY))
    assert await counted(shown) == Tally(2)


@pytest.mark.parametrize("key", ["discord:42", "discord:8001:42"])
async def test_the_makers_own_vote_is_left_out(shown: Storage, key: str):
    await shown.votes.record(ballot(key))
    assert await counted(shown) == Tally()


async def test_an_account_linked_to_the_maker_is_left_out(shown: Storage):
    await account(shown, f"discord:{KAI.id}", "p")
    await account(shown, "slack:T:7", "p")
    await shown.votes.record(ballot("slack:T:7", COPY))
    assert await counted(shown) == Tally()


async def test_the_jury_is_counted_among_the_votes_and_apart(shown: Storage):
    await shown.votes.record(ballot(jury=True))
    await shown.votes.record(ballot(ref=COPY, jury=True))
    await shown.votes.record(ballot("discord:8"))
    assert await counted(shown) == Tally(2, 1)


async def test_votes_under_a_message_that_is_gone_do_not_count_any_more(shown: Storage):
    await shown.votes.record(ballot())
    await shown.votes.record(ballot("discord:8", COPY))
    await shown.showings.gone(ORIGIN, NOON)
    assert await counted(shown) == Tally(1)


async def test_replacing_makes_the_given_ballots_the_only_ones_under_their_message(shown: Storage):
    for one in (ballot(), ballot("discord:8"), ballot("discord:9", COPY)):
        await shown.votes.record(one)
    wanted = [ballot(), ballot("discord:10", when=NOON + timedelta(hours=1))]
    added, removed = await shown.votes.replace("a", showing_key(ORIGIN), wanted)
    assert (added, removed) == ([wanted[1]], [ballot("discord:8")])
    assert await shown.votes.of("a") == [ballot(), ballot("discord:9", COPY), wanted[1]]


async def test_replacing_leaves_those_alone_of_whom_more_was_heard(shown: Storage):
    await shown.votes.record(ballot("discord:8"))
    done = await shown.votes.replace("a", showing_key(ORIGIN), [ballot("discord:9")], {"discord:8", "discord:9"})
    assert done == ([], [])
    assert await shown.votes.of("a") == [ballot("discord:8")]


async def test_what_is_given_in_one_breath_ends_in_the_order_it_was_given(shown: Storage):
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(shown.votes.record(ballot()))
        tasks.create_task(shown.votes.replace("a", showing_key(ORIGIN), [ballot("discord:8")]))
        tasks.create_task(shown.votes.record(ballot("discord:9")))
        tasks.create_task(shown.votes.withdraw("a", showing_key(ORIGIN), "discord:8"))
    assert await shown.votes.of("a") == [ballot("discord:9")]


async def test_hundreds_at_once_are_all_there(shown: Storage):
    async with asyncio.TaskGroup() as tasks:
        for number in range(300):
            tasks.create_task(shown.votes.record(ballot(f"discord:{1000 + number}")))
    assert await counted(shown) == Tally(300)


async def test_an_accounts_ballots_are_found(shown: Storage):
    await shown.votes.record(ballot())
    await shown.votes.record(ballot("discord:8"))
    assert await shown.votes.by("discord:7") == [ballot()]


async def test_what_cannot_be_written_is_told_to_everybody_and_the_next_goes_on(shown: Storage):
    bad = shown.votes.record(ballot(when=NOON.replace(tzinfo=None)))
    told = await asyncio.gather(bad, shown.votes.record(ballot("discord:8")), return_exceptions=True)
    assert [type(one) for one in told] == [StorageError, StorageError]
    await shown.votes.record(ballot())
    assert await counted(shown) == Tally(1)


async def test_a_caller_who_leaves_does_not_take_the_others_along(shown: Storage):
    left = asyncio.create_task(shown.votes.record(ballot("discord:8")))
    stayed = asyncio.create_task(shown.votes.record(ballot()))
    await asyncio.sleep(0)
    left.cancel()
    await stayed
    assert await counted(shown) in {Tally(1), Tally(2)}


async def test_after_a_restart_every_vote_is_there(shown: Storage, opened):
    await shown.votes.record(ballot())
    async with opened() as again:
        assert await counted(again) == Tally(1)


async def test_the_ballots_of_several_entries_are_read_at_once(shown: Storage):
    await made(shown, "b")
    await shown.votes.record(ballot(entry="b", when=NOON + timedelta(hours=1)))
    await shown.votes.record(ballot())
    assert [one.entry for one in await shown.votes.among(["a", "b", "nowhere"])] == ["a", "b"]


async def test_votes_are_told_by_person_with_the_latest_moment(shown: Storage):
    later = NOON + timedelta(hours=1)
    await account(shown, "discord:7", "discord:7")
    await account(shown, "slack:T:U1", "discord:7")
    await shown.votes.record(ballot())
    await shown.votes.record(ballot("slack:T:U1", COPY, when=later, jury=True))
    await shown.votes.record(ballot("discord:8", why=Why.BOT))
    assert await shown.votes.cast(["a"]) == [Cast("a", "discord:7", later, jury=True)]


async def test_the_works_with_the_most_votes_come_first_page_by_page(shown: Storage):
    for name in ("b", "c"):
        await made(shown, name)
        await shown.showings.add(Showing(name, MessageRef(GUILD, "100", name), Shown.ENTRY))
    for name, voters in (("a", "7"), ("b", "789"), ("c", "9")):
        for voter in voters:
            ref = ORIGIN if name == "a" else MessageRef(GUILD, "100", name)
            await shown.votes.record(ballot(f"discord:{voter}", ref, name))
    assert await shown.votes.best("") == [("b", Tally(3)), ("a", Tally(1)), ("c", Tally(1))]
    assert await shown.votes.best("", skip=1, most=1) == [("a", Tally(1))]
    await shown.entries.delete("b", NOON)
    assert [name for name, _ in await shown.votes.best("")] == ["a", "c"]
    assert await shown.votes.best("elsewhere") == []
