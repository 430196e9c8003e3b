"""The words of rounds and boards."""

from __future__ import annotations

from typing import Final

from bot.grammar.making import page
from bot.grammar.word import Files, Kind, Option, Values, Word
from bot.model.command import CloseRound, OpenRound, ShowRound, Top
from bot.model.people import Role

_RULES: Final = (
    Option("theme", longest=100),
    Option("sport", Kind.CHOICE),
    Option("days", Kind.NUMBER),
    Option("voting", Kind.NUMBER),
    Option("repeat", Kind.CHOICE),
    Option("themes", longest=1000),
)


def _now(values: Values, _files: Files) -> OpenRound:
    return _round(values)


def _later(values: Values, _files: Files) -> OpenRound:
    return _round(values, later=True)


def _round(values: Values, *, later: bool = False) -> OpenRound:
    named = ("theme", "sport", "opens", "days", "voting", "repeat", "themes")
    return OpenRound(**{name: values[name].strip() for name in named if values.get(name)}, later=later)


WORDS: Final = (
    Word("round", lambda _values, _files: ShowRound()),
    Word(
        "top",
        lambda values, _files: Top(values.get("board", ""), page(values.get("page", ""))),
        (Option("board", Kind.CHOICE), Option("page", Kind.NUMBER)),
        rest="board",
    ),
    Word("admin round open", _now, _RULES, rest="theme", role=Role.ADMIN),
    Word("admin round schedule", _later, (Option("opens"), *_RULES), rest="theme", role=Role.ADMIN),
    Word(
        "admin round close",
        lambda values, _files: CloseRound(values.get("round", "")),
        (Option("round", Kind.NUMBER),),
        rest="round",
        role=Role.ADMIN,
    ),
)
