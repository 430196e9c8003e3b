"""The two ways in: Socket Mode, where we call Slack, and signed HTTP, where Slack calls us."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from aiohttp import ClientError
from aiohttp import web as http
from aiohttp.typedefs import Handler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SetupError, WrongToken
from bot.model.measure import ACKNOWLEDGED
from bot.ports import Meter, Unmetered
from bot.settings import Slack
from handlers.slack.manifest import PATH
from handlers.slack.parse import NAME
from handlers.slack.shape import text, whole
from handlers.slack.web import AUTH, Web, word
from handlers.slack.workspace import Workspaces

log = logging.getLogger(__name__)

PING_SECONDS: Final = 5
_ACK_SECONDS: Final = 3
"""How long acknowledgements in flight may take when we close: Slack waits no longer."""


class Door(Protocol):
    """A way in. `open` returns when Slack can reach us, `watch` serves until cancelled."""

    app: AsyncApp

    @property
    def port(self) -> int:
        """Where it listens, 0 when it does not."""
        ...

    @property
    def reachable(self) -> bool:
        """Whether Slack can reach us at this moment."""
        ...

    async def open(self) -> None:
        """Raises `SetupError` when it cannot be opened."""
        ...

    async def watch(self) -> None:
        """Until cancelled."""
        ...

    async def close(self) -> None:
        """Let acknowledgements in flight out, then close."""
        ...


Resumed = Callable[[], None]
"""Told whenever the way in is open: what happened before may have been missed."""


def door(settings: Slack, workspaces: Workspaces, resumed: Resumed, meter: Meter) -> Door:
    """The way in that the settings give; Socket Mode wins, because an app in Socket Mode gets nothing by HTTP."""
    if settings.app_token is not None and settings.bot_token is not None:
        return SocketDoor(workspaces, settings.api, settings.app_token.get_secret_value(), resumed, meter=meter)
    if settings.signing_secret is not None:
        secret = settings.signing_secret.get_secret_value()
        return HttpDoor(workspaces, settings.api, secret, settings.host, settings.port, resumed, meter)
    raise SetupError("Slack needs slack.app_token or slack.signing_secret", key="slack.setup.way")


class SocketDoor:
    """Socket Mode: a websocket that the SDK keeps alive and replaces when Slack asks."""

    port: int = 0

    def __init__(
        self,
        workspaces: Workspaces,
        api: str,
        token: str,
        resumed: Resumed = lambda: None,
        *,
        ping: float = PING_SECONDS,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
        self.app = _app(workspaces, api, "")
        self._web = Web(token, api)
        self._resumed = resumed
        self._ping = ping
        self._token = token
        self._handler: _Handler | None = None

    @property
    def reachable(self) -> bool:
        """See `Door`."""
        session = self._handler.client.current_session if self._handler else None
        return session is not None and not session.closed

    async def open(self) -> None:
        """The first ticket is drawn here, because the SDK would try a wrong token for ever, and log what we say."""
        self._handler = _Handler(
            self.app, self._token, self._meter, web_client=self._web.sdk(), ping_interval=self._ping
        )
        client: Any = self._handler.client  # the SDK types its messages and answers as bare dicts
        client.message_listeners.append(self._greeted)
        try:
            ticket = await client.web_client.apps_connections_open(app_token=self._token)
            client.wss_uri = text(whole(ticket.data), "url") or None
        except SlackApiError as error:
            if word(error) in (*AUTH, "not_allowed_token_type", "missing_scope"):
                raise WrongToken(platform="Slack", setting="slack.app_token") from error
            log.warning("Slack gave no connection yet: %s", error)
        except (ClientError, TimeoutError) as error:
            log.warning("Slack gave no connection yet: %r", error)
        await self._handler.connect_async()

    async def _greeted(self, _: AsyncBaseSocketModeClient, message: dict[str, Any], __: str | None = None) -> None:
        """Slack's first word on every new connection."""
        if message.get("type") == "hello":
            self._resumed()

    async def watch(self) -> None:
        """A ticket opens one connection only: the SDK would try a used one for ever, so it is taken away."""
        assert self._handler is not None
        client = self._handler.client
        while True:
            await asyncio.sleep(self._ping * 3)
            if client.current_session is None or client.current_session.closed:
                client.wss_uri = None

    async def close(self) -> None:
        """See `Door`."""
        if self._handler is None:
            return
        await self._handler.settle()
        await self._handler.close_async()
        await self._web.close()


