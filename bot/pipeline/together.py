"""Questions that come while an answer is on its way are asked together next: a burst costs a handful of reads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Together(Generic[K, V]):
    """Nothing is remembered: every answer was read after its question was put."""

    def __init__(self, answer: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._answer = answer
        self._turn = asyncio.Lock()
        self._next: _Batch[K, V] = _Batch()

    async def ask(self, *keys: K) -> list[V | None]:
        """The values of these keys; None for what there is not."""
        batch = self._next
        batch.keys.update(dict.fromkeys(keys))
        async with self._turn:
            if batch.answers is None:  # the first of a batch reads for all of it
                if self._next is batch:
                    self._next = _Batch()
                batch.answers = await self._answer(list(batch.keys))
        return [batch.answers.get(key) for key in keys]


class _Batch(Generic[K, V]):
    def __init__(self) -> None:
        self.keys: dict[K, None] = {}
        self.answers: Mapping[K, V] | None = None
