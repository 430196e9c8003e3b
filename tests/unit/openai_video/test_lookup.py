"""Finding an order whose answer was lost."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import BackendError, SubmitUncertain
from bot.model.backend import Absent, RemoteRef
from tests.servers.base import Fault
from tests.servers.videos import MODELS
from tests.unit.openai_video.test_life import GENERIC, asked

NOW = datetime.now(UTC)
DIALECTS = ["sglang", "vllm-omni", "generic"]


def speaking(make, dialect):
    make.speak(dialect, MODELS[dialect])
    return make(**(GENERIC if dialect == "generic" else {}))


async def lost(make, dialect="sglang", fault=Fault.CUT_AFTER, key="k"):
    """A backend whose order was accepted without an answer."""
    make.server.fault = fault
    backend = speaking(make, dialect)
    with pytest.raises(SubmitUncertain):
        await backend.submit(asked(dialect), key=key)
    return backend


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_an_order_whose_answer_was_lost_is_found(make, server, dialect) -> None:
    backend = await lost(make, dialect)

    found = await backend.find("k", NOW)

    assert isinstance(found, RemoteRef)
    assert (found.id, server.paid) == (next(iter(server.orders)), 1)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_another_process_finds_it_too(make, server, dialect) -> None:
    await lost(make, dialect)

    found = await speaking(make, dialect).find("k", NOW)

    assert isinstance(found, RemoteRef)


async def test_sglang_shows_it_to_another_machine_that_never_noted_it(make, server, tmp_path) -> None:
    await lost(make)
    make.folder = tmp_path / "another-machine"

    assert isinstance(await make().find("k", NOW), RemoteRef)


async def test_without_a_mark_nobody_can_tell(make) -> None:
    await lost(make)

    assert await make(mark="false").find("k", NOW) is Absent.UNKNOWN


@pytest.mark.parametrize(
    ("dialect", "absent"), [*((one, Absent.SURELY) for one in DIALECTS[:2]), ("generic", Absent.UNKNOWN)]
)
async def test_an_order_in_no_list_is_surely_absent_where_the_list_is_all_there_is(make, dialect, absent) -> None:
    backend = await lost(make, dialect, Fault.BROKEN_BEFORE)

    assert await backend.find("k", NOW) is absent


async def test_the_same_words_twice_are_told_apart_by_who_claims_them(make, server) -> None:
    backend = speaking(make, "vllm-omni")
    first = await backend.submit(asked(), key="first")
    server.fault = Fault.CUT_AFTER
    with pytest.raises(SubmitUncertain):
        await backend.submit(asked(), key="second")

    found = await backend.find("second", NOW)

    assert isinstance(found, RemoteRef)
    assert found.id != first.id


async def test_two_strangers_with_the_same_words_leave_it_open(make, server) -> None:
    backend = await lost(make, "vllm-omni")
    (order,) = server.orders.values()
    server.orders["stranger"] = type(order)("stranger", dict(order.body), {})

    assert await backend.find("k", NOW) is Absent.UNKNOWN


async def test_an_older_order_with_the_same_words_is_not_taken_for_it(make, server) -> None:
    backend = await lost(make, "vllm-omni")
    (order,) = server.orders.values()
    order.body["created_at"] -= timedelta(hours=1).total_seconds()

    assert await backend.find("k", NOW) is Absent.SURELY


async def test_an_order_on_a_later_page_is_found(make, server) -> None:
    backend = await lost(make)
    (order,) = server.orders.values()
    for number in range(150):
        server.orders[f"later-{number}"] = type(order)(f"later-{number}", {**order.body, "model": "x"}, {})

    assert isinstance(await backend.find("k", NOW), RemoteRef)


async def test_a_server_that_does_not_answer_leaves_it_open(make, server) -> None:
    backend = await lost(make)

    assert await make(api="http://127.0.0.1:9").find("k", NOW) is Absent.UNKNOWN
    assert isinstance(await backend.find("k", NOW), RemoteRef)


async def test_an_order_that_was_refused_was_surely_not_taken(make, server) -> None:
    server.fault = Fault.WRONG_KEY
    backend = make()
    with pytest.raises(BackendError):
        await backend.submit(asked(), key="k")

    assert await backend.find("k", NOW) is Absent.SURELY


async def test_an_answer_that_was_heard_is_remembered(make, server) -> None:
    ref = await make().submit(asked(), key="k")

    assert await make().find("k", NOW) == ref
