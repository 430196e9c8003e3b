"""The words of the exhibit."""

from __future__ import annotations

from typing import Final

from bot.grammar.making import page
from bot.grammar.word import Kind, Option, Word
from bot.model.command import Exhibit

WORDS: Final = (
    Word(
        "exhibit",
        lambda values, _files: Exhibit(page(values.get("page", ""))),
        (Option("page", Kind.NUMBER),),
        rest="page",
    ),
)
