"""Reading Slack's JSON without trusting it: whatever is missing or of another kind reads as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

Json = dict[str, Any]
"""A JSON object as Slack sends it."""


def text(body: Mapping[str, Any], name: str) -> str:
    """A string."""
    value: Any = body.get(name)
    return value if isinstance(value, str) else ""


def part(body: Mapping[str, Any], name: str) -> Json:
    """An object."""
    return whole(body.get(name))


def parts(body: Mapping[str, Any], name: str) -> list[Json]:
    """A list of objects."""
    value: Any = body.get(name)
    return [whole(item) for item in cast("list[Any]", value)] if isinstance(value, list) else []


def texts(body: Mapping[str, Any], name: str) -> list[str]:
    """A list of strings."""
    value: Any = body.get(name)
    return [item for item in cast("list[Any]", value) if isinstance(item, str)] if isinstance(value, list) else []


def whole(value: Any) -> Json:
    """The value itself, if it is an object."""
    return cast("Json", value) if isinstance(value, dict) else {}
