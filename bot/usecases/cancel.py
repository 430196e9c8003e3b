"""Stop a request."""

from __future__ import annotations

from bot import cards
from bot.errors import NotAllowed, NotFound, Refusal
from bot.model.card import Tone
from bot.model.command import Asked, Cancel
from bot.model.job import Job, Stage
from bot.model.people import Role
from bot.ports import Reply
from bot.usecases.house import House


async def cancel(house: House, asked: Asked, wish: Cancel, reply: Reply) -> None:
    """Stop the named request, or the asker's latest unfinished one. Moderators may stop any of their community's."""
    job = await _found(house, asked, wish.job)
    if job.over:
        raise Refusal(key="refusal.already_over")
    now = await house.engine.cancel(job.id)
    if now is None or now.stage is Stage.DONE:
        raise Refusal(key="refusal.already_over")
    if now.stage is Stage.DELIVERING:  # it may hang there already
        await reply.tell(cards.notice(asked.member.language, "cancel.late"))
        return
    await reply.tell(cards.notice(asked.member.language, "cancel.done", tone=Tone.GOOD))


async def _found(house: House, asked: Asked, job_id: str) -> Job:
    jobs, member = house.tools.repos.jobs, asked.member
    if not job_id:
        latest = await jobs.of_member(member.community, member.id, unfinished=True, most=1)
        if not latest:
            raise NotFound(key="refusal.nothing_to_cancel")
        return latest[0]
    job = await jobs.get(job_id)
    if job is None or job.community != member.community:
        raise NotFound(key="refusal.job_gone")
    if job.member.id != member.id and member.role < Role.MODERATOR:
        raise NotAllowed(key="refusal.not_yours")
    return job
