"""Where a request's decoded parts are kept while it is served."""

from typing import Any

from aiohttp import web

PAYLOAD = web.RequestKey("payload", Any)  # type: ignore[arg-type]  # any JSON
FILES = web.RequestKey("files", dict)
