"""What a log, an error's detail or a doctor's table may show of an address or an answer."""

from __future__ import annotations

import logging
from typing import Final
from urllib.parse import urlsplit

from bot.scrub import scrubbed

__all__ = ["Scrub", "guard_logs", "redacted", "scrubbed"]

_TALKERS: Final = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.proxy",
    "websockets.client",
)
"""Loggers of the libraries beneath us; httpx writes whole addresses at INFO."""


def redacted(url: str) -> str:
    """The address without password and query: `https://host/path?…`."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}"


class Scrub(logging.Filter):
    """Rewrites a record so that no handler ever sees a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through, cleaned."""
        record.msg, record.args = scrubbed(record.getMessage(), most=4000), ()
        return True


_SCRUB: Final = Scrub()


def guard_logs() -> None:
    """Clean what the libraries beneath us log; harmless to repeat."""
    for name in _TALKERS:
        logger = logging.getLogger(name)
        if _SCRUB not in logger.filters:
            logger.addFilter(_SCRUB)
