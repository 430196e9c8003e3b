"""The websocket: steps and pictures as they come, cuts that do no harm. Looks by HTTP are half a minute apart, so
whatever is seen here was heard."""

import asyncio
from contextlib import aclosing

import pytest

from bot.model.backend import RemoteState
from tests.fakes import PATIENCE, until
from tests.servers.comfyui import PICTURE
from tests.unit.comfyui.samples import SLOW, order


@pytest.fixture
async def job(serve, draw):
    """A running job, its server and its statuses."""
    server = await serve()
    backend = draw(server, looks=SLOW)
    ref = await backend.submit(order(), key="k")
    server.states[ref.id] = "in_progress"
    async with aclosing(backend.events(ref)) as statuses:
        await anext(statuses)
        await until(lambda: server.sockets)
        yield server, server.orders[ref.id], statuses


async def heard(statuses, true):
    """The first status for which this is true."""
    async with asyncio.timeout(PATIENCE):
        async for status in statuses:
            if true(status):
                return status
    return None


async def test_every_step_is_seen(job) -> None:
    server, order_, statuses = job
    await server.tell(order_, "progress", node="k_high", value=1, max=2)

    assert await heard(statuses, lambda status: status.fraction == pytest.approx(0.05 + 0.9 / 4))


async def test_previews_are_passed_on(job) -> None:
    server, order_, statuses = job
    await server.show(order_)

    assert await heard(statuses, lambda status: status.preview == PICTURE)


async def test_the_server_is_told_that_we_want_to_know_whose_a_preview_is(job) -> None:
    server, order_, _ = job
    await until(lambda: server.flags)

    assert server.flags[order_.body["client_id"]]["data"] == {"supports_preview_metadata": True}


async def test_decoding_is_named_and_held(job) -> None:
    server, order_, statuses = job
    await server.tell(order_, "executing", node="dec")

    status = await heard(statuses, lambda status: status.stage == "backend.stage_decoding")
    assert status.fraction == pytest.approx(0.95)


async def test_the_end_is_looked_up_at_once(job) -> None:
    server, order_, statuses = job
    server.states[order_.id] = "completed"
    await server.tell(order_, "execution_success")

    assert await heard(statuses, lambda status: status.state is RemoteState.SUCCEEDED)


async def test_a_record_that_comes_a_moment_after_the_end_is_waited_for(job) -> None:
    server, order_, statuses = job
    await server.tell(order_, "execution_success")
    await heard(statuses, lambda _: True)
    server.states[order_.id] = "completed"

    assert await heard(statuses, lambda status: status.state is RemoteState.SUCCEEDED)


async def test_a_cut_websocket_is_opened_again(job) -> None:
    server, order_, statuses = job
    client = order_.body["client_id"]
    old = server.sockets.pop(client)
    await old.close()
    await until(lambda: client in server.sockets)
    await server.tell(order_, "progress", node="k_high", value=2, max=2)

    assert await heard(statuses, lambda status: status.fraction == pytest.approx(0.5))


async def test_a_job_that_waits_begins_when_it_is_heard_to(serve, draw) -> None:
    server = await serve()
    backend = draw(server, looks=SLOW)
    ref = await backend.submit(order(), key="k")
    server.states[ref.id] = "pending"
    async with aclosing(backend.events(ref)) as statuses:
        assert (await anext(statuses)).state is RemoteState.QUEUED
        await until(lambda: server.sockets)
        await server.tell(server.orders[ref.id], "execution_start")

        assert await heard(statuses, lambda status: status.state is RemoteState.RUNNING)


async def test_without_a_websocket_looks_are_enough(serve, draw) -> None:
    server = await serve()
    server.deaf = True
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    async with asyncio.timeout(PATIENCE):
        seen = [(status.state, status.fraction) async for status in backend.events(ref)]

    assert seen == [(RemoteState.QUEUED, None), (RemoteState.RUNNING, None), (RemoteState.SUCCEEDED, 1.0)]


async def test_news_nobody_can_read_costs_no_film(serve, draw) -> None:
    server = await serve()
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    server.states[ref.id] = "in_progress"
    told = []
    async with asyncio.timeout(PATIENCE):
        async for status in backend.events(ref):
            told.append(status)
            if len(told) == 1:
                await until(lambda: server.sockets)
                await server.tell(server.orders[ref.id], "progress", node="k_high", value=10**400, max=2)
            server.states[ref.id] = "in_progress" if len(told) < 5 else "completed"

    assert told[-1].state is RemoteState.SUCCEEDED
