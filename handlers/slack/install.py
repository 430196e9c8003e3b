"""Installing the app in further workspaces: Slack's OAuth v2 on the HTTP door.

/slack/install sends an admin to Slack with a signed, one-use state that their browser keeps in a cookie as well;
/slack/oauth_redirect takes them back, exchanges the code for the workspace's own token, and says so.
https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import hashlib
import hmac
import html
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlencode, urljoin

from aiohttp import web as http

from bot.errors import PlatformError, StorageError
from bot.locales import words
from bot.settings import Slack
from handlers.slack.manifest import REDIRECT, SCOPES
from handlers.slack.shape import Json, part, text
from handlers.slack.web import Web

log = logging.getLogger(__name__)

INSTALL: Final = "/slack/install"
_COOKIE: Final = "olympic_slack_state"
_LIFE: Final = 600
"""Seconds an admin has for Slack's own pages."""
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}

Installed = Callable[[str, str], Awaitable[str]]
"""(token, who installed it) → the workspace's name, once it is kept and served."""


def lacking(settings: Slack) -> str:
    """The first setting that installing needs and that is not there."""
    needed = {
        "client_secret": settings.client_secret,
        "signing_secret": settings.signing_secret,
        "address": settings.address,
    }
    return next((f"slack.{name}" for name, value in needed.items() if not value), "")


class Install:
    """The two pages. `installed` is told each new token."""

    def __init__(self, settings: Slack, language: str, installed: Installed) -> None:
        assert settings.client_secret is not None
        self._settings = settings
        self._secret = settings.client_secret.get_secret_value()
        self._say = words(language)
        self._installed = installed
        self._used: dict[str, float] = {}

    def attach(self, app: http.Application) -> None:
        """Put the pages on the HTTP door."""
        app.router.add_get(INSTALL, self.begin)
        app.router.add_get(REDIRECT, self.end)

    async def begin(self, _: http.Request) -> http.StreamResponse:
        """To Slack, which asks the admin."""
        state = self._signed(f"{int(time.time()) + _LIFE}.{secrets.token_urlsafe(16)}")
        asked = {"client_id": self._settings.client_id, "scope": ",".join(SCOPES), "state": state}
        query = urlencode({**asked, "redirect_uri": self._back})
        there = urljoin(self._settings.api, f"/oauth/v2/authorize?{query}")
        answer = http.Response(status=302, headers={**_HEADERS, "location": there})
        answer.set_cookie(_COOKIE, state, max_age=_LIFE, httponly=True, secure=True, samesite="Lax", path=REDIRECT)
        return answer

    async def end(self, request: http.Request) -> http.StreamResponse:
        """Back from Slack."""
        state, code = request.query.get("state", ""), request.query.get("code", "")
        if not self._first(state, request.cookies.get(_COOKIE, "")):
            return self._page(400, "slack.install.again")
        if not code:
            return self._page(200, "slack.install.declined")
        try:
            told = await self._exchanged(code)
            team = await self._installed(text(told, "access_token"), text(part(told, "authed_user"), "id"))
        except (PlatformError, StorageError) as error:
            log.warning("an installation failed: %r", error)
            return self._page(502, "slack.install.failed")
        return self._page(200, "slack.install.done", team=team)

    async def _exchanged(self, code: str) -> Json:
        web = Web("", self._settings.api)
        try:
            asked = {"client_id": self._settings.client_id, "client_secret": self._secret, "redirect_uri": self._back}
            return await web.form("oauth.v2.access", code=code, **asked)
        finally:
            await web.close()

    @property
    def _back(self) -> str:
        return self._settings.address.rstrip("/") + REDIRECT

    def _signed(self, said: str) -> str:
        mark = hmac.new(self._secret.encode(), f"state:{said}".encode(), hashlib.sha256).hexdigest()
        return f"{said}.{mark}"

    def _first(self, state: str, kept: str) -> bool:
        """Whether it is ours, of this browser, fresh, and not used before."""
        said, _, _ = state.rpartition(".")
        ends, _, _ = said.partition(".")
        now = time.time()
        self._used = {one: when for one, when in self._used.items() if when > now}
        ours = hmac.compare_digest(state.encode(), self._signed(said).encode())
        same = hmac.compare_digest(state.encode(), kept.encode())
        if not ours or not same or float(ends) < now or state in self._used:
            return False
        self._used[state] = float(ends)
        return True

    def _page(self, status: int, key: str, **facts: str) -> http.Response:
        said = html.escape(self._say(key, **facts))
        head = f'<!doctype html><html lang="{self._say.language}"><meta charset="utf-8"><title>olympic-bot</title>'
        body = f"{head}<p>{said}</p></html>"
        return http.Response(status=status, text=body, content_type="text/html", headers=_HEADERS)
