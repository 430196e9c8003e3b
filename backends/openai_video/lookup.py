"""Finding an order whose answer was lost, in a server's list.

SGLang repeats the model's name as it was sent, and reads it nowhere: our mark in it names the order. vLLM-Omni checks
the model, but repeats the prompt: an order is recognised by its words and its moment, if exactly one fits that nobody
else of ours claims. Both keep their list in memory, so an order that is in no list is not being drawn either, whether
it never arrived or went with a restart: it may be sent. A server of another make is believed only where it shows an
order; what it does not show may still exist, and nobody can tell.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final, cast

from backends.net import Client, dig
from backends.net.ledger import Ledger, Note, fingerprint
from backends.openai_video import faults
from backends.openai_video.body import mark_of
from backends.openai_video.dialects import Dialect, Echo
from bot.errors import BackendError
from bot.model.backend import Absent

log = logging.getLogger(__name__)

WAITS: Final = (0.0, 1.0, 2.0, 4.0)
"""Looks, and how many times the usual gap passes before each: an order may still be on its way in."""
PAGE: Final = 100
PAGES: Final = 20
EARLY: Final = 120.0
"""Seconds an order may seem older than its sending; clocks differ."""


async def find(client: Client, dialect: Dialect, ledger: Ledger, note: Note, gap: float) -> str | Absent:
    """The order's id, or what its absence means. Never raises."""
    for wait in WAITS:
        await asyncio.sleep(wait * gap)
        try:
            rows = await _rows(client)
        except BackendError as error:
            log.warning("the server's list could not be read: %s", error.detail)
            return Absent.UNKNOWN
        found = await _ours(rows, dialect, ledger, note)
        if found is not None:
            return found
    return Absent.SURELY if dialect.forgetful else Absent.UNKNOWN


async def _ours(rows: list[Any], dialect: Dialect, ledger: Ledger, note: Note) -> str | Absent | None:
    """The order's id, UNKNOWN when several could be it, None when it does not show."""
    taken = {one.task for one in await ledger.notes()}
    if dialect.echo is Echo.MARK:
        fits = [row for row in rows if str(dig(row, "model")).endswith(mark_of(note.key))]
    else:
        fits = [row for row in rows if dig(row, "id") not in taken and _fits(row, note)]
    if len(fits) > 1:
        return Absent.UNKNOWN
    return str(fits[0]["id"]) if fits else None


def _fits(row: Any, note: Note) -> bool:
    prompt, created = dig(row, "prompt"), dig(row, "created_at")
    timely = not isinstance(created, int | float) or created >= note.began - EARLY
    return timely and isinstance(prompt, str) and fingerprint(prompt) == note.words


async def _rows(client: Client) -> list[Any]:
    """Everything the server lists, newest first."""
    rows, after = list[Any](), ""
    for _ in range(PAGES):
        params = {"limit": str(PAGE), "order": "desc", **({"after": after} if after else {})}
        answer = await client.read("/v1/videos", params=params)
        page = dig(answer.data, "data")
        if not answer.ok or not isinstance(page, list):
            raise faults.refused(answer)
        rows += cast("list[Any]", page)
        after = str(dig(answer.data, "last_id") or "")
        if not page or not after or dig(answer.data, "has_more") is not True:
            break
    return rows
