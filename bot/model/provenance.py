"""Where a film comes from, as it tells those who look into the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Origin(StrEnum):
    """How pictures came to be: terms of IPTC's vocabulary of digital source types."""

    TRAINED = "trainedAlgorithmicMedia"
    """A trained model drew them."""
    ALGORITHMIC = "algorithmicMedia"
    """An algorithm drew them that was never trained."""
    TRAINED_COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
    """A trained model drew them from a person's own picture."""
    COMPOSITE = "compositeSynthetic"
    """Drawn from several elements, some of them a person's own."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a film says of itself. The sentence stands in it as its hash only, and the maker not at all."""

    title: str
    origin: Origin
    sentence: str
    """SHA-256 of the sentence, hexadecimal."""
    model: str
    """Who drew it."""
    seed: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """Content Credentials (C2PA) found in a film: who signed, what it says, and whether it is unchanged since."""

    issuer: str
    origin: str
    intact: bool
