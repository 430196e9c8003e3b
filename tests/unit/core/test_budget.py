"""A community's money: reserved at asking, given back on failure, warned of and stopped."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.errors import ContentRejected, PlaceForbidden, SubmitUncertain
from bot.model.backend import CancelOutcome, Lengths, Mode, Price, RemoteState, RemoteStatus
from bot.model.command import Backends, Cancel, Create
from bot.model.job import Stage
from bot.model.people import Role
from bot.model.setup import Budget, Channels, Setup
from bot.pipeline import purse
from storage import open_storage
from storage.media.store import Blobs
from tests.fakes import COMMUNITY, FREE, FakeBackend, member, until
from tests.unit.conftest import World

WISH = Create("A fox on skis", sport="luge")
DAY = Setup(budget=Budget(day=Decimal("3.00")), channels=Channels(review="mods"))


@pytest.fixture
def paid(world):
    """15 s for 1.50 USD."""
    world.backend.able = replace(FREE, price=Price(Decimal("0.10"), "USD"), concurrency=1)
    return world


async def spent(world) -> Decimal:
    return await purse.spent(world.house.tools, await world.repos.communities.get(COMMUNITY), "day")


async def test_what_is_asked_for_is_reserved_at_once(paid):
    await paid.set_up(DAY)
    await paid.ask(WISH)
    assert await spent(paid) == Decimal("1.50")


async def test_over_the_budget_nothing_paid_is_taken(paid):
    await paid.set_up(DAY)
    for _ in range(2):
        await paid.ask(WISH)
    text = (await paid.ask(WISH)).text
    assert "3 USD of 3 USD" in text
    assert len(await paid.jobs()) == 2


async def test_what_is_cancelled_is_given_back(paid):
    await paid.set_up(DAY)
    await paid.ask(WISH)
    await paid.ask(WISH)
    waiting = (await paid.jobs())[-1]
    await paid.ask(Cancel(waiting.id))
    await paid.ask(WISH)
    assert (len(await paid.jobs()), await spent(paid)) == (3, Decimal("3.00"))


async def test_what_fails_is_given_back(paid):
    await paid.set_up(DAY)
    paid.backend.submit_faults = [ContentRejected("no")]
    await paid.start()
    await paid.ask(WISH)
    (job,) = await paid.ended()
    assert (job.stage, await spent(paid)) == (Stage.FAILED, Decimal(0))


@pytest.mark.parametrize(
    ("outcome", "left"),
    [(CancelOutcome.NOT_POSSIBLE, "1.50"), (CancelOutcome.REQUESTED, "1.50"), (CancelOutcome.STOPPED, "0")],
)
async def test_what_a_backend_draws_to_its_end_is_spent_though_it_was_cancelled(paid, outcome, left):
    await paid.set_up(DAY)
    paid.backend.stopping = outcome
    paid.backend.gate = asyncio.Event()
    await paid.start()
    await paid.ask(WISH)
    await until(lambda: paid.backend.submits == 1)
    await paid.ask(Cancel())
    await paid.ended()
    assert await spent(paid) == Decimal(left)


async def test_an_order_the_backend_failed_to_draw_costs_nothing(paid):
    await paid.set_up(DAY)
    paid.backend.outcome = RemoteStatus(RemoteState.FAILED, error=ContentRejected("no"))
    await paid.start()
    await paid.ask(WISH)
    await paid.ended()
    assert await spent(paid) == Decimal(0)


async def test_a_film_that_was_drawn_is_spent_though_nobody_can_see_it(paid):
    await paid.set_up(DAY)
    paid.platform.unpublished = [PlaceForbidden(missing="Attach Files")]
    await paid.start()
    await paid.ask(WISH)
    (job,) = await paid.ended()
    assert (job.stage, job.failure.refunded, await spent(paid)) == (Stage.FAILED, True, Decimal("1.50"))


async def test_of_a_film_that_failed_midway_the_shots_that_were_drawn_are_spent(paid):
    class Refusing(FakeBackend):
        async def poll(self, ref):
            if ref.id.endswith("-1"):
                return RemoteStatus(RemoteState.FAILED, error=ContentRejected("no"))
            return await super().poll(ref)

    able = replace(paid.backend.able, modes={Mode.TEXT: Lengths(5, 5)})
    paid.backend = Refusing(able=able)
    paid._build()
    await paid.set_up(DAY)
    await paid.start()
    await paid.ask(WISH)
    await paid.ended()
    assert (paid.backend.submits, await spent(paid)) == (2, Decimal("0.50"))


async def test_an_order_that_nobody_can_find_may_have_been_spent(paid):
    await paid.set_up(DAY)
    paid.backend.blind = True
    paid.backend.able = replace(paid.backend.able, free_resend=False)
    paid.backend.lost_answers = [SubmitUncertain("silent")]
    await paid.start()
    await paid.ask(WISH)
    (job,) = await paid.ended()
    assert (job.stage, await spent(paid)) == (Stage.UNCERTAIN, Decimal("1.50"))


async def test_running_requests_finish_when_the_budget_is_used_up(paid):
    await paid.set_up(DAY)
    await paid.ask(WISH)
    await paid.set_up(Setup(budget=Budget(day=Decimal("0.01"))))
    await paid.start()
    (job,) = await paid.ended()
    assert job.stage is Stage.DONE


async def test_what_costs_nothing_is_always_taken(world):
    await world.set_up(Setup(budget=Budget(day=Decimal(0))))
    await world.ask(WISH)
    assert len(await world.jobs()) == 1


async def test_a_new_day_has_a_budget_of_its_own_and_the_month_goes_on(paid):
    await paid.set_up(Setup(budget=Budget(day=Decimal("1.50"), month=Decimal("3.00"))))
    await paid.ask(WISH)
    paid.clock.time += timedelta(days=1)
    await paid.ask(WISH)
    paid.clock.time += timedelta(days=1)
    assert "This month" in (await paid.ask(WISH)).text


async def test_moderators_are_warned_once_at_four_fifths(paid):
    await paid.set_up(replace(DAY, budget=Budget(day=Decimal("3.50"))))
    await paid.ask(WISH)
    warned = [one for one in paid.platform.messages.values() if one.place.channel == "mods"]
    assert warned == []
    for _ in range(3):
        await paid.ask(WISH)
    (warning,) = [one for one in paid.platform.messages.values() if one.place.channel == "mods"]
    assert "3 USD of 3.5 USD" in warning.card.lines[0]


async def test_a_warning_outlives_a_crash_without_being_posted_twice(paid):
    await paid.set_up(replace(DAY, budget=Budget(day=Decimal(2))))
    await paid.ask(WISH)
    await purse.warn(paid.house.tools, await paid.repos.communities.get(COMMUNITY))
    await paid.crash()
    await paid.ask(WISH)
    await purse.warn(paid.house.tools, await paid.repos.communities.get(COMMUNITY))
    assert len([one for one in paid.platform.messages.values() if one.place.channel == "mods"]) <= 1


async def test_a_price_in_another_currency_cannot_be_counted_and_is_refused(paid):
    await paid.set_up(Setup(budget=Budget(day=Decimal(100), currency="CNY")))
    assert "another currency" in (await paid.ask(WISH)).text


async def test_two_members_at_once_cannot_outrun_the_budget(paid):
    await paid.set_up(Setup(budget=Budget(day=Decimal("1.50"))))
    people = [member(f"m{number}") for number in range(5)]
    await asyncio.gather(*(paid.ask(WISH, who) for who in people))
    assert await spent(paid) == Decimal("1.50")


async def test_two_processes_on_one_database_cannot_outrun_the_budget(paid, tmp_path):
    await paid.set_up(Setup(budget=Budget(day=Decimal("3.00"))))
    async with open_storage(tmp_path, "", paid.clock) as stored:
        other = World(stored, paid.clock, Blobs(tmp_path, stored.blobs, paid.clock), paid.platform, paid.backend)
        people = [member(f"m{number}") for number in range(3)]
        replies = await asyncio.gather(*(one.ask(WISH, who) for one in (paid, other) for who in people))
        await other.crash()
    assert await spent(paid) == Decimal("3.00")
    assert sum("3 USD of 3 USD" in reply.text for reply in replies) == 4


async def test_a_report_tells_admins_what_was_spent(paid):
    await paid.set_up(DAY)
    await paid.ask(WISH)
    text = (await paid.ask(Backends(), member("root", role=Role.ADMIN))).text
    assert "Spent today: 1.5 USD of 3 USD" in text
    assert "0.1 USD a second" in text
