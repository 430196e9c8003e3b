"""Once a day, in each community, a work that few have seen hangs again: who comes late is looked at too.

The choice depends only on the day and on the ballots given before it began, so that a crash between choosing and
posting leads to the same choice.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.errors import OlympicError, PlatformBusy, StorageError
from bot.model.contest import Shown
from bot.model.entry import Entry
from bot.model.people import Place
from bot.model.setup import Home
from bot.pipeline.showcase import Showcase, channel_of
from bot.pipeline.tools import Tools
from bot.pipeline.window import open_for_votes

log = logging.getLogger(__name__)

HOUR: Final = 16
"""Of the day, UTC: evening in Europe, morning in America."""
TICK: Final = 20.0
"""Seconds between two looks at the clock."""
YOUNG: Final = timedelta(hours=12)
"""A work this new has not had its chance yet when the day begins."""
OLD: Final = timedelta(days=14)
"""An older one had it."""


class Spotlight:
    """Owns the daily look; `run` must be running."""

    def __init__(self, tools: Tools, showcase: Showcase) -> None:
        self._tools = tools
        self._showcase = showcase
        self._done: set[tuple[str, date]] = set()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            try:
                await self.look()
            except OlympicError as error:
                log.warning("the spotlight waits: %r", error)
            except Exception:
                log.exception("the spotlight failed; it is tried again")
            await self._tools.clock.sleep(TICK)

    async def look(self) -> None:
        """Post today's cards where they are due and missing."""
        now = self._tools.clock.now()
        if now.hour < HOUR:
            return
        self._done = {one for one in self._done if one[1] == now.date()}
        for home in await self._tools.repos.communities.all():
            name = (str(home.community), now.date())
            if name in self._done or home.community.platform not in self._tools.platforms:
                continue
            try:
                await self._post(home, now.date())
            except (PlatformBusy, StorageError) as error:
                log.warning("no spotlight in %s yet: %r", home.community, error)
                continue
            except OlympicError as error:
                log.warning("no spotlight in %s today: %r", home.community, error)
            except Exception:
                log.exception("no spotlight in %s today", home.community)
            self._done.add(name)

    async def _post(self, home: Home, today: date) -> None:
        channel = channel_of(home)
        if not home.setup.voting.spotlight or not channel:
            return
        entry = await self.choose(home, today)
        if entry is None:
            return
        place = Place(home.community, channel, language=home.setup.language or "en")
        await self._showcase.hang(entry, home, place, Shown.SPOTLIGHT, f"spotlight:{home.community}:{today}")
        self._showcase.hung(entry.id)

    async def choose(self, home: Home, today: date) -> Entry | None:
        """The work with the fewest votes that was not in this community's spotlight before; None without any. Where
        tallies are hidden the choice would tell of them: there the lot alone decides."""
        dawn = datetime.combine(today, time(), UTC)
        entries = [one for one in await self._candidates(home, dawn) if not await self._seen(home, one)]
        if not entries:
            return None
        counted = [] if home.setup.voting.hidden else [entry.id for entry in entries]
        given = await self._tools.repos.votes.among(counted)
        voters = Counter(name for name, _ in {(one.entry, one.account) for one in given if one.when < dawn})
        return min(entries, key=lambda entry: (voters[entry.id], _lot(today, entry)))

    async def _candidates(self, home: Home, dawn: datetime) -> Sequence[Entry]:
        repos = self._tools.repos
        names = dict.fromkeys(showing.entry for showing in await repos.showings.votable(dawn - OLD))
        found = await repos.entries.among(list(names))
        mine = [entry for entry in found if entry.contest == home.contest and entry.created < dawn - YOUNG]
        return [entry for entry in mine if await open_for_votes(self._tools, entry, self._tools.clock.now())]

    async def _seen(self, home: Home, entry: Entry) -> bool:
        """Whether it was in the spotlight here."""
        shown = await self._tools.repos.showings.of(entry.id, {Shown.SPOTLIGHT})
        return any(showing.ref.community == home.community for showing in shown)


def _lot(today: date, entry: Entry) -> str:
    """Another order each day among those with equally few votes."""
    return hashlib.sha256(f"{today} {entry.id}".encode()).hexdigest()
