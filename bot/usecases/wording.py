"""A member's own words, made safe to keep and show without changing what they say."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.errors import BadPrompt
from bot.model.request import LONGEST_PROMPT

_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Marks that reorder text for the eye (Unicode Bidirectional Algorithm, UAX #9): a sentence needs none of them."""
_NAME: Final = re.compile(r"(?<![\w@.])@(\w[\w.-]{0,31})")


def sentence(prompt: str) -> str:
    """The prompt without control characters and direction marks, spaces folded.

    Raises `BadPrompt` when nothing is left or it is longer than 2,000 characters.
    """
    kept = "".join(" " if char in "\t\r\n" else char for char in unicodedata.normalize("NFC", prompt))
    clean = " ".join("".join(char for char in kept if _shown(char)).split())
    if not any(char.isalnum() for char in clean):
        raise BadPrompt(key="refusal.prompt_empty")
    if len(clean) > LONGEST_PROMPT:
        raise BadPrompt(key="refusal.prompt_long", length=len(clean), longest=LONGEST_PROMPT)
    return clean


def _shown(char: str) -> bool:
    """Not a control, surrogate, private or unassigned character; emoji joiners stay."""
    return char not in _DIRECTIONS and (unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"})


def names(prompt: str) -> list[str]:
    """The @names in a sentence, in any script, each once."""
    found = (name.rstrip(".-") for name in _NAME.findall(prompt))  # a full stop ends the sentence, not the name
    return list(dict.fromkeys(found))
