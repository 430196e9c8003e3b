"""The studio as a platform: the product in a browser of this machine, with no account anywhere."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp

from bot.completion import Completions
from bot.errors import PlatformBusy, StorageError
from bot.model.card import Card
from bot.model.people import MessageRef, Place
from bot.ports import Clock, Handle, Hear, Log, MediaStore, Meter, Traits, Unmetered, deaf
from bot.settings import Studio as StudioSettings
from handlers.plain import Plain
from handlers.serving import address, bind, serve
from handlers.web import people
from handlers.web.desk import Desk
from handlers.web.feed import Feed
from handlers.web.guard import Guard
from handlers.web.mailbox import Mailbox
from handlers.web.render import Pages
from handlers.web.site import Site
from handlers.web.wall import Wall

TRAITS: Final = Traits(longest_text=20_000, upload_limit=1024**3, edit_seconds=0.2, forms=True, tells_language=True)
_DOOR: Final = "studio door"


class Studio(Plain):
    """The platform named "studio".

    `language` is spoken where the browser prefers none of ours. `on_ready` is called with the address to open, token
    included, when the first page can be served. Without a token in the settings every run has a new one.
    """

    def __init__(
        self,
        settings: StudioSettings,
        *,
        log: Log,
        media: MediaStore,
        clock: Clock,
        completions: Completions,
        language: str,
        on_ready: Callable[[str], None],
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
        self._serving = False
        self._settings = settings
        self._token = settings.token.get_secret_value() if settings.token else secrets.token_urlsafe(24)
        self._log = log
        self._media = media
        self._clock = clock
        self._completions = completions
        self._language = language
        self._on_ready = on_ready
        self._feed = Feed()
        self._wall = Wall(log, media, clock, self._feed)
        self._mailbox = Mailbox(self._feed)

    @property
    def name(self) -> str:
        """As in `Community.platform`."""
        return people.NAME

    @property
    def traits(self) -> Traits:
        """Its differences."""
        return TRAITS

    @property
    def connected(self) -> bool:
        """Whether pages are served."""
        return self._serving

    @property
    def token(self) -> str:
        """What opens the door."""
        return self._token

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Serve until cancelled. Raises `SetupError` when the address cannot be had."""
        listening = bind(self._settings.host, self._settings.port)
        url = f"{address(listening)}/?token={self._token}"
        with listening:
            async with self.serving(handle) as app:
                try:
                    await serve(app, listening, ready=lambda: self._ready(url), close=self._feed.close)
                finally:
                    self._serving = False

    def _ready(self, url: str) -> None:
        self._serving = True
        self._on_ready(url)

    @asynccontextmanager
    async def serving(self, handle: Handle) -> AsyncGenerator[ASGIApp]:
        """The application, without a server around it."""
        self._feed.open()
        await self._wall.load()
        secret = await self._secret()
        pages = Pages(self._completions)
        async with Desk.open(handle, self._meter) as desk:
            site = Site(
                wall=self._wall,
                mailbox=self._mailbox,
                feed=self._feed,
                media=self._media,
                pages=pages,
                completions=self._completions,
                desk=desk,
                language=self._language,
            )

            def door(request: Request) -> str:
                return pages.door(people.preferred(request, self._language))

            yield Guard(site.app(), token=self._token, secret=secret, host=self._settings.host, door=door)

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        """Hang a card."""
        with _renamed():
            return self._ref(place.channel, await self._wall.post(place.channel, card, key, again=again))

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Show a card's new state. Raises `MessageGone`."""
        with _renamed():
            await self._wall.edit(ref.id, card)

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        """Hang a finished work; the job's card becomes it, where it is."""
        with _renamed():
            if instead_of and await self._wall.become(instead_of.id, card):
                return instead_of
            return self._ref(place.channel, await self._wall.post(place.channel, card, key, again=again))

    async def delete(self, ref: MessageRef) -> None:
        """Take a message down."""
        with _renamed():
            await self._wall.remove(ref.id)

    async def _secret(self) -> str:
        """What admitted browsers are known by: made once and kept, different for each token an operator has set."""
        await self._log.add(_DOOR, _DOOR, secrets.token_urlsafe(32), self._clock.now())
        kept = await self._log.find(_DOOR)
        assert kept is not None
        return kept.body + (self._token if self._settings.token else "")

    def _ref(self, channel: str, message: str) -> MessageRef:
        return MessageRef(people.COMMUNITY, channel, message)


@contextmanager
def _renamed() -> Generator[None]:
    """A log that cannot be written is a platform that cannot be reached for now."""
    try:
        yield
    except (StorageError, OSError) as error:
        raise PlatformBusy(str(error)) from error
