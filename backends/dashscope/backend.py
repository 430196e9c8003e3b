"""Wan on Alibaba Cloud Model Studio: orders by HTTP, looked at until they are drawn, fetched within 24 hours."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from backends import Kit
from backends.dashscope import faults, inputs
from backends.dashscope.families import body
from backends.dashscope.lookup import Lookup
from backends.dashscope.offer import Offer, offered
from backends.dashscope.oss import RESOLVE, Uploads
from backends.net import Client, Pace, Rate, Times, dig, download, hosts, watch
from backends.net.ledger import Ledger, fingerprint
from bot import settings as configuration
from bot.errors import (
    AuthFailed,
    BackendError,
    ModelUnavailable,
    ResultInvalid,
    SubmitUncertain,
)
from bot.model.backend import (
    Absent,
    CancelOutcome,
    Capabilities,
    Health,
    Order,
    RemoteRef,
    RemoteState,
    RemoteStatus,
)

log = logging.getLogger(__name__)

NAME: Final = "dashscope"
LOOKS_A_SECOND: Final = 18.0
"""Of the 20 that looks, lists and cancellations of one account share."""
ORDERS_A_SECOND: Final = 4.5
"""Of the 5 that may be sent for one model."""
_CREATE: Final = "/api/v1/services/aigc/video-generation/video-synthesis"
_STATES: Final = {
    "PENDING": RemoteState.QUEUED,
    "RUNNING": RemoteState.RUNNING,
    "SUSPENDED": RemoteState.RUNNING,
    "SUCCEEDED": RemoteState.SUCCEEDED,
    "FAILED": RemoteState.FAILED,
    "CANCELED": RemoteState.CANCELLED,
    "UNKNOWN": RemoteState.LOST,
}


def build(settings: configuration.Settings, kit: Kit) -> Dashscope | None:
    """The backend as soon as there is a key. Raises `SetupError` for models, regions and prices that cannot work."""
    mine = settings.dashscope
    if mine.api_key is None:
        return None
    return Dashscope(mine, mine.api_key.get_secret_value(), offered(mine), kit.scratch / NAME)


class Dashscope:
    """One account in one region."""

    name = NAME

    def __init__(self, settings: configuration.Dashscope, key: str, offer: Offer, folder: Path) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        if settings.workspace:
            headers["X-DashScope-WorkSpace"] = settings.workspace
        self._settings = settings
        self._offer = offer
        self._allowed = hosts(*settings.result_hosts.split(","))
        times = Times(silence=settings.patience, whole=2 * settings.patience)
        self._client = Client(settings.api, headers, times=times)
        self._looks, self._orders = Rate(LOOKS_A_SECOND), Rate(ORDERS_A_SECOND)
        self._uploads = Uploads(self._client, self._allowed)
        self._ledger = Ledger(folder / "orders")
        self._lookup = Lookup(self._client, self._looks, self._ledger, gap=settings.poll, whole=times.whole)
        self._pace = Pace(settings.poll, 3 * settings.poll)

    async def capabilities(self) -> Capabilities:
        """What the configured models can do together."""
        return self._offer.able

    async def health(self) -> Health:
        """Asks for the list of tasks and, for each model, for an upload policy: neither costs anything."""
        facts = {mode.value: choice.model for mode, choice in self._offer.choices.items()}
        try:
            await self._checked()
        except ModelUnavailable as error:
            return Health(
                False, "doctor.dashscope_model", "doctor.dashscope_model_remedy", {"why": error.detail, **facts}
            )
        except AuthFailed as error:
            return Health(False, "doctor.dashscope_key", "doctor.dashscope_key_remedy", {"why": error.detail, **facts})
        except BackendError as error:
            return Health(
                False, "doctor.dashscope_silent", "doctor.dashscope_silent_remedy", {"why": error.detail, **facts}
            )
        return Health(True, "doctor.dashscope_ready", facts=facts)

    async def _checked(self) -> None:
        answer = await self._read("/api/v1/tasks", page_no="1", page_size="1")
        if not answer.ok or faults.complaint(answer.data)[0]:
            raise faults.refused(answer)
        for model in {choice.model for choice in self._offer.choices.values()}:
            answer = await self._read("/api/v1/uploads", action="getPolicy", model=model)
            if isinstance(refused := faults.refused(answer), ModelUnavailable):
                raise refused

    async def validate(self, order: Order) -> None:
        """Raise when no configured model can draw this. Nothing is sent."""
        await inputs.validate(order, self._offer.choices.get(order.mode))

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Upload what must be uploaded, note the order, send it once."""
        choice = self._offer.choices[order.mode]
        files = await inputs.carried(order, choice, self._uploads)
        told = body(choice, order, files, extend=self._settings.prompt_extend, watermark=self._settings.watermark)
        headers = {"X-DashScope-Async": "enable", "X-DashScope-ClientToken": hashlib.sha256(key.encode()).hexdigest()}
        if any(address.startswith("oss://") for address in files.values()):
            headers |= RESOLVE
        await self._orders.turn()
        await self._ledger.begin(key, choice.model, told["input"]["prompt"])
        try:
            task = await self._send(told, headers)
        except SubmitUncertain:
            raise
        except BackendError:
            await self._ledger.settle(key, "-")
            raise
        await self._ledger.settle(key, task)
        return _ref(task, told["input"]["prompt"])

    async def _send(self, told: dict[str, Any], headers: Mapping[str, str]) -> str:
        answer = await self._client.send(_CREATE, json=told, headers=headers)
        task = dig(answer.data, "output", "task_id")
        if not answer.ok or not isinstance(task, str) or not task:
            raise faults.not_taken(answer)
        return task

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        """Look for an order whose answer was lost; see `lookup`."""
        found = await self._lookup.find(key, since)
        if isinstance(found, Absent):
            return found
        note = await self._ledger.note(key)
        return RemoteRef(NAME, found, {"words": note.words, "found": "yes"} if note else {})

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        """One look. A task that is unknown there is lost for good."""
        answer = await self._read(f"/api/v1/tasks/{ref.id}")
        said = dig(answer.data, "output", "task_status")
        if not answer.ok or not isinstance(said, str):
            raise faults.refused(answer)
        state = _STATES.get(said, RemoteState.RUNNING)
        match state:
            case RemoteState.SUCCEEDED:
                return _drawn(answer.data, ref)
            case RemoteState.FAILED:
                return RemoteStatus(state, error=faults.failed(*_reason(answer.data)))
            case RemoteState.LOST:
                return RemoteStatus(state, error=faults.unknown(ref.id))
            case _:
                return RemoteStatus(state)

    def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        """Looks every 5 to 15 seconds (by default): nothing is pushed, and no share of progress is told."""
        return watch(lambda: self.poll(ref), self._pace)

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Possible only while the task waits; what is being drawn is drawn, and billed."""
        try:
            await self._looks.turn()
            answer = await self._client.read(f"/api/v1/tasks/{ref.id}/cancel", method="POST", plain=True)
            if answer.ok and not faults.complaint(answer.data)[0]:
                return CancelOutcome.STOPPED
            state = (await self.poll(ref)).state
        except BackendError as error:
            log.warning("the task %s could not be cancelled: %s", ref.id, error.detail)
            return CancelOutcome.NOT_POSSIBLE
        if state is RemoteState.LOST:
            return CancelOutcome.FORGOTTEN
        return (
            CancelOutcome.NOT_POSSIBLE
            if state in (RemoteState.QUEUED, RemoteState.RUNNING)
            else CancelOutcome.ALREADY_DONE
        )

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Download the film from its signed address, without our key."""
        await download(status.result.get("url", ""), into, allow_private=self._allowed)

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    async def _read(self, path: str, **params: str) -> Any:
        await self._looks.turn()
        return await self._client.read(path, params=params or None)


def _ref(task: str, prompt: str) -> RemoteRef:
    return RemoteRef(NAME, task, {"words": fingerprint(prompt)})


def _reason(data: Any) -> tuple[str, str]:
    code, message = faults.complaint(dig(data, "output"))
    return (code, message) if code else faults.complaint(data)


def _drawn(data: Any, ref: RemoteRef) -> RemoteStatus:
    """A finished task. One that was found by model and moment must also have been asked for in our words."""
    output = dig(data, "output")
    asked = dig(output, "orig_prompt")
    if ref.extra.get("found") and isinstance(asked, str) and fingerprint(asked) != ref.extra.get("words"):
        strange = SubmitUncertain(f"the task {ref.id} was found by its moment but draws other words: it is not ours")
        return RemoteStatus(RemoteState.FAILED, error=strange)
    for path in (("video_url",), ("results", "video_url"), ("results", 0, "url"), ("results", 0, "video_url")):
        if isinstance(url := dig(output, *path), str) and url:
            return RemoteStatus(RemoteState.SUCCEEDED, 1.0, result={"url": url})
    return RemoteStatus(RemoteState.FAILED, error=ResultInvalid("the task succeeded without a video"))
