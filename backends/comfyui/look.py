"""What a server says of one job, in our words: from `/api/jobs/{id}`, or from `/queue` and `/history`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final, cast

from backends.comfyui.trouble import failure
from backends.net import dig
from bot.errors import ResultInvalid, Transient
from bot.model.backend import RemoteState, RemoteStatus

_STATES: Final = {
    "pending": RemoteState.QUEUED,
    "in_progress": RemoteState.RUNNING,
    "completed": RemoteState.SUCCEEDED,
    "failed": RemoteState.FAILED,
    "cancelled": RemoteState.CANCELLED,
}
VIDEOS: Final = (".mp4", ".webm", ".mov", ".mkv")
"""What we can fetch, best first."""
WAITING: Final = "backend.stage_waiting"


def of_job(job: object, output: str) -> RemoteStatus:
    """From a job object. Raises `Transient` when it is none."""
    state = _STATES.get(str(dig(job, "status")))
    if state is None:
        raise Transient(f"not a job: {str(job)[:200]}")
    match state:
        case RemoteState.SUCCEEDED:
            return _finished(dig(job, "outputs"), output)
        case RemoteState.FAILED:
            return RemoteStatus(state, error=failure(dig(job, "execution_error") or _event(job, "execution_error")))
        case RemoteState.QUEUED:
            return RemoteStatus(state, stage=WAITING)
        case _:
            return RemoteStatus(state)


def _event(job: object, name: str) -> Any:
    return _message(dig(job, "execution_status", "messages"), name)


def of_queue(queue: object, ids: Iterable[str]) -> tuple[str, RemoteStatus] | None:
    """(prompt id, status) of the first job in the queue that bears one of our ids, as its own or its client's.

    Position 1 is drawn next.
    """
    ours = frozenset(ids)
    for row in _rows(queue, "queue_running"):
        if not ours.isdisjoint(_names(row)):
            return str(dig(row, 1)), RemoteStatus(RemoteState.RUNNING)
    for index, row in enumerate(sorted(_rows(queue, "queue_pending"), key=_number)):
        if not ours.isdisjoint(_names(row)):
            return str(dig(row, 1)), RemoteStatus(RemoteState.QUEUED, stage=WAITING, position=index + 1)
    return None


def length(queue: object) -> int:
    """How many jobs run and wait. Raises `Transient` when this is no queue."""
    if not isinstance(dig(queue, "queue_running"), list) or not isinstance(dig(queue, "queue_pending"), list):
        raise Transient(f"not a queue: {str(queue)[:200]}")
    return len(_rows(queue, "queue_running")) + len(_rows(queue, "queue_pending"))


def of_history(history: object, ids: Iterable[str], output: str) -> tuple[str, RemoteStatus] | None:
    """(prompt id, status) of the finished job that bears one of our ids."""
    ours = frozenset(ids)
    for prompt_id, entry in cast("dict[str, Any]", history).items() if isinstance(history, dict) else ():
        if not ours.isdisjoint({prompt_id, *_names(dig(entry, "prompt"))}):
            return prompt_id, _ended(entry, output)
    return None


def _ended(entry: object, output: str) -> RemoteStatus:
    messages = dig(entry, "status", "messages")
    if _message(messages, "execution_interrupted") is not None:
        return RemoteStatus(RemoteState.CANCELLED)
    if dig(entry, "status", "status_str") == "error":
        return RemoteStatus(RemoteState.FAILED, error=failure(_message(messages, "execution_error")))
    return _finished(dig(entry, "outputs"), output)


def _finished(outputs: object, output: str) -> RemoteStatus:
    """Done, with the file to fetch; a workflow that saved no video has failed."""
    result = video(outputs, output)
    if result is None:
        error = ResultInvalid("the workflow ended without a video; its output node must save one")
        return RemoteStatus(RemoteState.FAILED, error=error)
    return RemoteStatus(RemoteState.SUCCEEDED, 1.0, result=result)


def video(outputs: object, output: str) -> Mapping[str, str] | None:
    """Which of a job's files is the film: of the output node before others, kept before temporary, mp4 before others.

    Nodes name their lists as they like (`images`, `gifs`, `videos`), so the files' endings decide.
    """
    found = sorted(_files(outputs, output), key=lambda each: each[0])
    return found[0][1] if found else None


def _files(outputs: object, output: str) -> Iterator[tuple[tuple[bool, bool, int], Mapping[str, str]]]:
    for node, lists in cast("dict[str, Any]", outputs).items() if isinstance(outputs, dict) else ():
        for files in cast("dict[str, Any]", lists).values() if isinstance(lists, dict) else ():
            for file in cast("list[Any]", files) if isinstance(files, list) else ():
                kind = PurePosixPath(str(dig(file, "filename") or "")).suffix.lower()
                if kind in VIDEOS:
                    rank = (node != output, dig(file, "type") != "output", VIDEOS.index(kind))
                    yield rank, {key: str(dig(file, key) or "") for key in ("filename", "subfolder", "type")}


def _rows(queue: object, name: str) -> list[Any]:
    rows = dig(queue, name)
    return cast("list[Any]", rows) if isinstance(rows, list) else []


def _number(row: object) -> float:
    number = dig(row, 0)
    return float(number) if isinstance(number, int | float) else 0.0


def _names(row: object) -> set[str]:
    """What a queue's row is called: its own id, and its client's (a server too old to take our id keeps that one)."""
    return {str(name) for name in (dig(row, 1), dig(row, 3, "client_id")) if name}


def _message(messages: object, name: str) -> Any:
    for message in cast("list[Any]", messages) if isinstance(messages, list) else ():
        if dig(message, 0) == name:
            return dig(message, 1)
    return None
