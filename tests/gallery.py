"""A studio to look at without the real core: a core that follows a script, a log in memory, and a way in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

import httpx

from bot.completion import completions
from bot.model.card import Button, ButtonStyle, Card, CardKind, Field, FieldKind, Form, Picture, Progress, Tone, Video
from bot.model.command import Asked, Cancel, Compose, Create, Delete, Help, Remix
from bot.model.contest import Happening
from bot.model.people import MessageRef
from bot.ports import Logged, Reply
from bot.settings import Studio as StudioSettings
from handlers.web.platform import Studio
from storage.media.store import Blobs
from tests.fakes import FakeClock

TOKEN = "open-sesame"
HOME = "http://127.0.0.1:8026"


class MemoryLog:
    """Satisfies `bot.ports.Log`; hand it, and what it knows of `files`, to a second studio to restart."""

    def __init__(self) -> None:
        self.messages: dict[str, Logged] = {}
        self.writes = 0
        self.files = MemoryRecords()
        self._numbers = count(1)

    async def add(self, key: str, channel: str, body: str, when: datetime) -> str:
        if found := await self.find(key):
            return found.id
        self.writes += 1
        name = str(next(self._numbers))
        self.messages[name] = Logged(name, key, channel, body, when)
        return name

    async def change(self, message_id: str, body: str) -> bool:
        if message_id not in self.messages:
            return False
        self.writes += 1
        old = self.messages[message_id]
        self.messages[message_id] = Logged(old.id, old.key, old.channel, body, old.created)
        return True

    async def remove(self, message_id: str) -> None:
        self.messages.pop(message_id, None)

    async def find(self, key: str) -> Logged | None:
        return next((message for message in self.messages.values() if message.key == key), None)

    async def get(self, message_id: str) -> Logged | None:
        return self.messages.get(message_id)

    async def latest(self, channel: str, most: int = 100) -> list[Logged]:
        return [message for message in self.messages.values() if message.channel == channel][-most:]


class MemoryRecords:
    """Satisfies `storage.media.store.Records`."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, int]] = {}

    async def add(self, name: str, mime: str, size: int, when: datetime) -> None:
        self.known.setdefault(name, (mime, size))

    async def get(self, name: str) -> tuple[str, int] | None:
        return self.known.get(name)

    async def remove(self, name: str) -> None:
        self.known.pop(name, None)


def store(home: Path, records: MemoryRecords | None = None) -> Blobs:
    """The product's own media store, in a folder of the test's."""
    return Blobs(home, records or MemoryRecords(), FakeClock())


@dataclass
class ScriptedCore:
    """Answers a few commands the way the product does, at the moment the test says."""

    asked: list[Asked] = field(default_factory=list)
    heard: list[Happening] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    studio: Studio | None = None
    cards: dict[str, MessageRef] = field(default_factory=dict)

    async def handle(self, asked: Asked, reply: Reply) -> None:
        self.asked.append(asked)
        self.replies.append(reply)
        match asked.command:
            case Create(prompt=""):
                await reply.tell(Card(CardKind.NOTICE, "Not this time", ("Write a sentence.",), tone=Tone.BAD))
            case Create() as wish:
                await self._create(asked, wish, reply)
            case Compose() | Remix():
                await reply.ask(form())
            case Help():
                await reply.tell(Card(CardKind.HELP, "How it works", ("**/olympic create** makes a film",)))
            case Cancel(job):
                await self.studio.edit(self.cards[job], Card(CardKind.JOB, "Cancelled", quote="stopped", subject=job))
            case Delete(entry, sure=False):
                sure = Button(f"delete-sure:{entry}", "Yes, delete", style=ButtonStyle.DANGER)
                await reply.tell(Card(CardKind.CHOICE, "Delete it for good?", buttons=(sure,)))
            case Delete(entry):
                await self.studio.delete(self.cards[entry])
            case other:
                await reply.tell(Card(CardKind.NOTICE, "", (f"heard {type(other).__name__}",)))

    async def hear(self, what: Happening) -> None:
        self.heard.append(what)

    async def _create(self, asked: Asked, wish: Create, reply: Reply) -> None:
        job = f"j{len(self.cards) + 1}"
        self.cards[job] = await self.studio.post(asked.place, job_card(job, wish.prompt, 0.0), key=f"card:{job}")
        lines = ("**Ski jumping**, ready in about a minute.",)
        await reply.tell(Card(CardKind.NOTICE, "", lines, tone=Tone.GOOD, subject=job))

    async def draw(self, job: str, fraction: float, preview: bytes = b"", sentence: str = "A fox flies") -> None:
        await self.studio.edit(self.cards[job], job_card(job, sentence, fraction, preview))

    async def finish(self, job: str, clip: Path, poster: Path, sentence: str = "A fox flies") -> None:
        blob = await self.studio._media.put_bytes(clip.read_bytes(), "video/mp4")
        card = entry_card(job, sentence, clip, poster, blob)
        ref = self.cards[job]
        place = self.asked[-1].place
        self.cards[job] = await self.studio.publish(place, card, key=f"entry:{job}", instead_of=ref)


