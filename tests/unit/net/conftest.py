from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from tests.servers.base import Server

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Small(Server):
    """One handler for every path."""

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self.handler = handler

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/{path:.*}", self.handler)]


@pytest.fixture
async def serve() -> AsyncGenerator[Callable[[Handler], Awaitable[Small]]]:
    async with AsyncExitStack() as stack:

        async def start(handler: Handler) -> Small:
            return await stack.enter_async_context(Small(handler))

        yield start
