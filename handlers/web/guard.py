"""The door: only pages of this very studio, opened with its token, on this very machine, get through.

Order of the checks: the Host header (a foreign name that was pointed at this machine is refused), what needs no token
(style and drawing of the door itself), the token, and for everything that changes something the page it comes from.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PUBLIC: Final = "/static/"
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # "no-referrer" would take away the Origin of our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Stands before the studio's pages. `door(request)` is the page for those without the token.

    `token` lets a browser in; what it shows from then on is made of `secret`, so that a restart, which makes a new
    token, does not shut out the pages that are open.
    """

    def __init__(self, app: ASGIApp, *, token: str, secret: str, host: str, door: Callable[[Request], str]) -> None:
        self._app = app
        self._token = token
        self._host = host
        self._door = door
        self._pass = hashlib.sha256(f"studio:{secret}".encode()).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        request = Request(scope)
        response = self._refuse(request)
        await (response or self._app)(scope, receive, _with_headers(send))

    def _refuse(self, request: Request) -> Response | None:
        if not host_is_ours(request.headers.get("host", ""), self._host):
            return PlainTextResponse("This address does not lead here.", 421)
        if request.url.path.startswith(PUBLIC) and request.method in ("GET", "HEAD"):
            return None
        if (token := request.query_params.get("token")) is not None and request.method == "GET":
            return self._enter(request, token)
        if not hmac.compare_digest(request.cookies.get(_cookie(request), "").encode(), self._pass.encode()):
            return HTMLResponse(self._door(request), 403)
        if request.method not in ("GET", "HEAD") and not from_our_page(request.headers):
            return PlainTextResponse("This request comes from another site.", 403)
        return None

    def _enter(self, request: Request, token: str) -> Response:
        """Exchange the token for a cookie and leave the address clean."""
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return HTMLResponse(self._door(request), 403)
        rest = request.url.remove_query_params("token").query
        address = f"/?{rest}" if rest else "/"
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            # A strict cookie does not follow a redirect that another site's link began; a page of our own may go on.
            response: Response = HTMLResponse('<!doctype html><meta http-equiv="refresh" content="0; url=/">')
        else:
            response = RedirectResponse(address, 303)
        response.set_cookie(_cookie(request), self._pass, httponly=True, samesite="strict", max_age=30 * 86400)
        return response


def host_is_ours(header: str, bound: str) -> bool:
    """Whether a Host header names this machine: a loopback name or the address we are bound to.

    Bound to every address, any literal address is ours; a name never is, because names can be pointed anywhere.
    """
    try:
        name = (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return False
    if name in ("localhost", bound.lower()):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(bound).is_unspecified
    except ValueError:
        return False


def from_our_page(headers: Headers) -> bool:
    """Whether a request that changes something was sent by a page of this address."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return site is not None
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _cookie(request: Request) -> str:
    """Browsers do not tell ports apart: each studio has its own name."""
    server = request.scope.get("server")
    return f"olympic_studio_{server[1] if server else 0}"


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending
