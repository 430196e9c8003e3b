"""The animator as a backend: each order is a child process that draws, and dies with its order.

The child (`python -m backends.animatic`) is told its order on stdin and reports in JSON lines on stdout. Its stdin
stays open as long as we live: when this process is killed, the child sees the end of it and stops.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from backends import Kit
from backends.animatic.brief import brief_of
from backends.animatic.child import end
from bot import settings as configuration
from bot.errors import BackendError, RemoteFailed, RemoteLost, ResultExpired, disk_error
from bot.model.backend import (
    Absent,
    CancelOutcome,
    Capabilities,
    Health,
    Lengths,
    Mode,
    Order,
    RemoteRef,
    RemoteState,
    RemoteStatus,
)
from bot.model.provenance import Origin
from bot.model.request import HD, SD
from bot.ports import VideoTool

log = logging.getLogger(__name__)

NAME: Final = "animatic"
_ROOT: Final = Path(__file__).parents[2]
HELD: Final = 3600.0
"""Seconds for which an order without a film is still told of; then it is forgotten."""
_ENDED: Final = frozenset({RemoteState.SUCCEEDED, RemoteState.FAILED, RemoteState.CANCELLED, RemoteState.LOST})


def build(settings: configuration.Settings, kit: Kit) -> Animatic | None:
    """The animator, unless it is switched off."""
    return Animatic(settings.animatic, kit.video, kit.scratch / NAME) if settings.animatic.enabled else None


@dataclass(slots=True)
class _Run:
    """One order being drawn."""

    process: asyncio.subprocess.Process
    folder: Path
    status: RemoteStatus = field(default_factory=lambda: RemoteStatus(RemoteState.RUNNING))
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    reading: asyncio.Task[None] | None = None
    ended: float = math.inf
    """When its child was gone, by the loop's clock."""

    def say(self, status: RemoteStatus) -> None:
        self.status = status
        self.changed.set()

    @property
    def useless(self) -> bool:
        """Whether it ended and there is nothing to fetch."""
        return self.status.state in _ENDED - {RemoteState.SUCCEEDED}


