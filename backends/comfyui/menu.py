"""Which recipe draws which mode: the profiles the operator chose, and workflows of their own in their place."""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from backends.comfyui.recipe import Recipe, graph_of, places_of, size_of
from bot.errors import SetupError
from bot.model.backend import Mode
from bot.settings import Comfyui, ComfyWorkflow

_HERE: Final = resources.files("backends.comfyui")


def recipes(settings: Comfyui) -> dict[Mode, Recipe]:
    """Mode → recipe. Raises `SetupError` for a profile we do not have, a file that does not fit, nothing at all."""
    found = dict[Mode, Recipe]()
    for name in settings.profiles:
        for recipe in _of_profile(name, settings.size):
            if recipe.mode in found:
                raise SetupError(key="setup.comfyui_twice", one=found[recipe.mode].name, two=name, mode=recipe.mode)
            found[recipe.mode] = recipe
    for own in settings.workflows:
        recipe = _of_operator(own, settings.size)
        found[recipe.mode] = recipe
    if not found:
        raise SetupError(key="setup.comfyui_nothing", known=", ".join(profiles()))
    return found


@functools.cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """Our profiles: name → mode → facts."""
    return tomllib.loads(_HERE.joinpath("profiles.toml").read_text("utf-8"))


def _of_profile(name: str, size: str) -> Iterator[Recipe]:
    if name not in profiles():
        near = difflib.get_close_matches(name, profiles(), n=1, cutoff=0.3)
        raise SetupError(key="setup.comfyui_profile", name=name, near=near[0] if near else ", ".join(profiles()))
    for mode, facts in profiles()[name].items():
        file = facts["workflow"]
        graph = graph_of(_HERE.joinpath("workflows", file).read_bytes(), file)
        yield Recipe(
            name=name,
            mode=Mode(mode),
            graph=graph,
            inject=places_of(facts["inject"], graph, Mode(mode), file),
            seconds=tuple(facts["seconds"]),
            fps=facts["fps"],
            size=size_of(size or facts["size"], facts["multiple"], name),
            typical=(facts["typical"][0], facts["typical"][1]),
        )


def _of_operator(own: ComfyWorkflow, size: str) -> Recipe:
    file, mode = str(own.file), Mode(own.mode)
    graph = graph_of(_bytes(own.file), file)
    return Recipe(
        name=own.file.stem,
        mode=mode,
        graph=graph,
        inject=places_of(own.inject, graph, mode, file),
        seconds=own.seconds,
        fps=own.fps,
        size=size_of(size or own.size, own.multiple, own.file.name),
        typical=own.typical,
    )


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SetupError(key="setup.comfyui_file", file=str(file), why=str(error)) from error
