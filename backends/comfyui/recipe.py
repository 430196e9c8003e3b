"""One workflow made ready to be filled in: what it draws, and where each value goes."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from backends.comfyui.graph import Graph, api_format, editor_format, video_savers
from bot.errors import SetupError
from bot.model.backend import Mode, Order
from bot.model.request import Size

NAMES: Final = frozenset(
    {"prompt", "negative", "seed", "width", "height", "frames", "fps", "start_image", "end_image", "output"}
)
"""What can be injected."""
_NEEDED: Final = {
    Mode.TEXT: ("prompt", "seed"),
    Mode.IMAGE: ("prompt", "seed", "start_image"),
    Mode.FRAMES: ("prompt", "seed", "start_image", "end_image"),
}
"""Without these a workflow would draw the same clip for everybody."""
_GROUP: Final = 4
"""Wan draws frames in groups of four after the first one."""

Place = tuple[str, str]
"""(node, input)."""


@dataclass(frozen=True)
class Recipe:
    """A workflow with its facts. `inject` maps a name of `NAMES` to the inputs that take its value."""

    name: str
    mode: Mode
    graph: Graph
    inject: Mapping[str, tuple[Place, ...]]
    seconds: tuple[float, ...]
    fps: int
    size: Size
    typical: tuple[float, float]

    @cached_property
    def output(self) -> str:
        """The node that saves the video."""
        places = self.inject.get("output")
        return places[0][0] if places else video_savers(self.graph)[0]

    def injected(self, node: str, name: str) -> bool:
        """Whether an input is filled in for each order."""
        return any((node, name) in places for places in self.inject.values())

    def filled(self, order: Order, *, label: str, start: str = "", end: str = "") -> dict[str, Any]:
        """The workflow for one order. `label` names its output file; `start` and `end` are uploaded pictures' names."""
        graph: dict[str, Any] = copy.deepcopy(dict(self.graph))
        for name, value in self._values(order, label, start, end):
            for node, key in self.inject.get(name, ()):
                graph[node]["inputs"][key] = value
        return graph

    def _values(self, order: Order, label: str, start: str, end: str) -> Iterator[tuple[str, Any]]:
        yield "prompt", order.prompt
        yield "seed", order.seed
        yield "width", self.size.width
        yield "height", self.size.height
        yield "frames", self.frames(order.seconds)
        yield "fps", float(self.fps)
        yield "output", f"olympic/{label}"
        yield "negative", ", ".join(filter(None, (order.negative, self._own_negative())))
        if start:
            yield "start_image", start
        if end:
            yield "end_image", end

    def frames(self, seconds: float) -> int:
        """The least 4k+1 frames that hold so many seconds: 81 for five seconds at 16 a second."""
        return _GROUP * math.ceil(round(seconds * self.fps / _GROUP, 6)) + 1

    def _own_negative(self) -> str:
        """What the workflow itself says against: the words its model was trained with."""
        for node, key in self.inject.get("negative", ()):
            value = self.graph[node]["inputs"][key]
            if isinstance(value, str):
                return value
        return ""


def graph_of(text: str | bytes, file: str) -> Graph:
    """A workflow file. Raises `SetupError` with the remedy."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise SetupError(key="setup.comfyui_file", file=file, why=str(error)) from error
    if editor_format(data):
        raise SetupError(key="setup.comfyui_editor_format", file=file)
    if not api_format(data):
        raise SetupError(key="setup.comfyui_file", file=file, why="class_type, inputs")
    return data


def places_of(inject: Mapping[str, str], graph: Graph, mode: Mode, file: str) -> dict[str, tuple[Place, ...]]:
    """The injection map with its nodes looked up. Raises `SetupError` for what the workflow does not have."""
    if unknown := sorted(inject.keys() - NAMES):
        raise SetupError(key="setup.comfyui_inject", file=file, name=unknown[0], known=", ".join(sorted(NAMES)))
    places = {name: tuple(_place(one, graph, file) for one in where.split(",")) for name, where in inject.items()}
    for name in _NEEDED[mode]:
        if name not in places:
            raise SetupError(key="setup.comfyui_needs", file=file, name=name)
    if "output" not in places and not video_savers(graph):
        raise SetupError(key="setup.comfyui_no_video", file=file)
    return places


def _place(where: str, graph: Graph, file: str) -> Place:
    node, dot, name = where.strip().rpartition(".")
    if not dot or node not in graph or name not in graph[node]["inputs"]:
        raise SetupError(key="setup.comfyui_no_place", file=file, place=where.strip(), nodes=", ".join(graph))
    return node, name


def size_of(text: str, multiple: int, name: str) -> Size:
    """ "832x480" as a size. Raises `SetupError` when the model cannot draw it."""
    width, height = (int(part) for part in text.split("x"))
    if not width or not height or width % multiple or height % multiple:
        near = f"{_near(width, multiple)}x{_near(height, multiple)}"
        raise SetupError(key="setup.comfyui_size", name=name, size=text, multiple=multiple, near=near)
    return Size(width, height)


def _near(length: int, multiple: int) -> int:
    return max(multiple, round(length / multiple) * multiple)
