"""The servers' complaints in our words.

Bodies seen: `{"detail": "…"}` and `{"detail": [{"msg": "…"}]}` (FastAPI), `{"error": {"code", "message"}}` (OpenAI,
vLLM), and the `error` of a failed order. A code decides where there is one; of free text only phrases that no
sentence of a member's contains, for a server may quote the prompt.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from backends.net import Answer, dig, meaning, scrubbed
from bot.errors import (
    BackendError,
    BadInputMedia,
    BillingFailed,
    ContentRejected,
    InvalidRequest,
    ModelUnavailable,
    RemoteFailed,
    RemoteLost,
)

CODES: Final[dict[str, type[BackendError]]] = {
    "moderation_blocked": ContentRejected,
    "content_policy_violation": ContentRejected,
    "content_filter": ContentRejected,
    "insufficient_quota": BillingFailed,
    "billing_hard_limit_reached": BillingFailed,
    "model_not_found": ModelUnavailable,
    "invalid_image": BadInputMedia,
    "invalid_image_format": BadInputMedia,
}
PHRASES: Final[tuple[tuple[str, type[BackendError]], ...]] = (
    ("moderation system", ContentRejected),
    ("safety system", ContentRejected),
    ("content policy", ContentRejected),
    ("model mismatch", ModelUnavailable),
    ("failed to process image source", BadInputMedia),
    ("invalid input reference", BadInputMedia),
    ("image_reference did not decode", BadInputMedia),
)


def complaint(data: Any) -> tuple[str, str]:
    """Code and message of a body, each empty where it says none."""
    error = dig(data, "error")
    if isinstance(error, str):
        return "", error
    code = dig(error, "code") or dig(error, "type") or dig(data, "code") or ""
    message = dig(error, "message") or dig(data, "detail") or dig(data, "message") or ""
    if isinstance(message, list):
        message = dig(message, 0, "msg") or ""
    return str(code), str(message)


def refused(answer: Answer, *, sent: bool = False) -> BackendError:
    """The error an answer stands for; `sent` as for `meaning`."""
    kind = _kind(*complaint(answer.data)) if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR else None
    return kind(f"HTTP {answer.status}: {answer.text}") if kind else meaning(answer, sent=sent)


def failed(data: Any) -> BackendError:
    """Why a failed order failed."""
    code, message = complaint(data)
    detail = scrubbed(f"{code}: {message}") if code else scrubbed(message) or "the server gave no reason"
    if kind := _kind(code, message):
        return kind(detail)
    asked_wrongly = code in (str(HTTPStatus.BAD_REQUEST.value), str(HTTPStatus.UNPROCESSABLE_ENTITY.value))
    return InvalidRequest(detail) if asked_wrongly else RemoteFailed(detail)


def forgotten(order: str) -> BackendError:
    """The server does not know the order: its memory went with its last restart."""
    return RemoteLost(f"the server does not know {order}; it was probably restarted")


def _kind(code: str, message: str) -> type[BackendError] | None:
    low = message.lower()
    return CODES.get(code) or next((kind for phrase, kind in PHRASES if phrase in low), None)
