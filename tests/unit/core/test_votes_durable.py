"""A vote that was acknowledged is there after kill -9."""

from __future__ import annotations

import signal
import subprocess
import sys

from storage import open_storage
from tests.fakes import FakeClock

VOTED = """
import asyncio, os, signal, sys
from pathlib import Path
from storage import open_storage
from storage.media.store import Blobs
from tests.fakes import FakeClock
from tests.hanging import hang, press
from tests.unit.conftest import World

async def main():
    home, clock = Path(sys.argv[1]), FakeClock()
    async with open_storage(home, "", clock) as stored:
        world = World(stored, clock, Blobs(home, stored.blobs, clock))
        ref = await hang(world)
        async with asyncio.TaskGroup() as tasks:
            for number in range(50):
                tasks.create_task(press(world, ref, f"m{number}"))
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_acknowledged_votes_survive_kill_9(tmp_path):
    done = subprocess.run([sys.executable, "-c", VOTED, str(tmp_path)], timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    async with open_storage(tmp_path, "", FakeClock()) as stored:
        assert (await stored.votes.tally(["a"]))["a"].votes == 50
