"""What one process keeps in mind about votes; all of it can be lost, a start recounts."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from bot.model.contest import Facts, showing_key
from bot.model.people import Account, MessageRef
from bot.pipeline.due import Due
from bot.ports import Clock

GATHER: Final = 1.0
"""Seconds in which an entry's votes gather before its tally is looked at."""
SETTLE: Final = 60.0
"""Seconds after a reaction at which the platform itself is asked again: events come late, twice, or not at all."""
KNOWN: Final = timedelta(minutes=10)
"""For so long what a platform said of an account is not asked again."""


class Polls:
    """Who is being counted, what has to be looked at again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.changed = Due[str](clock)
        """Entries whose tally changed."""
        self.recounts = Due[MessageRef](clock)
        """Messages whose reactions are to be read from the platform."""
        self.newcomers = Due[Account](clock)
        """Voters who were never seen before."""
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._counting: dict[str, list[set[str]]] = {}
        self._facts: dict[str, tuple[datetime, Facts]] = {}

    def noticed(self, message: str, account: str) -> None:
        """Something was heard of an account: a recount that is under way leaves it to that."""
        for heard in self._counting.get(message, ()):
            heard.add(account)

    def voted(self, entry: str, ref: MessageRef) -> None:
        """Have the entry's tally looked at, and the message a little later once more."""
        self.changed.add(entry, GATHER)
        self.recounts.add(ref, SETTLE)

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

    def told(self, account: str) -> Facts | None:
        """What the platform said of an account a short while ago."""
        when, facts = self._facts.get(account, (None, None))
        return facts if when and self._clock.now() - when < KNOWN else None

    def tell(self, account: str, facts: Facts) -> Facts:
        """Keep what it said."""
        if len(self._facts) > 10_000:
            self._facts.clear()
        self._facts[account] = self._clock.now(), facts
        return facts
