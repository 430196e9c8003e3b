"""How many may do the same thing at a time, counted over all jobs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Gate:
    """Lets in as many as each comer says may be inside; the others wait in the order they came."""

    def __init__(self) -> None:
        self._inside = 0
        self._line: deque[asyncio.Future[None]] = deque()

    async def enter(self, most: int) -> Place:
        """Wait for a place inside and take it. `most`: how many may be inside."""
        while self._inside >= max(1, most):
            turn = asyncio.get_running_loop().create_future()
            self._line.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._skip(turn)
                raise
        self._inside += 1
        return Place(self)

    @asynccontextmanager
    async def place(self, most: int) -> AsyncGenerator[Place]:
        """A place inside, kept until it is given up or the block is left."""
        place = await self.enter(most)
        try:
            yield place
        finally:
            place.give_up()

    def leave(self) -> None:
        """One place is free: the next may look."""
        self._inside -= 1
        self._call()

    def _skip(self, turn: asyncio.Future[None]) -> None:
        """Somebody does not want in any more; a call already meant for them goes to the next."""
        if turn.done() and not turn.cancelled():
            self._call()
        elif turn in self._line:
            self._line.remove(turn)

    def _call(self) -> None:
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                return


class Place:
    """One place behind a gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate: Gate | None = gate

    def give_up(self) -> None:
        """Leave before the block ends; harmless to repeat."""
        gate, self._gate = self._gate, None
        if gate is not None:
            gate.leave()
