"""fal's queue: one POST, looks at the addresses it names, one download."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from backends import Kit
from backends.fal import faults, lookup
from backends.fal.endpoints import Choice, body
from backends.fal.offer import Offer, offered
from backends.net import Answer, Client, Pace, Times, data_uri, dig, download, hosts, watch
from backends.net.ledger import Ledger
from bot import settings as configuration
from bot.errors import (
    AuthFailed,
    BackendError,
    BadInputMedia,
    InvalidRequest,
    ResultInvalid,
    SubmitUncertain,
    Unsupported,
)
from bot.model.backend import (
    Absent,
    CancelOutcome,
    Capabilities,
    Health,
    Mode,
    Order,
    RemoteRef,
    RemoteState,
    RemoteStatus,
)

log = logging.getLogger(__name__)

NAME: Final = "fal"
LARGEST: Final = 10 * 2**20
"""Bytes of a picture or sound that travels inside an order; every endpoint takes as much."""
_STATES: Final = {
    "IN_QUEUE": RemoteState.QUEUED,
    "IN_PROGRESS": RemoteState.RUNNING,
    "COMPLETED": RemoteState.SUCCEEDED,
}


def build(settings: configuration.Settings, kit: Kit) -> Fal | None:
    """The backend as soon as there is a key. Raises `SetupError` for endpoints and prices that cannot work."""
    mine = settings.fal
    if mine.key is None:
        return None
    return Fal(mine, mine.key.get_secret_value(), offered(mine), kit.scratch / NAME)


class Fal:
    """One account."""

    name = NAME

    def __init__(self, settings: configuration.Fal, key: str, offer: Offer, folder: Path) -> None:
        headers = {"Authorization": f"Key {key}"}
        times = Times(silence=settings.patience, whole=4 * settings.patience)
        self._settings = settings
        self._offer = offer
        self._base = settings.api.rstrip("/")
        self._queue = Client(self._base, headers, times=times)
        self._platform = Client(settings.platform, headers, times=times)
        self._allowed = hosts(*settings.result_hosts.split(","))
        self._ledger = Ledger(folder / "orders")
        self._pace = Pace(settings.poll, 5 * settings.poll)

    async def capabilities(self) -> Capabilities:
        """What the configured endpoints can do together."""
        return self._offer.able

    async def health(self) -> Health:
        """Asks what the endpoints cost, which needs the key and spends nothing."""
        facts = {mode.value: choice.path for mode, choice in self._offer.choices.items()}
        try:
            listed = await self._prices()
        except AuthFailed as error:
            return Health(False, "doctor.fal_key", "doctor.fal_key_remedy", {"why": error.detail, **facts})
        except BackendError as error:
            return Health(False, "doctor.fal_silent", "doctor.fal_silent_remedy", {"why": error.detail, **facts})
        missing = [path for path in facts.values() if path not in listed]
        if missing:
            return Health(False, "doctor.fal_model", "doctor.fal_model_remedy", {"model": missing[0], **facts})
        told = {f"fal_tells:{mode}": listed[path] for mode, path in facts.items()}
        return Health(True, "doctor.fal_ready", facts={**facts, **told})

    async def _prices(self) -> dict[str, str]:
        """Endpoint → what fal says a unit costs."""
        paths = sorted({choice.path for choice in self._offer.choices.values()})
        answer = await self._platform.read("/models/pricing", params={"endpoint_id": ",".join(paths)})
        if answer.status == HTTPStatus.NOT_FOUND:
            return {}
        if not answer.ok:
            raise faults.refused(answer)
        rows = dig(answer.data, "prices")
        listed = cast("list[Any]", rows) if isinstance(rows, list) else []
        return {str(dig(row, "endpoint_id")): _told_price(row) for row in listed}

    async def validate(self, order: Order) -> None:
        """Raise when no configured endpoint can draw this. Nothing is sent."""
        choice = self._offer.choices.get(order.mode)
        if choice is None:
            raise Unsupported(f"no endpoint is configured for {order.mode.value}")
        end = choice.endpoint
        if not end.lengths.holds(order.seconds):
            raise Unsupported(f"{choice.path} does not draw {order.seconds:g} s")
        if order.size != choice.size:
            raise Unsupported(f"{choice.path} is set to {choice.size}")
        if not order.prompt.strip() or len(end.words(order)) > end.longest_prompt:
            raise InvalidRequest(f"{choice.path} takes 1 to {end.longest_prompt} characters")
        if (order.mode is not Mode.TEXT) != (order.image is not None):
            raise InvalidRequest(f"{order.mode.value} and a picture do not go together")
        if order.audio is not None and not end.sound:
            raise Unsupported(f"{choice.path} takes no sound")
        if len(order.references) > end.most:
            raise Unsupported(f"{choice.path} takes {end.most} reference pictures")
        for path in filter(None, (order.audio, *_pictures(order))):
            if await _size(path) > LARGEST:
                raise BadInputMedia(f"the file is larger than {LARGEST // 2**20} MiB")

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Note the order, post it once. Pictures and sounds travel inside it."""
        choice = self._offer.choices[order.mode]
        shown = {"image" if n == 1 else f"image.{n}": path for n, path in enumerate(_pictures(order), 1)}
        files = {**shown, **({"audio": order.audio} if order.audio else {})}
        carried = {name: await data_uri(path) for name, path in files.items()}
        told = body(choice, order, carried, expand=self._settings.expand)
        await self._ledger.begin(key, choice.path, lookup.words_of(told["prompt"], told["seed"]))
        try:
            answer = await self._send(choice, told)
        except SubmitUncertain:
            raise
        except BackendError:
            await self._ledger.settle(key, "-")
            raise
        request = str(answer["request_id"])
        await self._ledger.settle(key, request)
        return self._ref(request, choice.path, answer)

    async def _send(self, choice: Choice, told: dict[str, Any]) -> dict[str, Any]:
        answer = await self._queue.send(f"/{choice.path}", json=told)
        if not answer.ok:
            raise faults.refused(answer, sent=True)
        if not isinstance(dig(answer.data, "request_id"), str):
            raise SubmitUncertain(f"fal took the request without naming it: {answer.text}")
        return answer.data

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        """Look for a request whose answer was lost; see `lookup`."""
        note = await self._ledger.note(key)
        if note is None:
            return Absent.UNKNOWN
        if not note.open:
            return Absent.SURELY if note.task == "-" else self._ref(note.task, note.model, {})
        if not self._settings.lookup:
            return Absent.UNKNOWN
        gap = 5 * self._settings.poll
        found = await lookup.find(self._platform, note, patience=self._settings.lookup, gap=gap)
        if isinstance(found, Absent):
            return found
        await self._ledger.settle(key, found)
        return self._ref(found, note.model, {})

    def _ref(self, request: str, path: str, answer: dict[str, Any]) -> RemoteRef:
        """The request with its addresses. An address that leads elsewhere is made anew: our key stays on the queue."""
        root = "/".join(path.split("/")[:2])
        own = f"/{root}/requests/{request}"
        made = {"response_url": own, "status_url": f"{own}/status", "cancel_url": f"{own}/cancel"}
        for name in made:
            said = dig(answer, name)
            if isinstance(said, str) and urlsplit(said)[:2] == urlsplit(self._base)[:2]:
                made[name] = said
        return RemoteRef(NAME, request, made)

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        """One look; a completed request is asked for its result, which may be an error."""
        answer = await self._queue.read(ref.extra["status_url"])
        said = dig(answer.data, "status")
        if answer.status == HTTPStatus.NOT_FOUND:
            return RemoteStatus(RemoteState.LOST, error=faults.forgotten(ref.id))
        if not answer.ok or not isinstance(said, str):
            raise faults.refused(answer)
        state = _STATES.get(said, RemoteState.RUNNING)
        if state is RemoteState.SUCCEEDED:
            return await self._completed(ref, answer)
        place = dig(answer.data, "queue_position")
        return RemoteStatus(state, position=place if isinstance(place, int) else None)

    async def _completed(self, ref: RemoteRef, answer: Answer) -> RemoteStatus:
        """COMPLETED says only that it is over."""
        kind = str(dig(answer.data, "error_type") or "")
        if kind == faults.CANCELLED:
            return RemoteStatus(RemoteState.CANCELLED)
        if error := dig(answer.data, "error"):
            return RemoteStatus(RemoteState.FAILED, error=faults.failed(kind, error))
        result = await self._queue.read(ref.extra["response_url"])
        if not result.ok:
            trouble = faults.result(result)
            if trouble.retry:
                raise trouble
            return RemoteStatus(RemoteState.FAILED, error=trouble)
        url = dig(result.data, "video", "url")
        if not isinstance(url, str) or not url:
            return RemoteStatus(RemoteState.FAILED, error=ResultInvalid("the request completed without a video"))
        return RemoteStatus(RemoteState.SUCCEEDED, 1.0, result={"url": url})

    def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        """Looks that slow down; no share of progress is told."""
        return watch(lambda: self.poll(ref), self._pace)

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Takes a waiting request out of the queue; one that runs is asked to stop, and its app decides."""
        try:
            answer = await self._queue.read(ref.extra["cancel_url"], method="PUT", plain=True)
        except BackendError as error:
            log.warning("the request %s could not be cancelled: %s", ref.id, error.detail)
            return CancelOutcome.NOT_POSSIBLE
        said = str(dig(answer.data, "status") or "")
        if answer.status == HTTPStatus.NOT_FOUND or said == "NOT_FOUND":
            return CancelOutcome.FORGOTTEN
        if answer.ok and said != "ALREADY_COMPLETED":
            return CancelOutcome.STOPPED if said == "OK" else CancelOutcome.REQUESTED
        client_error = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return CancelOutcome.ALREADY_DONE if answer.ok or client_error else CancelOutcome.NOT_POSSIBLE

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Download the film, without our key."""
        await download(status.result.get("url", ""), into, allow_private=self._allowed)

    async def aclose(self) -> None:
        """Close connections."""
        await self._queue.aclose()
        await self._platform.aclose()


def _pictures(order: Order) -> list[Path]:
    """The order's pictures, the first reference or the first frame first."""
    first = [order.image] if order.image else []
    return [*first, *(one.picture for one in order.references[1:])]


def _told_price(row: Any) -> str:
    return f"{dig(row, 'unit_price')} {dig(row, 'currency')} per {dig(row, 'unit')}"


async def _size(path: Path) -> int:
    return (await asyncio.to_thread(path.stat)).st_size
