"""What the wrappers around a backend promise."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from backends.guards import Budgeted, Noted, Rest, Rested
from bot.errors import (
    AuthFailed,
    BillingFailed,
    InvalidRequest,
    OverBudget,
    Paused,
    RateLimited,
    SubmitUncertain,
    Transient,
)
from bot.model.backend import Health, Order, Price
from tests.fakes import FREE, FakeBackend, until

ORDER = Order("A fox", "ski-jumping", "realistic", "multi", 15, 1, price=Decimal("1.50"))
HASTY = Rest(first=0.001, most=0.002)


class Sick(FakeBackend):
    """Its probes fail until somebody says it is well; `naps` are the rests asked for between them."""

    well = False
    probes = 0

    async def health(self) -> Health:
        self.probes += 1
        return Health(self.well, "well" if self.well else "sick")


class Naps:
    """Sleeps at once and remembers for how long it should have."""

    def __init__(self) -> None:
        self.asked = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0)


async def failing(backend, *errors):
    backend.submit_faults = list(errors)
    for error in errors:
        with pytest.raises(type(error)):
            await backend.rested.submit(ORDER, key="k")


@pytest.fixture
async def sick():
    backend = Sick()
    backend.rested = Rested(backend, HASTY)
    yield backend
    await backend.rested.aclose()


async def test_a_wrong_key_makes_it_rest_at_once(sick) -> None:
    await failing(sick, AuthFailed("no"))

    assert (await sick.rested.capabilities()).resting == "backend.paused"


async def test_one_broken_connection_does_not_make_it_rest(sick) -> None:
    await failing(sick, Transient("reset"))

    assert (await sick.rested.capabilities()).resting == ""


async def test_three_broken_connections_in_a_row_do(sick) -> None:
    await failing(sick, Transient("reset"), Transient("reset"), Transient("reset"))

    assert (await sick.rested.capabilities()).resting == "backend.paused"


async def test_an_order_that_is_our_mistake_does_not_make_it_rest(sick) -> None:
    await failing(sick, *[InvalidRequest("shape")] * 5)

    assert (await sick.rested.capabilities()).resting == ""


async def test_nothing_is_sent_while_it_rests(sick) -> None:
    await failing(sick, AuthFailed("no"))

    with pytest.raises(Paused):
        await sick.rested.submit(ORDER, key="k")
    assert sick.submits == 0


async def test_it_takes_orders_again_once_a_probe_went_well(sick) -> None:
    await failing(sick, AuthFailed("no"))
    await until(lambda: sick.probes > 2)
    sick.well = True
    await until(lambda: sick.rested._why is None)

    await sick.rested.submit(ORDER, key="k")

    assert sick.submits == 1


async def test_it_rests_at_least_as_long_as_the_backend_asks() -> None:
    naps, backend = Naps(), Sick(submit_faults=[RateLimited("slow", retry_after=timedelta(seconds=90))])
    backend.well = True
    rested = Rested(backend, HASTY, naps)

    with pytest.raises(RateLimited):
        await rested.submit(ORDER, key="k")
    await until(lambda: naps.asked)

    assert naps.asked == [90.0]


async def test_a_backend_that_passes_its_probes_but_takes_nothing_is_probed_less_and_less() -> None:
    naps, backend = Naps(), Sick(submit_faults=[BillingFailed("empty")] * 4)
    backend.well = True
    rested = Rested(backend, Rest(first=10, most=1000, jitter=0), naps)

    for count in range(1, 5):
        with pytest.raises(BillingFailed):
            await rested.submit(ORDER, key="k")
        await until(lambda count=count: rested._why is None and len(naps.asked) == count)

    assert naps.asked == [10, 20, 40, 80]


async def test_closing_ends_the_probes(sick) -> None:
    await failing(sick, AuthFailed("no"))
    await sick.rested.aclose()
    seen = sick.probes
    await asyncio.sleep(0.02)

    assert sick.probes == seen


class Paid(FakeBackend):
    """Charges."""


@pytest.fixture
def budgeted(tmp_path):
    now = [datetime(2026, 2, 6, tzinfo=UTC)]
    backend = Paid(able=replace(FREE, price=Price(Decimal("0.1"), "USD")))

    def again(most="4"):
        return Budgeted(backend, Decimal(most), tmp_path / "x" / "spent.jsonl", lambda: now[0])

    backend.again, backend.now = again, now
    return backend


async def test_orders_pass_while_the_budget_lasts_and_not_one_more(budgeted) -> None:
    guard = budgeted.again()
    await guard.submit(ORDER, key="a")
    await guard.submit(ORDER, key="b")

    with pytest.raises(OverBudget):
        await guard.submit(ORDER, key="c")
    assert budgeted.submits == 2


async def test_what_was_spent_is_known_after_a_crash(budgeted) -> None:
    await budgeted.again().submit(ORDER, key="a")

    assert (await budgeted.again().capabilities()).left == Decimal("2.50")


async def test_yesterdays_money_is_free_again(budgeted) -> None:
    guard = budgeted.again()
    await guard.submit(ORDER, key="a")
    budgeted.now[0] += timedelta(hours=25)

    assert (await guard.capabilities()).left == 4


async def test_old_prices_are_left_out_of_the_file_while_a_process_runs_for_weeks(budgeted, tmp_path) -> None:
    guard = budgeted.again()
    for day in range(5):
        await guard.submit(ORDER, key=f"k{day}")
        budgeted.now[0] += timedelta(hours=25)

    assert len((tmp_path / "x" / "spent.jsonl").read_text().splitlines()) == 1


async def test_what_cannot_be_noted_is_not_sent(budgeted, tmp_path) -> None:
    (tmp_path / "x").write_bytes(b"")

    with pytest.raises(Transient):
        await budgeted.again().submit(ORDER, key="a")
    assert budgeted.submits == 0


async def test_what_was_surely_not_taken_costs_nothing(budgeted) -> None:
    budgeted.submit_faults = [Transient("refused")]
    guard = budgeted.again()
    with pytest.raises(Transient):
        await guard.submit(ORDER, key="a")

    assert (await guard.capabilities()).left == 4


async def test_what_may_have_been_taken_counts(budgeted) -> None:
    budgeted.lost_answers = [SubmitUncertain("cut")]
    guard = budgeted.again()
    with pytest.raises(SubmitUncertain):
        await guard.submit(ORDER, key="a")

    assert (await guard.capabilities()).left == Decimal("2.50")


async def test_a_line_torn_by_a_crash_is_passed_over(budgeted, tmp_path) -> None:
    await budgeted.again().submit(ORDER, key="a")
    with (tmp_path / "x" / "spent.jsonl").open("a") as file:
        file.write('{"key": "b", "pri')

    again = budgeted.again()
    await again.submit(ORDER, key="c")

    assert (await budgeted.again().capabilities()).left == 1


async def test_a_spent_budget_makes_it_rest(budgeted) -> None:
    guard = budgeted.again("1.5")
    await guard.submit(ORDER, key="a")

    assert (await guard.capabilities()).resting == "backend.over_budget"


async def test_what_is_logged_of_a_refusal_holds_no_key(caplog) -> None:
    backend = FakeBackend(submit_faults=[AuthFailed("Bearer sk-secretsecret was refused")])

    with caplog.at_level(logging.DEBUG), pytest.raises(AuthFailed):
        await Noted(backend).submit(ORDER, key="k")

    assert ("order k" in caplog.text, "secretsecret" in caplog.text) == (True, False)
