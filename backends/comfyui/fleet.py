"""All servers: which is the least busy, and which has the order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from backends.comfyui.recipe import Recipe
from backends.comfyui.server import Names, Server
from bot.errors import BackendError, Transient, Unsupported
from bot.model.backend import Absent, RemoteStatus

log = logging.getLogger(__name__)

PATIENCE: Final = 8.0
"""Seconds a server may take to say how busy it is before it is passed over."""
REST: Final = 30.0
"""Seconds for which a server that did not answer is not asked again while others do."""
LEARNING: Final = 3.0
"""Seconds a question for capabilities may wait for servers to say what they have installed."""
RELEARNING: Final = 60.0
"""Seconds between two such questions."""


class Fleet:
    """The configured servers, in the operator's order."""

    def __init__(self, servers: Sequence[Server], pauses: Sequence[float]) -> None:
        self.servers = {server.url: server for server in servers}
        self._pauses = pauses
        self._resting = dict[str, float]()
        self._errors = dict[str, BackendError]()
        self._learned = 0.0

    async def learn(self, menu: Iterable[Recipe]) -> None:
        """Ask what is installed, now and then and not for long, so that nobody is offered what cannot be drawn."""
        now = asyncio.get_running_loop().time()
        if now < self._learned:
            return
        self._learned = now + RELEARNING
        asked = [server.checked(recipe) for server in self.servers.values() for recipe in menu]
        with suppress(TimeoutError):
            async with asyncio.timeout(LEARNING):
                await asyncio.gather(*asked, return_exceptions=True)

    def lacking(self, recipe: Recipe) -> tuple[str, ...]:
        """What keeps every server from drawing a recipe, as far as they were asked; empty when one may be able to."""
        checks = [server.known(recipe) for server in self.servers.values()]
        if any(check is None or check.ok for check in checks):
            return ()
        return tuple(dict.fromkeys(problem for check in checks if check for problem in check.problems))

    @asynccontextmanager
    async def least_busy(self, recipe: Recipe) -> AsyncGenerator[Server]:
        """The server with the shortest queue that can draw the recipe, reserved while the order is on its way.

        Raises `Transient` when none answers, `Unsupported` when none has the nodes and models.
        """
        loads = await self._loads(recipe)
        if not loads:
            raise self._none_for(recipe)
        server = min(loads, key=lambda each: loads[each] + each.reserved)
        server.reserved += 1
        try:
            yield server
        finally:
            server.reserved -= 1

    async def _loads(self, recipe: Recipe) -> Mapping[Server, int]:
        now = asyncio.get_running_loop().time()
        awake = [server for url, server in self.servers.items() if self._resting.get(url, 0.0) <= now]
        asked = awake or list(self.servers.values())
        loads = await asyncio.gather(*(self._load(server, recipe) for server in asked))
        return {server: load for server, load in zip(asked, loads, strict=True) if load is not None}

    async def _load(self, server: Server, recipe: Recipe) -> int | None:
        """How busy a server is, or None when it does not answer or cannot draw this."""
        try:
            async with asyncio.timeout(PATIENCE):
                found, busy = await server.checked(recipe), await server.busy()
        except TimeoutError:
            return self._passed_over(server, Transient(f"{server.url} did not answer within {PATIENCE:g} s"))
        except BackendError as error:
            return self._passed_over(server, error)
        self._resting.pop(server.url, None)
        self._errors.pop(server.url, None)
        return busy if found.ok else None

    def _passed_over(self, server: Server, error: BackendError) -> None:
        log.warning("%s is passed over: %s", server.url, error.detail)
        self._resting[server.url] = asyncio.get_running_loop().time() + REST
        self._errors[server.url] = error

    def _none_for(self, recipe: Recipe) -> BackendError:
        """Why no server takes an order: what is missing, else what only a person can mend, else that none answers."""
        checks = [server.known(recipe) for url, server in self.servers.items() if url not in self._errors]
        problems = [problem for each in checks if each for problem in each.problems]
        if problems:
            return Unsupported("; ".join(dict.fromkeys(problems)))
        lasting = next((error for error in self._errors.values() if not error.retry), None)
        return lasting or Transient("; ".join(error.detail for error in self._errors.values()))

    async def find(self, names: Names, output: str) -> tuple[Server, str, RemoteStatus] | Absent:
        """Which server has the order. `SURELY` not there only when every server was asked twice, some time apart: one
        may still be reading an order whose sender has hung up."""
        surely = 0
        for pause in (0.0, *self._pauses):
            await asyncio.sleep(pause)
            answers = await asyncio.gather(*(self._ask(server, names, output) for server in self.servers.values()))
            found = next((answer for answer in answers if not isinstance(answer, Absent)), None)
            if found is not None:
                return found
            surely += all(answer is Absent.SURELY for answer in answers)
            if surely == 2:
                return Absent.SURELY
        return Absent.UNKNOWN

    async def _ask(self, server: Server, names: Names, output: str) -> tuple[Server, str, RemoteStatus] | Absent:
        try:
            found = await server.find(names, output)
        except BackendError as error:
            log.warning("%s cannot say whether it has an order: %s", server.url, error.detail)
            return Absent.UNKNOWN
        return Absent.SURELY if found is None else (server, *found)

    async def aclose(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(server.aclose() for server in self.servers.values()))
