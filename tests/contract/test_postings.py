"""What every implementation of `bot.ports.Postings` promises."""

from __future__ import annotations

import asyncio

from tests.samples import CARD


async def test_the_first_intent_is_new(storage):
    assert await storage.postings.begin("job-1:card") == (False, None)


async def test_an_intent_without_a_place_is_remembered(storage):
    await storage.postings.begin("job-1:card")
    assert await storage.postings.begin("job-1:card") == (True, None)


async def test_a_posted_message_is_found_by_its_key(storage):
    await storage.postings.begin("job-1:card")
    await storage.postings.done("job-1:card", CARD)
    assert await storage.postings.begin("job-1:card") == (True, CARD)


async def test_one_message_is_not_another(storage):
    await storage.postings.done("job-1:card", CARD)
    assert await storage.postings.begin("job-2:card") == (False, None)


async def test_of_many_at_once_one_is_the_first(storage):
    answers = await asyncio.gather(*(storage.postings.begin("job-1:entry") for _ in range(8)))
    assert sorted(noted for noted, _ in answers) == [False] + [True] * 7


async def test_the_journal_survives_closing_and_opening(opened, storage):
    await storage.postings.begin("job-1:card")
    async with opened() as again:
        assert await again.postings.begin("job-1:card") == (True, None)
