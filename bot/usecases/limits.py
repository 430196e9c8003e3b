"""How much one member may have at a time."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import span
from bot.errors import LimitReached, NotAllowed
from bot.locales import words
from bot.model.job import Job, Stage
from bot.model.people import Member
from bot.model.setup import Home
from bot.pipeline import purse
from bot.ports import Bounds
from bot.usecases.house import House
from bot.usecases.known import account_key


async def check(house: House, home: Home, member: Member) -> None:
    """Raise `LimitReached` with the next step: where the running one stands, or when the day is over; `NotAllowed` for
    whom the moderators have paused. The community's own numbers stand in for the operator's."""
    mine = await house.tools.repos.people.get(account_key(house, member.community, member.id))
    if mine and mine.paused(home.contest):
        raise NotAllowed(key="refusal.you_are_paused")
    jobs, most = house.tools.repos.jobs, bounds(house, home, member)
    unfinished = await jobs.of_member(member.community, member.id, unfinished=True, most=most.running)
    if len(unfinished) >= most.running:
        where = await _where(house, unfinished[-1])
        raise LimitReached(key="refusal.limit_running", n=most.running, where=where)
    if await jobs.count_since(member.community, member.id, most.since) >= most.daily:
        raise LimitReached(key="refusal.limit_daily", n=most.daily)
    if len(await jobs.waiting()) >= most.waiting:
        raise LimitReached(key="refusal.limit_waiting")


def bounds(house: House, home: Home, member: Member) -> Bounds:
    """The numbers that hold for a member now."""
    now = house.tools.clock.now()
    return Bounds(
        running=home.setup.allowance.running or house.limits.running_per_member,
        daily=clips_a_day(house, home, member),
        since=now - timedelta(days=1),
        waiting=house.limits.waiting,
        money=purse.bounds(home, now),
    )


def clips_a_day(house: House, home: Home, member: Member) -> int:
    """How many clips a member may ask for in 24 hours: the community's number, or more by a role they hold."""
    allowance, held = home.setup.allowance, {member.id, *member.roles}
    daily = house.limits.daily_per_member if allowance.daily is None else allowance.daily
    return max(daily, *(most for role, most in allowance.more if role in held), 0)


async def _where(house: House, job: Job) -> str:
    """Where the oldest unfinished request stands, in the member's words."""
    say = words(job.member.language)
    board = house.engine.board
    if job.stage is Stage.QUEUED:
        standing = await board.standing(job)
        ahead = say("queue.ahead", n=standing.ahead) if standing.ahead else say("queue.next")
        return say("queue.words", ahead=ahead, finish=span(say, standing.finish))
    return say("limit.running", left=span(say, await board.left(job)))
