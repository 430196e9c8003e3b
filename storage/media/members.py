"""Members' pictures and sounds: taken in only as what a limited child process decoded and encoded anew.

The original is never kept: a new encoding leaves behind places, cameras' serial numbers and whatever was appended.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Final, Literal, cast

from bot.errors import BadReference, Fact, StorageError
from storage.media.process import talk

IMAGE_BYTES: Final = 20_000_000
AUDIO_BYTES: Final = 15_000_000
SECONDS_LIMIT: Final = 20.0
"""A picture of 25 megapixels takes about half a second, a minute of sound less."""

_CHILD: Final = Path(__file__).with_name("decode.py")

Kind = Literal["picture", "voice"]


class Members:
    """Takes members' files in, one at a time: two large pictures together must not exhaust the machine."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def image(self, data: bytes) -> tuple[bytes, str]:
        """A picture of at most 1280 pixels a side, upright, without metadata; (bytes, "image/jpeg" or "image/png").

        Raises `BadReference`.
        """
        return await self._decoded("picture", data, IMAGE_BYTES)

    async def audio(self, data: bytes) -> tuple[bytes, str]:
        """A sound of 0.3–60 s as WAV, 48 kHz stereo 16 bit; (bytes, "audio/wav"). Raises `BadReference`."""
        return await self._decoded("voice", data, AUDIO_BYTES)

    async def _decoded(self, kind: Kind, data: bytes, limit: int) -> tuple[bytes, str]:
        if len(data) > limit:
            raise BadReference(key="reference.too_large", limit=limit // 1_000_000)
        async with self._turn:
            try:
                code, out, said = await talk(_argv(kind), data, seconds_limit=SECONDS_LIMIT, env=_environment())
            except TimeoutError as error:
                raise BadReference(str(error), key="reference.unreadable") from error
        return _answer(code, out, said)


def _answer(code: int, out: bytes, said: str) -> tuple[bytes, str]:
    """The child's first line is JSON: {"mime"} before the new file, or {"key", "facts"} alone."""
    line, _, made = out.partition(b"\n")
    if code == 0 and line:
        head = cast("dict[str, Any]", json.loads(line))
        if mime := head.get("mime"):
            return made, str(mime)
        raise BadReference(said, key=str(head["key"]), **cast("dict[str, Fact]", head["facts"]))
    if "ModuleNotFoundError" in said:
        raise StorageError(f"the decoder cannot start: {said}")
    # killed by a limit, out of memory, or a decoder that crashed: in any case nothing to keep
    raise BadReference(f"the decoder ended with {code}: {said}", key="reference.unreadable")


def _argv(kind: Kind) -> list[str]:
    # -P: modules beside the script, some named like the standard library's, stay out of its way
    return [sys.executable, "-P", "-B", str(_CHILD), kind]


def _environment() -> dict[str, str]:
    """No secrets for a process that reads strangers' bytes: only where to find modules, and what systems insist on."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    modules = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)  # noqa: PTH100  "" means here
    return {**kept, "PYTHONPATH": modules, "MALLOC_ARENA_MAX": "2"}
