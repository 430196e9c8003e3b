"""Where do my requests stand?"""

from __future__ import annotations

from bot import cards
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind
from bot.model.command import Asked
from bot.model.job import Job, Stage
from bot.ports import Reply
from bot.usecases.house import House


async def status(house: House, asked: Asked, reply: Reply) -> None:
    """All unfinished requests of the asker, each with its place in line and time."""
    member = asked.member
    jobs = await house.tools.repos.jobs.of_member(member.community, member.id, unfinished=True)
    say = words(member.language)
    if not jobs:
        invite = Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN)
        await reply.tell(Card(CardKind.LIST, say("status.title"), (say("status.none"),), buttons=(invite,)))
        return
    lines = tuple([await _line(house, job, member.language) for job in reversed(jobs)])
    buttons = tuple(
        Button(f"cancel:{job.id}", say("button.cancel_one", what=cards.clipped(job.request.prompt, 30)), "✖️")
        for job in reversed(jobs)
    )
    await reply.tell(Card(CardKind.LIST, say("status.title"), lines, buttons=buttons[:5]))


async def _line(house: House, job: Job, language: str) -> str:
    board = house.engine.board
    if job.stage is Stage.QUEUED:
        return cards.status_line(job, await board.standing(job), None, language)
    return cards.status_line(job, None, await board.left(job), language)
