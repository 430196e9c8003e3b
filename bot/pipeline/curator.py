"""What moderators and visitors of the exhibit see follows what was decided: every look makes the messages as they
should be, so that a crash between a decision and its messages loses nothing."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot import reviewing
from bot.errors import OlympicError, PlatformBusy, StorageError
from bot.model.card import Card, Picture
from bot.model.contest import EntryState, Showing, Shown
from bot.model.entry import Entry
from bot.model.people import Place
from bot.model.setup import Home
from bot.pipeline.hanging import hang, take_away
from bot.pipeline.patrol import Patrol
from bot.pipeline.titling import titled
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)

LOOK: Final = 60.0
"""Seconds between looks when nobody wakes it."""
BACK: Final = timedelta(days=30)
"""How long ago an entry may have been nominated or decided on to be looked after."""
AGAIN: Final = timedelta(minutes=10)
"""A channel that refuses us is asked again after so long: somebody may have let us in."""
ALIKE_AMONG: Final = 300
"""Newest works of the sport that a nominated one is compared with."""


_Stands = tuple[EntryState, frozenset[str]]
"""(an entry's state, the channels of its contest)"""


@dataclass(frozen=True, slots=True)
class _Settled:
    """As what an entry's messages were last put right; with `until`, some were refused and are tried again then."""

    stands: _Stands
    until: datetime | None


class Curator:
    """Owns the moderators' cards and the exhibit channel."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._settled: dict[str, _Settled] = {}
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
            now = self._tools.clock.now()
            channels = await self._channels()
            for entry in await self._tools.repos.entries.in_review(now - BACK):
                stands = entry.state, channels[entry.contest]
                settled = self._settled.get(entry.id)
                if settled is None or settled.stands != stands or (settled.until and settled.until <= now):
                    await self._try(entry, stands, now)

    async def _channels(self) -> defaultdict[str, frozenset[str]]:
        """Where each contest shows such entries: who names a channel gets what waited for it."""
        found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for home in await self._tools.repos.communities.all():
            named = home.setup.channels
            found[home.contest] |= {f"{home.community} {named.review} {named.exhibit}"}
        return found

    async def _try(self, entry: Entry, stands: _Stands, now: datetime) -> None:
        try:
            done = await self._settle(entry)
        except PlatformBusy as error:
            log.info("entry %s waits for its platform: %r", entry.id, error)
        except StorageError:
            raise
        except OlympicError as error:
            log.warning("entry %s is looked after again later: %r", entry.id, error)
            self._settled[entry.id] = _Settled(stands, now + AGAIN)
        except Exception:
            log.exception("entry %s is looked after again later", entry.id)
            self._settled[entry.id] = _Settled(stands, now + AGAIN)
        else:
            self._settled[entry.id] = _Settled(stands, None if done else now + AGAIN)

    async def private_card(self, entry: Entry, language: str) -> Card:
        """The moderators' card as an answer to one of them: its poster instead of the film."""
        poster = await self._tools.repos.media.local(entry.clip.poster)
        card = reviewing.review_card(
            await self._dossier(entry), poster, poster, await self._tools.label(entry.backend), language
        )
        alt = card.video.alt if card.video else entry.request.prompt
        return replace(card, video=None, picture=Picture(f"{entry.id}.jpg", alt, path=poster))

    async def _settle(self, entry: Entry) -> bool:
        """Whether nobody refused it."""
        if entry.deleted:
            return True
        if entry.state is EntryState.NOMINATED:
            return await self._put_before(entry)
        await self._tell_outcome(entry)
        return entry.state is not EntryState.APPROVED or await self._exhibit(entry)

    async def _put_before(self, entry: Entry) -> bool:
        """Hang the moderators' card in the maker's community, or in the first of its contest that has a channel."""
        homes = await self._homes(entry)
        home = next((home for home in homes if home.setup.channels.review), None)
        if home is None or await self._tools.repos.showings.of(entry.id, {Shown.REVIEW}):
            return True
        place = _place(home, home.setup.channels.review)
        about, label = await self._dossier(entry), await self._tools.label(entry.backend)

        def draw(film: Path, poster: Path) -> Card:
            return reviewing.review_card(about, film, poster, label, place.language)

        when = int(entry.nominated.timestamp()) if entry.nominated else 0
        return await self._hung(entry, place, draw, f"{entry.id}:review:{when}", Shown.REVIEW)

    async def _tell_outcome(self, entry: Entry) -> None:
        """The moderators' card says what was decided; one that is no longer asked about is taken away."""
        for showing in await self._tools.repos.showings.of(entry.id, {Shown.REVIEW}):
            platform = self._tools.platforms.get(showing.ref.community.platform)
            if platform is None:
                continue
            if entry.state is EntryState.OPEN:
                await take_away(platform, showing.ref)
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

    async def _exhibit(self, entry: Entry) -> bool:
        """Hang it in every community of the contest that has an exhibit channel. Raises `PlatformBusy` at the end."""
        done, away = True, list[PlatformBusy]()
        for home in await self._homes(entry):
            if home.setup.channels.exhibit:
                place, key = _place(home, home.setup.channels.exhibit), f"{entry.id}:exhibit:{home.community}"
                draw = await titled(self._tools, entry, home)
                try:
                    done &= await self._hung(entry, place, draw, key, Shown.EXHIBIT)
                except PlatformBusy as error:
                    away.append(error)
        if away:
            raise away[0]
        return done

    async def _hung(self, entry: Entry, place: Place, draw: reviewing.Draw, key: str, kind: Shown) -> bool:
        """A channel that refuses us is told of once; the setup says which permission is missing."""
        try:
            await hang(self._tools, entry, place, draw, key=key, kind=kind)
        except PlatformBusy:
            raise
        except OlympicError as error:
            level = logging.DEBUG if (place.channel, error.sentence) in self._refused else logging.WARNING
            self._refused.add((place.channel, error.sentence))
            log.log(level, "%s cannot be shown in %s: %r", entry.id, place.channel, error)
            return False
        return True

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
