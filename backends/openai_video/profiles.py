"""What the models draw, as a table: lengths, frames, sizes, sound.

Frames and sizes: the defaults in SGLang 0.5.23 (`multimodal_gen/configs/sample`). MiniMax-H3 (4 to 15 s) and LTX-2 (up
to 20 s) draw their own sound; open Wan draws about five silent seconds. `typical` holds for the first clips only, until
there is history; see docs/backends.md for the figures behind it.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model.backend import Lengths, Mode
from bot.model.request import HD, Size


class Shape(StrEnum):
    """In which words a length is ordered."""

    FRAMES = "frames"
    """A number of frames and a rate."""
    SECONDS = "seconds"
    """Whole seconds, as a string."""
    TARGET = "target"
    """MiniMax-H3's own: short edge, aspect ratio and seconds."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One model. `lengths` in seconds, `typical` wall seconds of one order; the first of `sizes` is the default."""

    names: tuple[str, ...]
    """Parts of the names it is served under, in small letters."""
    modes: frozenset[Mode]
    lengths: Lengths
    fps: int
    sizes: tuple[Size, ...]
    typical: tuple[float, float]
    shape: Shape = Shape.FRAMES
    stride: int = 4
    """Frames are a multiple of this, and one."""
    sound: bool = False
    negative: bool = True
    longest_prompt: int = 2000

    def frames(self, seconds: float) -> int:
        """The fewest frames the model draws that last `seconds`."""
        return math.ceil((seconds * self.fps - 1) / self.stride - 1e-9) * self.stride + 1


WORDS: Final = frozenset({Mode.TEXT})
PICTURE: Final = frozenset({Mode.IMAGE})
BOTH: Final = WORDS | PICTURE
SD: Final = Size(832, 480)
FIVE: Final = Lengths(1, 5)

PROFILES: Final[Mapping[str, Profile]] = {
    "wan2.2-t2v-a14b": Profile(("wan2.2-t2v-a14b",), WORDS, FIVE, 16, (HD, SD), (300, 1500)),
    "wan2.2-i2v-a14b": Profile(("wan2.2-i2v-a14b",), PICTURE, FIVE, 16, (HD, SD), (300, 1500)),
    "wan2.2-ti2v-5b": Profile(("wan2.2-ti2v-5b",), BOTH, FIVE, 24, (Size(1280, 704),), (60, 540)),
    "fastwan2.2-ti2v-5b": Profile(("fastwan2.2-ti2v-5b",), WORDS, FIVE, 24, (Size(1280, 704),), (10, 120)),
    "turbowan2.2-i2v-a14b": Profile(("turbowan2.2-i2v-a14b",), PICTURE, FIVE, 16, (HD, SD), (30, 300)),
    "wan2.1-t2v-14b": Profile(("wan2.1-t2v-14b",), WORDS, FIVE, 16, (HD, SD), (300, 1500)),
    "wan2.1-t2v-1.3b": Profile(("wan2.1-t2v-1.3b",), WORDS, FIVE, 16, (SD,), (60, 400)),
    "wan2.1-i2v-14b-720p": Profile(("wan2.1-i2v-14b-720p",), PICTURE, FIVE, 16, (HD, SD), (300, 1500)),
    "wan2.1-i2v-14b-480p": Profile(("wan2.1-i2v-14b-480p",), PICTURE, FIVE, 16, (SD,), (150, 800)),
    "minimax-h3": Profile(
        ("minimax-h3", "minimax_h3"),
        BOTH,
        Lengths(4, 15),
        24,
        (Size(1344, 768),),
        (120, 900),
        shape=Shape.TARGET,
        sound=True,
        negative=False,
    ),
    "ltx-2": Profile(
        ("ltx-2",), BOTH, Lengths(1, 20), 24, (Size(1280, 704), Size(768, 512)), (60, 600), stride=8, sound=True
    ),
    "generic": Profile(
        (),
        WORDS | PICTURE,
        Lengths(4, 12, only=(4.0, 8.0, 12.0)),
        24,
        (HD,),
        (60, 600),
        shape=Shape.SECONDS,
        negative=False,
    ),
}
"""Profile → what it draws. `generic` holds OpenAI's own lengths; the settings say what another server draws."""


def recognised(model: str) -> str:
    """The profile of a served model, or nothing: the longest name that occurs in it."""
    low = model.lower()
    fits = [(len(part), name) for name, one in PROFILES.items() for part in one.names if part in low]
    return max(fits, default=(0, ""))[1]


def nearest(name: str) -> str:
    """The profile whose name is most like this one."""
    return difflib.get_close_matches(name.lower(), PROFILES, n=1, cutoff=0.0)[0]
