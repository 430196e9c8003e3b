"""fal's complaints in our words.

A model's complaint is a list under `detail`, each with a `type`; the platform's own is a string with an `error_type`
beside it or in the header `x-fal-error-type`. Types from fal's pages on model errors and request errors.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from backends.net import Answer, dig, meaning, scrubbed
from bot.errors import (
    AuthFailed,
    BackendError,
    BadInputMedia,
    BillingFailed,
    ContentRejected,
    InvalidRequest,
    ModelUnavailable,
    RateLimited,
    RemoteFailed,
    RemoteLost,
)

TYPES: Final[dict[str, type[BackendError]]] = {
    "content_policy_violation": ContentRejected,
    "no_media_generated": ContentRejected,
    "file_download_error": BadInputMedia,
    "image_load_error": BadInputMedia,
    "image_too_small": BadInputMedia,
    "image_too_large": BadInputMedia,
    "unsupported_image_format": BadInputMedia,
    "unsupported_audio_format": BadInputMedia,
    "audio_duration_too_long": BadInputMedia,
    "audio_duration_too_short": BadInputMedia,
    "face_detection_error": BadInputMedia,
    "file_too_large": BadInputMedia,
    "generation_timeout": RemoteFailed,
    "internal_server_error": RemoteFailed,
    "downstream_service_error": RemoteFailed,
    "downstream_service_unavailable": RemoteFailed,
    "request_timeout": RemoteFailed,
    "startup_timeout": RemoteFailed,
    "runner_scheduling_failure": RemoteFailed,
    "runner_connection_timeout": RemoteFailed,
    "runner_disconnected": RemoteFailed,
    "runner_connection_refused": RemoteFailed,
    "runner_connection_error": RemoteFailed,
    "runner_incomplete_response": RemoteFailed,
    "runner_server_error": RemoteFailed,
    "bad_request": InvalidRequest,
    "app_not_found": ModelUnavailable,
}
CANCELLED: Final = "client_cancelled"


def named(answer: Answer) -> str:
    """The complaint's type, or nothing."""
    body = dig(answer.data, "error_type") or dig(answer.data, "detail", 0, "type")
    return str(body or answer.headers.get("x-fal-error-type", ""))


def refused(answer: Answer, *, sent: bool = False) -> BackendError:
    """The error an answer stands for; `sent` as for `meaning`."""
    detail = f"HTTP {answer.status}: {answer.text}"
    kind = TYPES.get(named(answer))
    if kind and (answer.status < HTTPStatus.INTERNAL_SERVER_ERROR or not sent):
        return kind(detail)
    if answer.status == HTTPStatus.FORBIDDEN:
        return _closed(answer, detail)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(detail, retry_after=answer.retry_after)
    return meaning(answer, sent=sent)


def _closed(answer: Answer, detail: str) -> BackendError:
    """A 403 means a wrong key, or an account that is locked until it is topped up."""
    said = str(dig(answer.data, "detail")).lower()
    return (BillingFailed if "balance" in said or "locked" in said else AuthFailed)(detail)


def failed(kind: str, message: Any) -> BackendError:
    """Why a request that was drawn failed."""
    return TYPES.get(kind, RemoteFailed)(scrubbed(f"{kind or 'error'}: {message}"))


def result(answer: Answer) -> BackendError:
    """Why the result of a completed request is an error. A failing model's own 5xx is its result, not a broken read."""
    if kind := TYPES.get(named(answer)):
        return kind(f"HTTP {answer.status}: {answer.text}")
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return InvalidRequest(answer.text)
    return meaning(answer)


def forgotten(request: str) -> BackendError:
    """fal does not know the request."""
    return RemoteLost(f"fal does not know the request {request}")
