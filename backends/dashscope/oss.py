"""The temporary upload: a local file becomes an `oss://` address that this account and this model can read for 48 h."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Final

import httpx

from backends.dashscope import faults
from backends.net import Client, Times, dig, redacted
from backends.net.guard import checked
from backends.net.media import suffix_of
from bot.errors import ResultInvalid, Transient, Unsupported

RESOLVE: Final = {"X-DashScope-OssResourceResolve": "enable"}
"""The header without which an order cannot read `oss://` addresses."""


class Uploads:
    """Puts files where the vendor's models can read them."""

    def __init__(self, client: Client, allowed: frozenset[str]) -> None:
        self._client = client
        self._allowed = allowed

    async def put(self, data: bytes, mime: str, model: str) -> str:
        """Upload and return the `oss://` address. Raises `BackendError`s; costs nothing."""
        policy = await self._policy(model)
        folder, host = str(policy.get("upload_dir", "")), str(policy.get("upload_host", ""))
        most = policy.get("max_file_size_mb")
        if isinstance(most, int | float) and len(data) > most * 2**20:
            raise Unsupported(f"the file is larger than the {most} MB that may be uploaded")
        await self._known(host)
        key = f"{folder}/{hashlib.sha256(data).hexdigest()[:24]}{suffix_of(mime)}"
        form = {
            "OSSAccessKeyId": policy.get("oss_access_key_id"),
            "Signature": policy.get("signature"),
            "policy": policy.get("policy"),
            "key": key,
            "x-oss-object-acl": policy.get("x_oss_object_acl"),
            "x-oss-forbid-overwrite": policy.get("x_oss_forbid_overwrite"),
            "success_action_status": "200",
        }
        name = key.rpartition("/")[2]
        await self._post(host, {field: str(value) for field, value in form.items()}, (name, data, mime))
        return f"oss://{key}"

    async def _known(self, host: str) -> None:
        """A member's file goes to public hosts alone, and to those the operator named."""
        try:
            await checked(httpx.URL(host), self._allowed)
        except (ResultInvalid, httpx.InvalidURL) as error:
            raise Unsupported(f"the upload would go to {redacted(host)}: {error}") from error

    async def _policy(self, model: str) -> dict[str, object]:
        answer = await self._client.read("/api/v1/uploads", params={"action": "getPolicy", "model": model})
        policy = dig(answer.data, "data") or dig(answer.data, "output")
        if not answer.ok or not isinstance(policy, dict) or not dig(policy, "upload_host"):
            raise faults.refused(answer)
        return {str(name): value for name, value in policy.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # JSON

    async def _post(self, host: str, form: dict[str, str], file: tuple[str, bytes, str]) -> None:
        """One multipart form, the file last. The key stays at home: this is another server."""
        client = Client(host, times=Times(silence=60.0, whole=300.0))
        try:
            answer = await client.read("", method="POST", data=form, files={"file": file}, plain=True)
        finally:
            await client.aclose()
        # a second upload of the same content finds it there: forbid-overwrite answers 409
        if not answer.ok and answer.status != HTTPStatus.CONFLICT:
            raise Transient(f"the upload was answered with HTTP {answer.status}: {answer.text}")
