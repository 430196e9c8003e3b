"""One-time codes: said in one place, entered in another, they join what belongs together."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

ALPHABET: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""No letter that is mistaken for another or for a digit, and no U, so that few words come of it."""
LENGTH: Final = 8
LIFE: Final = timedelta(minutes=10)
"""How long a code may be entered."""


class Joining(StrEnum):
    """What a code joins."""

    PERSON = "person"
    """Two accounts to one person."""
    CONTEST = "contest"
    """A community to another one's contest."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A code that was made: by whose account, and for what (`subject`: the contest to join)."""

    account: str
    kind: Joining
    expires: datetime
    subject: str = ""
    used: datetime | None = None


def new_code() -> str:
    """A code nobody can guess within its life."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """As people read it: "ABCD-EFGH"."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read(said: str) -> str:
    """The code in what somebody typed: letters may be small or full-width, blanks and dashes anywhere."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", said).upper() if sign.isalnum())
