"""How a child process ends, and what it leaves."""

import asyncio
import gc
import sys
from asyncio.subprocess import PIPE

import pytest

from backends.animatic.child import end

HELD = """
import os, time
if os.fork():
    print("ready", flush=True)
    time.sleep(100)
os.setsid()  # out of the killed group: it dies later than the child, as a process in the midst of a write may
time.sleep(1)
"""


async def child(code: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def ended(code: str) -> asyncio.subprocess.Process:
    process = await child(code)
    process.kill()
    async with asyncio.timeout(30):
        while process.returncode is None:
            await asyncio.sleep(0.01)
        await end(process)
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_loop_that_closes_after_a_child_was_ended_has_nothing_of_it_left_to_close(monkeypatch) -> None:
    complaints: list[BaseException | None] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: complaints.append(told.exc_value))

    process = asyncio.run(ended(HELD))
    del process  # it outlived the loop, as a backend's does at Ctrl-C
    gc.collect()

    assert complaints == []
