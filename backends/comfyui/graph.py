"""A workflow as a graph: nodes by id, each with its class and its inputs; an input may be a link to another node.

`{"pos": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["clip", 0], "text": "…"}}}` is the API format. The
format that the editor saves (`nodes` and `links`) cannot be sent to a server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

Node = Mapping[str, Any]
Graph = Mapping[str, Node]

SAVES: Final = ("SaveVideo", "SaveWEBM", "VHS_VideoCombine")
"""Classes known to save a video; another one is named by the injection map's `output`."""
_WORKS_ON: Final = frozenset({"latent_image", "latent", "samples", "steps"})
_ENDLESS: Final = 10_000
"""`end_at_step` of a sampler that runs to its last step."""


def inputs(node: Node) -> Mapping[str, Any]:
    """A node's inputs by name."""
    return cast("Mapping[str, Any]", node["inputs"])


def api_format(data: object) -> bool:
    """Whether this is a workflow as a server takes it."""
    if not isinstance(data, dict) or not data:
        return False
    return all(_is_node(node) for node in cast("dict[str, object]", data).values())


def editor_format(data: object) -> bool:
    """Whether this is what the editor saves for itself."""
    return isinstance(data, dict) and isinstance(cast("dict[str, object]", data).get("nodes"), list)


def _is_node(data: object) -> bool:
    node = cast("dict[str, object]", data) if isinstance(data, dict) else {}
    return isinstance(node.get("class_type"), str) and isinstance(node.get("inputs"), dict)


def link(value: object, graph: Graph) -> str | None:
    """The node an input comes from, or None for a plain value."""
    parts = cast("list[object]", value) if isinstance(value, list) else []
    source = parts[0] if len(parts) == 2 and isinstance(parts[1], int) else None  # [node, output]
    return source if isinstance(source, str) and source in graph else None


def before(graph: Graph, node: str) -> frozenset[str]:
    """Every node that must have run before this one."""
    found = set[str]()
    waiting = [node]
    while waiting:
        for source in _sources(graph, waiting.pop()):
            if source not in found:
                found.add(source)
                waiting.append(source)
    return frozenset(found)


def _sources(graph: Graph, node: str) -> Iterator[str]:
    for value in inputs(graph[node]).values():
        if (source := link(value, graph)) is not None:
            yield source


def before_any(graph: Graph, nodes: Iterable[str]) -> frozenset[str]:
    """Every node that must have run before one of these."""
    return frozenset(source for node in nodes if node in graph for source in before(graph, node))


def samplers(graph: Graph) -> dict[str, float]:
    """The nodes that draw, each with the steps it takes; one that keeps its steps elsewhere counts as one."""
    return {name: _steps(inputs(node)) for name, node in graph.items() if _draws(node)}


def _draws(node: Node) -> bool:
    """Whether a node samples, and does not only choose how (KSamplerSelect)."""
    return "Sampler" in node["class_type"] and not _WORKS_ON.isdisjoint(inputs(node))


def _steps(given: Mapping[str, Any]) -> float:
    """Steps between `start_at_step` and `end_at_step`, or all of them."""
    steps = _number(given.get("steps"), 1)
    end = min(_number(given.get("end_at_step"), _ENDLESS), steps)
    return max(1.0, end - _number(given.get("start_at_step"), 0))


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def video_savers(graph: Graph) -> list[str]:
    """The nodes of a class known to save a video."""
    return [name for name, node in graph.items() if node["class_type"] in SAVES]
