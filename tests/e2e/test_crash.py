"""kill -9 at every single write of a job's life: started again, the job ends once, is paid once and posted once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AFTERWARDS = 4
"""Writes that look for the next job once this one is over; a life may end before them."""
DRIVER = Path(__file__).with_name("crash_driver.py")


def life(folder: Path, kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DRIVER), str(folder), str(kill_at)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )


def world(folder: Path) -> list[str]:
    return sorted(json.loads(line)[0] for line in (folder / "world.jsonl").read_text().splitlines())


@pytest.fixture(scope="module")
def writes(tmp_path_factory) -> int:
    """How many writes an undisturbed life has."""
    folder = tmp_path_factory.mktemp("calm")
    lived = life(folder)
    assert world(folder) == ["card", "entry", "submit"], lived.stderr
    return json.loads(lived.stdout)["writes"]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_a_job_killed_at_any_write_is_finished_once_by_the_next_life(tmp_path, writes, part) -> None:
    for at in range(1 + part, writes + 1, 4):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        killed = life(folder, at)
        burnt = killed.returncode == -signal.SIGKILL
        assert burnt or (killed.returncode == 0 and at > writes - AFTERWARDS), killed.stderr

        after = life(folder)

        assert (at, json.loads(after.stdout or "{}").get("stage"), world(folder)) == (
            at,
            "done",
            ["card", "entry", "submit"],
        ), after.stderr