class _Handler(AsyncSocketModeHandler):
    """Knows which requests are not yet acknowledged."""

    def __init__(self, app: AsyncApp, token: str, meter: Meter, **how: Any) -> None:
        super().__init__(app, token, **how)
        self._meter = meter
        self._open: set[asyncio.Task[Any]] = set()

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        heard = time.monotonic()
        try:
            await super().handle(client, req)  # pyright: ignore[reportArgumentType]  # the SDK narrows its own type
            self._meter.observe(ACKNOWLEDGED, time.monotonic() - heard, NAME)
        finally:
            self._open.discard(task)

    async def settle(self) -> None:
        """Wait until all are, for as long as Slack would."""
        if self._open:
            await asyncio.wait(set(self._open), timeout=_ACK_SECONDS)


class HttpDoor:
    """Signed HTTP behind a TLS proxy; bolt checks every signature and its age."""

    def __init__(
        self,
        workspaces: Workspaces,
        api: str,
        secret: str,
        host: str,
        port: int,
        resumed: Resumed = lambda: None,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
        self.app = _app(workspaces, api, secret)
        self.pages = self.app.web_app(PATH)
        """Where more pages may be put before it opens."""
        self._resumed = resumed
        self._host = host
        self._wanted = port
        self._runner: http.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port it got, 0 before."""
        addresses = self._runner.addresses if self._runner else []
        return int(addresses[0][1]) if addresses else 0

    @property
    def reachable(self) -> bool:
        """See `Door`."""
        return bool(self.port)

    async def open(self) -> None:
        """Listen. Raises `SetupError` when the address is taken."""
        self.pages.middlewares.append(self._timed)
        self._runner = http.AppRunner(self.pages, access_log=None, shutdown_timeout=_ACK_SECONDS)
        await self._runner.setup()
        try:
            await http.TCPSite(self._runner, self._host, self._wanted).start()
        except OSError as error:
            address = f"{self._host}:{self._wanted}"
            raise SetupError(str(error), key="slack.setup.port", address=address) from error
        self._resumed()
        log.info("Slack: listening on http://%s:%s%s", self._host, self.port, PATH)

    @http.middleware
    async def _timed(self, request: http.Request, handler: Handler) -> http.StreamResponse:
        heard = time.monotonic()
        response = await handler(request)
        if response.status < http.HTTPBadRequest.status_code:
            self._meter.observe(ACKNOWLEDGED, time.monotonic() - heard, NAME)
        return response

    async def watch(self) -> None:
        """Nothing to do: aiohttp serves."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """See `Door`."""
        if self._runner is not None:
            await self._runner.cleanup()


def _app(workspaces: Workspaces, api: str, secret: str) -> AsyncApp:
    """Bolt, told whom to trust, so that no acknowledgement waits for a question to Slack."""

    async def authorize(team_id: str | None) -> Any:  # nothing for a workspace that is not ours; bolt types it away
        there = workspaces.team(team_id or "")
        if there is None:
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=there.identity.team,
            team=there.identity.team_name,
            bot_id=there.identity.bot,
            bot_user_id=there.identity.bot_user,
            bot_token="olympic",  # noqa: S106  # never sent: every call goes through our own client
        )

    return AsyncApp(
        name="olympic",
        logger=logging.getLogger("slack_bolt"),  # else bolt's loggers are as loud as the root, whatever we set
        client=AsyncWebClient(base_url=api),
        signing_secret=secret,
        request_verification_enabled=bool(secret),
        authorize=authorize,
        ignoring_self_events_enabled=False,  # bolt takes a deletion of our message for one of our doings
    )
