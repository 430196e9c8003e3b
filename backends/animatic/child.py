"""The end of a child process and of everything it started."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from asyncio.subprocess import Process

LAST_WORDS: Final = 10.0
"""Seconds for which the pipes of a killed child are read: they end when the last process that holds them has died."""


async def end(process: Process) -> None:
    """Kill a child that leads its own group, and the group; return when it is gone and its pipes are closed.

    The exit is told before the pipes end. Left to themselves they would be closed with the loop, which complains on
    the member's terminal when it is closed first.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    if process.stdin is not None:
        process.stdin.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_WORDS):
            await process.communicate()
    await process.wait()
