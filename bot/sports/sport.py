"""What the product knows about one sport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.model.named import Named


@dataclass(frozen=True, slots=True)
class Shot:
    """One camera shot to ask a video model for; all words are English."""

    kind: str
    seconds: float
    action: str
    camera: str
    sound: str


@dataclass(frozen=True, eq=False)
class Sport(Named):
    """A discipline. `words` and `hints` are phrases (see `recognition`); everything for models is English.

    `shots` are five that make 15 s, `storyboard` three of 5 s for models that draw short clips.
    `staging` names the built-in animator's choreography and `staging_options` its numbers.
    """

    words: Mapping[str, tuple[str, ...]]
    hints: tuple[str, ...]
    motion: str
    guidance: str
    negative: tuple[str, ...]
    shots: tuple[Shot, ...]
    storyboard: tuple[Shot, ...]
    sounds: tuple[str, ...]
    staging: str
    staging_options: Mapping[str, float | str]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Sport:
        """A sport from its parsed TOML; KeyError names a missing key."""
        return cls(
            slug=data["slug"],
            order=data["order"],
            emoji=data["emoji"],
            names=MappingProxyType(dict(data["names"])),
            words=MappingProxyType({language: tuple(words) for language, words in data["words"].items()}),
            hints=tuple(data.get("hints", ())),
            motion=data["motion"],
            guidance=data["guidance"],
            negative=tuple(data["negative"]),
            shots=tuple(Shot(**shot) for shot in data["shots"]),
            storyboard=tuple(Shot(**shot) for shot in data["storyboard"]),
            sounds=tuple(data["sounds"]),
            staging=data["staging"],
            staging_options=MappingProxyType(dict(data.get("staging_options", {}))),
        )
