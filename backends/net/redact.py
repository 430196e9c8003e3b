"""What a log, an error's detail or a doctor's table may show of an address or an answer."""

from __future__ import annotations

import logging
import re
from typing import Final
from urllib.parse import urlsplit

_PATTERNS: Final = (
    (re.compile(r"(?i)\b(bearer|key|basic)\s+[\w.~+/=:-]{8,}"), r"\1 …"),
    (re.compile(r"\bsk-[\w-]{6,}"), "sk-…"),
    (re.compile(r"(https?://)[^\s/@\"']+@"), r"\1"),
    (re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]+"), r"\1?…"),
    (
        re.compile(r"(?i)([\"']?(?:policy|signature|ossaccesskeyid|oss_access_key_id|api_?key|authorization|token)[\"']?"
                   r"\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&}]+)"),
        r"\1…",
    ),
)  # fmt: skip
"""Keys, passwords in addresses, signed query strings, and the fields of an OSS upload policy."""
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


def scrubbed(text: str, most: int = 500) -> str:
    """Any text without keys, passwords and signed queries, at most so many characters."""
    for pattern, kept in _PATTERNS:
        text = pattern.sub(kept, text)
    return text if len(text) <= most else text[: most - 1] + "…"


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
