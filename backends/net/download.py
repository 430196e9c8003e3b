"""A finished video into a file: within limits of size and time, from a host we may knock at, complete or not at all."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Final

import httpx

from backends.net.answer import patience
from backends.net.guard import checked, origin
from backends.net.redact import guard_logs, redacted, scrubbed
from backends.net.trust import certificates
from bot.errors import AuthFailed, BackendError, ResultExpired, ResultInvalid, Transient, disk_error

LARGEST: Final = 200 * 2**20
"""Bytes of a clip: fifteen seconds at 100 Mbit/s."""
HOPS: Final = 5
"""Redirects that are followed, each checked as the first address was."""
Check = Callable[[httpx.URL, frozenset[str]], Awaitable[list[str]]]
"""Says which addresses to connect to, or raises; none leaves it to the system. See `guard.checked`."""
_Ask = Callable[[httpx.URL], Awaitable[list[str]]]
_GONE: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


async def download(
    url: str,
    into: Path,
    *,
    headers: Mapping[str, str] | None = None,
    allow_private: frozenset[str] = frozenset(),
    limit: int = LARGEST,
    seconds: float = 600.0,
    check: Check = checked,
) -> None:
    """Bring `url` to `into`.

    `headers` go to the first origin alone, never along a redirect to another. `allow_private` holds `host:port` of
    servers the operator configured; every other host must resolve to public addresses only.

    Raises `ResultExpired` (403, 404, 410), `ResultInvalid` (a forbidden host, too large, empty), `AuthFailed` (401),
    `Transient` for what may be repeated (a cut or silent connection, 429, 5xx), or `StorageError` for our own disk's
    refusals, `DiskFull` among them.
    """
    guard_logs()
    part = into.with_name(f".{into.name}.{secrets.token_hex(4)}.part")
    try:
        async with asyncio.timeout(seconds):
            await _through(httpx.URL(url), part, dict(headers or {}), lambda hop: check(hop, allow_private), limit)
            await asyncio.to_thread(part.replace, into)
    except TimeoutError as error:
        raise Transient(f"{redacted(url)} was not here after {seconds:g} s") from error
    except httpx.InvalidURL as error:
        raise ResultInvalid(f"{redacted(url)} is no web address") from error
    except httpx.HTTPError as error:
        raise Transient(f"{redacted(url)}: {scrubbed(f'{type(error).__name__} {error}')}") from error
    except OSError as error:
        raise disk_error(error) from error
    finally:
        with suppress(OSError):
            await asyncio.to_thread(part.unlink, missing_ok=True)


async def _through(url: httpx.URL, part: Path, headers: dict[str, str], check: _Ask, limit: int) -> None:
    """Follow redirects to the file and write it."""
    for _ in range(HOPS + 1):
        async with _opened(url, headers, check) as response:
            if not response.has_redirect_location:
                _refuse(response)
                await _written(response, part, limit)
                return
            target = url.join(response.headers["location"])
        if origin(target) != origin(url):
            headers = {}
        url = target
    raise ResultInvalid(f"{redacted(str(url))}: more than {HOPS} redirects")


@asynccontextmanager
async def _opened(url: httpx.URL, headers: dict[str, str], check: _Ask) -> AsyncGenerator[httpx.Response]:
    """One request, to the very address that was checked. Proxies of the environment are left out: they would choose
    the address themselves."""
    addresses = await check(url)
    targets = [url.copy_with(host=address) for address in addresses] or [url]
    times = httpx.Timeout(30.0, connect=10.0)
    async with httpx.AsyncClient(timeout=times, trust_env=False, verify=certificates()) as client:
        response = await _reached(client, targets, url, headers)
        try:
            yield response
        finally:
            await response.aclose()


async def _reached(
    client: httpx.AsyncClient, targets: list[httpx.URL], url: httpx.URL, headers: dict[str, str]
) -> httpx.Response:
    """The answer of the first address that takes a connection; to the server, we speak to the host's name."""
    named = {**headers, "Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity"}
    known_as = {"sni_hostname": url.raw_host.decode("ascii")}
    asked = [client.build_request("GET", target, headers=named, extensions=known_as) for target in targets]
    for request in asked[:-1]:
        with suppress(httpx.ConnectError, httpx.ConnectTimeout):
            return await client.send(request, stream=True)
    return await client.send(asked[-1], stream=True)


def _refuse(response: httpx.Response) -> None:
    """Raise unless this is the file."""
    status, told = response.status_code, f"the result answers {response.status_code}"
    if status in _GONE:
        raise ResultExpired(told)
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Transient(told, retry_after=patience({k.lower(): v for k, v in response.headers.items()}))
    if status == HTTPStatus.UNAUTHORIZED:
        raise AuthFailed(told)
    if status != HTTPStatus.OK:
        raise ResultInvalid(told)


async def _written(response: httpx.Response, part: Path, limit: int) -> None:
    promised = int(response.headers.get("content-length", "0") or 0)
    if promised > limit:
        raise _large(limit)
    await asyncio.to_thread(part.parent.mkdir, parents=True, exist_ok=True)
    length = 0
    with part.open("wb") as file:
        async for chunk in response.aiter_raw(2**20):
            length += len(chunk)
            if length > limit:
                raise _large(limit)
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(_settle, file)
    if length == 0:
        raise ResultInvalid("the result is empty")
    if promised and length != promised:
        raise Transient(f"the result was cut short: {length} of {promised} bytes")


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _large(limit: int) -> BackendError:
    return ResultInvalid(f"the result is larger than {limit // 2**20} MiB")
