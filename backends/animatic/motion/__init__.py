"""One continuous simulated motion a sport, and the cameras that film it: a brief becomes a `Performance`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from backends.animatic.motion.film import film
from backends.animatic.motion.gear import single
from backends.animatic.motion.options import Options
from backends.animatic.scene import Performance

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.animatic.motion.act import Act
    from backends.animatic.scene import Brief

    Builder = Callable[[Options, np.random.Generator], Act]

_ROOM: Final = "backends.animatic.motion."


def _builder(module: str, name: str = "build") -> Builder:
    """A builder of a sport's module, loaded when it is first needed."""

    def build(options: Options, rng: np.random.Generator) -> Act:
        return cast("Builder", getattr(import_module(_ROOM + module), name))(options, rng)

    return build


STAGINGS: Final[dict[str, Builder]] = {
    "alpine-skiing": _builder("alpine"),
    "biathlon": _builder("biathlon"),
    "bobsleigh": _builder("sleds", "bobsleigh"),
    "cross-country": _builder("crosscountry"),
    "curling": _builder("curling"),
    "figure-skating": _builder("figure"),
    "freestyle": _builder("aerial"),
    "ice-hockey": _builder("hockey"),
    "luge": _builder("sleds", "luge"),
    "nordic-combined": _builder("combined"),
    "short-track": _builder("shorttrack"),
    "skeleton": _builder("sleds", "skeleton"),
    "ski-jumping": _builder("jump"),
    "ski-mountaineering": _builder("mountaineering"),
    "snowboard": _builder("halfpipe"),
    "speed-skating": _builder("oval"),
}
"""How each sport is staged, by the name its data gives."""


def rehearse(brief: Brief) -> Act:
    """The run alone, before cameras; it depends on staging, options and seed. KeyError for an unknown staging."""
    build = STAGINGS[brief.staging]
    return build(Options(brief.staging_options), np.random.default_rng(brief.seed))


def perform(brief: Brief) -> Performance:
    """The run and its film for a brief; KeyError for a staging that does not exist."""
    act = rehearse(brief)
    athlete = act.actors[0]
    ground = act.stage.height(athlete.joints[:, 0, 0], athlete.joints[:, 0, 1])
    soles = athlete.joints[:, :, 2].min(axis=1) - ground
    hud = {"speed": act.speed * 3.6, "height": np.maximum(soles, 0.0), "angle": np.zeros(len(act.speed))} | act.hud
    events = tuple(sorted(act.events, key=lambda event: event.time))
    return Performance(
        act.stage, act.actors, film(act, brief), events, act.decisive, single(act.speed),
        {name: single(values) for name, values in hud.items()},
    )  # fmt: skip
