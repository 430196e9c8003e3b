"""Column types shared by every table: aware moments, frozen values as JSON, words from our own lists."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")

NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A counted key: SQLite counts only columns that are called INTEGER."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: aware on our side, whatever the database keeps. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Kept(TypeDecorator[T], Generic[T]):
    """A frozen value of our model as JSON.

    Rows outlive versions: a key we do not know is ignored, a key that is missing takes the field's default. A field
    that is added to a kept value therefore needs a default.
    """

    impl = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__()
        self.kind = kind

    @property
    def _adapter(self) -> TypeAdapter[T]:
        return _adapter(self.kind)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        """To the database."""
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        """From the database."""
        return None if value is None else self._adapter.validate_python(value)


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    """Made once: every connection's dialect has copies of the types, and making one takes milliseconds."""
    return TypeAdapter(kind)


def word(kind: type[StrEnum]) -> TypeEngine[Any]:
    """One of our own words, kept as itself: a new word needs no new schema."""
    return Enum(kind, native_enum=False, length=32, values_callable=_spelled)


def _spelled(kind: type[StrEnum]) -> list[str]:
    return [one.value for one in kind]
