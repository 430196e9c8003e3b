"""A small S3: one bucket in memory, whose answers are Amazon's as far as one client of ours asks. Every request's
signature is checked, so a wrong key is refused as it would be there."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

from aiohttp import web

from tests.servers.base import Server

KEY, SECRET, REGION, BUCKET = "test-key-id", "test-secret-key", "eu-test-1", "films"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


class FakeS3(Server):
    """`objects` is what the bucket holds, by key; `down` answers 503 to everything."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, bytes] = {}
        self.down = False
        self._parts: dict[str, dict[int, bytes]] = {}
        self._uploads = itertools.count(1)

    def routes(self) -> list[web.RouteDef]:
        path = f"/{BUCKET}/{{key:.*}}"
        return [
            web.put(path, self._put),
            web.get(path, self._get),
            web.delete(path, self._delete),
            web.post(path, self._multipart),
            web.post(f"/{BUCKET}", self._bulk_delete),
        ]

    @web.middleware
    async def _noted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.down:
            return _error(503, "SlowDown")
        if not await _signed(request):
            return _error(403, "SignatureDoesNotMatch")
        return await super()._noted(request, handler)

    async def _put(self, request: web.Request) -> web.Response:
        body = await request.read()
        if upload := request.query.get("uploadId"):
            self._parts[upload][int(request.query["partNumber"])] = body
        else:
            self.objects[request.match_info["key"]] = body
        return web.Response(headers={"ETag": _etag(body)})

    async def _get(self, request: web.Request) -> web.Response:
        body = self.objects.get(request.match_info["key"])
        if body is None:
            return _error(404, "NoSuchKey")
        return web.Response(body=body, headers={"ETag": _etag(body), "Last-Modified": "Fri, 06 Feb 2026 12:00:00 GMT"})

    async def _delete(self, request: web.Request) -> web.Response:
        self.objects.pop(request.match_info["key"], None)
        return web.Response(status=204)

    async def _multipart(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        if "uploads" in request.query:
            upload = f"upload-{next(self._uploads)}"
            self._parts[upload] = {}
            return _xml(
                f'<InitiateMultipartUploadResult xmlns="{NAMESPACE}"><Bucket>{BUCKET}</Bucket><Key>{key}</Key>'
                f"<UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
            )
        parts = self._parts.pop(request.query["uploadId"])
        body = self.objects[key] = b"".join(parts[number] for number in sorted(parts))
        return _xml(
            f'<CompleteMultipartUploadResult xmlns="{NAMESPACE}"><Bucket>{BUCKET}</Bucket><Key>{key}</Key>'
            f"<ETag>{_etag(body)}</ETag></CompleteMultipartUploadResult>"
        )

    async def _bulk_delete(self, request: web.Request) -> web.Response:
        told = ET.fromstring(await request.text())
        keys = [key.text or "" for key in told.iter() if key.tag.rpartition("}")[2] == "Key"]
        for key in keys:
            self.objects.pop(key, None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        return _xml(f'<DeleteResult xmlns="{NAMESPACE}">{deleted}</DeleteResult>')


async def _signed(request: web.Request) -> bool:
    """Amazon's signature, version 4, worked out anew from what came."""
    told = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, "
        r"SignedHeaders=([^,]+), Signature=(\w+)",
        request.headers.get("Authorization", ""),
    )
    if told is None or told[1] != KEY or told[3] != REGION:
        return False
    _, day, region, names, signature = told.groups()
    content = request.headers["x-amz-content-sha256"]
    if content != "UNSIGNED-PAYLOAD" and content != hashlib.sha256(await request.read()).hexdigest():
        return False
    path, _, query = request.raw_path.partition("?")
    pairs = sorted(one.partition("=")[::2] for one in query.split("&") if one)
    canonical = "\n".join(
        (
            request.method,
            quote(unquote(path), safe="/~"),
            "&".join(f"{quote(unquote(name), safe='~')}={quote(unquote(value), safe='~')}" for name, value in pairs),
            *(f"{name}:{' '.join(request.headers[name].split())}" for name in names.split(";")),
            "",
            names,
            content,
        )
    )
    scope = f"{day}/{region}/s3/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    words = f"AWS4-HMAC-SHA256\n{request.headers['x-amz-date']}\n{scope}\n{digest}"
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, words.encode(), "sha256").hex(), signature)


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'


def _xml(body: str, status: int = 200) -> web.Response:
    return web.Response(text=f'<?xml version="1.0"?>{body}', status=status, content_type="application/xml")


def _error(status: int, code: str) -> web.Response:
    return _xml(f"<Error><Code>{code}</Code><Message>{code}</Message></Error>", status)
