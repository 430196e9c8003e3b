"""An order whose answer was lost: found, surely absent, or nobody can tell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import SubmitUncertain
from bot.model.backend import Absent, RemoteState
from tests.servers.base import Fault
from tests.unit.dashscope.samples import order

KEY = "job-1:0"


def now() -> datetime:
    return datetime.now(UTC)


async def lost(make, fault=Fault.CUT_AFTER, key=KEY):
    """A backend that has just lost the answer to an order."""
    make.server.fault = fault
    backend = make()
    with pytest.raises(SubmitUncertain):
        await backend.submit(order(), key=key)
    make.server.fault = Fault.NONE
    return backend


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_no_5xx_is_taken_for_a_clear_no(make, status) -> None:
    make.server.broken = status

    await lost(make, Fault.BROKEN_AFTER)

    assert make.server.paid == 1


async def test_the_one_task_that_fits_is_the_order(make) -> None:
    backend = await lost(make)

    found = await backend.find(KEY, now())

    assert found.id in make.server.orders


async def test_it_is_found_by_another_process_too(make) -> None:
    await lost(make)

    found = await make().find(KEY, now())

    assert found.id in make.server.orders


async def test_an_order_that_never_arrived_is_surely_absent(make) -> None:
    backend = await lost(make, Fault.BROKEN_BEFORE)
    make.server.enlist("yesterday", ago=7200)
    make.server.enlist("other-model", model="wan2.7-t2v")

    assert await backend.find(KEY, now()) is Absent.SURELY


async def test_a_list_that_lags_is_given_time(make) -> None:
    backend = await lost(make)
    make.server.lag = 2

    found = await backend.find(KEY, now())

    assert found.id in make.server.orders


async def test_all_pages_of_the_list_are_read(make) -> None:
    backend = await lost(make)
    for number in range(25):
        make.server.enlist(f"later-{number}", model="qwen-image")

    found = await backend.find(KEY, now())

    assert found.id in make.server.orders


async def test_two_tasks_that_fit_leave_nobody_sure(make) -> None:
    backend = await lost(make)
    make.server.enlist("of-another-program")

    assert await backend.find(KEY, now()) is Absent.UNKNOWN


async def test_a_list_with_gaps_proves_no_absence(make) -> None:
    backend = await lost(make, Fault.BROKEN_BEFORE)
    make.server.missing = 1

    assert await backend.find(KEY, now()) is Absent.UNKNOWN


async def test_clocks_that_disagree_prove_no_absence(make) -> None:
    backend = await lost(make, Fault.BROKEN_BEFORE)
    make.server.ahead = 3600

    assert await backend.find(KEY, now()) is Absent.UNKNOWN


async def test_a_task_is_found_by_the_vendors_own_clock(make) -> None:
    make.server.ahead = 3600
    backend = await lost(make)

    found = await backend.find(KEY, now())

    assert found.id in make.server.orders


async def test_a_list_that_cannot_be_read_proves_nothing(make) -> None:
    backend = await lost(make)
    make.server.list_fails = True

    assert await backend.find(KEY, now()) is Absent.UNKNOWN


async def test_one_task_is_never_given_to_two_lost_orders(make) -> None:
    await lost(make, Fault.BROKEN_BEFORE, key="job-1:0")
    make.server._struck.clear()
    backend = await lost(make, Fault.CUT_AFTER, key="job-2:0")

    assert [await backend.find(key, now()) for key in ("job-1:0", "job-2:0")] == [Absent.UNKNOWN] * 2


async def test_tasks_of_known_orders_are_nobody_elses(make) -> None:
    make.server.fault = Fault.NONE
    backend = make()
    await backend.submit(order(), key="job-0:0")
    await lost(make, Fault.BROKEN_BEFORE)

    assert await backend.find(KEY, now()) is Absent.SURELY


async def test_an_answer_that_arrived_before_a_crash_is_remembered(make) -> None:
    ref = await make().submit(order(), key=KEY)
    make.server.listed.clear()

    found = await make().find(KEY, now())

    assert found.id == ref.id


async def test_an_order_too_old_for_the_list_is_unknown(make) -> None:
    assert await make().find(KEY, now() - timedelta(hours=24)) is Absent.UNKNOWN


@pytest.mark.parametrize(("others", "absent"), [(0, Absent.SURELY), (1, Absent.UNKNOWN)])
async def test_an_order_not_even_begun_here_is_absent_only_from_an_empty_list(make, others, absent) -> None:
    for number in range(others):
        make.server.enlist(f"task-{number}")

    assert await make().find(KEY, now()) is absent


async def test_a_task_that_fits_but_draws_other_words_is_not_taken_for_ours(make) -> None:
    backend = await lost(make)
    (accepted,) = make.server.orders.values()
    accepted.body = {**accepted.body, "input": {"prompt": "somebody else's words"}}
    found = await backend.find(KEY, now())

    *_, last = [status async for status in backend.events(found)]

    assert (last.state, type(last.error)) == (RemoteState.FAILED, SubmitUncertain)


async def test_an_orders_own_words_may_come_back_respaced(make) -> None:
    backend = await lost(make)
    (accepted,) = make.server.orders.values()
    accepted.body = {**accepted.body, "input": {"prompt": f"  {order().prompt} "}}
    found = await backend.find(KEY, now())

    *_, last = [status async for status in backend.events(found)]

    assert replace(last, result={}).state is RemoteState.SUCCEEDED
