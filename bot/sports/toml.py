"""Our values as TOML: strings, numbers, lists of strings, tables and lists of tables; what a sport's file holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def dumps(data: Mapping[str, Any]) -> str:
    """The document; tables stand after the simple values."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    tables = {name: found for name, value in data.items() if (found := _tables(value)) is not None}
    yield from (f"{_key(name)} = {_value(value)}" for name, value in data.items() if name not in tables)
    for name, (head, each) in tables.items():
        for table in each:
            yield ""
            yield head.format(_key(name))
            yield from (f"{_key(inner)} = {_value(said)}" for inner, said in table.items())


def _tables(value: object) -> tuple[str, Sequence[Mapping[str, Any]]] | None:
    """How a table, or a list of them, begins, and the tables in it; None for a simple value."""
    if isinstance(value, Mapping):
        return "[{}]", [cast("Mapping[str, Any]", value)]
    several = cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
    if several and isinstance(several[0], Mapping):
        return "[[{}]]", cast("Sequence[Mapping[str, Any]]", several)
    return None


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in cast("Sequence[object]", value)) + "]"
    return str(value)
