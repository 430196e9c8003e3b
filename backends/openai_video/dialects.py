"""How the servers differ, as a table.

Read in the servers' own source: SGLang 0.5.23 (`multimodal_gen/runtime/entrypoints/openai/video_api.py`) and vLLM-Omni
0.30.0 (`entrypoints/openai/api_server.py`). `generic` is the shape of OpenAI's own SDK, read carefully: nothing is
assumed that a server of another make may not do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from bot.model.backend import CancelOutcome


class Echo(StrEnum):
    """What of an order a server repeats in its list, so that it can be found there again."""

    MARK = "mark"
    """The model's name, which it repeats and does not read: our key is written there."""
    PROMPT = "prompt"
    """The prompt, word for word."""


@dataclass(frozen=True, slots=True)
class Step:
    """One way to stop an order: a call, and what its success means. The next follows where the server lacks it."""

    method: str
    path: str
    means: CancelOutcome


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of server."""

    forms: bool
    """An order is always a form; elsewhere it is JSON unless a picture travels with it."""
    percent: bool
    """`progress` grows while the server draws; elsewhere it stays 0 until the end."""
    failed_looks: bool
    """A look at a failed order answers 4xx or 5xx with the order as its body."""
    stops: tuple[Step, ...]
    able_to_stop: Literal["abort", "best_effort"]
    echo: Echo
    forgetful: bool
    """Orders live in the server's memory: one that is in no list is not being drawn either."""
    health: str
    """The route that says whether it can draw now; empty: it has none."""
    free: bool
    """It is somebody's own machine: an order costs nothing unless a price is set."""
    owner: str
    """How `owned_by` in /v1/models begins."""


DELETE_FORGETS: Final = Step("DELETE", "", CancelOutcome.FORGOTTEN)

DIALECTS: Final[Mapping[str, Dialect]] = {
    "sglang": Dialect(
        forms=False,
        percent=True,
        failed_looks=False,
        # Release 0.5.23 cannot abort ("TODO: support aborting a job"); newer documentation names POST …/cancel.
        stops=(Step("POST", "/cancel", CancelOutcome.STOPPED), DELETE_FORGETS),
        able_to_stop="best_effort",
        echo=Echo.MARK,
        forgetful=True,
        health="/health",
        free=True,
        owner="sglang",
    ),
    "vllm-omni": Dialect(
        forms=True,
        percent=False,
        failed_looks=True,
        stops=(Step("DELETE", "", CancelOutcome.STOPPED),),
        able_to_stop="abort",
        echo=Echo.PROMPT,
        forgetful=True,
        health="/health",
        free=True,
        owner="vllm",
    ),
    "generic": Dialect(
        forms=True,
        percent=True,
        failed_looks=True,
        stops=(DELETE_FORGETS,),
        able_to_stop="best_effort",
        echo=Echo.PROMPT,
        forgetful=False,
        health="",
        free=False,
        owner="",
    ),
}


def speaks(owner: str) -> str:
    """The dialect of a server by what it says about its models, or nothing when that does not tell."""
    return next((name for name, one in DIALECTS.items() if one.owner and owner.startswith(one.owner)), "")
