"""The one place that speaks to Slack's Web API: calls, uploads and downloads, with Slack's errors renamed to ours.

Only rate limits are waited out here. A call whose answer was lost is never repeated blindly, because a message may
already hang in the channel: that is the caller's `again`.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import MessageGone, PlaceForbidden, PlatformBusy, PlatformError, TooLarge
from handlers.slack.shape import Json, text, whole

log = logging.getLogger(__name__)

CALL_SECONDS: Final = 30
UPLOAD_SECONDS: Final = 600
LONGEST_RATE_WAIT: Final = 60
"""A rate limit longer than this is told as PlatformBusy instead of being slept out."""

UPLOAD_LIMIT: Final = 1_000_000_000
"""Bytes of one file: Slack's 1 GB."""
DOWNLOAD_LIMIT: Final = 25 * 1024 * 1024
"""Bytes of a member's file; Slack's own file input stops at 10 MB."""

AUTH: Final = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
_GONE: Final = frozenset({"message_not_found", "thread_not_found", "edit_window_closed", "cant_update_message"})
_UNINVITED: Final = frozenset({"not_in_channel", "channel_not_found", "user_not_in_channel", "is_inactive"})
_FORBIDDEN: Final = frozenset(
    {"restricted_action", "is_archived", "no_permission", "access_denied", "ekm_access_denied", "messages_tab_disabled",
     "team_access_not_granted", "not_allowed_token_type", "cannot_dm_bot", "storage_limit_reached"}
)  # fmt: skip
_BUSY: Final = frozenset(
    {"ratelimited", "rate_limited", "fatal_error", "internal_error", "service_unavailable", "request_timeout"}
)
_LARGE: Final = frozenset({"file_upload_size_restricted", "file_too_large", "invalid_file_size"})
_FILE_DOMAINS: Final = (".slack.com", ".slack-gov.com", ".slack-files.com")


class Unreadable(PlatformError):
    """A member's file could not be fetched from Slack."""

    key = "slack.file.unreadable"


