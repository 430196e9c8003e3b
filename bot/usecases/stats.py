"""How a community does, for its admins: told in lines, drawn where somebody draws."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from bot.cards import span
from bot.errors import NotAllowed
from bot.locales import Words, words
from bot.model.card import Button, Card, CardKind, Picture
from bot.model.command import Asked, Stats
from bot.model.figures import AFTER, Chart, Cohort, Figures, Row, cohorts, quantile
from bot.model.people import Role
from bot.ports import Reply
from bot.usecases.house import House

COHORTS: Final = 8
"""Weeks of first visits that are shown, the newest."""


async def stats(house: House, asked: Asked, wish: Stats, reply: Reply) -> None:
    """The last 7, 30 or 90 days, and who came back."""
    if asked.member.role < Role.ADMIN:
        raise NotAllowed(key="refusal.admins_only")
    say, now = words(asked.member.language), house.tools.clock.now()
    home = await house.tools.repos.communities.get(asked.member.community)
    today, since = now.date(), now - timedelta(days=wish.days)
    figures = await house.tools.repos.statistics.figures(home.contest, since)
    weeks = cohorts(await house.tools.repos.statistics.visits(home.contest), today)[-COHORTS:]
    lines = (*_lines(say, figures), *(_back(say, week) for week in weeks))
    picture = None
    if house.charts:
        chart = _chart(say, figures, weeks, today, wish.days)
        alt = say("stats.alt", clips=figures.clips, votes=figures.votes, n=wish.days)
        picture = Picture(f"stats-{today}.png", alt, await house.charts.draw(chart))
    buttons = tuple(Button(f"stats:{days}", say("stats.days", n=days)) for days in (7, 30, 90) if days != wish.days)
    title = say("stats.title", n=wish.days)
    await reply.tell(Card(CardKind.LIST, title, lines, small=say("stats.small"), picture=picture, buttons=buttons))


def _lines(say: Words, figures: Figures) -> list[str]:
    lines = [
        say("stats.requests", requests=figures.requests, clips=figures.clips, failed=figures.failed),
        say("stats.votes", votes=figures.votes, voters=figures.voters),
    ]
    if figures.approval is not None:
        share = round(100 * figures.approval)
        lines.append(say("stats.approval", share=share, approved=figures.approved, declined=figures.declined))
    costs = " · ".join(f"{cost.normalize():f} {currency}" for currency, cost in figures.costs.items())
    lines.append(say("stats.cost", cost=costs) if costs else say("stats.free"))
    median, late = quantile(figures.waits, 0.5), quantile(figures.waits, 0.95)
    if median is not None and late is not None:
        lines.append(say("stats.waits", median=span(say, (median, median)), late=span(say, (late, late))))
    return lines


def _back(say: Words, week: Cohort) -> str:
    known = [f"D{after} {_percent(share)}" for after, share in week.back.items() if share is not None]
    return say("stats.cohort", week=say.day(week.week), n=week.size, back=" · ".join(known) or "–")


def _chart(say: Words, figures: Figures, weeks: list[Cohort], today: date, count: int) -> Chart:
    days = tuple(today - timedelta(days=ago) for ago in range(count - 1, -1, -1))
    return Chart(
        title=say("stats.title", n=count),
        days=days,
        bars=tuple(figures.clips_by_day.get(day, 0) for day in days),
        bars_name=say("stats.clips_name"),
        line=tuple(figures.votes_by_day.get(day, 0) for day in days),
        line_name=say("stats.votes_name"),
        table_name=say("stats.back_name"),
        columns=tuple(f"D{after}" for after in AFTER),
        rows=tuple(Row(f"{week.week:%m-%d} ({week.size})", tuple(week.back.values())) for week in weeks),
        first_day=say.day(days[0]),
        last_day=say.day(days[-1]),
    )


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"
