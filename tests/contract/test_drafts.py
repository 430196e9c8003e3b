"""What every implementation of `bot.ports.Drafts` promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.ports import Draft
from tests.samples import KAI, NOON, PLACE, WISH

DRAFT = Draft("d-1", KAI, PLACE, WISH, NOON, {"1": {"sport": "luge"}, "2": {"size": "640x360"}})
DAY = timedelta(days=1).total_seconds()


async def test_a_draft_comes_back_as_it_was_kept(storage):
    await storage.drafts.put(DRAFT)
    assert await storage.drafts.get("d-1") == DRAFT


async def test_a_draft_put_again_replaces_the_first(storage):
    await storage.drafts.put(DRAFT)
    other = replace(DRAFT, options={})
    await storage.drafts.put(other)
    assert await storage.drafts.get("d-1") == other


async def test_an_unknown_draft_is_none(storage):
    assert await storage.drafts.get("d-1") is None
    assert await storage.drafts.take("d-1") is None


async def test_only_one_press_wins(storage):
    await storage.drafts.put(DRAFT)
    taken = await asyncio.gather(*(storage.drafts.take("d-1") for _ in range(6)))
    assert [one for one in taken if one] == [DRAFT]


async def test_a_taken_draft_is_gone(storage):
    await storage.drafts.put(DRAFT)
    await storage.drafts.take("d-1")
    assert await storage.drafts.get("d-1") is None


async def test_a_draft_is_kept_for_a_day(storage, clock):
    await storage.drafts.put(DRAFT)
    clock.forward(DAY - 1)
    assert await storage.drafts.get("d-1") == DRAFT


async def test_a_draft_is_forgotten_after_a_day(storage, clock):
    await storage.drafts.put(DRAFT)
    clock.forward(DAY)
    assert await storage.drafts.get("d-1") is None
    assert await storage.drafts.take("d-1") is None
