"""Somebody or something that appears in films under a name of its own."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.request import Reference


class Reach(StrEnum):
    """Who may use a character."""

    PRIVATE = "private"
    COMMUNITY = "community"
    """Everybody in the contest."""
    MEMBERS = "members"
    """Those who were named."""


class Consent(StrEnum):
    """What somebody who is depicted says to it."""

    NONE_NEEDED = "none_needed"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    """Said no, or took it back."""


@dataclass(frozen=True, slots=True)
class Character:
    """`owner`, `shared` and `depicts` are account keys; `folded` is the name as it is looked for."""

    id: str
    contest: str
    owner: str
    name: str
    folded: str
    created: datetime
    image: Reference | None = None
    voice: Reference | None = None
    reach: Reach = Reach.PRIVATE
    shared: tuple[str, ...] = ()
    depicts: str | None = None
    consent: Consent = Consent.NONE_NEEDED
    forgotten: datetime | None = None

    @property
    def ready(self) -> bool:
        """Whether it may be drawn: nobody is depicted, or they said yes."""
        return self.consent in (Consent.NONE_NEEDED, Consent.GIVEN)


def folded(name: str) -> str:
    """A name as it is compared: wide and small letters alike."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
