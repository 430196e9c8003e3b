"""What is drawn once and shown for a moment: visitors who come together share one drawing."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response

T = TypeVar("T")

FRESH: Final = 5.0
"""Seconds a thing is shown before it is drawn again: a withdrawn work is gone so soon after."""
KEPT: Final = 256
"""Things kept at the same time."""
SMALL: Final = 800
"""Bytes under which packing saves nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, ready to be sent."""

    body: bytes
    mime: str
    status: int = 200
    packed: bytes = field(init=False, default=b"")
    tag: str = field(init=False, default="")

    def __post_init__(self) -> None:
        packed = gzip.compress(self.body, 6, mtime=0) if len(self.body) >= SMALL else b""
        object.__setattr__(self, "packed", packed)
        object.__setattr__(self, "tag", f'W/"{zlib.crc32(self.body):x}-{len(self.body):x}"')

    def answer(self, request: Request, *, seconds: int = 60) -> Response:
        """As this browser takes it; `seconds` it may be kept elsewhere."""
        headers = {"etag": self.tag, "vary": "Accept-Language, Accept-Encoding"}
        headers["cache-control"] = f"public, max-age={seconds}" if self.status == 200 else "no-cache"
        if self.status == 200 and self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if self.packed and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.packed, self.status, {**headers, "content-encoding": "gzip"}, self.mime)
        return Response(self.body, self.status, headers, self.mime)


@dataclass(slots=True)
class _Place(Generic[T]):
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    thing: T | None = None
    until: float = 0.0


class Shelf(Generic[T]):
    """Drawn things, by what they show."""

    def __init__(self, fresh: float = FRESH) -> None:
        self._fresh = fresh
        self._places: OrderedDict[Hashable, _Place[T]] = OrderedDict()

    async def get(self, key: Hashable, draw: Callable[[], Awaitable[T]]) -> T:
        """The thing, drawn by one of those who ask for it; the others get the old one until the new one is there.

        What `draw` raises is raised and not kept.
        """
        place = self._places.setdefault(key, _Place[T]())
        self._places.move_to_end(key)
        while len(self._places) > KEPT:
            self._places.popitem(last=False)
        if place.thing is not None and (place.until > _now() or place.lock.locked()):
            return place.thing
        async with place.lock:
            if place.thing is None or place.until <= _now():
                try:
                    place.thing = await draw()
                except BaseException:
                    place.thing = None
                    raise
                place.until = _now() + self._fresh
            return place.thing


def _now() -> float:
    return asyncio.get_running_loop().time()
