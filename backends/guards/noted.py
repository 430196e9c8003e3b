"""What was sent, what came of it, and how long it took: one line each in the log, without secrets."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from backends.guards.around import Around
from backends.net.redact import scrubbed
from bot.errors import BackendError
from bot.model.backend import CancelOutcome, Order, RemoteRef, RemoteStatus

log = logging.getLogger(__name__)


class Noted(Around):
    """Logs orders, cancellations and downloads; looks are too many."""

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Send, and say so."""
        began = time.monotonic()
        try:
            ref = await self.inner.submit(order, key=key)
        except BackendError as error:
            log.warning("%s: order %s: %s", self.name, key, _why(error))
            raise
        log.info(
            "%s: order %s (%s, %g s, price %s) is %s there; sent in %.1f s",
            self.name,
            key,
            order.mode.value,
            order.seconds,
            order.price,
            scrubbed(ref.id),
            time.monotonic() - began,
        )
        return ref

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Cancel, and say what came of it."""
        outcome = await self.inner.cancel(ref)
        log.info("%s: cancelling %s: %s", self.name, scrubbed(ref.id), outcome.value)
        return outcome

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Fetch, and say so."""
        began = time.monotonic()
        try:
            await self.inner.fetch(ref, status, into)
        except BackendError as error:
            log.warning("%s: fetching %s: %s", self.name, scrubbed(ref.id), _why(error))
            raise
        log.info("%s: %s fetched in %.1f s", self.name, scrubbed(ref.id), time.monotonic() - began)


def _why(error: BackendError) -> str:
    return scrubbed(f"{type(error).__name__}: {error.detail} ({error.operator})")
