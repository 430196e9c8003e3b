"""The moderators' words about votes."""

from __future__ import annotations

from typing import Final

from bot.grammar.word import Option, Word
from bot.model.command import Recount, Report
from bot.model.people import Role

_ENTRY: Final = (Option("entry", longest=64),)

WORDS: Final = (
    Word(
        "recount",
        lambda values, _files: Recount(values.get("entry", "")),
        _ENTRY,
        rest="entry",
        role=Role.MODERATOR,
    ),
    Word(
        "votes report",
        lambda values, _files: Report(values.get("entry", "")),
        _ENTRY,
        rest="entry",
        role=Role.MODERATOR,
    ),
)
