"""A sentence as captions of its film (WebVTT)."""

from __future__ import annotations

import html
import re
import textwrap
import unicodedata
from typing import Final

LONGEST: Final = 84
"""Characters of one caption: two lines of forty-two, as broadcasters set them."""


def captions(sentence: str, seconds: float) -> str:
    """The whole sentence over the whole film, in as many captions as it takes; longer ones are shown longer."""
    parts = _parts(sentence)
    total, shown, cues = sum(map(len, parts)), 0, list[str]()
    for part in parts:
        begins, shown = shown, shown + len(part)
        span = f"{_clock(seconds * begins / total)} --> {_clock(seconds * shown / total)}"
        cues.append(f"{span}\n{html.escape(part, quote=False)}\n")
    return "\n".join(["WEBVTT\n", *cues])


def _parts(sentence: str) -> list[str]:
    """Broken between words where there are spaces; scripts without spaces break anywhere."""
    flat = re.sub(r"\s+", " ", sentence).strip()
    wide = any(unicodedata.east_asian_width(char) in "WF" for char in flat)
    return textwrap.wrap(flat, LONGEST // 2 if wide else LONGEST, break_on_hyphens=False) or [flat or "…"]


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
