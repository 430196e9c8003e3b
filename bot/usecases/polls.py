"""What one process keeps in mind about votes; all of it can be lost, a start recounts."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from bot.model.contest import VOTED_ON, Facts, Showing, showing_key
from bot.model.entry import Entry
from bot.model.people import Account, MessageRef
from bot.model.setup import Home
from bot.pipeline.due import Due
from bot.pipeline.together import Together
from bot.ports import Clock, Repositories

GATHER: Final = 1.0
"""Seconds in which an entry's votes gather before its tally is looked at."""
SETTLE: Final = 60.0
"""Seconds after a reaction at which the platform itself is asked again: events come late, twice, or not at all."""
KNOWN: Final = timedelta(minutes=10)
"""For so long what a platform said of an account is not asked again."""


@dataclass(frozen=True, slots=True)
class Poll:
    """A message under which people vote."""

    showing: Showing
    entry: Entry
    home: Home

    @property
    def ref(self) -> MessageRef:
        """The message."""
        return self.showing.ref

    @property
    def key(self) -> str:
        """Its name in ballots."""
        return showing_key(self.showing.ref)

    @property
    def emoji(self) -> str:
        """What one votes with here."""
        return self.showing.emoji or self.home.setup.voting.emoji


class Polls:
    """Who is being counted, what has to be looked at again."""

    def __init__(self, repos: Repositories, clock: Clock) -> None:
        self._repos = repos
        self._clock = clock
        self.accounts = Together(self._accounts)
        """Voters and makers by their accounts' keys."""
        self.at = Together(self._polls)
        """What people vote on at a message; nothing where they do not."""
        self.changed = Due[str](clock)
        """Entries whose tally changed."""
        self.recounts = Due[MessageRef](clock)
        """Messages whose reactions are to be read from the platform."""
        self.newcomers = Due[Account](clock)
        """Voters who were never seen before."""
        self.closed: set[tuple[MessageRef, datetime]] = set()
        """Messages whose votes were read for the close of voting at that moment."""
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._counting: dict[str, list[set[str]]] = {}
        self._facts: dict[str, tuple[datetime, Facts]] = {}

    async def _accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        return {one.key: one for one in await self._repos.people.among(keys)}

    async def _polls(self, refs: Sequence[MessageRef]) -> dict[MessageRef, Poll]:
        voted = (one for one in await self._repos.showings.among(refs) if one.kind in VOTED_ON and not one.gone)
        showings = {showing_key(one.ref): one for one in voted}
        names = list({one.entry for one in showings.values()})
        entries = {one.id: one for one in await self._repos.entries.among(names) if not one.deleted} if names else {}
        homes = {
            one: await self._repos.communities.get(one) for one in {one.ref.community for one in showings.values()}
        }
        found: dict[MessageRef, Poll] = {}
        for ref in refs:
            showing = showings.get(showing_key(ref))
            if showing and showing.entry in entries:
                found[ref] = Poll(showing, entries[showing.entry], homes[ref.community])
        return found

    def noticed(self, message: str, account: str) -> None:
        """Something was heard of an account: a recount that is under way leaves it to that."""
        for heard in self._counting.get(message, ()):
            heard.add(account)

    def voted(self, entry: str, ref: MessageRef) -> None:
        """Have the entry's tally looked at, and the message a little later once more."""
        self.changed.add(entry, GATHER)
        self.recounts.add(ref, SETTLE)

    def shifted(self, entry: str) -> None:
        """Its votes count differently though none was written: looked at when what is remembered of it is old."""
        self.changed.add(entry, 2 * GATHER)

    def turn(self, message: str, account: str) -> asyncio.Lock:
        """What was heard of one account under one message is done in the order it was heard."""
        return self._turns.setdefault((message, account), asyncio.Lock())

    @contextmanager
    def counting(self, ref: MessageRef) -> Generator[set[str]]:
        """While a message is read: the accounts of which something is heard meanwhile."""
        heard: set[str] = set()
        sets = self._counting.setdefault(showing_key(ref), [])
        sets.append(heard)
        try:
            yield heard
        finally:
            sets[:] = [one for one in sets if one is not heard]
            if not sets:
                self._counting.pop(showing_key(ref), None)

    def close(self, ref: MessageRef, when: datetime) -> None:
        """The message was read for the close of voting at that moment."""
        if len(self.closed) > 10_000:
            self.closed.clear()
        self.closed.add((ref, when))

    def told(self, account: str) -> Facts | None:
        """What the platform said of an account a short while ago."""
        when, facts = self._facts.get(account, (None, None))
        return facts if when and timedelta(0) <= self._clock.now() - when < KNOWN else None

    def tell(self, account: str, facts: Facts) -> Facts:
        """Keep what it said."""
        if len(self._facts) > 10_000:
            self._facts.clear()
        self._facts[account] = self._clock.now(), facts
        return facts
