"""The seam to httpx: nothing above it sees a foreign error.

What httpx reports becomes one of two things. *Surely not sent* (no connection came about), and every failure of a
`read`, which may be repeated: `Transient`. *May have been accepted* (the order was on its way when the connection
broke, went silent or answered nonsense): `SubmitUncertain`, raised by `send` alone.
"""

from __future__ import annotations

import asyncio
import json as js
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from backends.net.answer import Answer
from backends.net.redact import guard_logs, redacted, scrubbed
from backends.net.trust import certificates
from bot.errors import BackendError, InvalidRequest, SubmitUncertain, Transient

log = logging.getLogger(__name__)

LARGEST: Final = 8 * 2**20
"""Bytes of an answer that are read; no protocol of ours needs a hundredth of it."""
_UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: to connect, between two bytes, and for a whole call."""

    connect: float = 10.0
    silence: float = 30.0
    whole: float = 60.0


class Client:
    """JSON calls to one server, which alone gets `headers`. Paid orders travel on fresh connections: a kept one that
    the server closed meanwhile would look like an order that may have been accepted."""

    def __init__(self, base: str, headers: Mapping[str, str] | None = None, *, times: Times | None = None) -> None:
        guard_logs()
        self._times = times or Times()
        self._base = base.rstrip("/")
        self._reads = self._made(headers, httpx.Limits(max_connections=32, max_keepalive_connections=8))
        self._sends = self._made(headers, httpx.Limits(max_connections=32, max_keepalive_connections=0))

    def _made(self, headers: Mapping[str, str] | None, limits: httpx.Limits) -> httpx.AsyncClient:
        times = self._times
        return httpx.AsyncClient(
            headers={"Accept": "application/json", **(headers or {})},
            timeout=httpx.Timeout(times.silence, connect=times.connect, pool=times.connect),
            limits=limits,
            verify=certificates(),
        )

    async def read(
        self,
        path: str,
        *,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        json: Any = None,
        files: Any = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        plain: bool = False,
    ) -> Answer:
        """A call that may be repeated without harm: a look, an upload, a cancellation.

        `path` begins with a slash and follows the base, or is a whole address on the base's own server. Any status is
        an answer. Raises `Transient` when there is none, or a 2xx whose body is no JSON (unless it may be `plain`).
        """
        given = {"params": params, "json": json, "files": files, "data": data, "headers": headers}
        answer = await self._call(self._reads, Transient, method, path, _only(given))
        return answer if plain else _decoded(answer, Transient)

    async def send(
        self,
        path: str,
        *,
        json: Any = None,
        files: Any = None,
        data: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The one POST that may cost money. Never repeated here.

        Raises `Transient` when it was surely not sent, `SubmitUncertain` when it may have been accepted.
        """
        given = {"params": params, "json": json, "files": files, "data": data, "headers": headers}
        answer = await self._call(self._sends, SubmitUncertain, "POST", path, _only(given))
        return _decoded(answer, SubmitUncertain)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._reads.aclose()
        await self._sends.aclose()

    async def _call(
        self, client: httpx.AsyncClient, broken: type[BackendError], method: str, path: str, given: dict[str, Any]
    ) -> Answer:
        url = self._address(path)
        where = f"{method} {redacted(url)}"
        try:
            async with asyncio.timeout(self._times.whole), client.stream(method, url, **given) as response:
                body = await _body(response)
        except TimeoutError as error:
            raise broken(f"{where}: no answer within {self._times.whole:g} s") from error
        except _UNSENT as error:
            raise Transient(f"{where}: not sent: {_said(error)}") from error
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as error:
            raise InvalidRequest(f"{where}: could not be sent: {_said(error)}") from error
        except httpx.HTTPError as error:
            raise broken(f"{where}: {_said(error)}") from error
        answer = _answer(response, body)
        log.debug("%s → %d", where, answer.status)
        return answer

    def _address(self, path: str) -> str:
        """The whole address; an answer that names another server's would carry our key there."""
        if path.startswith("/") or not path:
            return self._base + path
        if _server(path) != _server(self._base):
            raise InvalidRequest(f"{redacted(path)} is not on {redacted(self._base)}")
        return path


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _decoded(answer: Answer, broken: type[BackendError]) -> Answer:
    """The answer, unless it is a success that does not say anything we can read."""
    if answer.ok and answer.data is None:
        raise broken(f"HTTP {answer.status} with a body that is no JSON: {answer.text}")
    return answer


def _only(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


async def _body(response: httpx.Response) -> bytes:
    """The body, at most `LARGEST` bytes of it; what is longer is not what we asked for."""
    parts, length = list[bytes](), 0
    async for part in response.aiter_bytes():
        parts.append(part)
        length += len(part)
        if length > LARGEST:
            break
    return b"".join(parts)[:LARGEST]


def _answer(response: httpx.Response, body: bytes) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        data = js.loads(body, parse_int=_counted) if body else None
    except (ValueError, RecursionError):  # broken JSON, broken text, and boxes within boxes without end
        data = None
    return Answer(response.status_code, headers, data, scrubbed(body[:4000].decode("utf-8", "replace")))


def _counted(digits: str) -> int | float:
    """A number; one that is longer than any of ours would break whoever divides it."""
    return int(digits) if len(digits) < 20 else float(digits)


def _said(error: Exception) -> str:
    return scrubbed(f"{type(error).__name__} {error}".strip())
