"""What concerns one thing happens in the order it was told; different things do not wait for each other."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """One lock a thing, kept while somebody holds it or waits for it: one that was only just let go may be waited for,
    and whoever came later must not be given another."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, thing: str) -> asyncio.Lock:
        """The turn to wait for; the caller keeps it while it waits and works."""
        return self._locks.setdefault(thing, asyncio.Lock())
