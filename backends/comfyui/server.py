"""One ComfyUI server: how busy it is, what became of a job, uploads, the one POST that starts a job, cancelling.

Servers older than autumn 2025 have no `/api/jobs`; there the queue and the history are read instead.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from backends.comfyui import look
from backends.comfyui.check import Check, check
from backends.comfyui.recipe import Recipe
from backends.comfyui.trouble import refusal
from backends.net import Answer, Client, Times, dig, download, meaning, origin
from backends.net.media import contents, suffix_of
from bot.errors import BackendError, BadInputMedia, SubmitUncertain, Transient
from bot.model.backend import CancelOutcome, RemoteState, RemoteStatus

FOLDER: Final = "olympic"
"""Where uploaded pictures lie on the server."""
TIMES: Final = Times(connect=5.0, silence=60.0, whole=180.0)
"""A server that loads a model may be silent for a while."""
_ENDPOINT_MISSING: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED})
_HISTORY: Final = "200"
"""How many finished jobs are searched on a server that chose an id of its own."""
_FRESH: Final = {True: 300.0, False: 20.0}
"""Seconds for which a check is believed: one that found everything, one after which something is being installed."""


@dataclass(frozen=True, slots=True)
class Names:
    """What one order is called: `prompt` is the job's id, `client` its websocket's. Both follow from the key."""

    prompt: str
    client: str

    @property
    def both(self) -> tuple[str, str]:
        """Either finds the job."""
        return self.prompt, self.client


class Server:
    """`reserved` counts orders of ours on their way to it."""

    def __init__(self, url: str, headers: Mapping[str, str], times: Times = TIMES) -> None:
        self.url = url.rstrip("/")
        self.headers = dict(headers)
        self.reserved = 0
        self._client = Client(self.url, headers, times=times)
        self._checks = dict[str, tuple[float, Check]]()

    def socket(self, client: str) -> str:
        """The websocket's address."""
        return f"ws{self.url.removeprefix('http')}/ws?clientId={quote(client)}"

    # --- reading

    async def busy(self) -> int:
        """Jobs that run or wait there."""
        return look.length(await self._queue())

    async def stats(self) -> Any:
        """The server's own account of itself: version, devices, memory."""
        return (await self._read("/system_stats")).data

    async def checked(self, recipe: Recipe) -> Check:
        """Whether it can draw this recipe; asked again every few minutes."""
        now = asyncio.get_running_loop().time()
        when, known = self._checks.get(recipe.name + recipe.mode, (now, None))
        if known is None or now - when > _FRESH[known.ok]:
            known = await check(recipe, self._object_info)
            self._checks[recipe.name + recipe.mode] = (now, known)
        return known

    def known(self, recipe: Recipe) -> Check | None:
        """What the last check found, or None while there was none."""
        return self._checks.get(recipe.name + recipe.mode, (0.0, None))[1]

    def forget(self) -> None:
        """Check anew next time."""
        self._checks.clear()

    async def find(self, names: Names, output: str) -> tuple[str, RemoteStatus] | None:
        """(prompt id, status) of the job, or None when this server surely does not have it.

        The queue is read before the history: a job that leaves the one meanwhile is found in the other.
        """
        jobs = await self._client.read(f"/api/jobs/{names.prompt}", plain=True)
        if jobs.ok:
            return names.prompt, await self._placed(names, look.of_job(jobs.data, output))
        if jobs.status not in _ENDPOINT_MISSING:
            raise meaning(jobs)
        if isinstance(dig(jobs.data, "error"), str):  # a server that knows /api/jobs says so in JSON
            return None
        return await self._found_the_old_way(names, output)

    async def _found_the_old_way(self, names: Names, output: str) -> tuple[str, RemoteStatus] | None:
        if (found := look.of_queue(await self._queue(), names.both)) is not None:
            return found
        one = await self._read(f"/history/{names.prompt}")
        if (found := look.of_history(one.data, names.both, output)) is not None:
            return found
        several = await self._read("/history", {"max_items": _HISTORY})
        return look.of_history(several.data, names.both, output)

    async def _placed(self, names: Names, status: RemoteStatus) -> RemoteStatus:
        """A waiting job with its place in the line."""
        if status.state is not RemoteState.QUEUED:
            return status
        found = look.of_queue(await self._queue(), names.both)
        return found[1] if found else status

    # --- doing

    async def upload(self, picture: Path) -> str:
        """Bring a picture there, named by its content, and return the name a node reads it by."""
        data, mime = await contents(picture)
        name = f"{hashlib.sha256(data).hexdigest()[:32]}{suffix_of(mime)}"
        answer = await self._client.read(
            "/upload/image",
            method="POST",
            files={"image": (name, data, mime)},
            data={"type": "input", "subfolder": FOLDER, "overwrite": "true"},
            plain=True,
        )
        if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadInputMedia("the picture is larger than the server takes")
        if not answer.ok:
            raise meaning(answer)
        stored, folder = dig(answer.data, "name"), dig(answer.data, "subfolder")
        if not isinstance(stored, str):
            raise Transient(f"the upload was not confirmed: {answer.text}")
        return f"{folder}/{stored}" if folder else stored

    async def start(self, names: Names, graph: Mapping[str, Any]) -> str:
        """The one POST. Returns the id the job goes by (a very old server chooses its own)."""
        body = {"prompt": graph, "client_id": names.client, "prompt_id": names.prompt}
        answer = await self._client.send("/prompt", json=body)
        if not answer.ok:
            raise refusal(answer)
        given = dig(answer.data, "prompt_id")
        if not isinstance(given, str):
            raise SubmitUncertain(f"the server answered without an id: {answer.text}")
        return given

    async def cancel(self, prompt: str, output: str) -> CancelOutcome:
        """Take a waiting job out of the queue or stop a running one; never touches another's."""
        answer = await self._client.read(f"/api/jobs/{prompt}/cancel", method="POST", plain=True)
        if dig(answer.data, "cancelled") is True:
            return CancelOutcome.STOPPED
        if not answer.ok and answer.status not in _ENDPOINT_MISSING:
            raise meaning(answer)
        return await self._cancel_the_old_way(prompt, output)

    async def _cancel_the_old_way(self, prompt: str, output: str) -> CancelOutcome:
        """A server that says "not cancelled" has either finished the job, forgotten it, or cannot cancel this way."""
        for _ in range(2):  # a job may begin to run between our look and our word
            found = await self.find(Names(prompt, prompt), output)
            state = found[1].state if found else RemoteState.LOST
            if state is RemoteState.RUNNING:
                # Old servers stop whatever runs, so this is only said while the job that runs is ours.
                await self._say("/interrupt", {"prompt_id": prompt})
                return CancelOutcome.REQUESTED
            if state is not RemoteState.QUEUED:
                return CancelOutcome.FORGOTTEN if found is None else CancelOutcome.ALREADY_DONE
            await self._say("/queue", {"delete": [prompt]})
            if await self.find(Names(prompt, prompt), output) is None:
                return CancelOutcome.STOPPED
        return CancelOutcome.REQUESTED

    async def fetch(self, result: Mapping[str, str], into: Path) -> None:
        """Bring a finished video here."""
        url = f"{self.url}/view?{urlencode(result)}"
        await download(url, into, headers=self.headers, allow_private=frozenset({origin(self.url)}))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    # --- calls

    async def _queue(self) -> Any:
        return (await self._read("/queue")).data

    async def _object_info(self, name: str) -> Any:
        return (await self._read(f"/object_info/{quote(name, safe='')}")).data

    async def _read(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        answer = await self._client.read(path, params=params)
        if not answer.ok:
            raise _reading(answer)
        return answer

    async def _say(self, path: str, body: Any) -> None:
        answer = await self._client.read(path, method="POST", json=body, plain=True)
        if not answer.ok:
            raise _reading(answer)


def _reading(answer: Answer) -> BackendError:
    """An answer to a question every ComfyUI can answer: a 404 means that this is none, perhaps for the moment."""
    if answer.status == HTTPStatus.NOT_FOUND:
        return Transient(f"this does not look like a ComfyUI server: {answer.text}")
    return meaning(answer)
