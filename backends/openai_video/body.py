"""An order in a server's words: the fields of the one POST, and the picture that travels with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from backends.net.media import contents, data_uri, suffix_of
from backends.openai_video.dialects import Echo
from backends.openai_video.offer import Seat
from backends.openai_video.profiles import Shape
from bot.model.backend import Mode, Order

Part = tuple[str, tuple[None, str] | tuple[str, bytes, str]]
MARK: Final = "#olympic-"


@dataclass(frozen=True, slots=True)
class Body:
    """What is posted: `json`, or `parts` of a form as httpx takes them."""

    json: dict[str, Any] | None = None
    parts: list[Part] | None = None


def mark_of(key: str) -> str:
    """How an order of ours is recognised in a list; short, and without what a key may tell about a community."""
    return MARK + hashlib.sha256(key.encode()).hexdigest()[:20]


async def body(order: Order, seat: Seat, *, mark: str, extra: Mapping[str, Any]) -> Body:
    """The whole POST. `mark` is written into the model's name where the dialect repeats it; empty: nowhere."""
    inline = seat.profile.shape is Shape.TARGET and not seat.dialect.forms
    fields = {**told(order, seat, mark=mark), **extra}
    if inline and order.image is not None:
        fields["conditions"] = [
            {"type": "image", "uri": await data_uri(order.image), "role": "keyframe", "frame_index": 0}
        ]
    files: list[Part] = [] if inline or order.image is None else [await _picture(order)]
    if not files and not seat.dialect.forms:
        return Body(json=fields)
    named: list[Part] = [(name, (None, _text(value))) for name, value in fields.items()]
    return Body(parts=[*named, *files])


def told(order: Order, seat: Seat, *, mark: str) -> dict[str, Any]:
    """The fields an order is made of, before the operator's own."""
    model = seat.model + mark if seat.dialect.echo is Echo.MARK else seat.model
    fields = {**({"model": model} if model else {}), "prompt": order.prompt, **_frame(order, seat)}
    if seat.profile.shape is not Shape.SECONDS:  # OpenAI's own shape knows no seed
        fields["seed"] = order.seed % 2**31
    if order.negative and seat.profile.negative:
        fields["negative_prompt"] = order.negative
    return fields


def _frame(order: Order, seat: Seat) -> dict[str, Any]:
    """Length and size."""
    match seat.profile.shape:
        case Shape.FRAMES:
            frames = seat.profile.frames(order.seconds)
            return {"size": str(order.size), "num_frames": frames, "fps": seat.profile.fps}
        case Shape.SECONDS:
            return {"size": str(order.size), "seconds": f"{order.seconds:g}"}
        case Shape.TARGET:
            return _target_form(order) if seat.dialect.forms else _target_json(order)


def _target_json(order: Order) -> dict[str, Any]:
    """MiniMax-H3 under SGLang. Frames and rates are refused there: the length is in `target` alone."""
    return {
        "task": "fl2va" if order.mode is Mode.IMAGE else "t2va",
        "conditions": [],
        "target": {
            "short_edge": min(order.size.width, order.size.height),
            "aspect_ratio": "auto" if order.mode is Mode.IMAGE else "16:9",
            "duration_seconds": order.seconds,
        },
    }


def _target_form(order: Order) -> dict[str, Any]:
    """MiniMax-H3 under vLLM-Omni; with a picture the ratio is the picture's."""
    fields: dict[str, Any] = {
        "seconds": f"{order.seconds:g}",
        "short_edge": min(order.size.width, order.size.height),
    }
    return fields if order.mode is Mode.IMAGE else {**fields, "aspect_ratio": "16:9"}


async def _picture(order: Order) -> Part:
    assert order.image is not None
    data, mime = await contents(order.image)
    return "input_reference", (f"reference{suffix_of(mime)}", data, mime)


def _text(value: Any) -> str:
    """A field of a form."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
