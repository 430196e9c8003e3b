"""What a server answered, and what its status means when the protocol itself does not say more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, cast

from bot.errors import (
    AuthFailed,
    BackendError,
    BillingFailed,
    InvalidRequest,
    ModelUnavailable,
    RateLimited,
    SubmitUncertain,
    Transient,
    Unsupported,
)

LONGEST_WAIT: Final = timedelta(hours=1)
"""A server that asks for more patience than this is not believed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `data` is the decoded JSON, or None when there was none; `text` the body's start, secrets removed."""

    status: int
    headers: Mapping[str, str]
    data: Any
    text: str

    @property
    def ok(self) -> bool:
        """2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def retry_after(self) -> timedelta | None:
        """How long it asks us to wait, if it does."""
        return patience(self.headers)


def dig(data: Any, *path: str | int) -> Any:
    """What lies at a path in JSON, or None as soon as a step is missing or of another shape."""
    for step in path:
        if isinstance(step, int):
            rows = cast("list[Any]", data) if isinstance(data, list) else []
            data = rows[step] if -len(rows) <= step < len(rows) else None
        else:
            data = cast("dict[str, Any]", data).get(step) if isinstance(data, dict) else None
    return data


def patience(headers: Mapping[str, str], now: datetime | None = None) -> timedelta | None:
    """The wait a `Retry-After` (seconds or an HTTP date) or `Retry-After-Ms` header asks for, at most an hour."""
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return min(timedelta(milliseconds=milliseconds), LONGEST_WAIT)
    said = headers.get("retry-after", "").strip()
    if (seconds := _number(said)) is not None:
        return min(timedelta(seconds=seconds), LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(said)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(timedelta(0), min(aware - (now or datetime.now(UTC)), LONGEST_WAIT))


def _number(said: str) -> float | None:
    try:
        value = float(said)
    except ValueError:
        return None
    return min(value, 1e6) if value >= 0 else None


def meaning(answer: Answer, *, sent: bool = False) -> BackendError:
    """The error a status stands for where the body says nothing better.

    `sent`: it answers an order that costs money. Then a 5xx may come from something that gave up waiting while the
    order went through, so it is `SubmitUncertain`; a 4xx is a clear no.
    """
    detail = f"HTTP {answer.status}: {answer.text}"
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(detail, retry_after=answer.retry_after)
    if answer.status == HTTPStatus.REQUEST_TIMEOUT or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = SubmitUncertain if sent else Transient
        return kind(detail, retry_after=answer.retry_after)
    return _REFUSALS.get(answer.status, InvalidRequest if answer.status >= HTTPStatus.BAD_REQUEST else Unsupported)(
        detail
    )


_REFUSALS: Final[Mapping[int, type[BackendError]]] = {
    HTTPStatus.UNAUTHORIZED: AuthFailed,
    HTTPStatus.FORBIDDEN: AuthFailed,
    HTTPStatus.PAYMENT_REQUIRED: BillingFailed,
    HTTPStatus.NOT_FOUND: ModelUnavailable,
    HTTPStatus.METHOD_NOT_ALLOWED: Unsupported,
    HTTPStatus.NOT_IMPLEMENTED: Unsupported,
}
