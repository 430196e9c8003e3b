"""The words about oneself: accounts, characters, privacy; and what an admin asks about everybody."""

from __future__ import annotations

from typing import Final

from bot.grammar.word import Files, Kind, Option, Values, Word
from bot.model.command import (
    Command,
    Erase,
    Export,
    ForgetCharacter,
    JoinContest,
    Link,
    ListCharacters,
    Notices,
    Remix,
    SaveCharacter,
    ShareCharacter,
    Stats,
    Unlink,
)
from bot.model.people import Role

_NAME: Final = Option("name", required=True, longest=40)
_CODE: Final = Option("code", longest=20)


def _remix(values: Values, _files: Files) -> Command:
    said = {name: values.get(name, "").strip() for name in ("entry", "prompt", "sport", "style", "camera")}
    return Remix(**said)


def _save(values: Values, files: Files) -> Command:
    depicts = values.get("depicts", "")
    return SaveCharacter(values.get("name", ""), files.get("image"), files.get("voice"), depicts)


def _share(values: Values, _files: Files) -> Command:
    return ShareCharacter(values.get("name", ""), values.get("with", ""), values.get("member", ""))


def days(said: str) -> int:
    """How many days are looked at: 7, 30 or 90."""
    return int(said) if said in ("7", "30", "90") else 30


WORDS: Final = (
    Word(
        "remix",
        _remix,
        (
            Option("entry", required=True, longest=40),
            Option("prompt"),
            Option("sport", Kind.CHOICE),
            Option("style", Kind.CHOICE),
            Option("camera", Kind.CHOICE),
        ),
        rest="entry",
    ),
    Word("link", lambda values, _files: Link(values.get("code", "")), (_CODE,), rest="code"),
    Word("unlink", lambda _values, _files: Unlink()),
    Word(
        "character save",
        _save,
        (_NAME, Option("image", Kind.IMAGE), Option("voice", Kind.AUDIO), Option("depicts", Kind.MEMBER)),
        rest="name",
    ),
    Word("character list", lambda _values, _files: ListCharacters()),
    Word(
        "character share",
        _share,
        (_NAME, Option("with", Kind.CHOICE, complete="reach"), Option("member", Kind.MEMBER)),
        rest="name",
    ),
    Word(
        "character forget",
        lambda values, _files: ForgetCharacter(name=values.get("name", ""), sure=True),
        (_NAME,),
        rest="name",
    ),
    Word("privacy notices", lambda _values, _files: Notices()),
    Word("privacy export", lambda _values, _files: Export()),
    Word("privacy erase", lambda _values, _files: Erase()),
    Word(
        "admin join", lambda values, _files: JoinContest(values.get("code", "")), (_CODE,), rest="code", role=Role.ADMIN
    ),
    Word(
        "admin stats",
        lambda values, _files: Stats(days(values.get("period", ""))),
        (Option("period", Kind.CHOICE, complete="days"),),
        rest="period",
        role=Role.ADMIN,
    ),
)
