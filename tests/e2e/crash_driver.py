"""Lives of the product over a folder: each asks for a clip if none was asked for, works, and kills itself -9 at the
n-th write. Backend and chat live in files, as they do in the world: they remember what a dead process had already done.

    echo '["FOLDER", KILL_AT]' | python crash_driver.py        (0: live until the job is over)

A life for every line, each a process of its own, forked from this one because that has read all modules already, and
has made the tables; its answer is a line of JSON with the exit code, and what the life said of itself unless it was
killed.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.core import Core
from bot.model.backend import Absent, Order, RemoteRef
from bot.model.card import Card
from bot.model.command import Create
from bot.model.people import MessageRef, Place
from bot.pipeline.engine import Engine
from bot.pipeline.tools import Tools
from bot.settings import Limits
from bot.usecases.house import House
from storage import open_storage
from storage.clock import SystemClock
from storage.media.store import Blobs
from storage.runners.local import LocalRunner
from tests.databases import tables_in
from tests.fakes import COMMUNITY, FREE, PATIENCE, FakeBackend, FakePlatform, FakeReply, FakeSound, FakeVideo, asked


class Ledger:
    """What the world remembers: a line for each paid order and each message."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, kind: str, key: str) -> None:
        with self._path.open("a") as file:
            file.write(json.dumps([kind, key]) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def all(self, kind: str) -> list[str]:
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        return [key for found, key in map(json.loads, lines) if found == kind]


class PaidBackend(FakeBackend):
    """Each submit costs; a lost order may be found again by its key."""

    ledger: Ledger

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        self.ledger.add("submit", key)
        return await super().submit(order, key=key)

    async def find(self, key: str, since: Any) -> RemoteRef | Absent:
        return RemoteRef(self.name, key) if key in self.ledger.all("submit") else Absent.SURELY

    async def poll(self, ref: RemoteRef) -> Any:
        self.orders.setdefault(ref.id, None)  # type: ignore[arg-type]  # the order itself is not needed again
        return await super().poll(ref)


class Chat(FakePlatform):
    """Messages outlive the bot."""

    ledger: Ledger

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        return await self._once("card", place, key, again)

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: Any = None
    ) -> MessageRef:
        return await self._once("entry", place, key, again)

    async def edit(self, ref: MessageRef, card: Card) -> None:
        return None

    async def _once(self, kind: str, place: Place, key: str, again: bool) -> MessageRef:
        if not (again and key in self.ledger.all(kind)):
            self.ledger.add(kind, key)
        return MessageRef(place.community, place.channel, key)


class Fuse:
    """Counts writes and burns at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0

    def around(self, port: Any) -> Any:
        return _Fused(port, self)

    def tick(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


WRITES = {
    "add", "admit", "take", "advance", "card", "shot", "finished", "delivered", "begin", "done", "put", "submit",
    "post", "publish", "fetch",
}  # fmt: skip


class _Fused:
    """A port whose every write counts twice: once before it happens and once after."""

    def __init__(self, port: Any, fuse: Fuse) -> None:
        self._port = port
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._counted(found) if name in WRITES else found

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        async def counted(*given: Any, **named: Any) -> Any:
            self._fuse.tick()
            result = await call(*given, **named)
            self._fuse.tick()
            return result

        return counted


async def live(folder: Path, fuse: Fuse) -> str:
    ledger, clock = Ledger(folder / "world.jsonl"), SystemClock()
    backend, chat = PaidBackend(able=replace(FREE, free_resend=False)), Chat()
    backend.ledger = chat.ledger = ledger
    await tables_in(folder)
    async with open_storage(folder, "", clock) as stored:
        repos = replace(
            stored.repositories(fuse.around(Blobs(folder, stored.blobs, clock))),
            jobs=fuse.around(stored.jobs),
            postings=fuse.around(stored.postings),
        )
        tools = Tools(
            repos,
            {"fake": fuse.around(backend)},
            {"fake": fuse.around(chat)},
            FakeVideo(),
            FakeSound(),
            clock,
            patience=0.0,
        )
        engine = Engine(tools, LocalRunner())
        running = asyncio.create_task(engine.run())
        if not await stored.jobs.of_member(COMMUNITY, "ada", unfinished=False):
            core = Core(House(tools, engine, Limits(running_per_member=1, daily_per_member=5, waiting=5)))
            await core.handle(asked(Create("A fox on skis", sport="ski-jumping")), FakeReply())
        async with asyncio.timeout(PATIENCE):
            while not (job := (await stored.jobs.of_member(COMMUNITY, "ada", unfinished=False))[0]).over:
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return job.stage.value


def lived(folder: Path, kill_at: int) -> dict[str, Any]:
    """A whole life in a process of its own."""
    said = folder / "said.json"
    said.unlink(missing_ok=True)
    if (child := os.fork()) == 0:  # an error leaves through the bottom, with a traceback and exit code 1
        fuse = Fuse(kill_at)
        said.write_text(json.dumps({"stage": asyncio.run(live(folder, fuse)), "writes": fuse.count}))
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {"code": code, **(json.loads(said.read_text()) if said.exists() else {})}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(tables_in(Path(folder)))
    for line in sys.stdin:
        where, at = json.loads(line)
        print(json.dumps(lived(Path(where), at)), flush=True)
