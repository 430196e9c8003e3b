"""What a member asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_PROMPT: Final = 2000
"""Characters of a sentence; Discord's own limit for a message."""


class Camera(StrEnum):
    """How the film is shot: several cameras, or one kind favoured."""

    MULTI = "multi"
    FOLLOW = "follow"
    LOW = "low"
    OVERHEAD = "overhead"
    ATHLETE = "athlete"
    CRANE = "crane"


class ReferenceKind(StrEnum):
    """What a member attached."""

    IMAGE = "image"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Reference:
    """A checked and re-encoded file of a member's, kept in the media store under `blob`."""

    kind: ReferenceKind
    blob: str
    mime: str


@dataclass(frozen=True, slots=True)
class Cast:
    """A saved character that the sentence calls by `name`, as it was at that moment."""

    name: str
    character: str
    image: Reference | None = None
    voice: Reference | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


HD: Final = Size(1280, 720)
SD: Final = Size(854, 480)
STORYBOARD: Final = "storyboard"
"""The size of a quick look at the whole story: small, and twelve drawings a second instead of all."""
SIZES: Final = {"720p": HD, "480p": SD, STORYBOARD: SD}
"""Sizes one may ask for by name."""


@dataclass(frozen=True, slots=True)
class Request:
    """One wish, complete: nothing in it depends on a platform or a backend."""

    prompt: str
    sport: str
    style: str
    camera: Camera = Camera.MULTI
    size: Size = HD
    seconds: float = 15.0
    seed: int = 0
    image: Reference | None = None
    audio: Reference | None = None
    backend: str | None = None
    """The backend the member named, or None for the planner's choice."""
    language: str = "en"
    """The language of the sentence: titles in the clip are set in it, and the hall finds the work by it."""
    parent: str | None = None
    """The entry this one remixes."""
    own: str = ""
    """The sport's own TOML, as it was when this was asked, where it is none of the built-in ones."""
    cast: tuple[Cast, ...] = ()
    """Who is called by name in it."""
    remarks: tuple[str, ...] = ()
    """Catalogue keys of what the member should know about their own words."""
    storyboard: bool = False
    """A quick look at the whole story; `size` is then the small one."""

    @property
    def pictures(self) -> tuple[tuple[str, Reference], ...]:
        """Who is to be seen, as (name, picture): first whom the film may begin with. The member's own picture has no
        name; without any picture wanted there are none."""
        if self.image is None:
            return ()
        saved = [(one.name, one.image) for one in self.cast if one.image]
        own = [] if self.image in [image for _, image in saved] else [("", self.image)]
        return (*own, *saved)
