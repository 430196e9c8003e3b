"""Where do my requests stand?"""

from __future__ import annotations

from bot import cards
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind
from bot.model.command import Asked
from bot.model.job import Job, Stage
from bot.model.people import Role
from bot.ports import Reply
from bot.usecases.guide.report import queue_line, spent_lines
from bot.usecases.house import House


async def status(house: House, asked: Asked, reply: Reply) -> None:
    """All unfinished requests of the asker, each with its place in line and time; admins see the whole house too."""
    member = asked.member
    jobs = await house.tools.repos.jobs.of_member(member.community, member.id, unfinished=True)
    say = words(member.language)
    if not jobs:
        invite = Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN)
        seen = await _seen_by_admins(house, asked)
        lines, buttons = (say("status.none"), *seen), (invite, *_to_report(asked))
        await reply.tell(Card(CardKind.LIST, say("status.title"), lines, buttons=buttons))
        return
    lines = tuple([await _line(house, job, member.language) for job in reversed(jobs)])
    buttons = tuple(
        Button(f"cancel:{job.id}", say("button.cancel_one", what=cards.clipped(job.request.prompt, 30)), "✖️")
        for job in reversed(jobs)
    )
    lines, buttons = (*lines, *await _seen_by_admins(house, asked)), (*buttons[:5], *_to_report(asked))
    await reply.tell(Card(CardKind.LIST, say("status.title"), lines, buttons=buttons))


async def _seen_by_admins(house: House, asked: Asked) -> tuple[str, ...]:
    """The whole line, and what was spent."""
    if asked.member.role < Role.ADMIN:
        return ()
    say = words(asked.member.language)
    home = await house.tools.repos.communities.get(asked.member.community)
    return (await queue_line(house, say), *await spent_lines(house, home, say))


def _to_report(asked: Asked) -> tuple[Button, ...]:
    say = words(asked.member.language)
    return (Button("backends", say("backends.title"), "🖥️"),) if asked.member.role is Role.ADMIN else ()


async def _line(house: House, job: Job, language: str) -> str:
    board = house.engine.board
    if job.stage is Stage.QUEUED:
        return cards.status_line(job, await board.standing(job), None, language)
    return cards.status_line(job, None, await board.left(job), language)
