"""The one grammar of typed commands, button actions and forms, shared by every platform.

`parse` reads the words after `/olympic`; `press` reads a button's action; `submit` reads a form's values. None of them
checks what the words mean: that is the use case's work.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.model.command import (
    Again,
    Attachment,
    Cancel,
    Choose,
    Command,
    Compose,
    Create,
    Delete,
    Help,
    Mine,
    Remix,
    Retry,
    Status,
    Unknown,
)

OPTIONS: Final = ("prompt", "sport", "style", "camera", "size", "seed", "backend")
"""What `create` takes as name:value; the rest of the words is the prompt."""

_OPTION: Final = re.compile(r"(?<!\S)(?P<name>" + "|".join(OPTIONS) + r')[:：=](?:"(?P<quoted>[^"]*)"|(?P<bare>\S*))')
_QUOTES: Final = (('"', '"'), ("“", "”"), ("「", "」"), ("'", "'"))

Files = Mapping[str, Attachment]
"""Attachments by the name of their option: image, audio."""


def parse(text: str, files: Files | None = None) -> Command:
    """The command in the words a member typed after `/olympic`."""
    head, _, rest = text.strip().partition(" ")
    word, rest = head.lower().lstrip("/"), rest.strip()
    if not word:
        return Compose()
    if word in ("create", "make"):
        return create(rest, files) if rest or files else Compose()
    if reader := _VERBS.get(word):
        return reader(rest)
    return Unknown(text.strip(), next(iter(difflib.get_close_matches(word, ["create", *_VERBS], n=1)), ""))


def create(text: str, files: Files | None = None) -> Create:
    """`name:value` options anywhere in the text; what is left is the prompt."""
    options = {
        match["name"]: match["quoted"] if match["quoted"] is not None else match["bare"]
        for match in _OPTION.finditer(text)
    }
    left = re.sub(r"[ \t]+", " ", _OPTION.sub(" ", text)).strip()
    options.setdefault("prompt", _unquoted(left))
    return submit_create(options, files)


def submit_create(values: Mapping[str, str], files: Files | None = None) -> Create:
    """A `Create` from named values, as forms and slash options give them."""
    files = files or {}
    said = {name: values[name].strip() for name in (*OPTIONS, "parent", "source") if values.get(name)}
    return Create(**{"prompt": "", **said}, image=files.get("image"), audio=files.get("audio"))


def press(action: str) -> Command:
    """The command of a button's `verb:subject` action; forged or foreign ones are Unknown."""
    verb, _, subject = action.partition(":")
    reader = _ACTIONS.get(verb)
    return reader(subject) if reader and (subject or verb in _BARE) else Unknown(action)


def submit(action: str, values: Mapping[str, str], files: Files | None = None) -> Command:
    """The command of a submitted form: its action and the fields' values."""
    verb, _, subject = action.partition(":")
    if verb == "create":
        return submit_create({**values, **({"parent": subject} if subject else {})}, files)
    return Unknown(action)


def _unquoted(text: str) -> str:
    for left, right in _QUOTES:
        if len(text) > 1 and text.startswith(left) and text.endswith(right):
            return text[1:-1]
    return text


def _page(rest: str) -> Mine:
    return Mine(int(rest) if rest.isdecimal() and 0 < int(rest) < 10_000 else 1)


def _choose(subject: str) -> Command:
    parts = subject.split(":", 2)
    if len(parts) != 3 or parts[1] not in ("sport", "plan"):
        return Unknown(subject)
    return Choose(parts[0], parts[1], parts[2])


_VERBS: Final[dict[str, Callable[[str], Command]]] = {
    "status": lambda _: Status(),
    "cancel": Cancel,
    "mine": _page,
    "help": lambda _: Help(),
}
_ACTIONS: Final[dict[str, Callable[[str], Command]]] = {
    "compose": lambda _: Compose(),
    "status": lambda _: Status(),
    "mine": _page,
    "help": lambda _: Help(),
    "cancel": Cancel,
    "again": Again,
    "remix": Remix,
    "retry": Retry,
    "delete": Delete,
    "delete-sure": lambda entry: Delete(entry, sure=True),
    "choose": _choose,
}
_BARE: Final = frozenset({"compose", "status", "mine", "help"})
