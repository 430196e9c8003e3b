"""What becomes of an order at the vendor, and what its codes mean."""

import asyncio
import logging
from datetime import timedelta

import pytest

from backends.dashscope.faults import failed, kind_of
from bot.errors import (
    AuthFailed,
    BadInputMedia,
    BillingFailed,
    ContentRejected,
    InvalidRequest,
    ModelUnavailable,
    RateLimited,
    RemoteFailed,
    ResultInvalid,
    Transient,
    Unsupported,
)
from bot.model.backend import CancelOutcome, RemoteRef, RemoteState
from tests.servers.base import FILM, Fault
from tests.unit.dashscope.samples import order, wav


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidApiKey", AuthFailed),
        ("AccessDenied.Unpurchased", ModelUnavailable),
        ("Workspace.AccessDenied", AuthFailed),
        ("Arrearage", BillingFailed),
        ("AllocationQuota.FreeTierOnly", BillingFailed),
        ("Model.NotExist", ModelUnavailable),
        ("InvalidParameter", InvalidRequest),
        ("InvalidParameter.DataInspection", BadInputMedia),
        ("InvalidImage.FileFormat", BadInputMedia),
        ("DataInspectionFailed", ContentRejected),
        ("InternalError.Algo.DataInspectionFailed", ContentRejected),
        ("IPInfringementSuspect", ContentRejected),
        ("Throttling.AllocationQuota", RateLimited),
        ("InternalError.Algo", Transient),
    ],
)
def test_the_longest_code_that_fits_tells_the_meaning(code, kind) -> None:
    assert kind_of(code, "") is kind


def test_a_model_that_does_not_exist_is_told_by_its_message_too() -> None:
    assert kind_of("InvalidParameter", "Model not exist.") is ModelUnavailable


@pytest.mark.parametrize("code", ["InternalError.Algo", "Throttling", "Novelty"])
def test_a_task_that_was_taken_and_failed_is_never_sent_again_by_itself(code) -> None:
    assert type(failed(code, "x")) is RemoteFailed


async def test_a_server_that_is_busy_says_for_how_long(make) -> None:
    make.server.fault = Fault.BUSY

    with pytest.raises(RateLimited) as told:
        await make().submit(order(), key="k")

    assert (told.value.retry_after, make.server.paid) == (timedelta(seconds=1), 0)


async def test_a_members_file_is_not_sent_to_a_private_host_nobody_named(make, tmp_path) -> None:
    with pytest.raises(Unsupported):
        await make(result_hosts="").submit(order(audio=wav(tmp_path, 5)), key="k")

    assert (make.server.uploads, make.server.paid) == ({}, 0)


async def test_states_are_told_in_our_words(make) -> None:
    backend = make()
    ref = await backend.submit(order(), key="k")

    states = [status.state async for status in backend.events(ref)]

    assert states == [RemoteState.QUEUED, RemoteState.RUNNING, RemoteState.SUCCEEDED]


async def test_a_sub_workspace_is_named_in_every_call(make) -> None:
    backend = make(workspace="ws-1")
    await backend.poll(await backend.submit(order(), key="k"))

    assert {headers.get("x-dashscope-workspace") for _, _, headers in make.server.asked} == {"ws-1"}


async def test_looks_never_exceed_what_the_account_allows(make) -> None:
    backend = make()
    loop = asyncio.get_running_loop()
    began = loop.time()

    await asyncio.gather(*(backend.poll(RemoteRef("dashscope", "x")) for _ in range(10)))

    assert loop.time() - began >= 9 / 20


async def test_the_film_is_fetched_without_our_key(make, tmp_path) -> None:
    backend = make()
    ref = await backend.submit(order(), key="k")
    *_, last = [status async for status in backend.events(ref)]

    await backend.fetch(ref, last, tmp_path / "film.mp4")

    headers = next(headers for _, path, headers in make.server.asked if path.startswith("/film"))
    assert ((tmp_path / "film.mp4").read_bytes() == FILM, "authorization" in headers) == (True, False)


async def test_a_film_on_a_private_host_nobody_named_is_refused(make, tmp_path) -> None:
    backend = make(result_hosts="")
    ref = await backend.submit(order(), key="k")
    *_, last = [status async for status in backend.events(ref)]

    with pytest.raises(ResultInvalid):
        await backend.fetch(ref, last, tmp_path / "film.mp4")


async def test_a_waiting_task_is_cancelled(make) -> None:
    backend = make()
    ref = await backend.submit(order(), key="k")

    assert await backend.cancel(ref) is CancelOutcome.STOPPED
    assert (await backend.poll(ref)).state is RemoteState.CANCELLED


@pytest.mark.parametrize(("looks", "outcome"), [(2, CancelOutcome.NOT_POSSIBLE), (9, CancelOutcome.ALREADY_DONE)])
async def test_a_task_that_is_being_drawn_is_not(make, looks, outcome) -> None:
    make.server.looks = 4
    backend = make()
    ref = await backend.submit(order(), key="k")
    for _ in range(looks):
        await backend.poll(ref)

    assert await backend.cancel(ref) is outcome


async def test_cancelling_a_forgotten_task_says_so(make) -> None:
    assert await make().cancel(RemoteRef("dashscope", "gone")) is CancelOutcome.FORGOTTEN


async def test_cancelling_never_fails_even_where_nobody_answers(make) -> None:
    backend = make()
    await make.server.__aexit__()

    assert await backend.cancel(RemoteRef("dashscope", "x")) is CancelOutcome.NOT_POSSIBLE
    await make.server.__aenter__()


@pytest.mark.parametrize(
    ("fault", "settings", "summary"),
    [
        (Fault.NONE, {}, "doctor.dashscope_ready"),
        (Fault.NONE, {"api_key": "sk-wrong-wrong"}, "doctor.dashscope_key"),
        (Fault.NO_MODEL, {}, "doctor.dashscope_model"),
    ],
)
async def test_health_tells_key_and_models_without_spending(make, fault, settings, summary) -> None:
    make.server.fault = fault

    health = await make(**settings).health()

    assert (health.summary, make.server.paid) == (summary, 0)


async def test_health_of_a_silent_address_says_so(make, unused_tcp_port) -> None:
    health = await make(api=f"http://127.0.0.1:{unused_tcp_port}").health()

    assert (health.ok, health.advice) == (False, "doctor.dashscope_silent_remedy")


async def test_no_log_shows_the_key_or_a_signed_address(make, tmp_path, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        backend = make()
        ref = await backend.submit(order(), key="k")
        *_, last = [status async for status in backend.events(ref)]
        await backend.fetch(ref, last, tmp_path / "film.mp4")

    assert [secret for secret in ("sk-fake", "very-secret") if secret in caplog.text] == []
