"""A private message to a person that has to arrive once, outside any conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a letter tells; each can be switched off by who does not want it, except what they must know."""

    NOMINATED = "nominated"
    APPROVED = "approved"
    DECLINED = "declined"
    REMOVED = "removed"
    REMIXED = "remixed"
    PODIUM = "podium"
    PAUSED = "paused"
    CONSENT = "consent"
    """Somebody wants to save them as a character."""
    CHARACTER_USED = "character_used"
    LINKED = "linked"
    """Another account belongs to the same person now."""
    JOINED = "joined"
    """Another community takes part in the contest now."""


MUST = frozenset({Kind.REMOVED, Kind.PAUSED, Kind.CONSENT, Kind.CHARACTER_USED, Kind.LINKED, Kind.JOINED})
"""Letters nobody can switch off: they tell of something done to a person or asked of them."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`account` is who gets it; its words stand under `letter.<kind>` and are filled from `facts`."""

    key: str
    account: str
    kind: Kind
    created: datetime
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    subject: str = ""
    """The work it speaks of."""
