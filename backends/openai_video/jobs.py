"""What a server says about an order, in our words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from backends.net import Answer, dig
from backends.openai_video import faults
from backends.openai_video.dialects import Dialect
from bot.model.backend import RemoteState, RemoteStatus

STATES: Final = {
    "queued": RemoteState.QUEUED,
    "in_progress": RemoteState.RUNNING,
    "cancelling": RemoteState.RUNNING,
    "completed": RemoteState.SUCCEEDED,
    "failed": RemoteState.FAILED,
    "cancelled": RemoteState.CANCELLED,
    "canceled": RemoteState.CANCELLED,
    "deleted": RemoteState.LOST,
    "expired": RemoteState.LOST,
}


def status_of(answer: Answer, order: str, dialect: Dialect) -> RemoteStatus:
    """The order's state by one look. Raises what a look that tells nothing stands for.

    A failed order may answer with its own failure as the status of the look: a body that is this very order is read
    first, and only what has none is trouble on the way.
    """
    if answer.ok or (dialect.failed_looks and dig(answer.data, "id") == order):
        said = dig(answer.data, "status")
        if isinstance(said, str):
            return _told(answer.data, order, dialect, STATES.get(said, RemoteState.RUNNING))
    if answer.status == HTTPStatus.NOT_FOUND:
        return RemoteStatus(RemoteState.LOST, error=faults.forgotten(order))
    raise faults.refused(answer)


def _told(data: Any, order: str, dialect: Dialect, state: RemoteState) -> RemoteStatus:
    match state:
        case RemoteState.SUCCEEDED:
            url = dig(data, "url")
            return RemoteStatus(state, 1.0, result={"url": url if isinstance(url, str) else ""})
        case RemoteState.FAILED:
            return RemoteStatus(state, error=faults.failed(data))
        case RemoteState.LOST:
            return RemoteStatus(state, error=faults.forgotten(order))
        case _:
            return RemoteStatus(state, _fraction(data) if dialect.percent else None)


def _fraction(data: Any) -> float | None:
    """Progress from 0 to 1; nothing until the first step is told."""
    said = dig(data, "progress")
    return min(1.0, said / 100) if isinstance(said, int | float) and said > 0 else None