class Web:
    """Slack's Web API under one token. Opens its connections at the first call; after `close` only `open` helps."""

    def __init__(self, token: str, api: str) -> None:
        self._token = token
        self._api = api if api.endswith("/") else api + "/"
        self._closed = False
        self.called = "olympic-bot"
        """What members call us in this workspace."""
        self.granted: frozenset[str] = frozenset()
        """Scopes the token holds, as Slack told with its latest answer."""
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def api(self) -> str:
        """The Web API's address, ending in a slash."""
        return self._api

    async def send(self, method: str, **arguments: Any) -> Json:
        """A call that changes something, as JSON; None arguments are left out."""
        return await self._call(method, json=_said(arguments))

    async def form(self, method: str, **arguments: Any) -> Json:
        """The same for methods that read forms only."""
        return await self._call(method, data=_said(arguments))

    async def read(self, method: str, **arguments: Any) -> Json:
        """A call that only looks."""
        return await self._call(method, http_verb="GET", params=_said(arguments))

    async def respond(self, url: str, body: Json) -> bool:
        """Answer through a response_url (5 uses in 30 minutes); False when it no longer takes answers."""
        if not self.owns(url):
            return False
        try:
            async with self._connections().post(url, json=body, allow_redirects=False) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("a response_url did not answer: %r", error)
            return False

    async def upload(self, url: str, what: bytes | Path) -> None:
        """Send bytes, or a file's, to an upload address Slack gave us. Raises `PlatformBusy`."""
        file = io.BytesIO(what) if isinstance(what, bytes) else await asyncio.to_thread(what.open, "rb")
        timeout = aiohttp.ClientTimeout(total=UPLOAD_SECONDS)
        try:
            async with self._connections().post(url, data=file, timeout=timeout) as answer:
                if answer.status != 200:
                    raise PlatformBusy(f"the upload was answered with {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformBusy(f"the upload broke off: {error!r}") from error
        finally:
            await asyncio.to_thread(file.close)

    async def download(self, url: str) -> bytes:
        """A file a member handed over. The token goes to Slack's own file hosts only and follows no redirect.

        Raises `Unreadable`, and `TooLarge` above `DOWNLOAD_LIMIT`.
        """
        if not self.owns(url):
            raise Unreadable(f"{urlsplit(url).hostname} is no file host of Slack")
        try:
            return await self._fetch(url)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreadable(f"a member's file could not be fetched: {error!r}") from error

    def owns(self, url: str) -> bool:
        """Whether an address belongs to Slack or to the configured API's own host."""
        there, api = urlsplit(url), urlsplit(self._api)
        if (there.scheme, there.netloc) == (api.scheme, api.netloc):
            return True
        return there.scheme == "https" and ("." + (there.hostname or "")).endswith(_FILE_DOMAINS)

    def open(self) -> None:
        """Allow calls, again after `close`."""
        self._closed = False

    async def close(self) -> None:
        """Close all connections; calls after this are `PlatformBusy`."""
        self._closed, session = True, self._session
        self._session = self._client = None
        if session is not None:
            await session.close()

    def sdk(self, *, token: bool = True) -> AsyncWebClient:
        """An SDK client on our connections and manners; bolt gets one without a token and is told whom to trust."""
        return AsyncWebClient(
            token=self._token if token else None,
            base_url=self._api,
            timeout=CALL_SECONDS,
            session=self._connections(),
            retry_handlers=[_Patience(max_retry_count=3)],
        )

    def _connections(self) -> aiohttp.ClientSession:
        if self._closed:
            raise PlatformBusy("the connection to Slack is closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        return self._session

    async def _fetch(self, url: str) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self._connections().get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200 or answer.content_type == "text/html":
                raise Unreadable(f"a member's file was answered with {answer.status} {answer.content_type}")
            data = bytearray()
            async for piece in answer.content.iter_chunked(64 * 1024):
                data += piece
                if len(data) > DOWNLOAD_LIMIT:
                    raise TooLarge("a member's file is too large", limit=DOWNLOAD_LIMIT)
            return bytes(data)

    async def _call(self, method: str, **how: Any) -> Json:
        self._connections()
        if self._client is None:
            self._client = self.sdk()
        client: Any = self._client  # the SDK types its arguments as bare dicts
        try:
            answer = await client.api_call(method, **how)
        except SlackApiError as error:
            raise self._renamed(method, error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformBusy(f"{method}: {error!r}") from error
        if granted := answer.headers.get("x-oauth-scopes"):
            self.granted = frozenset(str(granted).replace(" ", "").split(","))
        return whole(answer.data)

    def _renamed(self, method: str, error: SlackApiError) -> PlatformError:
        answer: Any = error.response
        told = whole(getattr(answer, "data", None))
        code = text(told, "error")
        status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
        detail = f"{method}: {code or status}"
        if code in _GONE:
            return MessageGone(detail)
        if missing := self._missing(code, told):
            return PlaceForbidden(detail, missing=missing)
        if code in _LARGE:
            return TooLarge(detail, limit=UPLOAD_LIMIT)
        if code in _BUSY or status == 429 or status >= 500:
            return PlatformBusy(detail)
        return Refused(detail, code)

    def _missing(self, code: str, told: Mapping[str, Any]) -> str:
        """What would let us do it, in words of Slack that stand in any language."""
        if code == "missing_scope":
            return str(told.get("needed") or code)
        if code in _UNINVITED:
            return f"/invite @{self.called}"
        return code if code in _FORBIDDEN | AUTH or code.startswith("restricted_action") else ""


class Refused(PlatformError):
    """Slack refused a call for a reason of its own; `code` is Slack's word for it."""

    def __init__(self, detail: str, code: str) -> None:
        super().__init__(detail)
        self.code = code


class _Patience(AsyncRateLimitErrorRetryHandler):
    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or response.status_code != 429:
            return False
        asked = next((value for name, value in response.headers.items() if name.lower() == "retry-after"), ["1"])
        return asked[0].isdecimal() and int(asked[0]) <= LONGEST_RATE_WAIT


def code_of(error: PlatformError) -> str:
    """Slack's own word for what went wrong, as far as it is known."""
    return word(error.__cause__) if isinstance(error.__cause__, SlackApiError) else ""


def word(error: SlackApiError) -> str:
    """Slack's own word for an error, nothing when the answer held none (a proxy's 502)."""
    answer: Any = error.response
    return text(whole(getattr(answer, "data", None)), "error")


def _said(arguments: Mapping[str, Any]) -> Json:
    return {name: value for name, value in arguments.items() if value is not None}
