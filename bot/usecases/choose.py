"""A choice pressed for a request that waited for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.errors import NotAllowed, NotFound, OlympicError
from bot.model.command import Asked, Choose
from bot.model.request import SIZES, Request
from bot.ports import Draft, Reply
from bot.usecases.create import offer, settle
from bot.usecases.house import House

_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "sport": str,
    "own": str,
    "backend": lambda said: said or None,
    "seconds": float,
    "image": lambda said: None,  # noqa: ARG005  # a picture can only be left out
    "storyboard": bool,
    "size": SIZES.__getitem__,
}
"""How a field of a request is read from the words a draft keeps."""


async def choose(house: House, asked: Asked, pressed: Choose, reply: Reply) -> None:
    """Complete the waiting request and put it in line; only its maker may, and only once it is accepted."""
    drafts = house.tools.repos.drafts
    draft = await drafts.get(pressed.draft)
    if draft is None or pressed.value not in draft.options:
        raise NotFound(key="refusal.draft_gone")
    if not _own(draft, asked):
        raise NotAllowed(key="refusal.not_yours")
    if await drafts.take(pressed.draft) is None:
        raise NotFound(key="refusal.draft_gone")
    complete = settle if pressed.field == "plan" else offer
    try:
        await complete(house, asked, amended(draft.request, draft.options[pressed.value]), reply)
    except OlympicError:
        await drafts.put(draft)  # a limit, a place that forbids posting: the words are kept for the next press
        raise


def amended(request: Request, fields: Mapping[str, str]) -> Request:
    """The request with fields replaced by what a choice says of them."""
    return replace(request, **{name: _READ[name](said) for name, said in fields.items()})


def _own(draft: Draft, asked: Asked) -> bool:
    return draft.member.id == asked.member.id and draft.member.community == asked.member.community
