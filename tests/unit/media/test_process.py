"""Programs die with their task, and their errors get our names."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from bot.errors import DiskFull, ResultInvalid, StorageError
from storage.media.disk import finishing
from storage.media.graph import program
from storage.media.process import output, run, talk
from tests.fakes import PATIENCE

ENDLESS = [program(), "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=24", "-c:v", "libx264", "-y"]


def running(folder):
    """Command lines of all processes that name this test's folder, besides our own."""
    found = [file.read_bytes() for file in _commands() if file.parent.name != str(os.getpid())]
    return [line for line in found if str(folder).encode() in line]


def _commands():
    return [path for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]


async def test_cancelling_kills_ffmpeg_and_leaves_no_file(tmp_path):
    begun = asyncio.Event()

    async def work():
        with finishing(tmp_path / "out.mp4") as part:
            await run([*ENDLESS, str(part)], seconds_limit=60, total=1000, progress=lambda _: begun.set())

    task = asyncio.create_task(work())
    await asyncio.wait_for(begun.wait(), PATIENCE)
    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert (running(tmp_path), list(tmp_path.iterdir())) == ([], [])


async def test_a_job_over_its_time_is_killed_and_leaves_no_file(tmp_path):
    with pytest.raises(StorageError, match="longer than"), finishing(tmp_path / "out.mp4") as part:
        await run([*ENDLESS, str(part)], seconds_limit=0.5)

    assert (running(tmp_path), list(tmp_path.iterdir())) == ([], [])


async def test_an_error_in_progress_kills_ffmpeg_too(tmp_path):
    def stumble(_):
        raise RuntimeError("nobody listens any more")

    with pytest.raises(RuntimeError, match="nobody listens"):
        await run([*ENDLESS, str(tmp_path / "out.mp4")], seconds_limit=60, total=1000, progress=stumble)

    assert running(tmp_path) == []


async def test_a_program_that_is_still_answering_is_killed_on_cancel():
    flood = [sys.executable, "-c", "import sys\nwhile True: sys.stdout.write('x' * 65536)"]
    task = asyncio.create_task(talk(flood, b"", seconds_limit=60, env={}))
    await asyncio.sleep(0.3)

    task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE)

    assert task in done


async def test_what_ffmpeg_refuses_is_an_invalid_result_with_its_words(tmp_path):
    with pytest.raises(ResultInvalid, match="No such file"):
        await run([program(), "-i", str(tmp_path / "missing.mp4"), "-f", "null", "-"], seconds_limit=30)


async def test_a_missing_program_is_a_storage_error():
    with pytest.raises(StorageError, match="cannot be started"):
        await run(["/nowhere/ffmpeg"], seconds_limit=5)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_a_full_disk_is_called_by_its_name():
    argv = [program(), "-f", "lavfi", "-i", "testsrc2=d=5", "-y", "-f", "rawvideo", "/dev/full"]

    with pytest.raises(DiskFull):
        await run(argv, seconds_limit=30)


async def test_a_failing_program_is_not_mistaken_for_its_output():
    with pytest.raises(StorageError):
        await output([program(), "-no-such-option"])


async def test_a_result_takes_its_name_only_when_it_is_whole(tmp_path):
    out = tmp_path / "deep" / "a.txt"

    with finishing(out) as part:
        part.write_text("whole")
        assert not out.exists()

    assert [path.name for path in out.parent.iterdir()] == ["a.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the orphan in /proc")
def test_after_a_kill_of_the_parent_only_a_temporary_name_is_left(tmp_path):
    script = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from storage.media.disk import finishing
        from storage.media.process import run

        async def main():
            with finishing(Path({str(tmp_path)!r}) / "out.mkv") as part:
                argv = [*{ENDLESS!r}, "-t", "2", str(part)]
                await run(argv, seconds_limit=60, total=1, progress=lambda _: print("begun", flush=True))

        asyncio.run(main())
    """)
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        parent.stdout.readline()
        parent.send_signal(signal.SIGKILL)
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    wait_until(lambda: not running(tmp_path))

    assert not (tmp_path / "out.mkv").exists()
    assert all(path.name.startswith(".out.") for path in tmp_path.iterdir())


def wait_until(holds, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.1)
