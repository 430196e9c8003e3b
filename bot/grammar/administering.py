"""The admins' words. A word that chooses something opens its form where nothing is said with it."""

from __future__ import annotations

from typing import Final

from bot.grammar.making import page
from bot.grammar.word import Files, Kind, Option, Read, Values, Word
from bot.model.command import (
    Backends,
    ChangeSetup,
    Command,
    EditSport,
    ExportSetup,
    ExportSport,
    ImportSetup,
    ImportSport,
    OfferSport,
    OpenSetup,
    Sports,
)
from bot.model.people import Role

_SPORT: Final = Option("sport", Kind.CHOICE, required=True, complete="any_sport")


def _choosing(step: str) -> Read:
    """What was said of a step, or its form."""

    def read(values: Values, _files: Files) -> Command:
        return ChangeSetup(step, dict(values)) if values else OpenSetup(step)

    return read


def _backend(values: Values, _files: Files) -> Command:
    return ChangeSetup("backend", dict(values)) if values else Backends()


def _word(path: str, read: Read, *options: Option, rest: str = "") -> Word:
    return Word(f"admin {path}", read, options, rest, Role.ADMIN)


WORDS: Final = (
    _word("setup", lambda values, _: OpenSetup(values.get("step", "")), Option("step"), rest="step"),
    _word(
        "channels",
        _choosing("channels"),
        *(Option(name, Kind.CHANNEL) for name in ("create", "review", "exhibit", "announcements")),
    ),
    _word(
        "roles",
        _choosing("roles"),
        *(Option(name, Kind.ROLE) for name in ("moderators", "admins", "members", "winner")),
    ),
    _word("language", _choosing("language"), Option("language", Kind.CHOICE), rest="language"),
    _word(
        "limits",
        _choosing("limits"),
        *(Option(name, Kind.NUMBER) for name in ("daily", "running", "share")),
        Option("more", Kind.ROLE),
        Option("more_daily", Kind.NUMBER),
    ),
    _word("budget", _choosing("budget"), *(Option(name, longest=20) for name in ("day", "month", "currency"))),
    _word("backend", _backend, Option("backend", Kind.CHOICE), Option("pictures", Kind.SWITCH)),
    _word("sports list", lambda values, _: Sports(page(values.get("page", ""))), Option("page", Kind.NUMBER)),
    _word("sports enable", lambda values, _: OfferSport(values.get("sport", ""), on=True), _SPORT, rest="sport"),
    _word("sports disable", lambda values, _: OfferSport(values.get("sport", ""), on=False), _SPORT, rest="sport"),
    _word("sports add", lambda _values, _files: EditSport()),
    _word("sports edit", lambda values, _: EditSport(values.get("sport", "")), _SPORT, rest="sport"),
    _word("sports export", lambda values, _: ExportSport(values.get("sport", "")), _SPORT, rest="sport"),
    _word(
        "sports import",
        lambda values, files: ImportSport(values.get("text", ""), files.get("file")),
        Option("text", longest=6000),
        Option("file", Kind.FILE),
        rest="text",
    ),
    _word("export", lambda _values, _files: ExportSetup()),
    _word(
        "import",
        lambda values, files: ImportSetup(values.get("text", ""), files.get("file")),
        Option("text", longest=6000),
        Option("file", Kind.FILE),
        rest="text",
    ),
)
