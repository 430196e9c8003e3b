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
    tables = {name: value for name, value in data.items() if isinstance(value, Mapping) or _is_tables(value)}
    yield from (f"{_key(name)} = {_value(value)}" for name, value in data.items() if name not in tables)
    for name, value in tables.items():
        each, head = ([value], f"[{_key(name)}]") if isinstance(value, Mapping) else (value, f"[[{_key(name)}]]")
        for table in cast("Sequence[Mapping[str, Any]]", each):
            yield ""
            yield head
            yield from (f"{_key(inner)} = {_value(said)}" for inner, said in table.items())


def _is_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


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
