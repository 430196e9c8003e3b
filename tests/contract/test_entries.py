"""What every implementation of `bot.ports.Entries` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from storage import Storage
from tests.samples import CLIP, GUILD, KAI, NOON, WISH, entry, job


async def made(storage: Storage, name: str, **fields) -> None:
    """An entry as a run makes it."""
    await storage.jobs.add(job(name, **fields))
    await storage.jobs.admit(lambda waiting, running: [name])
    mine = await storage.jobs.take(name)
    assert mine is not None
    await storage.jobs.finished(mine, CLIP, entry(mine, name))


async def names(storage: Storage, **page) -> list[str]:
    return [one.id for one in await storage.entries.of_member(GUILD, KAI.id, **page)]


async def test_an_unknown_entry_is_none(storage):
    assert await storage.entries.get("nowhere") is None


async def test_a_members_entries_come_newest_first_page_by_page(storage):
    for name in ("a", "b", "c"):
        await made(storage, name)
    assert await names(storage, skip=0, most=2) == ["c", "b"]
    assert await names(storage, skip=2, most=2) == ["a"]


async def test_other_peoples_entries_are_not_among_them(storage):
    await made(storage, "mine")
    await made(storage, "another", member=replace(KAI, id="43"))
    assert await names(storage) == ["mine"]
    assert await storage.entries.count_of_member(GUILD, KAI.id) == 1


async def test_an_entry_taken_back_is_neither_listed_nor_counted_but_still_known(storage):
    await made(storage, "a")
    deleted = await storage.entries.delete("a", NOON)
    assert deleted.deleted == NOON
    assert await names(storage) == []
    assert await storage.entries.count_of_member(GUILD, KAI.id) == 0
    assert await storage.entries.get("a") == deleted


async def test_taking_back_twice_keeps_the_first_moment(storage):
    await made(storage, "a")
    await storage.entries.delete("a", NOON)
    again = await storage.entries.delete("a", NOON + timedelta(days=1))
    assert again.deleted == NOON


async def test_taking_back_an_unknown_entry_is_none(storage):
    assert await storage.entries.delete("nowhere", NOON) is None


async def test_a_file_is_used_while_any_entry_shows_it(storage):
    await made(storage, "a")
    await made(storage, "b")
    await storage.entries.delete("a", NOON)
    assert await storage.entries.uses(CLIP.blob)
    assert await storage.entries.uses(CLIP.poster)
    await storage.entries.delete("b", NOON)
    assert not await storage.entries.uses(CLIP.blob)
    assert not await storage.entries.uses(CLIP.poster)


async def test_several_entries_are_read_at_once_oldest_first(storage):
    for name in ("a", "b", "c"):
        await made(storage, name)
    assert [one.id for one in await storage.entries.among(["c", "a", "nowhere"])] == ["a", "c"]


async def test_remixes_that_still_stand_are_counted(storage):
    for name in ("a", "b", "c"):
        await made(storage, name, request=replace(WISH, parent=None if name == "a" else "a"))
    await storage.entries.delete("c", NOON)
    assert await storage.entries.count_remixes("a") == 1
