"""What the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How serious a finding is."""

    GOOD = "good"
    IDLE = "idle"
    """Not configured; nothing is wrong."""
    WARNING = "warning"
    BROKEN = "broken"
    """Something that is needed does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what is the matter, and how to mend it."""

    subject: str
    verdict: Verdict
    says: str
    remedy: str = ""
