"""What ComfyUI's errors mean in our error tree. The detail is for the operator: it names the file or node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from backends.net import Answer, dig, meaning
from bot.errors import BackendError, BadInputMedia, InvalidRequest, RemoteFailed, Unsupported

_MISSING_NODE: Final = frozenset({"missing_node_type", "invalid_prompt"})
"""Newer and older servers' word for a node class they do not have."""
_READERS: Final = ("LoadImage", "LoadVideo", "LoadAudio", "VHS_LoadVideo")
"""Nodes that read a member's file."""
_LONGEST: Final = 300


def refusal(answer: Answer) -> BackendError:
    """Why an order was not taken (HTTP 400 of `POST /prompt`), or what any other status says."""
    problems = list(_problems(dig(answer.data, "node_errors")))
    for kind, class_type, error in problems:
        if kind == "value_not_in_list":
            return _not_installed(class_type, error)
        if kind in ("custom_validation_failed", "exception_during_validation") and class_type.startswith(_READERS):
            return BadInputMedia(_words(error))
    kind = str(dig(answer.data, "error", "type") or "")
    if kind in _MISSING_NODE:
        return Unsupported(f"the server lacks a node: {_words(dig(answer.data, 'error'))}")
    if problems:
        _, class_type, error = problems[0]
        return InvalidRequest(f"{class_type}: {_words(error)}")
    if kind and not answer.ok:
        return InvalidRequest(_words(dig(answer.data, "error")))
    return meaning(answer, sent=True)


def _problems(nodes: object) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(type, node class, error) of everything the server found wrong."""
    for node in cast("dict[str, Any]", nodes).values() if isinstance(nodes, dict) else ():
        for error in dig(node, "errors") or ():
            yield str(dig(error, "type")), str(dig(node, "class_type")), error


def _not_installed(class_type: str, error: Mapping[str, Any]) -> BackendError:
    """A value the server does not offer: at a loader that is a model file which is not there."""
    name, value = dig(error, "extra_info", "input_name"), dig(error, "extra_info", "received_value")
    if "Loader" in class_type:
        return Unsupported(f"the server lacks the model file {value} ({class_type}.{name})")
    return Unsupported(f"the server does not offer {value} for {class_type}.{name}")


def _words(error: object) -> str:
    said = (dig(error, "message"), dig(error, "details"))
    return ": ".join(str(part).strip() for part in said if part)[:_LONGEST]


def failure(event: object) -> BackendError:
    """Why a job failed, from its `execution_error` event."""
    kind, class_type = str(dig(event, "exception_type") or ""), str(dig(event, "node_type") or "a node")
    said = f"{class_type}: {kind} {str(dig(event, 'exception_message') or '').strip()}"[:_LONGEST]
    if "OutOfMemory" in kind or "out of memory" in said.lower():
        return RemoteFailed(f"out of GPU memory: set comfyui.size smaller or choose a lighter profile ({said})")
    if class_type.startswith(_READERS):
        return BadInputMedia(said)
    return RemoteFailed(said)
