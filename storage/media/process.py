"""Other programs, run so that none outlives its task.

SIGKILL, not SIGTERM: on SIGTERM ffmpeg takes seconds to flush its encoder and leaves a short file that looks finished.
When this process itself is killed -9, an ffmpeg that reads files goes on: it writes to a temporary name nobody will
look at, and `-timelimit` ends it; one that reads our pipe ends at once.
"""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from bot.errors import DiskFull, OlympicError, ResultInvalid, StorageError
from storage.media.disk import tells_full

TAIL: Final = 8 * 1024
"""Bytes of stderr kept for the error's detail."""

_REPORT: Final = ("-hide_banner", "-nostdin", "-nostats", "-progress", "pipe:1", "-stats_period", "0.25")


async def run(
    argv: Sequence[str],
    *,
    seconds_limit: float,
    total: float | None = None,
    progress: Callable[[float], None] | None = None,
    keep: int = TAIL,
) -> str:
    """Run ffmpeg and return the last `keep` bytes of what it said.

    `argv[0]` is the program. `progress` hears fractions 0…1 of `total` seconds of output. Raises `DiskFull`,
    `ResultInvalid` when ffmpeg refused its input, `StorageError` when it could not run or took over `seconds_limit`.
    """
    limit = max(1, round(seconds_limit * (os.cpu_count() or 1)))  # in CPU seconds, which run on every core
    command = [argv[0], *_REPORT, "-timelimit", str(limit), *argv[1:]]
    async with _child(command, seconds_limit, stdin=DEVNULL) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        hearing = asyncio.create_task(_tail(process.stderr, keep))
        try:
            await _follow(process.stdout, total, progress)
            said = (await hearing).decode(errors="replace")
            code = await process.wait()
        finally:
            await _stop(hearing)
    if code:
        raise _failure(code, said)
    return said


async def talk(
    argv: Sequence[str], data: bytes, *, seconds_limit: float, env: Mapping[str, str]
) -> tuple[int, bytes, str]:
    """Give a program `data` on stdin; returns its exit code, stdout and the tail of stderr.

    Raises `TimeoutError` over `seconds_limit` and `StorageError` when it could not be started.
    """
    async with _child(argv, seconds_limit, stdin=PIPE, env=env, slow=TimeoutError) as process:
        out, said = await process.communicate(data)
        return await process.wait(), out, said[-TAIL:].decode(errors="replace")


async def output(argv: Sequence[str], *, seconds_limit: float = 20.0) -> str:
    """What a program prints. Raises `StorageError` when it fails."""
    async with _child(argv, seconds_limit, stdin=DEVNULL) as process:
        out, said = await process.communicate()
    if process.returncode:
        raise StorageError(f"{argv[0]} ended with {process.returncode}: {said[-TAIL:].decode(errors='replace')}")
    return out.decode(errors="replace")


@asynccontextmanager
async def _child(
    argv: Sequence[str],
    seconds_limit: float,
    *,
    stdin: int,
    env: Mapping[str, str] | None = None,
    slow: type[Exception] = StorageError,
) -> AsyncGenerator[Process]:
    try:
        process = await asyncio.create_subprocess_exec(*argv, stdin=stdin, stdout=PIPE, stderr=PIPE, env=env)
    except OSError as error:
        raise StorageError(f"{argv[0]} cannot be started: {error}") from error
    clock = asyncio.timeout(seconds_limit)
    try:
        async with clock:
            yield process
    except TimeoutError as error:
        if not clock.expired():
            raise
        raise slow(f"{argv[0]} took longer than {seconds_limit:g} s") from error
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    # Also of a process that has ended already: its pipes may still be open, and a reader paused on a full one would
    # keep `wait` waiting.
    await process.communicate()


async def _stop(task: asyncio.Task[bytes]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def _follow(stdout: asyncio.StreamReader, total: float | None, progress: Callable[[float], None] | None) -> None:
    async for line in stdout:
        fraction = _fraction(line.decode(errors="replace").strip(), total)
        if progress and fraction is not None:
            progress(fraction)


def _fraction(line: str, total: float | None) -> float | None:
    name, _, value = line.partition("=")
    if line == "progress=end":
        return 1.0
    # N/A can occur; so can a negative time before the first frame
    if total and name == "out_time_us" and value.isdigit():
        return min(1.0, int(value) / 1e6 / total)
    return None


async def _tail(stderr: asyncio.StreamReader, keep: int) -> bytes:
    kept = b""
    while chunk := await stderr.read(65536):
        kept = (kept + chunk)[-keep:]
    return kept


def _failure(code: int, said: str) -> OlympicError:
    if tells_full(said):
        return DiskFull(said)
    if code < 0:
        return StorageError(f"ffmpeg was killed by signal {-code}: {said}")
    return ResultInvalid(f"ffmpeg ended with {code}: {said}")