class Animatic:
    """Draws with the processor of this machine; costs nothing, forgets everything when the process ends."""

    name = NAME

    def __init__(
        self, settings: configuration.Animatic, video: VideoTool, scratch: Path, *, held: float = HELD
    ) -> None:
        self._held = held
        self._settings = settings
        self._video = video
        self._scratch = scratch
        self._runs: dict[str, _Run] = {}

    async def capabilities(self) -> Capabilities:
        """Any length, both sizes, a picture, a sound; a free clip may always be drawn again."""
        any_length = Lengths(2, 30, step=0.5)
        return Capabilities(
            modes={Mode.TEXT: any_length, Mode.IMAGE: any_length},
            sizes=frozenset({HD, SD}),
            fps=self._settings.fps,
            native_audio=True,
            reads=False,
            audio_input=True,
            storyboards=True,
            images=1,
            progress="percent",
            previews=True,
            cancel="abort",
            resume="none",
            concurrency=self._settings.concurrency,
            typical_seconds=(10.0, 45.0),
            deadline=timedelta(seconds=self._settings.deadline),
            free_resend=True,
            origin=Origin.ALGORITHMIC,
            label="label.animatic",
        )

    async def health(self) -> Health:
        """Always there."""
        running = sum(run.status.state is RemoteState.RUNNING for run in self._runs.values())
        return Health(True, "doctor.animatic_ready", facts={"running": str(running), "price": "0"})

    async def validate(self, order: Order) -> None:
        """Everything the planner lets through can be drawn."""

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Start the child. Raises `RemoteFailed` when it cannot be started."""
        self._forget()
        if key not in self._runs:
            self._runs[key] = await self._start(order, key)
        return RemoteRef(NAME, key)

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        """An order lives in this process or not at all."""
        return RemoteRef(NAME, key) if key in self._runs else Absent.SURELY

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        """How far it is; lost when this process never started it."""
        run = self._runs.get(ref.id)
        return run.status if run else RemoteStatus(RemoteState.LOST, error=RemoteLost("started by an earlier process"))

    async def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        """Every change until the end."""
        while True:
            run = self._runs.get(ref.id)
            if run is not None:
                run.changed.clear()
            status = await self.poll(ref)
            yield status
            if run is None or status.state in _ENDED:
                return
            await run.changed.wait()

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Kill the child and everything it started; nobody will fetch what it made."""
        run = self._runs.get(ref.id)
        if run is None:
            await asyncio.to_thread(shutil.rmtree, self._scratch / ref.id, ignore_errors=True)
            return CancelOutcome.FORGOTTEN
        if run.status.state in _ENDED:
            del self._runs[ref.id]
            await self._stop(run)
            return CancelOutcome.ALREADY_DONE
        await self._stop(run)
        run.ended = asyncio.get_running_loop().time()
        run.say(RemoteStatus(RemoteState.CANCELLED))
        return CancelOutcome.STOPPED

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Move the film. Raises `ResultExpired` when it was already fetched, `StorageError` when it cannot be kept."""
        run = self._runs.get(ref.id)
        source = Path(status.result.get("path", ""))
        if run is None or not source.is_file():
            raise ResultExpired("the film is no longer in the animator's folder")
        try:
            await asyncio.to_thread(_move, source, into)
        except OSError as error:  # it stays here until there is room
            raise disk_error(error) from error
        self._runs.pop(ref.id, None)
        await asyncio.to_thread(shutil.rmtree, run.folder, ignore_errors=True)

    def _forget(self) -> None:
        """Orders that ended long ago without a film."""
        now = asyncio.get_running_loop().time()
        for key, run in list(self._runs.items()):
            if run.useless and now - run.ended >= self._held:
                del self._runs[key]

    async def aclose(self) -> None:
        """End every child."""
        await asyncio.gather(*(self._stop(run) for run in self._runs.values()))
        self._runs.clear()

    async def _start(self, order: Order, key: str) -> _Run:
        folder = self._scratch / key
        await asyncio.to_thread(_fresh, folder)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "backends.animatic",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                limit=2**20,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")])),
                },
            )
        except OSError as error:
            raise RemoteFailed(f"the animator could not be started: {error}") from error
        run = _Run(process, folder)
        run.reading = asyncio.create_task(self._read(run), name=f"animatic {key}")
        assert process.stdin is not None
        with suppress(ConnectionError):
            process.stdin.write(json.dumps(self._told(order, folder)).encode() + b"\n")
            await process.stdin.drain()
        return run

    def _told(self, order: Order, folder: Path) -> dict[str, Any]:
        sound, out = folder / "sound.wav", folder / "film.mp4"
        encode = self._video.encode_command(
            size=order.size, fps=order.fps, seconds=order.seconds, sound=sound, out=out, quick=order.storyboard
        )
        return {
            "brief": asdict(brief_of(order)),
            "encode": encode,
            "out": str(out),
            "sound": str(sound),
            "preview": str(folder / "preview.jpg"),
            "processes": self._settings.processes or os.cpu_count() or 1,
        }

    async def _read(self, run: _Run) -> None:
        """Turn the child's lines into statuses until it ends."""
        assert run.process.stdout is not None
        assert run.process.stderr is not None
        errors = asyncio.create_task(run.process.stderr.read())
        try:
            async for line in run.process.stdout:
                run.say(await self._status(run, line))
            code = await run.process.wait()
            said = (await errors).decode("utf-8", "replace")[-2000:]
            run.ended = asyncio.get_running_loop().time()
            run.say(_last(run, code, said))
            if run.useless:
                await asyncio.to_thread(shutil.rmtree, run.folder, ignore_errors=True)
        finally:
            errors.cancel()

    async def _status(self, run: _Run, line: bytes) -> RemoteStatus:
        try:
            news = json.loads(line)
        except ValueError:
            log.warning("the animator said something that is no news: %r", line[:200])
            return run.status
        match news.get("stage"):
            case "drawing":
                fraction = min(1.0, news["done"] / max(1, news["total"]))
                return replace(run.status, fraction=fraction)
            case "preview":
                return replace(run.status, preview=await asyncio.to_thread(_bytes, run.folder / "preview.jpg"))
            case "note":
                return replace(run.status, notes=(*run.status.notes, str(news["message"])))
            case "error":
                failed = RemoteFailed(str(news.get("message", ""))[:2000])
                return RemoteStatus(RemoteState.FAILED, error=failed)
            case _:
                return run.status

    async def _stop(self, run: _Run) -> None:
        """Kill the child's whole group; return when it is gone."""
        if run.reading is not None:
            run.reading.cancel()
            with suppress(asyncio.CancelledError):
                await run.reading
        await end(run.process)
        await asyncio.to_thread(shutil.rmtree, run.folder, ignore_errors=True)


def _last(run: _Run, code: int, said: str) -> RemoteStatus:
    """The status after the child has ended."""
    film = run.folder / "film.mp4"
    if run.status.state in _ENDED:
        return run.status
    if code == 0 and film.is_file():
        return replace(run.status, state=RemoteState.SUCCEEDED, fraction=1.0, result={"path": str(film)})
    error: BackendError = RemoteFailed(f"the animator ended with {code}: {said}")
    return RemoteStatus(RemoteState.FAILED, error=error)


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _move(source: Path, into: Path) -> None:
    into.parent.mkdir(parents=True, exist_ok=True)
    part = into.with_suffix(".part")
    shutil.move(source, part)
    part.replace(into)


def _bytes(path: Path) -> bytes | None:
    with suppress(OSError):
        return path.read_bytes()
    return None
