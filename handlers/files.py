"""Videos and pictures from the media store, in pieces where the player asks for pieces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from bot.errors import NotFound
from bot.ports import MediaStore

_BLOB: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN: Final = ("video/", "image/jpeg", "image/png", "image/webp", "audio/")
OURS: Final = {"cache-control": "private, max-age=31536000, immutable"}
"""For whom it was made, for ever: a blob's name is the hash of its content, so it never changes."""


async def file(
    request: Request, media: MediaStore, blob: str, headers: Mapping[str, str] = OURS, mime: str = ""
) -> Response:
    """GET or HEAD of one blob, sent with `headers`, as what it was kept as or as `mime`."""
    try:
        if not _BLOB.fullmatch(blob):
            raise NotFound(blob)
        path = await media.local(blob)
    except NotFound:
        return PlainTextResponse("There is no such file.", 404)
    told = {**headers, "etag": f'"{blob}"'}
    if blob in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    mime = mime or await media.mime(blob) or ""
    if not mime.startswith(_SHOWN):
        mime, told["content-disposition"] = "application/octet-stream", "attachment"
    return FileResponse(path, headers=told, media_type=mime)
