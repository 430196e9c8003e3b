"""Files kept for good in an S3-compatible store, with copies on this machine while they are used."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import obstore
from obstore.store import S3Store

from bot import settings
from bot.errors import NotFound, StorageError
from bot.ports import Clock
from storage.media.cache import Cache
from storage.media.objects import Objects, Records, key_of, renaming_store

if TYPE_CHECKING:
    from obstore.store import S3Config

log = logging.getLogger(__name__)

MIB: Final = 1024 * 1024
_CONNECTING, _CALL, _TRYING = timedelta(seconds=10), timedelta(minutes=5), timedelta(seconds=30)
"""How long a connection, a whole call, and trying again may take."""


class Bucket(Objects):
    """The `MediaStore` in a bucket. `scratch` and `cache` under `home` are this machine's own."""

    def __init__(self, home: Path, given: settings.Media, records: Records, clock: Clock) -> None:
        self._cache = Cache(home / "cache", given.cache * MIB)
        with renaming_store():
            store = _store(given)
        super().__init__(store, home / "scratch", records, clock)

    async def local(self, blob: str) -> Path:
        """A copy to read from, fetched if there is none. Raises `NotFound`."""

        async def fetch(into: Path) -> None:
            await self._fetch(blob, into)

        return await self._cache.get(key_of(blob), fetch)

    async def delete(self, blob: str) -> None:
        """Forget it and the copy; silent when it is not there."""
        await super().delete(blob)
        await self._cache.drop(key_of(blob))

    async def _write(self, key: str, content: Path | bytes) -> None:
        """Large files go in parts; the store shows the whole or nothing."""
        with renaming_store():
            await obstore.put_async(self._store, key, content)
        try:
            await self._cache.add(key, content)
        except StorageError as error:  # it is kept; only the next reader has to fetch it
            log.warning("no copy of %s is kept on this machine: %r", key, error)

    async def _fetch(self, blob: str, into: Path) -> None:
        seen = hashlib.sha256()
        try:
            with renaming_store():
                answer = await obstore.get_async(self._store, key_of(blob))
                with into.open("wb") as file:
                    async for chunk in answer.stream(min_chunk_size=MIB):
                        seen.update(chunk)
                        await asyncio.to_thread(file.write, chunk)
        except FileNotFoundError as error:
            raise NotFound(f"no blob {blob}") from error
        if seen.hexdigest() != blob:
            raise StorageError(f"what the store gave for {blob} is something else")


async def examine(given: settings.Media) -> None:
    """Write, read and delete a small object, as every film will be. Raises `StorageError` for what does not work."""
    name = f"check/{secrets.token_hex(8)}"
    with renaming_store():
        store = _store(given)
        await obstore.put_async(store, name, b"olympic")
        try:
            with suppress(FileNotFoundError):
                if bytes(await (await obstore.get_async(store, name)).bytes_async()) == b"olympic":
                    return
        finally:
            await obstore.delete_async(store, name)
    raise StorageError("what was written does not come back")


def _store(given: settings.Media) -> S3Store:
    """Path-style addresses: every S3-compatible store understands them. Without keys the machine's own role counts."""
    parts = urlsplit(given.url)
    config: S3Config = {"region": given.region, "virtual_hosted_style_request": False}
    if given.endpoint:
        config["endpoint"] = given.endpoint.rstrip("/")
    if given.key_id and given.secret_key:
        config["access_key_id"] = given.key_id.get_secret_value()
        config["secret_access_key"] = given.secret_key.get_secret_value()
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={
            "allow_http": given.endpoint.startswith("http://"),
            "connect_timeout": _CONNECTING,
            "timeout": _CALL,
        },
        retry_config={"max_retries": 5, "retry_timeout": _TRYING},
    )
