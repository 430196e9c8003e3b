"""A backend that passes everything on; a wrapper overrides what it cares about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from bot.model.backend import (
    Absent,
    CancelOutcome,
    Capabilities,
    Health,
    Order,
    RemoteRef,
    RemoteStatus,
)
from bot.ports import Backend


class Around:
    """Satisfies `bot.ports.Backend` by asking `inner`."""

    def __init__(self, inner: Backend) -> None:
        self.inner = inner

    @property
    def name(self) -> str:
        """The inner one's."""
        return self.inner.name

    async def capabilities(self) -> Capabilities:
        """What it can do."""
        return await self.inner.capabilities()

    async def health(self) -> Health:
        """Whether it can take work."""
        return await self.inner.health()

    async def validate(self, order: Order) -> None:
        """Raise when it cannot draw this."""
        await self.inner.validate(order)

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Send."""
        return await self.inner.submit(order, key=key)

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        """Look for an order whose answer was lost."""
        return await self.inner.find(key, since)

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        """One look."""
        return await self.inner.poll(ref)

    def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        """Looks until it has ended."""
        return self.inner.events(ref)

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Try to stop it."""
        return await self.inner.cancel(ref)

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Bring the film."""
        await self.inner.fetch(ref, status, into)

    async def aclose(self) -> None:
        """Close it."""
        await self.inner.aclose()
