"""A choice pressed for a request that waited for it."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import NotAllowed, NotFound, OlympicError
from bot.model.command import Asked, Choose
from bot.ports import Draft, Reply
from bot.usecases.create import enter
from bot.usecases.house import House


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
    try:
        await enter(house, asked, replace(draft.request, **draft.options[pressed.value]), reply)
    except OlympicError:
        await drafts.put(draft)  # a limit, a place that forbids posting: the words are kept for the next press
        raise


def _own(draft: Draft, asked: Asked) -> bool:
    return draft.member.id == asked.member.id and draft.member.community == asked.member.community
