"""uvicorn inside our own loop: no signals taken, address known before the first page, gone within two seconds."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from bot.errors import SetupError

GRACE: Final = 1
"""Seconds that requests have to end at shutdown."""


def bind(host: str, port: int, *, key: str = "studio.no_port") -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `SetupError` with the sentence `key`."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        raise SetupError(key=key, host=host, port=port, why=str(error)) from error


def address(listening: socket.socket) -> str:
    """The socket's http address, as a browser on this machine can open it."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104  # same
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(
    app: ASGIApp, listening: socket.socket, *, ready: Callable[[], None], close: Callable[[], None]
) -> None:
    """Until cancelled. `ready` is called when the first request can come, `close` when streams have to end."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config, ready)
    serving = asyncio.create_task(server.serve([listening]), name="http server")
    try:
        await asyncio.shield(serving)
    finally:
        close()
        server.should_exit = True
        async with asyncio.timeout(GRACE + 2):
            await serving


class _Server(uvicorn.Server):
    """Leaves signals to the process it lives in."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()
