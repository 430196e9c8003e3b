"""kill -9 at every single write of a job's life: started again, the job ends once, is paid once and posted once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AFTERWARDS = 4
"""Writes that look for the next job once this one is over; a life may end before them."""
DRIVER = Path(__file__).with_name("crash_driver.py")
PARTS = 8

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX systems kill -9 and fork")

Life = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def life() -> Iterator[Life]:
    """Lives one whole life over a folder, until the n-th write or to its end, and tells how it went."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(DRIVER)], text=True, cwd=ROOT, env=environment, **pipes) as driver:

        def lived(folder: Path, kill_at: int = 0) -> dict[str, Any]:
            driver.stdin.write(json.dumps([str(folder), kill_at]) + "\n")
            driver.stdin.flush()
            return json.loads(driver.stdout.readline())

        yield lived


def world(folder: Path) -> list[str]:
    return sorted(json.loads(line)[0] for line in (folder / "world.jsonl").read_text().splitlines())


@pytest.fixture(scope="module")
def writes(life, tmp_path_factory) -> int:
    """How many writes an undisturbed life has."""
    folder = tmp_path_factory.mktemp("calm")
    lived = life(folder)
    assert (lived["code"], world(folder)) == (0, ["card", "entry", "submit"]), lived
    return lived["writes"]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_job_killed_at_any_write_is_finished_once_by_the_next_life(tmp_path, life, writes, part) -> None:
    for at in range(1 + part, writes + 1, PARTS):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        killed = life(folder, at)
        burnt = killed["code"] == -signal.SIGKILL
        assert burnt or (killed["code"] == 0 and at > writes - AFTERWARDS), killed

        after = life(folder)

        assert (at, after.get("stage"), world(folder)) == (at, "done", ["card", "entry", "submit"]), after
