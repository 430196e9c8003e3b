"""A member's own words, made safe to keep and show without changing what they say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Final

from bot.errors import BadPrompt
from bot.model.character import folded
from bot.model.request import LONGEST_PROMPT

_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Marks that reorder text for the eye (Unicode Bidirectional Algorithm, UAX #9): a sentence needs none of them."""
_SCRIPT: Final = re.compile(
    r"(?P<kana>[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d])|(?P<hangul>[\u1100-\u11ff\uac00-\ud7a3])"
    r"|(?P<han>[\u3400-\u9fff\U00020000-\U000323af])|(?P<latin>[A-Za-z\u00c0-\u024f])"
)
LETTERS: Final = 4
"""Latin letters that say as much as one character of Chinese, Japanese or Korean, generously."""
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


def tongue(sentence: str, language: str) -> str:
    """The language a sentence is written in, as far as its script tells; `language` is its writer's own.

    A member whose client speaks Japanese may well write English, and the other way round. A name in another script
    makes no other language: "@大聖 jumps".
    """
    told = Counter(found.lastgroup for found in _SCRIPT.finditer(_NAME.sub(" ", sentence)))
    latin, base = told.pop("latin", 0), language.partition("-")[0]
    if latin > LETTERS * told.total():
        return "en" if base in ("ja", "ko", "zh") else language
    if told["kana"]:
        return "ja"
    if told["hangul"]:
        return "ko"
    return "zh-Hans" if told["han"] and base not in ("ja", "zh") else language


def _shown(char: str) -> bool:
    """Not a control, surrogate, private or unassigned character; emoji joiners stay."""
    return char not in _DIRECTIONS and (unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"})


def names(prompt: str) -> list[str]:
    """The @names in a sentence, in any script, each once."""
    found = (name.rstrip(".-") for name in _NAME.findall(prompt))  # a full stop ends the sentence, not the name
    return list(dict.fromkeys(found))


def called(name: str, known: Collection[str]) -> str | None:
    """Which of the known (folded) names is meant: the name itself, or the longest it begins with where a script puts
    no spaces between words ("@大聖が跳ぶ" calls 大聖)."""
    wanted = folded(name)
    if wanted in known:
        return wanted
    begun = [one for one in known if wanted.startswith(one) and _joins(wanted, len(one))]
    return max(begun, key=len, default=None)


def near(name: str, known: Sequence[str]) -> str:
    """The known name that was probably meant; empty when none is near."""
    spelled = {folded(one): one for one in known}
    found = get_close_matches(folded(name), spelled, n=1, cutoff=0.6)
    return spelled[found[0]] if found else ""


def _joins(text: str, at: int) -> bool:
    """Whether words meet here without a space: on either side stands a sign of Chinese, Japanese or Korean, and not the
    inside of one Latin word."""
    return text[at] > "\u2e80" or text[at - 1] > "\u2e80"
