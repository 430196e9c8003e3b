"""Text that is handed out and taken in by forms: verbatim to copy, and to hand in again, changed or not."""

from __future__ import annotations

from typing import Final

from bot.errors import BadSetting
from bot.locales import Words
from bot.model.card import Field, FieldKind, Form
from bot.model.command import Attachment

PIECE: Final = 2900
"""Characters in one field: below what any platform lets a field hold."""
PIECES: Final = 5
LONGEST: Final = 200_000
"""Bytes of a file that is read."""
_NAMES: Final = ("text", "text2", "text3", "text4", "text5")


def taken(text: str, file: Attachment | None) -> str:
    """What was handed in: a file, or text. Raises `BadSetting` when the file is no text."""
    if file is None:
        return text.replace("\r", "").strip()
    if len(file.data) > LONGEST:
        raise BadSetting(key="import.too_long", n=LONGEST)
    try:
        return file.data.decode("utf-8-sig").replace("\r", "").strip()
    except UnicodeDecodeError as error:
        raise BadSetting(key="import.no_text", said=file.name[:60]) from error


def form(action: str, title: str, text: str, say: Words) -> Form:
    """A form that holds the text, or one to put it in. Raises `BadSetting` for more than a form can hold."""
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)] or [""]
    if len(pieces) > PIECES:
        raise BadSetting(key="export.too_long")
    fields = [
        Field(
            name, say("document.text", n=number), FieldKind.LONG_TEXT, piece, say("document.hint"), longest=PIECE + 100
        )
        for number, (name, piece) in enumerate(zip(_NAMES, pieces, strict=False), 1)
    ]
    if not text:
        fields.append(Field("file", say("document.file"), FieldKind.FILE))
    return Form(action, title, say("document.submit"), tuple(fields))
