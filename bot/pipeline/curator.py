"""What moderators and visitors of the exhibit see follows what was decided: every look makes the messages as they
should be, so that a crash between a decision and its messages loses nothing."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot import reviewing
from bot.errors import OlympicError, PlatformBusy
from bot.model.card import Card, Picture
from bot.model.contest import EntryState, Showing, Shown
from bot.model.entry import Entry
from bot.model.people import Place
from bot.model.setup import Home
from bot.pipeline.hanging import hang
from bot.pipeline.patrol import Patrol
from bot.pipeline.titling import titled
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)

LOOK: Final = 60.0
"""Seconds between looks when nobody wakes it."""
BACK: Final = timedelta(days=30)
"""How long ago an entry may have been nominated to be looked after."""
ALIKE_AMONG: Final = 300
"""Newest works of the sport that a nominated one is compared with."""


class Curator:
    """Owns the moderators' cards and the exhibit channel."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._settled: dict[str, EntryState] = {}
        self._refused: set[tuple[str, str]] = set()
        self._patrol = Patrol("the exhibit", self.look, LOOK)
        self._looking = asyncio.Lock()

    def wake(self) -> None:
        """Something was decided."""
        self._patrol.wake()

    async def run(self) -> None:
        """Look, then wait to be woken; until cancelled."""
        await self._patrol.run()

    async def look(self) -> None:
        """Bring every message of a nominated or decided entry to what it should be."""
        async with self._looking:  # two looks at once would both see that a message is missing
            for entry in await self._tools.repos.entries.nominated_since(self._tools.clock.now() - BACK):
                if self._settled.get(entry.id) is not entry.state:
                    await self._try(entry)

    async def _try(self, entry: Entry) -> None:
        try:
            await self._settle(entry)
        except PlatformBusy as error:
            log.info("entry %s waits for its platform: %r", entry.id, error)
        else:
            self._settled[entry.id] = entry.state

    async def private_card(self, entry: Entry, language: str) -> Card:
        """The moderators' card as an answer to one of them: its poster instead of the film."""
        poster = await self._tools.repos.media.local(entry.clip.poster)
        card = reviewing.review_card(
            await self._dossier(entry), poster, poster, await self._tools.label(entry.backend), language
        )
        alt = card.video.alt if card.video else entry.request.prompt
        return replace(card, video=None, picture=Picture(f"{entry.id}.jpg", alt, path=poster))

    async def _settle(self, entry: Entry) -> None:
        if entry.deleted:
            return
        if entry.state is EntryState.NOMINATED:
            await self._put_before(entry)
        else:
            await self._tell_outcome(entry)
        if entry.state is EntryState.APPROVED:
            await self._exhibit(entry)

    async def _put_before(self, entry: Entry) -> None:
        """Hang the moderators' card in the maker's community, or in the first of its contest that has a channel."""
        homes = await self._homes(entry)
        home = next((home for home in homes if home.setup.channels.review), None)
        if home is None or await self._tools.repos.showings.of(entry.id, {Shown.REVIEW}):
            return
        place = _place(home, home.setup.channels.review)
        about, label = await self._dossier(entry), await self._tools.label(entry.backend)

        def draw(film: Path, poster: Path) -> Card:
            return reviewing.review_card(about, film, poster, label, place.language)

        when = int(entry.nominated.timestamp()) if entry.nominated else 0
        await self._hung(entry, place, draw, f"{entry.id}:review:{when}", Shown.REVIEW)

    async def _tell_outcome(self, entry: Entry) -> None:
        """The moderators' card says what was decided; one that is no longer asked about is taken away."""
        for showing in await self._tools.repos.showings.of(entry.id, {Shown.REVIEW}):
            platform = self._tools.platforms.get(showing.ref.community.platform)
            if platform is None:
                continue
            if entry.state is EntryState.OPEN:
                await platform.delete(showing.ref)
                await self._tools.repos.showings.gone(showing.ref, self._tools.clock.now())
            else:
                await self._redraw(entry, showing)

    async def _redraw(self, entry: Entry, showing: Showing) -> None:
        home = await self._tools.repos.communities.get(showing.ref.community)
        film, poster = [await self._tools.repos.media.local(blob) for blob in (entry.clip.blob, entry.clip.poster)]
        language = _place(home, "").language
        card = reviewing.review_card(
            await self._dossier(entry), film, poster, await self._tools.label(entry.backend), language
        )
        try:
            await self._tools.platforms[showing.ref.community.platform].redraw(showing.ref, card)
        except PlatformBusy:
            raise
        except OlympicError as error:
            log.warning("the moderators' card of %s stays as it was: %r", entry.id, error)

    async def _exhibit(self, entry: Entry) -> None:
        """Hang it in every community of the contest that has an exhibit channel."""
        for home in await self._homes(entry):
            if home.setup.channels.exhibit:
                place, key = _place(home, home.setup.channels.exhibit), f"{entry.id}:exhibit:{home.community}"
                await self._hung(entry, place, await titled(self._tools, entry, home), key, Shown.EXHIBIT)

    async def _hung(self, entry: Entry, place: Place, draw: reviewing.Draw, key: str, kind: Shown) -> None:
        """A channel that refuses us is told of once; the setup says which permission is missing."""
        try:
            await hang(self._tools, entry, place, draw, key=key, kind=kind)
        except PlatformBusy:
            raise
        except OlympicError as error:
            level = logging.DEBUG if (place.channel, error.sentence) in self._refused else logging.WARNING
            self._refused.add((place.channel, error.sentence))
            log.log(level, "%s cannot be shown in %s: %r", entry.id, place.channel, error)

    async def _homes(self, entry: Entry) -> list[Home]:
        """The communities of the contest, the maker's first."""
        homes = await self._tools.repos.communities.of_contest(entry.contest)
        own = await self._tools.repos.communities.get(entry.member.community)
        return [own, *(home for home in homes if home.community != own.community)]

    async def _dossier(self, entry: Entry) -> reviewing.Dossier:
        repos, member = self._tools.repos, entry.member
        others = await repos.entries.of_sport(entry.contest, entry.request.sport, ALIKE_AMONG)
        tally = (await repos.votes.tally([entry.id])).get(entry.id)
        account = await repos.people.of_member(member.community, member.id)
        return reviewing.Dossier(
            entry,
            tally.votes if tally else 0,
            await repos.entries.states_of(member.community, member.id),
            account.paused(entry.contest) if account else "",
            reviewing.similar(entry, others),
        )


def _place(home: Home, channel: str) -> Place:
    return Place(home.community, channel, language=home.setup.language or "en")