def job_card(job: str, sentence: str, fraction: float | None, preview: bytes = b"") -> Card:
    percent = "" if fraction is None else f"{round(fraction * 100)} % · "
    return Card(
        CardKind.JOB,
        "🦅 Ski jumping · Drawing" if fraction else "🦅 Ski jumping · Waiting",
        quote=sentence,
        small="for Member 1 · Manga",
        progress=Progress(fraction, f"{percent}20–40 s left"),
        picture=Picture("p.jpg", "A first look", preview) if preview else None,
        buttons=(Button(f"cancel:{job}", "Cancel", "✖️", ButtonStyle.DANGER),),
        subject=job,
    )


def entry_card(job: str, sentence: str, clip: Path, poster: Path, blob: str = "") -> Card:
    return Card(
        CardKind.ENTRY,
        "🦅 Ski jumping",
        lines=("by **Member 1**",),
        quote=sentence,
        small="Manga · seed 42 · animatic",
        tone=Tone.GOOD,
        video=Video(clip, "ski-jumping.mp4", f"A film: {sentence}", poster, 15.0, 1280, 720, 10, blob),
        buttons=(
            Button(f"remix:{job}", "Remix", "🎬", ButtonStyle.MAIN),
            Button(f"again:{job}", "Again", "🎲"),
            Button(f"delete:{job}", "Delete", "🗑️"),
        ),
        mention="member-1",
        subject=job,
    )


def form() -> Form:
    return Form(
        "create:e1",
        "Remix",
        "Make the film",
        (
            Field("prompt", "Sentence", FieldKind.LONG_TEXT, value="A fox flies", required=True, hint="One is enough."),
            Field("image", "Picture", FieldKind.FILE),
        ),
    )


@dataclass
class Gallery:
    """An open studio: its platform, core, log, files, and a browser that is already inside."""

    studio: Studio
    core: ScriptedCore
    log: MemoryLog
    media: Blobs
    app: Callable[..., object]
    browser: httpx.AsyncClient

    def stranger(self, base: str = HOME) -> httpx.AsyncClient:
        """A browser that has never been here."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=base)


def studio(home: Path, log: MemoryLog, *, port: int = 0, on_ready: Callable[[str], None] = print) -> Studio:
    return Studio(
        StudioSettings(port=port, token=TOKEN),
        log=log,
        media=store(home, log.files),
        clock=FakeClock(),
        completions=completions(["animatic"]),
        language="en",
        on_ready=on_ready,
        hall="https://hall.example.org",
    )


@asynccontextmanager
async def gallery(home: Path, log: MemoryLog | None = None) -> AsyncIterator[Gallery]:
    log = log or MemoryLog()
    core = ScriptedCore()
    core.studio = studio(home, log)
    async with core.studio.serving(core.handle, core.hear) as app:
        headers = {"origin": HOME, "sec-fetch-site": "same-origin"}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=headers) as browser:
            await browser.get("/", params={"token": TOKEN})
            yield Gallery(core.studio, core, log, core.studio._media, app, browser)
