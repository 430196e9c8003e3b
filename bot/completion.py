"""What one may type next: the same suggestions on every platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from bot import sports, styles
from bot.grammar import WORDS
from bot.locales import languages, own_name, words
from bot.model.card import Choice
from bot.model.people import Community, Role
from bot.model.request import SIZES, STORYBOARD, Camera
from bot.model.setup import Setup

MOST: Final = 25
"""Suggestions at a time; Discord's limit, and more than anyone reads."""

COMMANDS: Final = tuple(word for word in WORDS if word.role is Role.MEMBER)
"""The members' words."""

_FEW: Final = {"reach": ("private", "community"), "days": ("7", "30", "90")}
"""Fields of a few values, whose labels stand under `<field>.<value>`."""


class Completions(Protocol):
    """Suggestions for what is typed into an option."""

    def __call__(self, field: str, typed: str, language: str, community: Community | None = None) -> Sequence[Choice]:
        """What `field` may hold, nearest first; sports and styles are the community's, where it is told."""
        ...


Offered = Callable[[Community | None], sports.Catalogue]
"""The sports of a community."""


def built_in(_: Community | None = None) -> sports.Catalogue:
    """The sports where no community has chosen."""
    return sports.catalogue(Setup())


Styled = Callable[[Community | None], Sequence[str]]
"""The slugs of a community's styles."""


def every_style(_: Community | None = None) -> Sequence[str]:
    """The styles where no community has chosen."""
    return [style.slug for style in styles.styles()]


def completions(backends: Sequence[str], offered: Offered = built_in, styled: Styled = every_style) -> Completions:
    """Suggestions for `command`, `sport`, `any_sport`, `style`, `camera`, `size`, `backend` and `language`; other
    fields have none."""

    def complete(field: str, typed: str, language: str, community: Community | None = None) -> list[Choice]:
        if field == "style":
            return _matching(_styles(styled(community), language), typed)
        return _matching(_all(field, language, backends, lambda: offered(community)), typed)

    return complete


def _all(field: str, language: str, backends: Sequence[str], catalogue: Callable[[], sports.Catalogue]) -> list[Choice]:
    say = words(language)
    match field:
        case "command":
            return [Choice(word.path, say(f"{word.key}.about")) for word in COMMANDS]
        case "sport" | "any_sport":
            return _sports(catalogue().offered if field == "sport" else catalogue().everything, language)
        case "language":
            return [Choice(tag, own_name(tag)) for tag in languages()]
        case "camera":
            return [Choice(camera.value, say(f"camera.{camera.value}")) for camera in Camera]
        case "repeat":
            return [Choice(name, say(f"round.repeat.{name}")) for name in ("daily", "weekly")]
        case "board":
            return [Choice(name, say(f"top.{name}")) for name in ("round", "all")]
        case "size":
            shown = {name: f"{name} ({size.width} × {size.height})" for name, size in SIZES.items()}
            return [Choice(name, label) for name, label in (shown | {STORYBOARD: say("size.storyboard")}).items()]
        case "backend":
            return [Choice(name, name) for name in backends]
        case _:
            return [Choice(value, say(f"{field}.{value}")) for value in _FEW.get(field, ())]


def _sports(among: Sequence[sports.Sport], language: str) -> list[Choice]:
    return [Choice(sport.slug, f"{sport.emoji} {sport.name(language)}") for sport in among]


def _styles(among: Sequence[str], language: str) -> list[Choice]:
    shown = [style for style in styles.styles() if style.slug in among]
    return [Choice(style.slug, f"{style.emoji} {style.name(language)}") for style in shown]


def _matching(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """Those that begin with what was typed before those that hold it."""
    wanted = typed.strip().casefold()
    first = [choice for choice in choices if _begins(choice, wanted)]
    then = [choice for choice in choices if choice not in first and wanted in _text(choice)]
    return [*first, *then][:MOST]


def _begins(choice: Choice, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in (choice.value, *choice.label.casefold().split()))


def _text(choice: Choice) -> str:
    return f"{choice.value} {choice.label}".casefold()
