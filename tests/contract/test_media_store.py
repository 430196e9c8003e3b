"""What every media store promises, and what the one on a disk promises besides."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys

import pytest

from bot.errors import DiskFull, NotFound, StorageError
from storage.media.store import Blobs

NOWHERE = "ab" + "0" * 62


class Records:
    """Blob records in memory, as the database keeps them."""

    def __init__(self):
        self.rows = {}

    async def add(self, name, mime, size, when):
        self.rows.setdefault(name, (mime, size, when))

    async def get(self, name):
        row = self.rows.get(name)
        return row and row[:2]

    async def remove(self, name):
        self.rows.pop(name, None)


@pytest.fixture
def records():
    return Records()


@pytest.fixture
def media(tmp_path, records, clock):
    return Blobs(tmp_path / "home", records, clock)


async def test_what_was_put_is_read_back_under_its_sha256(media):
    blob = await media.put_bytes(b"snow", "text/plain")

    assert blob == hashlib.sha256(b"snow").hexdigest()
    assert (await media.local(blob)).read_bytes() == b"snow"
    assert await media.mime(blob) == "text/plain"


async def test_a_file_is_kept_as_bytes_are(media, tmp_path):
    source = tmp_path / "clip.mp4"
    source.write_bytes(os.urandom(6_000_000))  # over the size at which object stores send in parts

    blob = await media.put(source, "video/mp4")

    assert (await media.local(blob)).read_bytes() == source.read_bytes()
    assert await media.put_bytes(source.read_bytes(), "video/mp4") == blob


async def test_an_empty_file_can_be_kept(media):
    blob = await media.put_bytes(b"", "text/plain")

    assert (await media.local(blob)).read_bytes() == b""


async def test_the_same_content_is_kept_once(media, records, tmp_path):
    first = await media.put_bytes(b"snow", "text/plain")
    second = await media.put_bytes(b"snow", "text/other")

    assert (first, await media.mime(second)) == (second, "text/plain")
    assert len([path for path in (tmp_path / "home" / "blobs").rglob("*") if path.is_file()]) == 1


async def test_the_same_content_may_be_put_many_times_at_once(media):
    names = await asyncio.gather(*(media.put_bytes(b"snow" * 50_000, "text/plain") for _ in range(8)))

    assert len(set(names)) == 1
    assert (await media.local(names[0])).stat().st_size == 200_000


@pytest.mark.parametrize("blob", [NOWHERE, "", "short", "../../../etc/passwd", NOWHERE.upper(), NOWHERE + "/x"])
async def test_an_unknown_name_is_not_found(media, blob):
    with pytest.raises(NotFound):
        await media.local(blob)


async def test_an_unknown_name_has_no_mime(media):
    assert await media.mime(NOWHERE) is None


async def test_a_deleted_blob_is_gone(media):
    blob = await media.put_bytes(b"snow", "text/plain")

    await media.delete(blob)

    assert await media.mime(blob) is None
    with pytest.raises(NotFound):
        await media.local(blob)


async def test_deleting_twice_is_silent(media):
    await media.delete(NOWHERE)
    await media.delete(NOWHERE)


async def test_a_deleted_blob_can_be_put_again(media):
    blob = await media.put_bytes(b"snow", "text/plain")
    await media.delete(blob)

    await media.put_bytes(b"snow", "text/new")

    assert await media.mime(blob) == "text/new"


async def test_a_job_s_scratch_folder_is_there_when_asked_for_and_stays(media):
    (media.scratch("j1") / "shot.mp4").write_bytes(b"x")

    assert (media.scratch("j1") / "shot.mp4").exists()


async def test_sweeping_one_job_leaves_the_others(media):
    for job in ("j1", "j2"):
        (media.scratch(job) / "deep").mkdir()

    await media.sweep("j1")

    assert list(media.scratch("j1").iterdir()) == []
    assert [path.name for path in media.scratch("j2").iterdir()] == ["deep"]


async def test_sweeping_what_was_never_there_is_silent(media):
    await media.sweep("j9")


@pytest.mark.parametrize("job", ["", "..", ".", "../blobs", "a/b"])
async def test_no_job_reaches_outside_its_folder(media, job):
    with pytest.raises(StorageError):
        media.scratch(job)
    with pytest.raises(StorageError):
        await media.sweep(job)


# ------------------------------------------------------------------------------------------------------- on a disk


async def test_blobs_survive_a_restart(media, tmp_path, records, clock):
    blob = await media.put_bytes(b"snow", "text/plain")

    again = Blobs(tmp_path / "home", records, clock)

    assert (await again.local(blob)).read_bytes() == b"snow"


async def test_its_records_live_in_the_database(opened, tmp_path, clock):
    async with opened() as storage:
        blob = await Blobs(tmp_path, storage.blobs, clock).put_bytes(b"snow", "text/plain")
    async with opened() as storage:
        assert await Blobs(tmp_path, storage.blobs, clock).mime(blob) == "text/plain"


async def test_a_blob_without_its_record_is_completed_by_the_next_put(media, tmp_path, records, clock):
    blob = await media.put_bytes(b"snow", "text/plain")
    records.rows.clear()  # as after a kill -9 between the two

    await media.put_bytes(b"snow", "text/plain")

    assert await media.mime(blob) == "text/plain"


async def test_a_file_damaged_to_another_length_is_written_again(media):
    blob = await media.put_bytes(b"snow", "text/plain")
    (await media.local(blob)).write_bytes(b"sn")

    await media.put_bytes(b"snow", "text/plain")

    assert (await media.local(blob)).read_bytes() == b"snow"


async def test_a_file_that_is_not_there_cannot_be_put(media, tmp_path):
    with pytest.raises(StorageError):
        await media.put(tmp_path / "missing.mp4", "video/mp4")


@pytest.fixture
def tiny(tmp_path):
    """A file system of 256 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a tiny disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no tiny disk here: {mounted.stderr.decode(errors='replace').strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


async def test_a_full_disk_is_called_by_its_name_and_keeps_nothing_half(tiny, records, clock):
    media = Blobs(tiny, records, clock)
    kept = await media.put_bytes(b"snow", "text/plain")

    with pytest.raises(DiskFull):
        await media.put_bytes(os.urandom(1_000_000), "video/mp4")

    assert set(records.rows) == {kept}
    assert [path.name for path in (tiny / "blobs").rglob("*") if path.is_file()] == [kept]
