"""No more money than the operator allows in 24 hours, also after a crash: a price is on the disk before its order."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from backends.guards.around import Around
from bot.errors import BackendError, OverBudget, SubmitUncertain, Transient
from bot.model.backend import Capabilities, Order, RemoteRef
from bot.ports import Backend

DAY: Final = timedelta(days=1)


class Spent:
    """Prices of orders by key, one JSON line each; a later line of the same key replaces the earlier."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._lines: dict[str, tuple[datetime, Decimal]] | None = None
        self._tidied: date | None = None

    def total(self) -> Decimal:
        """What the last 24 hours cost."""
        oldest = self._now() - DAY
        return sum((price for when, price in self._known().values() if when > oldest), Decimal(0))

    def note(self, key: str, price: Decimal) -> None:
        """Write one price down; it is on the disk when this returns."""
        when = self._now()
        self._forget()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "price": str(price), "when": when.isoformat()}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._known()[key] = when, price

    def _known(self) -> dict[str, tuple[datetime, Decimal]]:
        if self._lines is None:
            self._lines = dict(filter(None, map(_read, self._text().splitlines())))
        return self._lines

    def _text(self) -> str:
        try:
            return self._path.read_text("utf-8")
        except OSError:
            return ""

    def _forget(self) -> None:
        """Leave old lines out once a day, before the first is written; who only looks changes nothing."""
        today = self._now().date()
        if self._tidied == today:
            return
        self._tidied = today
        oldest = self._now() - DAY
        self._lines = {key: line for key, line in self._known().items() if line[0] > oldest}
        if not self._path.exists():
            return
        part = self._path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            for key, (when, price) in self._lines.items():
                file.write(json.dumps({"key": key, "price": str(price), "when": when.isoformat()}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)


def _read(line: str) -> tuple[str, tuple[datetime, Decimal]] | None:
    """A line; the last may be torn by a crash, and its order never left then."""
    try:
        said = json.loads(line)
        return said["key"], (datetime.fromisoformat(said["when"]), Decimal(said["price"]))
    except (ValueError, KeyError, TypeError, ArithmeticError):
        return None


class Budgeted(Around):
    """Refuses orders that would cost more than `most` in 24 hours. What was surely not taken costs nothing."""

    def __init__(
        self, inner: Backend, most: Decimal, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(inner)
        self._most = most
        self._spent = Spent(path, now)
        self._turn = asyncio.Lock()

    async def capabilities(self) -> Capabilities:
        """With the money that is left; without any it rests."""
        able = await self.inner.capabilities()
        async with self._turn:
            left = self._most - await asyncio.to_thread(self._spent.total)
        return replace(able, left=left, resting=able.resting or (OverBudget.key if left <= 0 else ""))

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Note the price, then send."""
        async with self._turn:
            spent = await asyncio.to_thread(self._spent.total)
            if spent + order.price > self._most:
                raise OverBudget(f"{spent} of {self._most} are spent; {order.price} more is too much")
            try:
                await asyncio.to_thread(self._spent.note, key, order.price)
            except OSError as error:
                raise Transient(f"the price cannot be noted, so nothing is sent: {error}") from error
        try:
            return await self.inner.submit(order, key=key)
        except SubmitUncertain:
            raise
        except BackendError:
            async with self._turn:
                with suppress(OSError):  # it counts for a day though it was not spent
                    await asyncio.to_thread(self._spent.note, key, Decimal(0))
            raise
