"""The studio as a platform: the product in a browser of this machine, with no account anywhere."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp

from bot.completion import Completions
from bot.locales import FALLBACK
from bot.model.card import Card, CardKind
from bot.model.contest import Resumed
from bot.model.people import MessageRef, Place
from bot.ports import Clock, Handle, Hear, Log, MediaStore, Meter, Traits, Unmetered, deaf
from bot.settings import Studio as StudioSettings
from handlers.serving import address, bind, serve
from handlers.web import people
from handlers.web.contest import Contest, Opening, renamed
from handlers.web.desk import Desk
from handlers.web.feed import Feed
from handlers.web.guard import Guard
from handlers.web.letters import Letters
from handlers.web.mailbox import Mailbox
from handlers.web.reactions import Reactions
from handlers.web.render import Pages
from handlers.web.site import Site
from handlers.web.wall import Wall

TRAITS: Final = Traits(longest_text=20_000, upload_limit=1024**3, edit_seconds=0.2, forms=True, tells_language=True)
_DOOR: Final = "studio door"


class Studio(Contest):
    """The platform named "studio".

    `hall` is the address of the public exhibit, where there is one. `language` is spoken where the browser prefers
    none of ours; where it is not the usual one the operator chose it, and the community begins with it. `on_ready` is
    called with the address to open, token included, when the first page can be served. Without a token in the settings
    every run has a new one.
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
        hall: str = "",
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
        self._hall = hall
        self._on_ready = on_ready
        self._feed = Feed()
        self._mailbox = Mailbox(self._feed)
        wall = Wall(log, media, clock, self._feed)
        super().__init__(wall, Reactions(log, clock), Letters(log, media, clock, self._mailbox), language)

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
            async with self.serving(handle, hear) as app:
                try:
                    await serve(app, listening, ready=lambda: self._ready(url), close=self._feed.close)
                finally:
                    self._serving = False

    def _ready(self, url: str) -> None:
        self._serving = True
        self._on_ready(url)

    @asynccontextmanager
    async def serving(self, handle: Handle, hear: Hear = deaf) -> AsyncGenerator[ASGIApp]:
        """The application, without a server around it."""
        self._feed.open()
        await self._wall.load()
        await self._reactions.load()
        await self._letters.load(people.PEOPLE)
        secret = await self._secret()
        pages = Pages(self._completions, self._reactions, self._hall)
        opening = Opening(hear)
        if self._language != FALLBACK:
            await opening.begin(self._language)
        async with Desk.open(handle, hear, self._meter) as desk:
            desk.tell(Resumed(people.NAME, people.COMMUNITY))
            site = Site(
                wall=self._wall,
                mailbox=self._mailbox,
                letters=self._letters,
                reactions=self._reactions,
                feed=self._feed,
                media=self._media,
                pages=pages,
                completions=self._completions,
                desk=desk,
                begin=opening.begin,
                language=self._language,
            )

            def door(request: Request) -> str:
                return pages.door(people.preferred(request, self._language))

            yield Guard(site.app(), token=self._token, secret=secret, host=self._settings.host, door=door)

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        """Hang a card."""
        with renamed():
            return self._ref(place.channel, await self._wall.post(place.channel, card, key, again=again))

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Show a card's new state. Raises `MessageGone`."""
        with renamed():
            await self._wall.edit(ref.id, card)
        if card.kind is CardKind.JOB and card.progress is None:
            self._mailbox.over(card.subject)

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        """Hang a finished work; the job's card becomes it, where it is."""
        if instead_of and (before := self._wall.get(instead_of.id)):
            self._mailbox.over(before.hung.card.subject)
        with renamed():
            if instead_of and await self._wall.become(instead_of.id, card):
                return instead_of
            return self._ref(place.channel, await self._wall.post(place.channel, card, key, again=again))

    async def delete(self, ref: MessageRef) -> None:
        """Take a message down."""
        with renamed():
            await self._wall.remove(ref.id)
            await self._reactions.forget(ref.id)

    async def _secret(self) -> str:
        """What admitted browsers are known by: made once and kept, different for each token an operator has set."""
        await self._log.add(_DOOR, _DOOR, secrets.token_urlsafe(32), self._clock.now())
        kept = await self._log.find(_DOOR)
        assert kept is not None
        return kept.body + (self._token if self._settings.token else "")

    def _ref(self, channel: str, message: str) -> MessageRef:
        return MessageRef(people.COMMUNITY, channel, message)
