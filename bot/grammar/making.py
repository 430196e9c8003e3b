"""The words of making clips."""

from __future__ import annotations

from typing import Final

from bot.grammar.word import Files, Kind, Option, Values, Word
from bot.model.command import Cancel, Command, Compose, Create, Help, Mine, Status

CREATE: Final = (
    Option("prompt", required=True),
    Option("sport", Kind.CHOICE),
    Option("style", Kind.CHOICE),
    Option("camera", Kind.CHOICE),
    Option("size", Kind.CHOICE),
    Option("seed"),
    Option("backend", Kind.CHOICE),
    Option("image", Kind.IMAGE),
    Option("audio", Kind.AUDIO),
)


def created(values: Values, files: Files) -> Command:
    """A wish, or the form for one where nothing was said."""
    return wish(values, files) if values.get("prompt") or files else Compose()


def wish(values: Values, files: Files) -> Create:
    """A `Create` from named values, as forms and slash options give them."""
    named = ("prompt", "sport", "style", "camera", "size", "seed", "backend", "parent", "source")
    said = {name: values[name].strip() for name in named if values.get(name)}
    return Create(**{"prompt": "", **said}, image=files.get("image"), audio=files.get("audio"))


def page(said: str) -> int:
    """A page's number; the first where none was said."""
    return int(said) if said.isdecimal() and 0 < int(said) < 10_000 else 1


WORDS: Final = (
    Word("create", created, CREATE, rest="prompt", short=("make",)),
    Word("status", lambda _values, _files: Status()),
    Word("cancel", lambda values, _files: Cancel(values.get("job", "")), (Option("job", Kind.CHOICE),), rest="job"),
    Word(
        "mine", lambda values, _files: Mine(page(values.get("page", ""))), (Option("page", Kind.NUMBER),), rest="page"
    ),
    Word("help", lambda _values, _files: Help()),
)
