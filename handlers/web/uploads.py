"""Forms and files from a browser, counted while they stream in: nobody fills the memory by uploading."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.model.command import Attachment

MEGABYTE: Final = 1024 * 1024
LIMITS: Final = {"image": 20 * MEGABYTE, "audio": 15 * MEGABYTE}
"""Bytes of one file, by the name of its field. Files under other names are not taken."""
CEILING: Final = 64 * MEGABYTE
"""Bytes of one request that are read at all: a file that is too large is read to its end, and thrown away, up to here,
because a browser shows an answer only when it could send everything."""
TEXT: Final = 64 * 1024
"""Bytes of one text field."""


class TooMuch(Exception):
    """A file or the whole request is over its limit of `limit` bytes; `fields` is what was written beside it."""

    def __init__(self, limit: int, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(limit)
        self.limit = limit
        self.fields = dict(fields or {})


class Malformed(Exception):
    """The body is no form."""


async def receive(request: Request) -> tuple[dict[str, str], dict[str, Attachment]]:
    """A form's fields and files. Raises `TooMuch`, `Malformed`."""
    try:
        form = await _parsed(request)
    except MultiPartException as error:
        raise Malformed(error.message) from error
    fields = _fields(form)
    files = {name: await _attachment(value) for name, value in form.multi_items() if isinstance(value, UploadFile)}
    return fields, {name: file for name, file in files.items() if name in LIMITS and file.data}


async def _parsed(request: Request) -> FormData:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await FormParser(request.headers, _counted(request, 4 * TEXT), max_fields=40, max_part_size=TEXT).parse()
    parser = _Parser(request.headers, _counted(request, CEILING), max_files=4, max_fields=40, max_part_size=TEXT)
    form = await parser.parse()
    if parser.over is not None:
        await form.close()
        raise TooMuch(parser.over, _fields(form))
    return form


def _fields(form: FormData) -> dict[str, str]:
    """What was written or chosen; several choices of one field are joined by commas."""
    written: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            written[name] = f"{written[name]},{value}" if name in written else value
    return written


async def _attachment(file: UploadFile) -> Attachment:
    try:
        return Attachment(file.filename or "", await file.read(), file.content_type or "")
    finally:
        await file.close()


async def _counted(request: Request, limit: int) -> AsyncGenerator[bytes]:
    if int(request.headers.get("content-length") or 0) > limit:
        raise TooMuch(limit)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooMuch(limit)
        yield chunk


class _Parser(MultiPartParser):
    """Stops keeping a file at its limit and notes in `over` which limit that was."""

    spool_max_size = CEILING  # in memory throughout: never more than the limits, and no disk to fill

    over: int | None = None
    _size = 0

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self._size = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        limit = LIMITS.get(self._current_part.field_name, 0)
        if self._current_part.file is None or self._size <= limit:
            super().on_part_data(data, start, end)
        else:
            self.over = limit


__all__ = ["CEILING", "LIMITS", "MEGABYTE", "Malformed", "TooMuch", "receive"]
