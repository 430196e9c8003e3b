"""Websocket messages of one job into a fraction that only grows, a stage and a preview.

The fraction is honest where time is spent: loading and reading the sentence take the first 5 %, drawing the next 90,
step by step over all samplers; decoding reports nothing and is held at 95.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from backends.comfyui.graph import Graph, before, before_any, samplers
from backends.net import dig
from bot.model.backend import RemoteState, RemoteStatus

READY: Final = 0.05
"""The fraction at which drawing starts."""
DRAWN: Final = 0.95
"""The fraction at which drawing ends and decoding begins."""
LOADING: Final = "backend.stage_loading"
DECODING: Final = "backend.stage_decoding"
_OVER: Final = frozenset({"execution_success", "execution_error", "execution_interrupted"})
_PREVIEW, _PREVIEW_WITH_METADATA = 1, 4
"""Binary events; the others carry text we do not need."""
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_LARGEST: Final = 2 * 2**20
"""Bytes of a preview that is passed on."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One picture from the sampler and, on newer servers, whose it is."""

    picture: bytes
    prompt_id: str = ""


def preview_of(frame: bytes) -> Preview | None:
    """A binary frame's picture: big-endian event, then for 1 a format and the picture, for 4 a length, JSON and it."""
    if len(frame) < 8:
        return None
    event, second = struct.unpack_from(">II", frame)
    if event == _PREVIEW:
        return _picture(frame[8:], "")
    if event == _PREVIEW_WITH_METADATA and len(frame) >= 8 + second:
        return _picture(frame[8 + second :], str(dig(_json(frame[8 : 8 + second]), "prompt_id") or ""))
    return None


def _picture(data: bytes, prompt_id: str) -> Preview | None:
    return Preview(data, prompt_id) if data.startswith(_PICTURES) and len(data) <= _LARGEST else None


def _json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


class Progress:
    """How far one job is, as far as its websocket has told. One client id belongs to one job, so a message that names
    no job is this one's."""

    def __init__(self, prompt_id: str, graph: Graph) -> None:
        self.over = False
        """The server said that the job ended; what became of it is asked by HTTP."""
        self._id = prompt_id
        self._graph = graph
        self._steps = samplers(graph)
        self._first = before_any(graph, self._steps) - self._steps.keys()
        self._done = dict[str, float]()
        self._started = False
        self._fraction = 0.0
        self._preview: bytes | None = None

    def take(self, frame: str | bytes) -> bool:
        """Take one frame in; whether it told anything new about this job."""
        if isinstance(frame, bytes):
            return self._look_at(preview_of(frame))
        message = _json(frame)
        if dig(message, "data", "prompt_id") not in (None, self._id):
            return False
        return self._hear(str(dig(message, "type")), dig(message, "data"))

    def over_a_look(self, status: RemoteStatus) -> RemoteStatus:
        """A look by HTTP, completed with what the websocket told."""
        if status.state is RemoteState.QUEUED and self._started:
            status = replace(status, state=RemoteState.RUNNING, position=None, stage=None)
        if status.state is not RemoteState.RUNNING or not self._started:
            return status  # while nothing was heard nothing is claimed
        return replace(status, fraction=self._fraction, stage=self._stage(), preview=self._preview)

    def _look_at(self, preview: Preview | None) -> bool:
        if preview is None or preview.prompt_id not in ("", self._id):
            return False
        self._started, self._preview = True, preview.picture
        return True

    def _hear(self, kind: str, data: object) -> bool:
        match kind:
            case "execution_start":
                self._started = True
            case "execution_cached":
                self._finish(dig(data, "nodes"))
            case "progress_state":
                self._read(dig(data, "nodes"))
            case "progress":
                self._note(str(dig(data, "node")), dig(data, "value"), dig(data, "max"))
            case "executing":
                self._start(dig(data, "node"))
            case _ if kind in _OVER:
                self.over = True
            case _:
                return False
        self._fraction = max(self._fraction, self._counted())
        return True

    def _finish(self, nodes: object) -> None:
        for node in cast("list[object]", nodes) if isinstance(nodes, list) else ():
            self._done[str(node)] = 1.0

    def _read(self, nodes: object) -> None:
        for name, node in cast("Mapping[str, object]", nodes).items() if isinstance(nodes, dict) else ():
            self._note(name, dig(node, "value"), dig(node, "max"))
            if dig(node, "state") == "finished":
                self._done[name] = 1.0

    def _note(self, node: str, value: object, most: object) -> None:
        if isinstance(value, int | float) and isinstance(most, int | float) and most > 0:
            self._start(node)
            self._done[node] = max(self._done.get(node, 0.0), min(1.0, value / most))

    def _start(self, node: object) -> None:
        """A node runs, so everything before it has run (cached nodes and a late listener hear nothing of theirs)."""
        if not isinstance(node, str):
            return
        self._started = True
        self._done.setdefault(node, 0.0)
        if node in self._graph:
            self._done |= dict.fromkeys(before(self._graph, node), 1.0)

    def _counted(self) -> float:
        if not self._steps:  # a workflow that draws in ways we do not know: every node counts the same
            return DRAWN * sum(self._done.get(node, 0.0) for node in self._graph) / len(self._graph)
        ready = sum(self._done.get(node, 0.0) for node in self._first) / max(1, len(self._first))
        drawn = sum(steps * self._done.get(node, 0.0) for node, steps in self._steps.items())
        share = drawn / sum(self._steps.values())
        return READY * (1.0 if share else ready) + (DRAWN - READY) * share

    def _stage(self) -> str | None:
        if self._fraction < READY:
            return LOADING
        return DECODING if self._fraction > DRAWN - 1e-6 else None
