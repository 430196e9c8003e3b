"""What every implementation of `bot.ports.Log` promises."""

from __future__ import annotations

from bot.ports import Logged
from tests.samples import NOON


async def test_a_message_is_found_under_its_key(storage):
    number = await storage.log.add("k", "main", '{"a": 1}', NOON)
    assert await storage.log.find("k") == Logged(number, "k", "main", '{"a": 1}', NOON)


async def test_a_key_keeps_its_first_message_and_id(storage):
    first = await storage.log.add("k", "main", "first", NOON)
    assert await storage.log.add("k", "main", "second", NOON) == first
    assert (await storage.log.find("k")).body == "first"


async def test_a_changed_message_has_its_new_body(storage):
    number = await storage.log.add("k", "main", "old", NOON)
    assert await storage.log.change(number, "new") is True
    assert (await storage.log.find("k")).body == "new"


async def test_changing_a_message_that_is_gone_says_so(storage):
    assert await storage.log.change("nowhere", "new") is False


async def test_a_removed_message_is_gone(storage):
    number = await storage.log.add("k", "main", "x", NOON)
    await storage.log.remove(number)
    assert await storage.log.find("k") is None


async def test_removing_what_is_gone_is_silent(storage):
    await storage.log.remove("nowhere")


async def test_a_removed_messages_id_never_means_another(storage):
    old = await storage.log.add("k", "main", "x", NOON)
    await storage.log.remove(old)
    assert await storage.log.add("l", "main", "y", NOON) != old


async def test_the_latest_messages_of_a_channel_come_oldest_first(storage):
    for name in ("a", "b", "c"):
        await storage.log.add(name, "main", name, NOON)
    await storage.log.add("other", "side", "other", NOON)
    assert [one.body for one in await storage.log.latest("main", most=2)] == ["b", "c"]
