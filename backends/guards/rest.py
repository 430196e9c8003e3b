"""A backend that fails rests: no order is sent until a probe finds it well again."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from backends.guards.around import Around
from bot.errors import AuthFailed, BackendError, BillingFailed, ModelUnavailable, Paused, RateLimited
from bot.model.backend import Capabilities, Health, Order, RemoteRef
from bot.ports import Backend

log = logging.getLogger(__name__)

_AT_ONCE: Final = (AuthFailed, BillingFailed, ModelUnavailable)
"""Failures that trying again does not mend."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Seconds between probes: `first`, doubling to `most`, give or take a share `jitter`, never less than the backend
    asked for. `failures`: orders in a row that did not get through before it rests."""

    first: float = 5.0
    most: float = 300.0
    jitter: float = 0.2
    failures: int = 3

    def wait(self, probes: int, asked: timedelta | None = None) -> float:
        """The wait before the next probe."""
        own = min(self.most, self.first * 2 ** min(probes, 16)) * random.uniform(1 - self.jitter, 1 + self.jitter)
        return max(own, asked.total_seconds()) if asked else own


class Rested(Around):
    """Sends while the backend is well. Looks, cancellations and downloads always pass: what was sent is followed."""

    def __init__(self, inner: Backend, rest: Rest, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        super().__init__(inner)
        self._rest = rest
        self._sleep = sleep
        self._failures = 0
        self._probes = 0
        """Not reset by a probe that went well: only an order that was taken proves that orders are taken."""
        self._why: BackendError | None = None
        self._probing: asyncio.Task[None] | None = None

    async def capabilities(self) -> Capabilities:
        """While it rests nobody is given a slot."""
        able = await self.inner.capabilities()
        return replace(able, resting=Paused.key) if self._why else able

    async def health(self) -> Health:
        """The inner one's own; why it rests is among the facts."""
        health = await self.inner.health()
        if self._why is None:
            return health
        return replace(health, facts={**health.facts, "resting": f"{type(self._why).__name__} {self._why.detail}"})

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Send, unless it rests: `Paused` then, and nothing is sent."""
        if self._why is not None:
            raise Paused(f"{self.name} rests: {self._why.detail}")
        try:
            ref = await self.inner.submit(order, key=key)
        except BackendError as error:
            self._troubled(error)
            raise
        self._failures = self._probes = 0
        return ref

    async def aclose(self) -> None:
        """Stop probing and close."""
        if self._probing is not None:
            self._probing.cancel()
            with suppress(asyncio.CancelledError):
                await self._probing
        await self.inner.aclose()

    def _troubled(self, error: BackendError) -> None:
        patient = isinstance(error, RateLimited) and error.retry_after is not None
        if not (error.pause or patient):
            return
        self._failures += 1
        if not (patient or isinstance(error, _AT_ONCE) or self._failures >= self._rest.failures):
            return
        if self._why is None:
            self._why = error
            log.warning("%s rests: %s. %s", self.name, error.detail or type(error).__name__, error.operator)
            self._probing = asyncio.create_task(self._until_well(error.retry_after), name=f"probes of {self.name}")

    async def _until_well(self, asked: timedelta | None) -> None:
        """Probe until it is well. A probe that itself breaks in a way nobody foresaw counts as failed."""
        while True:
            await self._sleep(self._rest.wait(self._probes, asked))
            self._probes, asked = self._probes + 1, None
            try:
                health = await self.inner.health()
            except BackendError as error:
                asked = error.retry_after
                continue
            except Exception:
                log.exception("the probe of %s broke", self.name)
                continue
            if health.ok:
                log.warning("%s is well again", self.name)
                self._why, self._failures = None, 0
                return
