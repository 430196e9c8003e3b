"""A server with `/v1/videos`: one POST, looks until it is drawn, one download."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast

from backends import Kit
from backends.net import Answer, Client, Pace, Times, dig, download, hosts, origin, watch
from backends.net.ledger import Ledger, Note
from backends.openai_video import body, faults, jobs, lookup
from backends.openai_video.dialects import Echo, Step, speaks
from backends.openai_video.offer import Offer, Seat, offered
from bot import settings as configuration
from bot.errors import AuthFailed, BackendError, InvalidRequest, SubmitUncertain, Unsupported
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

NAME: Final = "openai_video"
BUSY: Final = 3
"""How often a server that is still cancelling is asked again."""


def build(settings: configuration.Settings, kit: Kit) -> OpenaiVideo | None:
    """The backend as soon as there is an address. Raises `SetupError` for settings that cannot work."""
    mine = settings.openai_video
    return OpenaiVideo(mine, offered(mine), kit.scratch / NAME) if mine.api else None


class OpenaiVideo:
    """One server, or two where another one draws from pictures."""

    name = NAME

    def __init__(self, settings: configuration.OpenaiVideo, offer: Offer, folder: Path) -> None:
        self._settings = settings
        self._offer = offer
        key = settings.key.get_secret_value() if settings.key else ""
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        times = Times(silence=settings.patience, whole=4 * settings.patience)
        self._clients = {seat.name: Client(seat.api, self._headers, times=times) for seat in offer.seats.values()}
        servers = [seat.api for seat in offer.seats.values()]
        self._allowed = hosts(*servers, *settings.result_hosts.split(","))
        self._ledger = Ledger(folder / "orders")
        self._pace = Pace(settings.poll, 1.5 * settings.poll)

    async def capabilities(self) -> Capabilities:
        """What the served models can do together."""
        return self._offer.able

    async def health(self) -> Health:
        """Asks each server whether it can draw, and which model it serves."""
        seats = {seat.name: seat for seat in self._offer.seats.values()}
        facts = {mode.value: _titled(seat) for mode, seat in self._offer.seats.items()}
        for seat in seats.values():
            try:
                trouble, told = await self._examined(seat)
            except AuthFailed as error:
                trouble, told = "key", {"why": error.detail}
            except BackendError as error:
                trouble, told = "silent", {"why": error.detail}
            if trouble:
                key = f"doctor.openai_video_{trouble}"
                return Health(False, key, f"{key}_remedy", {"api": seat.api, **told, **facts})
        return Health(True, "doctor.openai_video_ready", facts={"dialect": self._settings.dialect, **facts})

    async def _examined(self, seat: Seat) -> tuple[str, dict[str, str]]:
        """What is wrong with one server, as the end of a catalogue key, and what that sentence needs."""
        client = self._clients[seat.name]
        if seat.dialect.health:
            answer = await client.read(seat.dialect.health, plain=True)
            if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
                return "warming", {}
            if not answer.ok and answer.status != HTTPStatus.NOT_FOUND:
                raise faults.refused(answer)
        answer = await client.read("/v1/models")
        if not answer.ok:
            raise faults.refused(answer)
        return _mismatch(answer.data, seat, self._settings.dialect)

    async def validate(self, order: Order) -> None:
        """Raise when the served models cannot draw this. Nothing is sent."""
        seat = self._offer.seats.get(order.mode)
        if seat is None:
            raise Unsupported(f"no configured model starts from {order.mode.value}")
        if not seat.profile.lengths.holds(order.seconds):
            raise Unsupported(f"{_titled(seat)} does not draw {order.seconds:g} s")
        if order.size != seat.size:
            raise Unsupported(f"{_titled(seat)} draws {seat.size}, not {order.size}")
        if not 0 < len(order.prompt.strip()) <= seat.profile.longest_prompt:
            raise InvalidRequest(f"the model takes 1 to {seat.profile.longest_prompt} characters")
        if (order.mode is Mode.IMAGE) != (order.image is not None):
            raise InvalidRequest(f"{order.mode.value} and a picture do not go together")
        if order.audio is not None:
            raise Unsupported("the server takes no sound")

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Note the order, post it once."""
        seat = self._offer.seats[order.mode]
        mark = body.mark_of(key) if self._marks(seat) else ""
        posted = await body.body(order, seat, mark=mark, extra=self._settings.extra)
        await self._ledger.begin(key, seat.name, order.prompt)
        try:
            taken = await self._send(seat, posted)
        except SubmitUncertain:
            raise
        except BackendError:
            await self._ledger.settle(key, "-")
            raise
        await self._ledger.settle(key, taken)
        return _ref(taken, seat)

    async def _send(self, seat: Seat, posted: body.Body) -> str:
        answer = await self._clients[seat.name].send("/v1/videos", json=posted.json, files=posted.parts)
        taken = dig(answer.data, "id")
        if not answer.ok:
            raise faults.refused(answer, sent=True)
        if not isinstance(taken, str) or not taken:
            raise SubmitUncertain(f"the server took the order without naming it: {answer.text}")
        return taken

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        """Look for an order whose answer was lost; see `lookup`."""
        note = await self._ledger.note(key)
        if note is not None and not note.open:
            return Absent.SURELY if note.task == "-" else _ref(note.task, self._offer.named(note.model))
        for seat in self._placed(note):
            if not self._findable(seat, note):
                return Absent.UNKNOWN
            wanted = note or Note(key, seat.name, "", since.timestamp())
            client = self._clients[seat.name]
            found = await lookup.find(client, seat.dialect, self._ledger, wanted, self._settings.poll)
            if found is Absent.UNKNOWN:
                return found
            if not isinstance(found, Absent):
                await self._ledger.settle(key, found)
                return _ref(found, seat)
        return Absent.SURELY

    def _placed(self, note: Note | None) -> list[Seat]:
        """Where an order can be: at the server it was sent to, or at any when another machine sent it."""
        return [self._offer.named(note.model)] if note else list(dict.fromkeys(self._offer.seats.values()))

    def _findable(self, seat: Seat, note: Note | None) -> bool:
        """Whether the server's list can show it: by our mark, or by words that this machine noted."""
        return self._marks(seat) or (seat.dialect.echo is Echo.PROMPT and note is not None)

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        """One look. An order the server does not know went with its last restart."""
        seat = self._seat(ref)
        return jobs.status_of(await self._read(seat, ref), ref.id, seat.dialect)

    def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        """Looks at a steady pace; nothing is pushed."""
        return watch(lambda: self.poll(ref), self._pace)

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Stop it where the server can; otherwise have it forget the order, which it draws to the end for nobody."""
        try:
            state = (await self.poll(ref)).state
            if state is RemoteState.LOST:
                return CancelOutcome.FORGOTTEN
            if state not in (RemoteState.QUEUED, RemoteState.RUNNING):
                return CancelOutcome.ALREADY_DONE
            for step in self._seat(ref).dialect.stops:
                if (outcome := await self._stopped(ref, step)) is not None:
                    return outcome
        except BackendError as error:
            log.warning("%s could not be cancelled: %s", ref.id, error.detail)
        return CancelOutcome.NOT_POSSIBLE

    async def _stopped(self, ref: RemoteRef, step: Step) -> CancelOutcome | None:
        """What one step did; None where the server has no such route."""
        answer = await self._asked(ref, step)
        for _ in range(BUSY):
            if answer.status != HTTPStatus.CONFLICT:
                break
            await asyncio.sleep(self._settings.poll)
            answer = await self._asked(ref, step)
        if answer.status == HTTPStatus.CONFLICT or dig(answer.data, "status") == "cancelling":
            return CancelOutcome.REQUESTED
        return step.means if answer.ok else None

    async def _asked(self, ref: RemoteRef, step: Step) -> Answer:
        client = self._clients[self._seat(ref).name]
        return await client.read(f"/v1/videos/{ref.id}{step.path}", method=step.method, plain=True)

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Download the film: from the server itself, or from the store it was uploaded to, which never sees our key."""
        seat = self._seat(ref)
        url = status.result.get("url") or f"{seat.api}/v1/videos/{ref.id}/content"
        headers: Mapping[str, str] = self._headers if origin(url) == origin(seat.api) else {}
        await download(url, into, headers=headers, allow_private=self._allowed)

    async def aclose(self) -> None:
        """Close connections."""
        for client in self._clients.values():
            await client.aclose()

    async def _read(self, seat: Seat, ref: RemoteRef) -> Answer:
        return await self._clients[seat.name].read(f"/v1/videos/{ref.id}")

    def _seat(self, ref: RemoteRef) -> Seat:
        return self._offer.named(ref.extra.get("seat", ""))

    def _marks(self, seat: Seat) -> bool:
        return seat.dialect.echo is Echo.MARK and self._settings.mark


def _ref(order: str, seat: Seat) -> RemoteRef:
    return RemoteRef(NAME, order, {"seat": seat.name})


def _titled(seat: Seat) -> str:
    return seat.model or next(iter(seat.profile.names), "generic")


def _mismatch(data: Any, seat: Seat, dialect: str) -> tuple[str, dict[str, str]]:
    """What a server's list of models says against the settings."""
    rows = dig(data, "data")
    served = cast("list[Any]", rows) if isinstance(rows, list) else []
    names = [str(dig(row, "id")) for row in served]
    theirs = next(filter(None, (speaks(str(dig(row, "owned_by"))) for row in served)), "")
    if theirs and theirs != dialect and seat.dialect.owner:  # a generic one may be any
        return "dialect", {"theirs": theirs, "ours": dialect}
    if seat.model and names and seat.model not in names:
        return "model", {"model": seat.model, "served": ", ".join(names)}
    return "", {}
