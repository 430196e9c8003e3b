"""The life of rounds: they open, are told of, close, and end with a ceremony.

Every look brings each round as far as its times allow. What was done is in the round's row and in the publish journal,
so a step that a crash interrupted is done again and nothing is told twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import announcing
from bot.errors import OlympicError, PlatformBusy
from bot.locales import Words, words
from bot.model.card import Card
from bot.model.contest import Rank, Round
from bot.model.people import Place
from bot.model.setup import Home
from bot.pipeline.ceremony import Ceremony, place_of
from bot.pipeline.joining import own_sports
from bot.pipeline.patrol import Patrol
from bot.pipeline.showcase import Showcase
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)

LOOK: Final = 20.0
"""Seconds between looks when nobody wakes it."""
DAY: Final = timedelta(days=1)
PERIODS: Final = {"daily": DAY, "weekly": timedelta(days=7)}
SKIPPED: Final = 100
"""Turns of a repetition that may be left out because other rounds take works then."""
UNREADABLE: Final = timedelta(hours=1)
"""So long the ceremony waits for a platform whose votes cannot be read."""

LATELY: Final = timedelta(days=2)
"""Works of rounds that ended since then are drawn once more at a start."""

Recount = Callable[[Sequence[str], datetime], Awaitable[int]]
"""(entries, the moment for which late-heard votes count) → messages that could not be read."""
Draw = Callable[[Home, Words], Card]


async def _uncounted(_entries: Sequence[str], _when: datetime) -> int:
    return 0


class Calendar:
    """Owns all rounds' way from opening to podium; `run` must be running."""

    def __init__(self, tools: Tools, showcase: Showcase) -> None:
        self._tools = tools
        self._showcase = showcase
        self.recount: Recount = _uncounted
        """Reads the platforms' reactions once more; given by whoever counts votes."""
        self._ceremony = Ceremony(tools)
        self._told: set[str] = set()
        self._refused: set[str] = set()
        self._patrol = Patrol("the rounds", self.look, LOOK)
        self._looking = asyncio.Lock()

    def wake(self) -> None:
        """A round was made or moved."""
        self._patrol.wake()

    async def run(self) -> None:
        """Look, then wait for the time to pass; until cancelled."""
        await self._patrol.run()

    async def look(self) -> None:
        """Bring every round as far as the time allows."""
        async with self._looking:
            for contest_round in await self._tools.repos.rounds.due(self._tools.clock.now()):
                await self._try(contest_round, self._go_on)
            for contest_round in await self._tools.repos.rounds.torn():
                await self._try(contest_round, self._ceremony.mend)
            for contest_round in await self._tools.repos.rounds.ended(self._tools.clock.now() - LATELY):
                if contest_round.id not in self._told:
                    await self._try(contest_round, self._reveal)

    async def _try(self, contest_round: Round, step: Callable[[Round], Awaitable[None]]) -> None:
        try:
            await step(contest_round)
        except PlatformBusy as error:
            log.info("round %s waits for a platform: %r", contest_round.id, error)
        except OlympicError as error:
            log.warning("round %s is tried again later: %r", contest_round.id, error)
        except Exception:
            log.exception("round %s could not go on", contest_round.id)

    async def _go_on(self, contest_round: Round) -> None:
        now = self._tools.clock.now()
        if contest_round.announced is None:
            await self._announce(contest_round, now)
        if now < contest_round.closes:
            if _long(contest_round.opens, contest_round.closes) and contest_round.closes - now <= DAY:
                await self._tell(contest_round, "soon", lambda _home, say: announcing.soon(contest_round, say, now))
            return
        await self._repeat(contest_round, now)
        if now <= contest_round.ends:
            await self._call_voters(contest_round, now)
        else:
            await self._close(contest_round, now)

    async def _announce(self, contest_round: Round, now: datetime) -> None:
        """Tell that it is open, unless the time for works went by while nobody was there to tell."""
        own = await own_sports(self._tools, contest_round)

        def card(home: Home, say: Words) -> Card:
            voting = home.setup.voting
            return announcing.opened(contest_round, say, now, voting.emoji, voting.entries, own)

        if now < contest_round.closes:
            await self._tell(contest_round, "open", card)
        await self._tools.repos.rounds.announced(contest_round.id, now)

    async def _call_voters(self, contest_round: Round, now: datetime) -> None:
        works = len(await self._tools.repos.rounds.entries(contest_round.id))
        if not works:
            return

        def closed(home: Home, say: Words) -> Card:
            return announcing.submitted(contest_round, say, now, home.setup.voting.emoji, works)

        def last(home: Home, say: Words) -> Card:
            return announcing.last_call(contest_round, say, now, home.setup.voting.emoji)

        await self._tell(contest_round, "vote", closed)
        if _long(contest_round.closes, contest_round.ends) and contest_round.ends - now <= DAY:
            await self._tell(contest_round, "last", last)

    async def _repeat(self, contest_round: Round, now: datetime) -> None:
        """Another one like it; those that would have been over by now, or that meet another round, are left out."""
        period = PERIODS.get(contest_round.repeat)
        if period is None or f"{contest_round.id}:next" in self._told:
            return
        for later in range(SKIPPED):
            if await self._tools.repos.rounds.add(next_round(contest_round, period, now, later)):
                break
        else:
            log.warning("round %s is not repeated: others take works for a long time", contest_round.id)
        self._told.add(f"{contest_round.id}:next")
        self.wake()

    async def _close(self, contest_round: Round, now: datetime) -> None:
        """Count once more, rank once, celebrate, and only then call it over."""
        rounds = self._tools.repos.rounds
        if not contest_round.places:
            entries = [entry.id for entry in await rounds.entries(contest_round.id)]
            failed = await self.recount(entries, contest_round.ends)
            if failed and now < contest_round.ends + UNREADABLE:
                log.warning("round %s waits for %d messages whose votes cannot be read", contest_round.id, failed)
                return
            contest_round = (
                await rounds.ranked(contest_round.id, await self._ceremony.ranking(contest_round)) or contest_round
            )
        await self._ceremony.hold(contest_round)
        if await rounds.closed(contest_round.id, self._tools.clock.now()):
            log.info("round %s is over: %d works ranked", contest_round.id, len(contest_round.places))

    async def _reveal(self, contest_round: Round) -> None:
        """Cards show the tallies that were hidden; after a start once more, for a crash may have come first."""
        for entry in await self._tools.repos.rounds.entries(contest_round.id):
            self._showcase.changed(entry.id)
        self._told.add(contest_round.id)

    async def standings(self, contest_round: Round) -> tuple[Rank, ...]:
        """The ranking as it is now, or as it was when the round ended."""
        return contest_round.places or await self._ceremony.ranking(contest_round)

    async def _tell(self, contest_round: Round, what: str, draw: Draw) -> None:
        """Post in the announcements channel of every community of the contest, once. A platform that is away keeps
        nobody else from hearing of it: raises `PlatformBusy` at the end."""
        if f"{contest_round.id}:{what}" in self._told:
            return
        away: PlatformBusy | None = None
        for home in await self._tools.repos.communities.of_contest(contest_round.contest):
            if place := place_of(home):
                card = draw(home, words(place.language))
                try:
                    await self._post(place, card, f"{contest_round.id}:{what}:{home.community}")
                except PlatformBusy as error:
                    away = error
        if away:
            raise away
        self._told.add(f"{contest_round.id}:{what}")

    async def _post(self, place: Place, card: Card, key: str) -> None:
        platform = self._tools.platforms.get(place.community.platform)
        if platform is None or key in self._refused:
            return
        noted, ref = await self._tools.repos.postings.begin(key)
        if ref is not None:
            return
        try:
            ref = await platform.post(place, card, key=key, again=noted)
        except PlatformBusy:
            raise
        except OlympicError as error:
            self._refused.add(key)
            log.warning("%s takes no announcement: %r", place.community, error)
        except Exception:
            self._refused.add(key)
            log.exception("%s takes no announcement", place.community)
        else:
            await self._tools.repos.postings.done(key, ref)


def next_round(contest_round: Round, period: timedelta, now: datetime, later: int = 0) -> Round:
    """The repetition, or one some turns later, under an id that follows from the round's, so that it is made once."""
    following = turned(contest_round, period, (now - contest_round.closes) // period + 1 + later)
    return replace(following, id=hashlib.sha256(f"{contest_round.id} is followed".encode()).hexdigest()[:12])


def turned(contest_round: Round, period: timedelta, steps: int) -> Round:
    """The repetition after so many turns, of which nothing is known yet."""
    shift, turn = steps * period, steps % len(contest_round.themes) if contest_round.themes else 0
    themes = contest_round.themes[turn:] + contest_round.themes[:turn]
    return replace(
        contest_round,
        theme=themes[0] if themes else contest_round.theme,
        themes=themes,
        opens=contest_round.opens + shift,
        closes=contest_round.closes + shift,
        ends=contest_round.ends + shift,
        announced=None,
        closed=None,
        places=(),
        reel="",
        torn=False,
    )


def _long(begin: datetime, end: datetime) -> bool:
    """Whether a reminder a day before the end says something new."""
    return end - begin >= 2 * DAY


__all__ = ["PERIODS", "Calendar", "next_round", "turned"]
