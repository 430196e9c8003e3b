"""What a word of ours is, as data: platforms make their commands, completions and help from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model.command import Attachment, Command
from bot.model.people import Role

Values = Mapping[str, str]
"""What was said, by the option's name; nothing said: not there."""
Files = Mapping[str, Attachment]
"""Attachments by the name of their option."""
Read = Callable[[Values, Files], Command]
"""Values → a command. It checks nothing of what they mean: that is the use case's work."""


class Kind(StrEnum):
    """What an option takes. Channels, roles and members are told by their platform's id."""

    TEXT = "text"
    NUMBER = "number"
    SWITCH = "switch"
    """`on` or `off`."""
    CHOICE = "choice"
    """One of what `completions` offers for `Option.field`, which may also be typed."""
    IMAGE = "image"
    AUDIO = "audio"
    FILE = "file"
    CHANNEL = "channel"
    ROLE = "role"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be said with a word: `name:value`. Described under `option.<name>.about`."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    complete: str = ""
    """The completions' field where that is not the option's own name."""
    longest: int = 2000

    @property
    def field(self) -> str:
        """What to complete it from."""
        return self.complete or self.name


@dataclass(frozen=True, slots=True)
class Word:
    """A command as people type it: `path` has one to three parts ("round", "character save", "admin round open").

    Its name and description stand under `word.<path with dots>.name` and `.about`. What is typed without a name goes
    to the option `rest`.
    """

    path: str
    read: Read
    options: tuple[Option, ...] = ()
    rest: str = ""
    role: Role = Role.MEMBER
    short: tuple[str, ...] = ()
    """Other paths that mean the same, for those who type."""

    @property
    def key(self) -> str:
        """Where its words stand in the catalogues."""
        return "word." + self.path.replace(" ", ".")
