"""One process for each data folder, and no folder barred for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from bot.errors import DataInUse, DataUnwritable
from storage.lock import hold

HOLD = """
import sys
from pathlib import Path
from storage.lock import hold

with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(home):
    """Another process that holds the folder until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout.readline() == b"held\n"
            yield process
        finally:
            process.kill()


def test_a_missing_folder_is_made(tmp_path):
    with hold(tmp_path / "new" / "folder"):
        assert (tmp_path / "new" / "folder").is_dir()


def test_a_second_process_is_refused_and_told_who_holds_it(tmp_path):
    with holder(tmp_path) as other, pytest.raises(DataInUse) as caught, hold(tmp_path):
        pass
    assert caught.value.facts == {"folder": str(tmp_path), "pid": str(other.pid)}


def test_one_process_cannot_hold_it_twice(tmp_path):
    with hold(tmp_path), pytest.raises(DataInUse), hold(tmp_path):
        pass


def test_a_killed_holder_bars_nobody(tmp_path):
    with holder(tmp_path) as other:
        other.kill()
        other.wait()
    with hold(tmp_path):
        assert (tmp_path / "olympic.pid").read_text() == f"{os.getpid()}\n"


def test_a_folder_is_free_again_after_the_block(tmp_path):
    with hold(tmp_path):
        pass
    with hold(tmp_path):
        assert (tmp_path / "olympic.lock").exists()


def test_being_refused_does_not_free_the_folder(tmp_path):
    with holder(tmp_path):
        for _ in range(2):
            with pytest.raises(DataInUse), hold(tmp_path):
                pass


def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataUnwritable) as caught, hold(tmp_path / "file" / "home"):
        pass
    assert caught.value.facts == {"folder": str(tmp_path / "file" / "home"), "why": "Not a directory"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permission bits do not bind the administrator")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DataUnwritable), hold(tmp_path):
        pass
    tmp_path.chmod(0o700)
