"""Plain text for Discord: escaped where it must not be interpreted, cut where it must not be longer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

_MARKS: Final = re.compile(r"([\\*_~`|<>\[\]])")
_LINE_START: Final = re.compile(r"(?m)^(\s*)(?=(?:#{1,3}|-#|[-+])\s)")
_NUMBERED: Final = re.compile(r"(?m)^(\s*\d+)(?=[.)]\s)")
_LINK: Final = re.compile(r"://")
_EVERYBODY: Final = re.compile(r"@(?=everyone|here)")
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_JOINERS: Final = frozenset("\u200d\ufe0e\ufe0f\u20e3")
ELLIPSIS: Final = "…"


def escaped(text: str) -> str:
    """Text that Discord shows letter for letter: no markdown, no mention, no link, no custom emoji."""
    text = _MARKS.sub(r"\\\1", text)
    text = _NUMBERED.sub(r"\1\\", _LINE_START.sub(r"\1\\", text))
    text = _LINK.sub(r":\\//", text)
    return _EVERYBODY.sub("@\u200b", text)


def plain(text: str) -> str:
    """Our own words: **bold** is kept, the rest is escaped."""
    parts = _BOLD.split(text)
    return "".join(f"**{escaped(part)}**" if index % 2 else escaped(part) for index, part in enumerate(parts))


def quoted(text: str) -> str:
    """A quotation, line by line; never interpreted."""
    return "\n".join(f"> {line}" for line in escaped(text).splitlines())


def length(text: str) -> int:
    """Characters as Discord may count them at most: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, longest: int) -> str:
    """At most `longest` characters, ended with an ellipsis, never inside an emoji, an accent or an escape."""
    if length(text) <= longest:
        return text
    end = _fitting(text, longest - 1)
    while end > 0 and not _boundary(text, end):
        end -= 1
    return text[:end].rstrip() + ELLIPSIS if longest > 0 else ""


def _fitting(text: str, units: int) -> int:
    for index, char in enumerate(text):
        units -= 2 if ord(char) > 0xFFFF else 1
        if units < 0:
            return index
    return len(text)


def _boundary(text: str, at: int) -> bool:
    if at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if after in _JOINERS or before == "\u200d" or _extends(after):
        return False
    if _flag(before) and _flag(after):
        return _run(text, at, _flag) % 2 == 0
    return before != "\\" or _run(text, at, lambda char: char == "\\") % 2 == 0


def _extends(char: str) -> bool:
    code = ord(char)
    # Skin tones, tag letters of flags, and the vowels and tails of decomposed Hangul.
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F or 0x1160 <= code <= 0x11FF:
        return True
    return unicodedata.category(char) in ("Mn", "Mc", "Me")


def _flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _run(text: str, end: int, like: Callable[[str], bool]) -> int:
    """How many characters right before `end` are alike."""
    count = 0
    while count < end and like(text[end - 1 - count]):
        count += 1
    return count
