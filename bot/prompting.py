"""The words a model is given: the member's sentence, whole and first, then as much guidance as the model takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.model.request import Camera
from bot.sports import Sport
from bot.styles import Style

_NAME: Final = re.compile(r"(?<![\w@.])@(?=\w)")
"""The sign before a name; addresses like a@b.example keep theirs."""
CAMERA_WORDS: Final = {
    Camera.MULTI: "several camera angles of one continuous run",
    Camera.FOLLOW: "tracking camera following the athlete",
    Camera.LOW: "low front telephoto camera",
    Camera.OVERHEAD: "overhead drone camera",
    Camera.ATHLETE: "first-person athlete's view",
    Camera.CRANE: "sweeping crane camera",
}


def positive(
    sentence: str, camera: Camera, sport: Sport, style: Style, shots: Sequence[str], longest: int, who: str = ""
) -> str:
    """The prompt within `longest` characters: the sentence is never cut; guidance is added whole or not at all.

    "@kitsune" becomes "kitsune": a backend that is handed several pictures says itself which one it is. `who`: the name
    of whoever is in the picture that the film begins with.
    """
    named = _NAME.sub("", sentence)
    extras = [
        f"{who} is the one in the picture." if who else "",
        style.prompt,
        CAMERA_WORDS[camera],
        " ".join(shots),
        sport.guidance,
        f"Keep continuous: {sport.motion}.",
    ]
    return _within(named, extras, longest)


def introduced(names: Sequence[str], called: str) -> str:
    """The words that tie reference pictures to those the sentence names: "Image 1 is kitsune. Image 2 is 大聖. ". A
    picture without a name shows the athlete. `called`: what the model calls its first picture ("Image 1")."""
    stem = called.removesuffix("1")
    parts = (f"{stem}{number} is {name or 'the athlete'}. " for number, name in enumerate(names, 1))
    return "".join(parts) if called else ""


def negative(sport: Sport, style: Style, longest: int) -> str:
    """What the model should avoid, whole words within `longest` characters."""
    words = dict.fromkeys([*sport.negative, *style.negative])
    kept: list[str] = []
    for word in words:
        if len(", ".join([*kept, word])) <= longest:
            kept.append(word)
    return ", ".join(kept)


def _within(sentence: str, extras: Iterable[str], longest: int) -> str:
    text = sentence.strip()
    for extra in filter(None, extras):
        joined = f"{text}{'' if text.endswith(('.', '!', '?', '。', '！', '？')) else '.'} {extra}"
        if len(joined) <= longest:
            text = joined
    return text
