"""A file for one person: into their conversation with the app, where nobody else sees it."""

from __future__ import annotations

import json

from bot.errors import PlatformBusy
from bot.model.card import File
from handlers.slack.shape import part, text
from handlers.slack.web import Web


async def send(web: Web, user: str, file: File) -> None:
    """Bring a file to its reader. Raises `PlatformError` when Slack does not take it."""
    opened = await web.send("conversations.open", users=user)
    told = await web.form("files.getUploadURLExternal", filename=file.name, length=file.bytes)
    url, uploaded = text(told, "upload_url"), text(told, "file_id")
    if not url or not uploaded:
        raise PlatformBusy("Slack named no upload address")
    await web.upload(url, file.path)
    await web.form(
        "files.completeUploadExternal",
        files=json.dumps([{"id": uploaded, "title": file.name}]),
        channel_id=text(part(opened, "channel"), "id"),
    )
