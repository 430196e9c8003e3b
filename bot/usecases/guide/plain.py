"""A setup as plain values: for documents that move it, and for the record of what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import TypeAdapter, ValidationError

from bot.errors import BadSetting
from bot.model.setup import Setup

_SETUP: Final = TypeAdapter(Setup)
_PROGRESS: Final = "done"
"""Which steps were answered; it says nothing about what was chosen."""


def plain(setup: Setup) -> dict[str, Any]:
    """All values as JSON has them, nested as in `Setup`."""
    return _SETUP.dump_python(setup, mode="json")


def flat(setup: Setup) -> dict[str, Any]:
    """All values by their paths: "voting.nominate"."""
    found: dict[str, Any] = {}
    for name, value in plain(setup).items():
        inside = cast("Mapping[str, Any]", value) if isinstance(value, dict) else None
        found |= {name: value} if inside is None else {f"{name}.{inner}": said for inner, said in inside.items()}
    found.pop(_PROGRESS)
    return found


def chosen(setup: Setup) -> dict[str, Any]:
    """Only what differs from the defaults, nested as in `Setup`."""
    usual = flat(Setup())
    nested: dict[str, Any] = {}
    for path, value in flat(setup).items():
        if value != usual[path]:
            head, _, tail = path.partition(".")
            if tail:
                nested.setdefault(head, {})[tail] = value
            else:
                nested[head] = value
    return nested


def setup_of(values: Any) -> Setup:
    """The setup in plain values; what is not said is the default. Raises `BadSetting` for what no setup knows."""
    if not isinstance(values, dict):
        raise BadSetting(key="import.unreadable", where="setup")
    try:
        setup = _SETUP.validate_python(values)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadSetting(str(error), key="import.unreadable", where=where[:60]) from error
    known = plain(Setup())
    for name, value in cast("Mapping[str, Any]", values).items():
        inner: Mapping[str, Any] = cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
        wrong = [f"{name}.{one}" for one in inner if one not in known.get(name, {})] if name in known else [name]
        if wrong:
            raise BadSetting(key="import.unreadable", where=wrong[0][:60])
    return setup


def differing(before: Setup, after: Setup) -> tuple[str, str]:
    """What differs between two setups, as JSON: (as it was, as it is)."""
    one, other = flat(before), flat(after)
    names = [name for name in other if one[name] != other[name]]
    return _json({name: one[name] for name in names}), _json({name: other[name] for name in names})


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)
