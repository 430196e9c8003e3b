"""How a community does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from backends.charts import PngCharts
from bot.core import Core
from bot.model.backend import Price
from bot.model.command import Create, Mine, Stats
from bot.model.contest import Reacted
from bot.model.figures import AFTER, Chart, Row, cohorts, quantile
from bot.model.people import Role
from bot.usecases.house import House
from tests.fakes import FREE, FakeReply, asked, member

ADA, CHIEF = member("ada"), member("chief", role=Role.ADMIN)
MONDAY = date(2026, 1, 5)
VISITS = st.lists(st.tuples(st.sampled_from("abcdef"), st.dates(date(2025, 11, 1), MONDAY)))


class Seen:
    """Charts that remember what they were to draw."""

    def __init__(self) -> None:
        self.charts: list[Chart] = []

    async def draw(self, chart: Chart) -> bytes:
        self.charts.append(chart)
        return b"\x89PNG"


async def test_everything_is_counted_once(world) -> None:
    world.backend.able = replace(FREE, price=Price(Decimal("0.10"), "USD"))
    await world.start()
    await world.ask(Create("A fox on skis", sport="luge"), ADA)
    await world.ended()
    (posted,) = world.platform.entries
    await world.ask(Mine(), member("ben"))
    posted.reactions.setdefault("🏅", {})["ben"] = False
    await world.core.hear(Reacted(posted.ref, "🏅", "ben", on=True))

    text = (await world.ask(Stats(7), CHIEF)).text

    for words in ("**1** requests · **1** films", "**1** votes by 1 people", "Cost: **1.5 USD**", "Waiting in line"):
        assert words in text


async def test_what_is_older_than_asked_for_is_left_out(world) -> None:
    await world.start()
    await world.ask(Create("A fox on skis", sport="luge"), ADA)
    await world.ended()
    world.clock.time += timedelta(days=8)

    texts = [(await world.ask(Stats(days), CHIEF)).text for days in (7, 30)]

    assert ["**1** films" in text for text in texts] == [False, True]


async def test_the_picture_shows_the_same_numbers(world) -> None:
    charts, reply = Seen(), FakeReply()
    house = House(world.house.tools, world.engine, world.limits, charts=charts)
    await Core(house).handle(asked(Stats(30), CHIEF), reply)

    (chart,) = charts.charts
    assert (len(chart.days), chart.columns) == (30, ("D1", "D7", "D30", "D60"))
    assert reply.told[0].picture.alt.startswith("A chart of 0 films")


async def test_only_admins_see_them(world) -> None:
    assert "Only admins" in (await world.ask(Stats(), ADA)).text


def test_who_came_back_is_told_by_the_week_of_the_first_visit() -> None:
    visits = [("a", MONDAY), ("a", MONDAY + timedelta(days=7)), ("b", MONDAY + timedelta(days=6))]

    (week,) = cohorts(visits, MONDAY + timedelta(days=20))

    assert (week.week, week.size, dict(week.back)) == (MONDAY, 2, {1: 0.5, 7: 0.5, 30: None, 60: None})


@given(VISITS)
def test_every_person_is_in_one_week_and_fewer_come_back_later(visits) -> None:
    weeks = cohorts(visits, MONDAY + timedelta(days=100))
    assert sum(week.size for week in weeks) == len({person for person, _ in visits})
    for week in weeks:
        shares = [week.back[after] for after in AFTER]
        assert shares == sorted(shares, reverse=True)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_half_of_all_wait_no_longer_than_the_median(values) -> None:
    median = quantile(values, 0.5)
    assert 2 * sum(value <= median for value in values) >= len(values)


def test_nobody_waited_for_nothing() -> None:
    assert quantile([], 0.5) is None


async def test_a_chart_is_a_png_whatever_the_numbers() -> None:
    days = tuple(MONDAY + timedelta(days=n) for n in range(7))
    row = Row("01-05 (3)", (1.0, 0.5, None, 0.0))
    for bars in ((0,) * 7, (1, 2, 3, 40, 5, 600, 7)):
        names = ("映像", bars[::-1], "投票", "再訪")
        chart = Chart("直近7日間", days, bars, *names, ("D1", "D7", "D30", "D60"), (row,), "a", "b")
        drawn = await PngCharts().draw(chart)
        assert drawn.startswith(b"\x89PNG")
