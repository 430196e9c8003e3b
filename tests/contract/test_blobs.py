"""What is promised of the rows that describe kept files."""

from __future__ import annotations

from tests.samples import NOON

NAME = "e" * 64


async def test_a_files_type_and_size_are_known(storage):
    await storage.blobs.add(NAME, "video/mp4", 5_000_000_000, NOON)
    assert await storage.blobs.get(NAME) == ("video/mp4", 5_000_000_000)


async def test_the_same_content_keeps_its_first_row(storage):
    await storage.blobs.add(NAME, "video/mp4", 10, NOON)
    await storage.blobs.add(NAME, "image/png", 11, NOON)
    assert await storage.blobs.get(NAME) == ("video/mp4", 10)


async def test_an_unknown_file_is_none(storage):
    assert await storage.blobs.get(NAME) is None


async def test_a_removed_file_is_forgotten_and_removing_again_is_silent(storage):
    await storage.blobs.add(NAME, "video/mp4", 10, NOON)
    await storage.blobs.remove(NAME)
    await storage.blobs.remove(NAME)
    assert await storage.blobs.get(NAME) is None
