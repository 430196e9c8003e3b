"""What a page sends → our commands. A sentence needs no command: whatever is no command is a wish for a clip."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Final

from bot import syntax
from bot.model.command import Command, Create, Unknown

CALL: Final = "/olympic"
_CALL: Final = re.compile(r"/olympic(?=\s|$)", re.IGNORECASE)
PICKED: Final = ("sport", "style", "camera", "seed")
"""What the panel beside the sentence offers; what is typed wins."""


def said(text: str, picked: Mapping[str, str], files: syntax.Files) -> Command:
    """The command of the line a person typed, with the panel's choices and files."""
    command = _typed(text.strip(), files)
    if not isinstance(command, Create):
        return command
    chosen = {field: picked[field].strip() for field in PICKED if picked.get(field) and not getattr(command, field)}
    return dataclasses.replace(command, **chosen)


def _typed(text: str, files: syntax.Files) -> Command:
    if called := _CALL.match(text):
        return syntax.parse(text[called.end() :], files)
    if text.startswith("/"):
        return syntax.parse(text, files)
    if text and not re.search(r"\s", text):
        command = syntax.parse(text)
        if not isinstance(command, Unknown | Create):
            return command
    return syntax.create(text, files)
