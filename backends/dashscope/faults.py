"""The vendor's error codes in our words. The longest code that fits wins: `InvalidParameter.DataInspection` says that
a file could not be fetched, while `DataInspectionFailed` is moderation and `InvalidParameter` a wrong order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

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
    SubmitUncertain,
    Transient,
    Unsupported,
)

CODES: Final[Mapping[str, type[BackendError]]] = {
    "InvalidApiKey": AuthFailed,
    "AccessDenied": AuthFailed,
    "AccessDenied.Unpurchased": ModelUnavailable,
    "Model.AccessDenied": ModelUnavailable,
    "Workspace.AccessDenied": AuthFailed,
    "Arrearage": BillingFailed,
    "PrepaidBillOverdue": BillingFailed,
    "AllocationQuota.FreeTierOnly": BillingFailed,
    "ModelNotFound": ModelUnavailable,
    "Model.NotExist": ModelUnavailable,
    "InvalidParameter": InvalidRequest,
    "InvalidParameter.DataInspection": BadInputMedia,
    "BadRequest": InvalidRequest,
    "InvalidURL": BadInputMedia,
    "InvalidImage": BadInputMedia,
    "InvalidVideo": BadInputMedia,
    "InvalidAudio": BadInputMedia,
    "DataInspectionFailed": ContentRejected,
    "data_inspection_failed": ContentRejected,
    "InternalError.Algo.DataInspectionFailed": ContentRejected,
    "IPInfringementSuspect": ContentRejected,
    "Throttling": RateLimited,
    "UnsupportedOperation": Unsupported,
    "RequestTimeOut": Transient,
    "InternalError": Transient,
    "ServiceUnavailable": Transient,
    "GatewayTimeout": Transient,
}
_LONGEST_FIRST: Final = sorted(CODES, key=len, reverse=True)
_LATER: Final = frozenset({RateLimited, Transient})
QUOTA_REST: Final = timedelta(minutes=5)
"""The wait after `Throttling.AllocationQuota`, which is about minutes and not about seconds."""


def kind_of(code: str, message: str) -> type[BackendError] | None:
    """The error a code stands for, or None when it is new to us."""
    found = next((CODES[known] for known in _LONGEST_FIRST if code.startswith(known)), None)
    if found in (InvalidRequest, None) and "model not exist" in message.lower():
        return ModelUnavailable
    return found


def complaint(data: object) -> tuple[str, str]:
    """(code, message) of an answer, at the top or inside `output`; empty strings when it complains of nothing."""
    for where in (data, dig(data, "output")):
        code = dig(where, "code")
        if isinstance(code, str) and code and code != "200":
            return code, scrubbed(str(dig(where, "message") or ""))
    return "", ""


def refused(answer: Answer) -> BackendError:
    """Why a look, list or upload was not answered as asked."""
    code, message = complaint(answer.data)
    kind = kind_of(code, message)
    if kind is None:
        return Transient(f"{code}: {message}") if answer.ok else meaning(answer)
    return _made(kind, code, message, answer)


def not_taken(answer: Answer) -> BackendError:
    """What an answer without a task id says about a paid order. Only a clear no counts as one: everything else may
    have been accepted."""
    code, message = complaint(answer.data)
    kind = kind_of(code, message)
    if kind is None:
        return SubmitUncertain(f"HTTP {answer.status}: {answer.text}") if answer.ok else meaning(answer, sent=True)
    if kind is Transient:
        return SubmitUncertain(f"{code}: {message}", retry_after=answer.retry_after)
    return _made(kind, code, message, answer)


def failed(code: str, message: str) -> BackendError:
    """Why an accepted task was not drawn. It was taken once, so nothing is sent again by itself."""
    kind = kind_of(code, message)
    told = f"{code}: {scrubbed(message)}"
    return RemoteFailed(told) if kind is None or kind in _LATER else kind(told)


def unknown(task: str) -> BackendError:
    """A task that the vendor does not know: too old, or of another key."""
    return RemoteLost(f"the task {task} is unknown there: older than 24 hours, or of another key or workspace")


def _made(kind: type[BackendError], code: str, message: str, answer: Answer) -> BackendError:
    wait = answer.retry_after
    if code.startswith("Throttling.AllocationQuota"):
        wait = max(wait or QUOTA_REST, QUOTA_REST)
    return kind(f"{code}: {message}", retry_after=wait)
