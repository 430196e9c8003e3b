"""Finding a request whose answer was lost, in fal's list of past requests.

fal has no key of ours and no idempotent submit. Its platform API lists what an endpoint was asked, with the input: a
request is recognised by its endpoint, its words and its seed together, which no other request shares. The list is
sorted by end, so a request shows when it is finished at the latest; until then, and where the list is closed to this
key, nobody can tell, and nothing is sent again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from backends.fal import faults
from backends.net import Client, dig
from backends.net.ledger import Note, fingerprint
from bot.errors import BackendError
from bot.model.backend import Absent

log = logging.getLogger(__name__)

EARLY: Final = timedelta(minutes=5)
"""How much older than its sending a request may seem; clocks differ."""
PAGE: Final = 100
PAGES: Final = 10


def words_of(prompt: str, seed: int) -> str:
    """What a request is known by."""
    return f"{seed} {prompt}"


async def find(platform: Client, note: Note, *, patience: float, gap: float) -> str | Absent:
    """The request's id, or UNKNOWN after `patience` seconds of looking every `gap`. Never raises."""
    until = time.monotonic() + patience
    while True:
        try:
            rows = await _rows(platform, note)
        except BackendError as error:
            log.warning("fal's list of requests could not be read: %s", error.detail)
            if not error.retry:
                return Absent.UNKNOWN
            rows = []
        fits = _fits(rows, note)
        if fits:
            return fits[0] if len(fits) == 1 else Absent.UNKNOWN
        if time.monotonic() + gap > until:
            return Absent.UNKNOWN
        await asyncio.sleep(gap)


def _fits(rows: Sequence[Any], note: Note) -> list[str]:
    ours = [row for row in rows if _words(row) == note.words]
    return sorted({str(dig(row, "request_id")) for row in ours})


def _words(row: Any) -> str:
    prompt, seed = dig(row, "json_input", "prompt"), dig(row, "json_input", "seed")
    return fingerprint(words_of(prompt, seed)) if isinstance(prompt, str) and isinstance(seed, int) else ""


async def _rows(platform: Client, note: Note) -> list[Any]:
    """What this endpoint was asked since a little before the order left."""
    start = (datetime.fromtimestamp(note.began, UTC) - EARLY).isoformat()
    rows, cursor = list[Any](), ""
    for _ in range(PAGES):
        params = {"endpoint_id": note.model, "start": start, "limit": str(PAGE), "expand": "payloads"}
        if cursor:
            params["cursor"] = cursor
        answer = await platform.read("/models/requests/by-endpoint", params=params)
        page = dig(answer.data, "items")
        if not answer.ok or not isinstance(page, list):
            raise faults.refused(answer)
        rows += cast("list[Any]", page)
        cursor = str(dig(answer.data, "next_cursor") or "")
        if dig(answer.data, "has_more") is not True or not cursor:
            break
    return rows
