"""A bench for tests: the fake, a server in it, the platform under test, and a scripted core behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.model.card import Button, Card, CardKind, Choice, Progress, Video
from bot.model.command import Asked
from bot.model.contest import Happening
from bot.model.people import Community, Place
from bot.ports import Reply
from bot.settings import Discord
from handlers.discord import DiscordPlatform
from tests.fakediscord.server import TOKEN, FakeDiscord
from tests.fakediscord.world import Channel, Guild
from tests.fakes import PATIENCE, FakeMeter

Script = Callable[[Asked, Reply], Awaitable[None]]

SPORTS = {
    "ski-jumping": {"en": "Ski jumping", "ja": "スキージャンプ"},
    "curling": {"en": "Curling", "ja": "カーリング"},
}
CAMERAS = {"multi": {"en": "Several cameras", "ja": "複数のカメラ"}, "low": {"en": "Low", "ja": "ローアングル"}}


def completions(field: str, partial: str, language: str, community: Community | None = None) -> Sequence[Choice]:
    """Two sports and two cameras, in two languages."""
    table = {"sport": SPORTS, "camera": CAMERAS}.get(field, {})
    found = [Choice(value, labels.get(language, labels["en"])) for value, labels in table.items()]
    return [choice for choice in found if partial.lower() in choice.label.lower()]


class Core:
    """Says "yes" privately to everything, or what its script says, and remembers who asked what."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: Script = self._yes

    async def handle(self, asked: Asked, reply: Reply) -> None:
        self.asked.append(asked)
        await self.script(asked, reply)

    async def _yes(self, asked: Asked, reply: Reply) -> None:
        await reply.tell(Card(CardKind.NOTICE, f"yes {type(asked.command).__name__}"))


@dataclass
class Bench:
    """Everything a test needs at hand."""

    fake: FakeDiscord
    guild: Guild
    channel: Channel
    core: Core = field(default_factory=Core)
    platform: DiscordPlatform = field(init=False)
    running: asyncio.Task[None] | None = None
    heard: list[Happening] = field(default_factory=list)
    meter: FakeMeter = field(default_factory=FakeMeter)

    def __post_init__(self) -> None:
        self.platform = DiscordPlatform(self.settings(), completions, meter=self.meter)

    def settings(self, **given: object) -> Discord:
        told = {"token": TOKEN, "api": self.fake.api, "gateway": self.fake.gateway} | given
        return Discord.model_validate(told)

    @property
    def place(self) -> Place:
        return Place(Community("discord", str(self.guild.id)), str(self.channel.id))

    async def hear(self, happening: Happening) -> None:
        self.heard.append(happening)
        await self.fake.stir()

    async def told(self, kind: type[Happening], count: int = 1) -> list[Happening]:
        """Wait until so many happenings of a kind were heard."""
        return await self.fake.until(lambda: self._heard(kind, count))

    def _heard(self, kind: type[Happening], count: int) -> list[Happening] | None:
        found = [happening for happening in self.heard if isinstance(happening, kind)]
        return found if len(found) >= count else None

    async def ready(self) -> None:
        """Wait until the bot knows its servers; what comes later is news."""
        client = self.platform._client
        assert client is not None
        async with asyncio.timeout(30):
            await client.wait_until_ready()

    async def settle(self) -> None:
        """Wait until the bot has read everything it was told so far."""
        await (await self.fake.person(self.guild, "clock").slash(self.channel, "help")).answer()

    async def up(self) -> None:
        self.running = asyncio.create_task(self.platform.run(self.core.handle, self.hear))
        await self.fake.socket.connected()

    async def down(self) -> None:
        if self.running:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)

    async def restart(self) -> None:
        """A new process, as far as objects are concerned."""
        await self.down()
        self.platform = DiscordPlatform(self.settings(), completions)
        await self.up()


@asynccontextmanager
async def bench(*, tier: int = 0, locale: str = "en-US", start: bool = True) -> AsyncIterator[Bench]:
    """A running bench."""
    fake = await FakeDiscord(patience=PATIENCE).start()  # a slow machine must not decide a test
    guild = fake.guild(tier=tier, locale=locale)
    made = Bench(fake, guild, guild.channel("general"))
    try:
        if start:
            await made.up()
        yield made
    finally:
        await made.down()
        await fake.stop()


def job_card(fraction: float | None = 0.3, words: str = "drawing") -> Card:
    stop = Button("cancel:job1", "Stop")
    return Card(CardKind.JOB, "On it", quote="a fox jumps", progress=Progress(fraction, words), buttons=(stop,))


def entry_card(folder: Path, *, size: int = 2000, mention: str | None = None, entry: str = "entry1") -> Card:
    clip, poster = folder / "clip.mp4", folder / "poster.jpg"
    clip.write_bytes(b"v" * size)
    poster.write_bytes(b"p")
    video = Video(clip, "fox jump ❄.mp4", "a fox jumps", poster, 15.0, 1280, 720, size)
    remix = Button(f"remix:{entry}", "Remix", "🔁")
    return Card(CardKind.ENTRY, "Fox", video=video, mention=mention, buttons=(remix,), subject=entry)
