"""What every answer carries: nothing foreign runs on our pages, and nobody puts them into frames but the player."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALL: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "cross-origin-resource-policy": "cross-origin",  # films, posters and feeds are made to be shown elsewhere
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {}"
)
EMBED: Final = "/embed"
"""The end of those addresses that other sites may frame."""


class Headers:
    """Around the hall's pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        framed = scope["path"].startswith("/exhibits/") and scope["path"].endswith(EMBED)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALL.items():
                    headers[name] = value
                headers["content-security-policy"] = _POLICY.format("*" if framed else "'none'")
                if not framed:
                    headers["cross-origin-opener-policy"] = "same-origin"
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        await self._app(scope, receive, sending)
