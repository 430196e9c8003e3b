"""A workflow against what a server has installed, as `/object_info/{class}` tells: nodes, model files, inputs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from backends.comfyui.graph import inputs
from backends.comfyui.recipe import Recipe
from backends.net import dig

Ask = Callable[[str], Awaitable[Any]]
"""Class name → the body of `/object_info/{class}`."""

FOLDERS: Final = {
    "UNETLoader": "diffusion_models",
    "VAELoader": "vae",
    "CLIPLoader": "text_encoders",
    "CLIPVisionLoader": "clip_vision",
    "LoraLoaderModelOnly": "loras",
    "LoraLoader": "loras",
    "CheckpointLoaderSimple": "checkpoints",
}
"""Where a loader's files lie in ComfyUI's folder."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a server lacks for one recipe, in plain words; `fills` are inputs newer nodes want, with their defaults."""

    problems: tuple[str, ...] = ()
    fills: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    @property
    def ok(self) -> bool:
        """Whether the server can draw it."""
        return not self.problems


async def check(recipe: Recipe, ask: Ask) -> Check:
    """Compare. Raises what `ask` raises."""
    known = {name: dig(await ask(name), name) for name in sorted({n["class_type"] for n in recipe.graph.values()})}
    problems, fills = list[str](), dict[str, dict[str, Any]]()
    for name, node in recipe.graph.items():
        spec = known[node["class_type"]]
        if spec is None:
            problems.append(f"install the node {node['class_type']}")
            continue
        problems += _refused(recipe, name, spec)
        fills[name] = dict(_wanted(recipe, name, spec))
    saver = known[recipe.graph[recipe.output]["class_type"]]
    if saver is not None and dig(saver, "output_node") is not True:
        problems.append(f"node {recipe.output} saves nothing; name the node that saves the video as output")
    return Check(tuple(dict.fromkeys(problems)), {name: values for name, values in fills.items() if values})


def _refused(recipe: Recipe, name: str, spec: object) -> Iterator[str]:
    """Values the server does not offer, and inputs it wants that nobody can guess."""
    node = recipe.graph[name]
    for key, value in inputs(node).items():
        offered = options(dig(spec, "input", "required", key) or dig(spec, "input", "optional", key))
        if offered is None or not isinstance(value, str) or recipe.injected(name, key) or value in offered:
            continue
        yield _remedy(node["class_type"], key, value)
    for key, asked in _absent(node, spec):
        if default(asked) is None:
            yield f"node {name} ({node['class_type']}) wants {key}; export the workflow again from this server"


def _remedy(kind: str, key: str, value: str) -> str:
    if folder := FOLDERS.get(kind):
        return f"put the model file {value} into models/{folder}"
    what = "the model file" if "Loader" in kind else key
    return f"install {what} {value} ({kind}.{key})"


def _wanted(recipe: Recipe, name: str, spec: object) -> Iterator[tuple[str, Any]]:
    """Inputs a newer node wants, with the value it proposes itself."""
    for key, asked in _absent(recipe.graph[name], spec):
        if (value := default(asked)) is not None:
            yield key, value


def _absent(node: Mapping[str, Any], spec: object) -> Iterator[tuple[str, Any]]:
    required = dig(spec, "input", "required")
    for key, asked in cast("dict[str, Any]", required).items() if isinstance(required, dict) else ():
        if key not in inputs(node):
            yield key, asked


def options(asked: object) -> list[Any] | None:
    """What an input lets one choose from, or None: `[[…], {…}]`, or `["COMBO", {"options": […]}]` in newer nodes."""
    found = dig(asked, 1, "options") if dig(asked, 0) == "COMBO" else dig(asked, 0)
    return cast("list[Any]", found) if isinstance(found, list) else None


def default(asked: object) -> Any:
    """What an input proposes itself, or None."""
    said = dig(asked, 1, "default")
    choices = options(asked)
    return said if said is not None or not choices else choices[0]
