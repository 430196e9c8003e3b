"""What becomes of a request in the queue, and how one is found whose answer was lost."""

from datetime import UTC, datetime

import pytest

from backends.fal.faults import failed, refused, result
from backends.net import Answer
from bot.errors import (
    AuthFailed,
    BackendError,
    BadInputMedia,
    BillingFailed,
    ContentRejected,
    InvalidRequest,
    RateLimited,
    RemoteFailed,
    SubmitUncertain,
    Transient,
)
from bot.model.backend import Absent, CancelOutcome, RemoteRef, RemoteState
from tests.servers.base import FILM, Fault
from tests.servers.fal import KEY
from tests.unit.dashscope.samples import order

NOW = datetime.now(UTC)


async def test_a_request_waits_runs_and_ends(make) -> None:
    backend = make()
    ref = await backend.submit(order(), key="k")

    seen = [(status.state, status.position) async for status in backend.events(ref)]

    assert seen == [(RemoteState.QUEUED, 3), (RemoteState.RUNNING, None), (RemoteState.SUCCEEDED, None)]


async def test_the_film_is_fetched_without_our_key(make, server, tmp_path) -> None:
    backend = make()
    ref = await backend.submit(order(), key="k")
    *_, last = [status async for status in backend.events(ref)]
    await backend.fetch(ref, last, tmp_path / "film.mp4")

    _, path, headers = server.asked[-1]
    assert ((tmp_path / "film.mp4").read_bytes(), path[:6], "authorization" in headers) == (FILM, "/film/", False)


async def test_the_addresses_the_queue_names_are_kept_with_the_request(make, server) -> None:
    ref = await make().submit(order(), key="k")

    assert ref.extra["status_url"] == f"{server.url}/wan/v2.6/requests/{ref.id}/status"


async def test_an_address_on_another_host_never_sees_our_key(make, server) -> None:
    server.elsewhere = "https://queue.example.org"
    backend = make()
    ref = await backend.submit(order(), key="k")

    *_, last = [status async for status in backend.events(ref)]

    assert (last.state, "example.org" in str(ref.extra)) == (RemoteState.SUCCEEDED, False)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.REFUSED_WORDS, ContentRejected),
        (Fault.REFUSED_PICTURE, ContentRejected),
        (Fault.CRASHED, RemoteFailed),
    ],
)
async def test_completed_may_be_a_failure(make, server, fault, kind) -> None:
    server.fault = fault
    backend = make()
    ref = await backend.submit(order(), key="k")

    *_, last = [status async for status in backend.events(ref)]

    assert (last.state, type(last.error)) == (RemoteState.FAILED, kind)


async def test_a_request_fal_does_not_know_is_lost(make) -> None:
    backend = make()
    ref = await backend.submit(order(), key="k")
    unknown = RemoteRef("fal", "x", {name: url.replace(ref.id, "x") for name, url in ref.extra.items()})

    assert (await backend.poll(unknown)).state is RemoteState.LOST


@pytest.mark.parametrize(("looks", "outcome"), [(0, CancelOutcome.STOPPED), (2, CancelOutcome.REQUESTED)])
async def test_a_waiting_request_is_stopped_and_a_running_one_asked_to(make, looks, outcome) -> None:
    backend = make()
    ref = await backend.submit(order(), key="k")
    for _ in range(looks):
        await backend.poll(ref)

    assert (await backend.cancel(ref), (await backend.poll(ref)).state) == (outcome, RemoteState.CANCELLED)


async def test_a_finished_request_cannot_be_cancelled(make) -> None:
    backend = make()
    ref = await backend.submit(order(), key="k")
    assert [status async for status in backend.events(ref)]

    assert await backend.cancel(ref) is CancelOutcome.ALREADY_DONE


async def test_an_unknown_request_is_already_forgotten(make) -> None:
    backend = make()
    ref = RemoteRef("fal", "x", {"cancel_url": "/wan/v2.6/requests/x/cancel"})

    assert await backend.cancel(ref) is CancelOutcome.FORGOTTEN


# --- a lost answer


async def lost(make, fault=Fault.CUT_AFTER, **given):
    make.server.fault = fault
    backend = make(**given)
    with pytest.raises(SubmitUncertain):
        await backend.submit(order(), key="k")
    return backend


