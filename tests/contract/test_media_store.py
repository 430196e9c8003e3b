"""What every media store promises, and what the one on a disk and the one in a bucket promise besides.

The bucket is our own small S3; a real one where OLYMPIC_TEST_S3 names an empty bucket (http://id:secret@host:port/bucket).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from bot.errors import DiskFull, NotFound, StorageError
from bot.settings import Media
from storage.media.bucket import Bucket, examine
from storage.media.cache import Cache
from storage.media.store import Blobs
from tests.servers.s3 import BUCKET, KEY, REGION, SECRET, FakeS3

REAL = os.environ.get("OLYMPIC_TEST_S3", "")
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
def folder(tmp_path, records, clock):
    return Blobs(tmp_path / "home", records, clock)


@pytest.fixture
async def s3():
    async with FakeS3() as server:
        yield server


@pytest.fixture
def given(s3):
    """Settings of the bucket under test."""
    if not REAL:
        return Media(
            url=f"s3://{BUCKET}/clips", endpoint=s3.url, region=REGION, key_id=KEY, secret_key=SECRET, cache=64
        )
    parts = urlsplit(REAL)
    return Media(
        url=f"s3:/{parts.path}",
        endpoint=f"{parts.scheme}://{parts.hostname}:{parts.port}",
        key_id=parts.username,
        secret_key=parts.password,
    )


@pytest.fixture
def bucket(tmp_path, records, clock, given):
    return Bucket(tmp_path / "home", given, records, clock)


@pytest.fixture(params=["folder", "bucket"])
def media(request):
    return request.getfixturevalue(request.param)


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


async def test_the_same_content_is_kept_once(media):
    first = await media.put_bytes(b"snow", "text/plain")
    second = await media.put_bytes(b"snow", "text/other")

    assert (first, await media.mime(second)) == (second, "text/plain")


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


async def test_one_file_is_one_file_however_often_it_is_put(folder, tmp_path):
    await folder.put_bytes(b"snow", "text/plain")
    await folder.put_bytes(b"snow", "text/plain")

    assert len([path for path in (tmp_path / "home" / "blobs").rglob("*") if path.is_file()]) == 1


async def test_blobs_survive_a_restart(folder, tmp_path, records, clock):
    blob = await folder.put_bytes(b"snow", "text/plain")

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


async def test_a_file_damaged_to_another_length_is_written_again(folder):
    blob = await folder.put_bytes(b"snow", "text/plain")
    (await folder.local(blob)).write_bytes(b"sn")

    await folder.put_bytes(b"snow", "text/plain")

    assert (await folder.local(blob)).read_bytes() == b"snow"


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


# ------------------------------------------------------------------------------------------------------- in a bucket


def elsewhere(tmp_path, records, clock, given):
    """Another machine with the same settings."""
    return Bucket(tmp_path / "elsewhere", given, records, clock)


async def test_what_one_machine_put_another_reads(bucket, tmp_path, records, clock, given):
    blob = await bucket.put_bytes(os.urandom(7_000_000), "video/mp4")

    there = await elsewhere(tmp_path, records, clock, given).local(blob)

    assert there.read_bytes() == (await bucket.local(blob)).read_bytes()


async def test_objects_lie_under_the_prefix(bucket, s3):
    if REAL:
        pytest.skip("only our own S3 can be looked into")
    blob = await bucket.put_bytes(b"snow", "text/plain")

    assert s3.objects == {f"clips/{blob[:2]}/{blob}": b"snow"}


async def test_a_copy_is_fetched_once_however_many_ask(bucket, tmp_path, records, clock, given, s3):
    blob = await bucket.put_bytes(b"snow", "text/plain")
    there = elsewhere(tmp_path, records, clock, given)

    await asyncio.gather(*(there.local(blob) for _ in range(8)))

    assert REAL or [method for method, *_ in s3.asked].count("GET") == 1


async def test_what_was_just_put_is_not_fetched(bucket, s3):
    await bucket.local(await bucket.put_bytes(b"snow", "text/plain"))

    assert "GET" not in [method for method, *_ in s3.asked]


async def test_what_is_put_twice_is_sent_once(bucket, s3):
    await bucket.put_bytes(b"snow", "text/plain")
    await bucket.put_bytes(b"snow", "text/plain")

    assert REAL or [method for method, *_ in s3.asked].count("PUT") == 1


async def test_something_else_under_the_name_is_not_shown(bucket, tmp_path, records, clock, given, s3):
    if REAL:
        pytest.skip("only our own S3 can be made to lie")
    blob = await bucket.put_bytes(b"snow", "text/plain")
    s3.objects[f"clips/{blob[:2]}/{blob}"] = b"rain"
    there = elsewhere(tmp_path, records, clock, given)

    with pytest.raises(StorageError):
        await there.local(blob)

    assert [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()] == []


async def test_a_wrong_key_is_a_storage_error_and_leaves_no_record(tmp_path, records, clock, given):
    wrong = Bucket(tmp_path / "home", given.model_copy(update={"region": "eu-other-1"}), records, clock)
    if REAL:
        pytest.skip("a real store may not mind the region")

    with pytest.raises(StorageError):
        await wrong.put_bytes(b"snow", "text/plain")

    assert records.rows == {}


async def test_the_doctor_s_look_leaves_nothing_behind(given, s3):
    await examine(given)

    assert s3.objects == {}


async def test_the_doctor_says_that_a_wrong_key_does_not_work(given):
    if REAL:
        pytest.skip("a real store may not mind the region")

    with pytest.raises(StorageError):
        await examine(given.model_copy(update={"region": "eu-other-1"}))


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache", room=100)


async def fetched(cache, key, size=60, *, age=0.0):
    async def fetch(into):
        into.write_bytes(b"x" * size)

    path = await cache.get(key, fetch)
    os.utime(path, (time.time() - age,) * 2)
    return path


async def test_the_longest_unused_copy_goes_when_room_is_short(cache):
    old = await fetched(cache, "aa/old", 40, age=9000)
    older = await fetched(cache, "aa/older", 40, age=90_000)

    await fetched(cache, "aa/new", 40)

    assert (older.exists(), old.exists()) == (False, True)


async def test_a_copy_in_use_stays_however_little_room_there_is(cache):
    first = await fetched(cache, "aa/first")

    await fetched(cache, "aa/second")

    assert first.exists()


async def test_a_copy_is_used_again_and_so_becomes_young(cache):
    path = await fetched(cache, "aa/old", age=9000)

    await fetched(cache, "aa/old", age=0)
    await fetched(cache, "aa/new")

    assert path.exists()


async def test_what_a_killed_process_left_half_written_goes(cache, tmp_path):
    half = tmp_path / "cache" / "aa" / ".old.1234.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"x")
    os.utime(half, (time.time() - 9000,) * 2)

    await fetched(cache, "aa/new", 10)

    assert not half.exists()


async def test_a_fetch_that_fails_leaves_nothing(cache, tmp_path):
    async def fetch(into):
        into.write_bytes(b"half")
        raise StorageError("cut")

    with pytest.raises(StorageError):
        await cache.get("aa/x", fetch)

    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []
