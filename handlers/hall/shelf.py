"""Pages that are drawn once and shown for a moment: visitors who come together share one drawing."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

FRESH: Final = 2.0
"""Seconds a page is shown before it is drawn again: a withdrawn work is gone so soon after."""
KEPT: Final = 256
"""Pages kept at the same time."""
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
class _Place:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    page: Page | None = None
    until: float = 0.0


class Shelf:
    """The drawn pages, by what they show."""

    def __init__(self, fresh: float = FRESH) -> None:
        self._fresh = fresh
        self._places: OrderedDict[Hashable, _Place] = OrderedDict()

    async def get(self, key: Hashable, draw: Callable[[], Awaitable[Page]]) -> Page:
        """The page, drawn by one of those who wait for it."""
        place = self._places.setdefault(key, _Place())
        self._places.move_to_end(key)
        while len(self._places) > KEPT:
            self._places.popitem(last=False)
        if place.page is not None and place.until > _now():
            return place.page
        async with place.lock:
            if place.page is None or place.until <= _now():
                place.page = await draw()
                place.until = _now() + self._fresh
            return place.page


def _now() -> float:
    return asyncio.get_running_loop().time()
