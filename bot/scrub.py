"""Taking secrets out of words that somebody will read: logs, details of errors, tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

MASK: Final = "••••"
_SHORTEST: Final = 6
"""Letters a secret has at least; a shorter one would blank half of every line."""
_PATTERNS: Final = (
    (re.compile(r"(?i)\b(bearer|key|basic|bot)\s+[\w.~+/=:-]{8,}"), r"\1 …"),
    (re.compile(r"\bsk-[\w-]{6,}"), "sk-…"),
    (re.compile(r"\b(xox[a-z]|xapp)-[\w-]{6,}"), r"\1-…"),
    (re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s/@\"']+@"), r"\1"),
    (re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]+"), r"\1?…"),
    (
        re.compile(r"(?i)([\"']?(?:policy|signature|ossaccesskeyid|oss_access_key_id|api_?key|authorization|token)[\"']?"
                   r"\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&}]+)"),
        r"\1…",
    ),
)  # fmt: skip
"""Keys, tokens, passwords in addresses, signed query strings, and the fields of an OSS upload policy."""


def scrubbed(text: str, most: int = 500) -> str:
    """Any text without keys, passwords and signed queries, at most so many characters."""
    for pattern, kept in _PATTERNS:
        text = pattern.sub(kept, text)
    return text if len(text) <= most else text[: most - 1] + "…"


def hider(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that masks exactly these secrets, the longest first, wherever they stand."""
    known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST}, key=len, reverse=True)
    if not known:
        return lambda text: text
    pattern = re.compile("|".join(map(re.escape, known)))
    return lambda text: pattern.sub(MASK, text)
