"""A community's money. What is spent is read from the jobs themselves: asked for and not given back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.errors import LimitReached, OlympicError
from bot.locales import words
from bot.model.backend import Capabilities
from bot.model.card import Button, Card, CardKind, Tone
from bot.model.people import Member, Place
from bot.model.plan import Plan
from bot.model.setup import Budget, Home, Setup
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)

WARN: Final = Decimal("0.8")
"""The part of a budget at which moderators are told."""
WINDOWS: Final = ("day", "month")
"""What a budget is for; both by the calendar in UTC, and named as in `Budget`."""


def begins(window: str, now: datetime) -> datetime:
    """The first moment of the day or month that `now` is in."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if window == "day" else midnight.replace(day=1)


def limits(budget: Budget) -> dict[str, Decimal]:
    """The limits that were set, by window."""
    both = {"day": budget.day, "month": budget.month}
    return {window: limit for window, limit in both.items() if limit is not None}


async def spent(tools: Tools, home: Home, window: str) -> Decimal:
    """What the running day or month has cost so far in the budget's currency."""
    since = begins(window, tools.clock.now())
    by_currency = await tools.repos.jobs.spent(home.community, since)
    return by_currency.get(home.setup.budget.currency, Decimal(0))


async def left(tools: Tools, home: Home) -> Decimal | None:
    """What may still be spent; None where there is no budget."""
    rest = [limit - await spent(tools, home, window) for window, limit in limits(home.setup.budget).items()]
    return min(rest, default=None)


async def check(tools: Tools, home: Home, plan: Plan) -> None:
    """Raise `LimitReached` when a plan costs more than is left. What is drawn without money always may."""
    budget = home.setup.budget
    if not plan.price or not limits(budget):
        return
    if plan.currency != budget.currency:
        raise LimitReached(key="refusal.budget_currency", backend=plan.backend, currency=plan.currency)
    for window, limit in limits(budget).items():
        gone = await spent(tools, home, window)
        if gone + plan.price > limit:
            facts = {"spent": amount(gone, budget), "limit": amount(limit, budget), "price": amount(plan.price, budget)}
            raise LimitReached(key=f"refusal.budget_{window}", **facts)


def bounds(home: Home, now: datetime) -> tuple[tuple[datetime, Decimal], ...]:
    """What may be spent at most since when."""
    return tuple((begins(window, now), limit) for window, limit in limits(home.setup.budget).items())


async def warn(tools: Tools, home: Home) -> None:
    """Tell the moderators once a day or month that four fifths of the budget are spent."""
    for window, limit in limits(home.setup.budget).items():
        gone = await spent(tools, home, window)
        if gone and gone >= limit * WARN:
            await _tell(tools, home, window, gone, limit)


async def able_for(tools: Tools, member: Member, able: Mapping[str, Capabilities]) -> dict[str, Capabilities]:
    """The backends a member may use, none of which may spend more than the community has left."""
    home = await tools.repos.communities.get(member.community)
    rest = await left(tools, home)
    mine = permitted(home.setup, member, able)
    if rest is None:
        return mine
    return {name: replace(one, left=_least(one, rest)) if one.price else one for name, one in mine.items()}


def permitted(setup: Setup, member: Member, able: Mapping[str, Capabilities]) -> dict[str, Capabilities]:
    """The backends that the setup lets a member use."""
    return {name: one for name, one in able.items() if may_use(setup, member, name)}


def may_use(setup: Setup, member: Member, backend: str) -> bool:
    """Whether a member may use a backend: it is everybody's, or they hold what it is kept for."""
    kept_for = {holder for name, holder in setup.allowance.backends if name == backend}
    return not kept_for or not kept_for.isdisjoint({member.id, *member.roles})


def amount(money: Decimal, budget: Budget) -> str:
    """Money in words: "1.5 USD"."""
    return f"{money.normalize():f} {budget.currency}"


def _least(able: Capabilities, rest: Decimal) -> Decimal:
    return rest if able.left is None else min(rest, able.left)


async def _tell(tools: Tools, home: Home, window: str, gone: Decimal, limit: Decimal) -> None:
    channels, budget = home.setup.channels, home.setup.budget
    platform = tools.platforms.get(home.community.platform)
    channel = channels.review or channels.announcements
    if platform is None or not channel:
        return
    since = begins(window, tools.clock.now())
    key = f"budget:{home.community}:{window}:{since:%Y-%m-%d}:{limit.normalize():f}{budget.currency}"
    noted, ref = await tools.repos.postings.begin(key)
    if ref is not None:
        return
    place = Place(home.community, channel, language=home.setup.language or "en")
    card = _warning(place.language, window, amount(gone, budget), amount(limit, budget))
    try:
        await tools.repos.postings.done(key, await platform.post(place, card, key=key, again=noted))
    except OlympicError as error:
        log.warning("the budget's warning could not be posted: %r", error)  # the next request tries again


def _warning(language: str, window: str, gone: str, limit: str) -> Card:
    say = words(language)
    lines = (say(f"budget.warning_{window}", spent=gone, limit=limit),)
    change = Button("setup:budget", say("button.setup_step", step=say("step.budget")), "💶")
    return Card(CardKind.NOTICE, say("budget.warning"), lines, tone=Tone.BAD, buttons=(change,))
