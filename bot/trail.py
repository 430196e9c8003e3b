"""Which request a log line belongs to: a few facts that follow a command, or a job, through every task it starts.

with following(request="9f3c", command="create"):
    log.info("…")   # whoever writes the line asks `facts()`
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_FACTS: Final = ContextVar[Mapping[str, str | int]]("facts", default=MappingProxyType({}))


@contextmanager
def following(**facts: str | int) -> Generator[None]:
    """Everything logged inside, also by tasks started there, carries these facts and those around it."""
    before = _FACTS.set({**_FACTS.get(), **facts})
    try:
        yield
    finally:
        _FACTS.reset(before)


def facts() -> Mapping[str, str | int]:
    """What is known at this point: request, command, platform, backend, fence."""
    return _FACTS.get()
