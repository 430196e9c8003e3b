"""Stills in cards: uploaded once as files of our own and named in an image block.

Files that are shared nowhere are good enough for that, once Slack has processed them:
https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.errors import PlatformError
from bot.model.card import Card, CardKind
from handlers.slack.shape import part, text
from handlers.slack.web import Web

log = logging.getLogger(__name__)

LOOKS: Final = (0.2, 0.3, 0.5, 1, 1, 2)
"""Seconds between looks whether Slack has processed a picture."""
_MOST: Final = 500


class Pictures:
    """The files of pictures shown lately, by their content."""

    def __init__(self, web: Web, looks: Sequence[float] = LOOKS) -> None:
        self._web = web
        self._looks = looks
        self._known: OrderedDict[str, str] = OrderedDict()

    async def file(self, card: Card) -> str:
        """The file of the card's still; nothing when it has none or Slack does not take it: a card comes first."""
        try:
            data = await _still(card)
            return await self._kept(data) if data else ""
        except (PlatformError, OSError) as error:
            log.warning("a card goes without its picture: %r", error)
            return ""

    async def _kept(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        if name not in self._known:
            self._known[name] = await self._sent(data, name)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        return self._known[name]

    async def _sent(self, data: bytes, name: str) -> str:
        kind = "png" if data.startswith(b"\x89PNG") else "jpg"
        called = f"still-{name[:8]}.{kind}"
        told = await self._web.form("files.getUploadURLExternal", filename=called, length=len(data))
        file = text(told, "file_id")
        await self._web.upload(text(told, "upload_url"), data)
        await self._web.form("files.completeUploadExternal", files=json.dumps([{"id": file, "title": called}]))
        for seconds in self._looks:
            if text(part(await self._web.read("files.info", file=file), "file"), "mimetype"):
                return file
            await asyncio.sleep(seconds)
        raise PlatformError(f"picture {file} is still not processed")


async def _still(card: Card) -> bytes:
    """Previews of jobs change too often to leave a file in the workspace each time."""
    if card.video:
        return await asyncio.to_thread(_read, card.video.poster)
    if card.picture is None or card.kind is CardKind.JOB:
        return b""
    return card.picture.data or (await asyncio.to_thread(_read, card.picture.path) if card.picture.path else b"")


def _read(path: Path) -> bytes:
    return path.read_bytes()
