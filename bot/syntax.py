"""From what platforms hear to commands, the same for all of them.

`parse` reads the words after `/olympic`; `press` reads a button's action; `submit` reads a form's values. None of them
checks what the words mean: that is the use case's work. The words themselves stand in `bot.grammar`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Final

from bot import grammar
from bot.grammar import making
from bot.grammar.making import page
from bot.grammar.people import days
from bot.grammar.word import Files
from bot.model.command import (
    Again,
    Agree,
    AllowRemixes,
    Approve,
    Backends,
    Cancel,
    ChangeSetup,
    Choose,
    CloseRound,
    Command,
    Compose,
    Create,
    Decline,
    Delete,
    EditSport,
    Erase,
    Exhibit,
    Export,
    ExportSetup,
    ExportSport,
    ForgetCharacter,
    Help,
    ImportSetup,
    ImportSport,
    Mine,
    NameMe,
    Nominate,
    Notices,
    OfferSport,
    OpenSetup,
    PauseMember,
    PreviewSport,
    Queue,
    Recount,
    Remix,
    RemoveSport,
    Report,
    Repost,
    Retry,
    SaveSport,
    Share,
    ShowRound,
    Silence,
    Sports,
    Stats,
    Status,
    Submit,
    Takedown,
    Top,
    Unknown,
    Whole,
    Withdraw,
)


def parse(text: str, files: Files | None = None) -> Command:
    """The command in the words a member typed after `/olympic`."""
    if not text.strip().lstrip("/"):
        return Compose()
    word, rest = grammar.split(text)
    if word is None:
        head = text.strip().split()[0].lower().lstrip("/")
        return Unknown(text.strip(), next(iter(difflib.get_close_matches(head, grammar.paths(), n=1)), ""))
    return word.read(grammar.values(word, rest), files or {})


def create(text: str, files: Files | None = None) -> Create:
    """A wish in the words a member typed, without the command before them."""
    word = grammar.find("create")
    assert word is not None
    return submit_create(grammar.values(word, text), files)


def submit_create(values: Mapping[str, str], files: Files | None = None) -> Create:
    """A `Create` from named values, as forms and slash options give them."""
    return making.wish(values, files or {})


def press(action: str) -> Command:
    """The command of a button's `verb:subject` action; forged or foreign ones are Unknown."""
    verb, _, subject = action.partition(":")
    reader = _ACTIONS.get(verb)
    return reader(subject) if reader and (subject or verb in _BARE) else Unknown(action)


def submit(action: str, values: Mapping[str, str], files: Files | None = None) -> Command:
    """The command of a submitted form: its action and the fields' values."""
    verb, _, subject = action.partition(":")
    reader = _FORMS.get(verb)
    return reader(subject, values, files or {}) if reader else Unknown(action)


def _created(subject: str, values: Mapping[str, str], files: Files) -> Command:
    return submit_create({**values, **({"parent": subject} if subject else {})}, files)


def _chosen(subject: str, values: Mapping[str, str], files: Files) -> Command:
    """A step's form: `step:version`."""
    del files
    step, _, version = subject.partition(":")
    if not step or not (version.isascii() and version.isdigit() and len(version) < 10):
        return Unknown(subject)
    return ChangeSetup(step, values, int(version), whole=True)


def _document(values: Mapping[str, str]) -> str:
    """A long text, which a form holds in several fields."""
    return "".join(values.get(name, "") for name in ("text", "text2", "text3", "text4", "text5"))


def _choose(subject: str) -> Command:
    parts = subject.split(":", 2)
    if len(parts) != 3 or parts[1] not in ("sport", "plan"):
        return Unknown(subject)
    return Choose(parts[0], parts[1], parts[2])


def _remixable(subject: str) -> Command:
    entry, _, said = subject.rpartition(":")
    return AllowRemixes(on=said == "on", entry=entry) if entry and said in ("on", "off") else Unknown(subject)


def _top(subject: str) -> Command:
    board, _, number = subject.partition(":")
    return Top(board, page(number))


_ACTIONS: Final[dict[str, Callable[[str], Command]]] = {
    "compose": lambda _: Compose(),
    "status": lambda _: Status(),
    "mine": lambda subject: Mine(page(subject)),
    "help": lambda _: Help(),
    "cancel": Cancel,
    "again": Again,
    "whole": Whole,
    "remix": Remix,
    "retry": Retry,
    "delete": Delete,
    "delete-sure": lambda entry: Delete(entry, sure=True),
    "choose": _choose,
    "exhibit": lambda subject: Exhibit(page(subject)),
    "share": Share,
    "recount": Recount,
    "votes-report": Report,
    "repost": Repost,
    # review
    "nominate": Nominate,
    "review": lambda subject: Queue(page(subject)),
    "approve": Approve,
    "decline": Decline,
    "takedown": Takedown,
    "takedown-sure": lambda entry: Takedown(entry, sure=True),
    "pause": lambda entry: PauseMember(entry=entry),
    "silence": Silence,
    # admin
    "setup": OpenSetup,
    "backends": lambda _: Backends(),
    "sports": lambda subject: Sports(page(subject)),
    "sport-on": lambda sport: OfferSport(sport, on=True),
    "sport-off": lambda sport: OfferSport(sport, on=False),
    "sport-edit": EditSport,
    "sport-preview": PreviewSport,
    "sport-remove": RemoveSport,
    "sport-remove-sure": lambda sport: RemoveSport(sport, sure=True),
    "sport-export": ExportSport,
    "sport-import": lambda _: ImportSport(),
    "setup-export": lambda _: ExportSetup(),
    "setup-import": lambda _: ImportSetup(),
    "import-sure": lambda shown: ImportSetup(sure=shown),
    # people
    "hear": lambda kind: Silence(kind, on=True),
    "notices": lambda _: Notices(),
    "name-me": lambda _: NameMe(),
    "remixes": lambda said: AllowRemixes(on=said == "on"),
    "remixable": _remixable,
    "consent-yes": lambda character: Agree(character, on=True),
    "consent-no": lambda character: Agree(character, on=False),
    "character-forget": lambda character: ForgetCharacter(character=character),
    "character-forget-sure": lambda character: ForgetCharacter(character=character, sure=True),
    "export": lambda _: Export(),
    "erase": lambda _: Erase(),
    "erase-sure": lambda _: Erase(sure=True),
    "stats": lambda said: Stats(days(said)),
    # rounds
    "round": lambda _: ShowRound(),
    "round-ask": CloseRound,
    "round-close": lambda named: CloseRound(named, sure=True),
    "submit": Submit,
    "withdraw": Withdraw,
    "top": _top,
}
_BARE: Final = frozenset(
    {"compose", "status", "mine", "help", "exhibit", "review", "round", "top"}
    | {"notices", "name-me", "export", "erase", "erase-sure", "stats"}
    | {"setup", "backends", "sports", "sport-edit", "sport-import", "setup-export", "setup-import"}
)
"""Actions that need no subject."""
_FORMS: Final[dict[str, Callable[[str, Mapping[str, str], Files], Command]]] = {
    "create": _created,
    "name-me": lambda _subject, said, _files: NameMe(said.get("name", "")),
    "decline": lambda entry, said, _: Decline(entry, said.get("reason", ""), said.get("words", "")),
    # admin
    "setup": _chosen,
    "sport": lambda sport, said, _: SaveSport(said, sport),
    "sport-import": lambda _, said, files: ImportSport(_document(said), files.get("file")),
    "setup-import": lambda _, said, files: ImportSetup(_document(said), files.get("file")),
}
