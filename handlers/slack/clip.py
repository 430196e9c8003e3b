"""A clip on its way into a card's thread, by Slack's external upload flow.

The reply that completes an upload comes before the file is shared, so where it hangs is asked of files.info until it
is known: https://docs.slack.dev/reference/methods/files.completeUploadExternal
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from bot.errors import PlatformBusy, PlatformError
from bot.model.card import Video
from handlers.slack.shape import part, parts, text
from handlers.slack.web import Web

log = logging.getLogger(__name__)

LOOKS: Final = (0.2, 0.3, 0.5, 1, 1, 2, 2, 3, 5, 5)
"""Seconds between looks for the share: 20 in all; real shares take one to five."""


def name(video: Video, key: str) -> str:
    """The file's name; the posting's key is in it, so that the clip is recognised in its thread."""
    path = PurePath(video.name)
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{path.stem}-{digest}{path.suffix or '.mp4'}"


async def send(web: Web, video: Video, called: str) -> str:
    """Bring the bytes to Slack; returns the file's id. Nobody sees it before `share`."""
    told = await web.form("files.getUploadURLExternal", filename=called, length=video.bytes, alt_txt=video.alt[:1000])
    url, file = text(told, "upload_url"), text(told, "file_id")
    if not url or not file:
        raise PlatformBusy("Slack named no upload address")
    await web.upload(url, video.path)
    return file


async def share(web: Web, file: str, channel: str, thread: str, *, title: str, comment: str) -> None:
    """Show the file in a thread."""
    await web.form(
        "files.completeUploadExternal",
        files=json.dumps([{"id": file, "title": title[:255]}]),
        channel_id=channel,
        thread_ts=thread,
        initial_comment=comment,
    )


async def shared(web: Web, file: str, channel: str, looks: Sequence[float] = LOOKS) -> str:
    """The message that shows the file in the channel; empty when it has not appeared after a bounded wait."""
    for seconds in (*looks, 0):
        try:
            told = await web.read("files.info", file=file)
        except PlatformBusy as error:
            log.info("files.info: %r", error)
        except PlatformError as error:
            log.warning("files.info: %r", error)
            return ""
        else:
            if found := next(_shares(told, channel), ""):
                return found
        await asyncio.sleep(seconds)
    log.warning("file %s has not appeared in %s", file, channel)
    return ""


def _shares(told: Mapping[str, Any], channel: str) -> Iterator[str]:
    shares = part(part(told, "file"), "shares")
    for kind in ("public", "private"):
        for message in parts(part(shares, kind), channel):
            yield text(message, "ts")
