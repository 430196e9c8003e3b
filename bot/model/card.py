"""What we say, before any platform has shaped it: words already in the reader's language, structure as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Tone(StrEnum):
    """How a card feels."""

    CALM = "calm"
    GOOD = "good"
    BAD = "bad"


class ButtonStyle(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `action` is `verb:subject` (≤ 90 characters), complete in itself: restarts do not matter."""

    action: str
    label: str
    emoji: str = ""
    style: ButtonStyle = ButtonStyle.PLAIN
    url: str = ""
    """Pressing opens this address, and nothing is asked of us."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A bar. `fraction` 0..1, or None when nobody knows; `words` say the stage, place in line and time."""

    fraction: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Video:
    """A finished clip to attach: a local file, what to call it, and what a screen reader says of it."""

    path: Path
    name: str
    alt: str
    poster: Path
    seconds: float
    width: int
    height: int
    bytes: int
    blob: str = ""
    """Its name in the media store, for platforms that stream it from there."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A still to show: `data` JPEG or PNG bytes, or a file at `path`."""

    name: str
    alt: str
    data: bytes = b""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class File:
    """Something to keep: a local file and what to call it. `blob` is its name in the media store."""

    name: str
    path: Path
    bytes: int
    blob: str = ""


class CardKind(StrEnum):
    """What a card is for."""

    NOTICE = "notice"
    JOB = "job"
    ENTRY = "entry"
    LIST = "list"
    CHOICE = "choice"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Card:
    """One message. Text is plain except for **bold** and newlines; every platform escapes the rest.

    `quote` is the member's own sentence (to be shown as a quotation, never interpreted); `lines` follow it;
    `small` is the quiet last line (style, seed, label). `mention` is the id of the member to notify, once.
    """

    kind: CardKind
    title: str
    lines: tuple[str, ...] = ()
    quote: str = ""
    small: str = ""
    tone: Tone = Tone.CALM
    progress: Progress | None = None
    picture: Picture | None = None
    video: Video | None = None
    buttons: tuple[Button, ...] = ()
    mention: str | None = None
    subject: str = ""
    """Id of the job or entry it speaks of."""
    file: File | None = None
    """Handed over with a private answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select field."""

    value: str
    label: str


class FieldKind(StrEnum):
    """What a form field takes. Channels, roles and members are told by their platform's ids."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    SELECT = "select"
    FILE = "file"
    CHANNEL = "channel"
    ROLE = "role"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    value: str = ""
    hint: str = ""
    required: bool = False
    longest: int = 2000
    choices: tuple[Choice, ...] = ()
    many: bool = False
    """Several may be chosen; `value`, and what comes back, are joined by commas."""


@dataclass(frozen=True, slots=True)
class Form:
    """A modal or page of fields; submitting asks `action` with the fields' values."""

    action: str
    title: str
    submit: str
    fields: tuple[Field, ...]
