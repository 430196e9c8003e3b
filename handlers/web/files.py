"""Videos and pictures from the media store, in pieces where the player asks for pieces."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from bot.errors import NotFound
from bot.ports import MediaStore

_BLOB: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN: Final = ("video/", "image/jpeg", "image/png", "image/webp", "audio/")


async def file(request: Request, media: MediaStore) -> Response:
    """GET or HEAD of one blob; its name is the hash of its content, so it never changes."""
    blob: str = request.path_params["blob"]
    try:
        if not _BLOB.fullmatch(blob):
            raise NotFound(blob)
        path = await media.local(blob)
    except NotFound:
        return PlainTextResponse("There is no such file.", 404)
    headers = {"etag": f'"{blob}"', "cache-control": "private, max-age=31536000, immutable"}
    if blob in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    mime = await media.mime(blob) or ""
    if not mime.startswith(_SHOWN):
        mime, headers["content-disposition"] = "application/octet-stream", "attachment"
    return FileResponse(path, headers=headers, media_type=mime)