async def test_a_request_whose_answer_was_lost_is_found_among_past_ones(make, server, tmp_path) -> None:
    backend = await lost(make)

    found = await backend.find("k", NOW)
    assert isinstance(found, RemoteRef)
    server.looks = 0
    status = await backend.poll(found)

    assert (found.id, status.state, server.paid) == (next(iter(server.orders)), RemoteState.SUCCEEDED, 1)


async def test_another_process_finds_it_too(make) -> None:
    await lost(make)

    assert isinstance(await make().find("k", NOW), RemoteRef)


async def test_a_stranger_with_the_same_words_and_another_seed_is_not_it(make, server) -> None:
    backend = await lost(make, Fault.BROKEN_BEFORE)
    await make().submit(order(seed=8), key="stranger")

    assert await backend.find("k", NOW) is Absent.UNKNOWN


@pytest.mark.parametrize("closed", [True, False])
async def test_what_does_not_show_may_still_run(make, server, closed) -> None:
    backend = await lost(make, Fault.BROKEN_BEFORE)
    server.closed = closed

    assert await backend.find("k", NOW) is Absent.UNKNOWN


async def test_the_search_can_be_switched_off(make, server) -> None:
    backend = await lost(make, lookup="0")

    assert await backend.find("k", NOW) is Absent.UNKNOWN
    assert not any("by-endpoint" in path for _, path, _ in server.asked)


async def test_a_request_that_was_refused_was_surely_not_taken(make, server) -> None:
    server.fault = Fault.NO_CREDIT
    backend = make()
    with pytest.raises(BackendError):
        await backend.submit(order(), key="k")

    assert await backend.find("k", NOW) is Absent.SURELY


async def test_an_answer_that_was_heard_is_remembered(make) -> None:
    ref = await make().submit(order(), key="k")

    found = await make().find("k", NOW)

    assert isinstance(found, RemoteRef)
    assert found.id == ref.id


async def test_a_request_nobody_here_noted_stays_open(make) -> None:
    assert await make().find("unheard-of", NOW) is Absent.UNKNOWN


# --- complaints


def answer(status, data=None, **headers):
    return Answer(status, headers, data, "")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(401, {"detail": "Authentication is required"}), AuthFailed),
        (answer(403, {"detail": "User is locked. Reason: Exhausted balance."}), BillingFailed),
        (answer(403, {"detail": "Forbidden"}), AuthFailed),
        (answer(429, {"detail": "slow"}), RateLimited),
        (answer(422, {"detail": [{"type": "content_policy_violation", "msg": "x"}]}), ContentRejected),
        (answer(422, {"detail": [{"type": "image_too_small", "msg": "x"}]}), BadInputMedia),
        (answer(400, {"detail": "bad"}, **{"x-fal-error-type": "bad_request"}), InvalidRequest),
        (answer(503, None), SubmitUncertain),
        (answer(504, {"detail": "x", "error_type": "request_timeout"}), SubmitUncertain),
    ],
)
def test_a_refused_order_is_told_in_our_words(given, kind) -> None:
    assert type(refused(given, sent=True)) is kind


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(422, {"detail": [{"type": "value_error", "msg": "x"}]}), InvalidRequest),
        (answer(504, {"detail": [{"type": "generation_timeout", "msg": "x"}]}), RemoteFailed),
        (answer(502, None), Transient),
    ],
)
def test_a_result_that_is_an_error_ends_the_request_unless_it_is_a_broken_read(given, kind) -> None:
    assert type(result(given)) is kind


def test_an_unknown_type_is_a_failure_and_nothing_is_sent_again() -> None:
    assert (failed("novelty", "x").retry, type(failed("novelty", "x"))) == (False, RemoteFailed)


# --- health


async def test_health_names_endpoints_and_fals_own_price(make) -> None:
    health = await make().health()

    assert (health.ok, health.facts["t2v"], health.facts["fal_tells:t2v"]) == (
        True,
        "wan/v2.6/text-to-video",
        "0.1 USD per seconds",
    )


@pytest.mark.parametrize(
    ("fault", "settings", "summary"),
    [
        (Fault.NONE, {"key": "wrong-key:wrong"}, "doctor.fal_key"),
        (Fault.NO_MODEL, {}, "doctor.fal_model"),
        (Fault.NONE, {"platform": "http://127.0.0.1:9/v1"}, "doctor.fal_silent"),
    ],
)
async def test_health_says_what_is_wrong(make, server, fault, settings, summary) -> None:
    server.fault = fault

    health = await make(**settings).health()

    assert (health.ok, health.summary, KEY in str(health.facts)) == (False, summary, False)
