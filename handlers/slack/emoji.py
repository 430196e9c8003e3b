"""Slack's names of emoji ↔ the emoji themselves. Skin tones make no difference: they are told as the plain sign."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from bot.errors import BadEmoji

_TABLE: Final = Path(__file__).parent / "emoji.tsv"
_TONE: Final = re.compile("[\U0001f3fb-\U0001f3ff]")
_VARIANT: Final = "\ufe0f"
"""Asks for the colourful form of a sign; it is written or left out at will."""
_NAME: Final = re.compile(r":?([a-z0-9_'+\-]+):?")


def sign(name: str) -> str:
    """What Slack calls `name`: the emoji, or `:name:` for one of the workspace's own."""
    plain = name.split("::", 1)[0].strip(":")
    return _signs().get(plain, f":{plain}:")


def name(emoji: str) -> str:
    """What Slack calls an emoji. Raises `BadEmoji` for a sign it has none for."""
    bare = _bare(emoji)
    if found := _names().get(bare):
        return found
    if own := _NAME.fullmatch(bare):
        return own[1]
    raise BadEmoji(f"Slack has no name for {emoji!r}", emoji=emoji)


def same(told: str, emoji: str) -> bool:
    """Whether a reaction's name means this emoji, in whatever skin tone."""
    return _bare(sign(told)) == _bare(sign(name(emoji)))


def _bare(emoji: str) -> str:
    return _TONE.sub("", emoji.strip()).replace(_VARIANT, "")


@cache
def _signs() -> Mapping[str, str]:
    lines = _TABLE.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {name: "".join(chr(int(code, 16)) for code in codes.split("-")) for name, codes in rows}


@cache
def _names() -> Mapping[str, str]:
    """Where a sign has several names, the first in the alphabet is taken: Slack knows all of them."""
    return {_bare(sign): name for name, sign in sorted(_signs().items(), reverse=True) if _bare(sign)}
