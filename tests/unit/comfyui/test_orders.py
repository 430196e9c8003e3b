"""Orders, answers and cancelling, over real HTTP."""

import asyncio
from datetime import UTC, datetime

import pytest

from backends.comfyui.backend import names_of
from bot.errors import (
    AuthFailed,
    BadInputMedia,
    InvalidRequest,
    RemoteLost,
    ResultExpired,
    SubmitUncertain,
    Transient,
    Unsupported,
)
from bot.model.backend import Absent, CancelOutcome, Mode, RemoteRef, RemoteState
from tests.fakes import PATIENCE
from tests.servers.base import FILM, Fault
from tests.unit.comfyui.samples import PNG, order

NOW = datetime.now(UTC)


async def last(backend, ref):
    async with asyncio.timeout(PATIENCE):
        statuses = [status async for status in backend.events(ref)]
    return statuses[-1]


async def test_the_jobs_id_is_known_before_anything_is_sent(serve, draw) -> None:
    server = await serve()
    ref = await draw(server).submit(order(), key="job-1/0")

    assert (ref.id, list(server.orders)) == (names_of("job-1/0").prompt, [ref.id])


async def test_an_order_is_drawn_and_fetched(serve, draw, tmp_path) -> None:
    backend = draw(await serve())
    ref = await backend.submit(order(), key="k")
    await backend.fetch(ref, await last(backend, ref), tmp_path / "film.mp4")

    assert (tmp_path / "film.mp4").read_bytes() == FILM


async def test_the_server_gets_the_filled_in_workflow(serve, draw) -> None:
    server = await serve()
    ref = await draw(server).submit(order(seed=42), key="k")
    graph = server.orders[ref.id].body["prompt"]

    assert (
        graph["pos"]["inputs"]["text"],
        graph["k_high"]["inputs"]["noise_seed"],
        graph["lat"]["inputs"]["length"],
    ) == (
        "A kitsune jumps",
        42,
        81,
    )


async def test_a_reference_is_uploaded_under_a_name_of_its_own(serve, draw, picture) -> None:
    server = await serve()
    backend = draw(server, profiles=("wan22-i2v-14b-fast4",))
    ref = await backend.submit(order(mode=Mode.IMAGE, image=picture), key="k")
    (name,) = server.uploads

    assert (server.uploads[name], server.orders[ref.id].body["prompt"]["img"]["inputs"]["image"]) == (PNG, name)


async def test_first_and_last_picture_go_to_their_places(serve, draw, picture, tmp_path) -> None:
    server = await serve()
    other = tmp_path / "last"
    other.write_bytes(PNG + b"!")
    backend = draw(server, profiles=("wan22-flf2v-14b-fast4",))
    ref = await backend.submit(order(mode=Mode.FRAMES, image=picture, last_image=other), key="k")
    graph = server.orders[ref.id].body["prompt"]

    assert [server.uploads[graph[node]["inputs"]["image"]] for node in ("img", "img2")] == [PNG, PNG + b"!"]


async def test_headers_for_a_proxy_go_to_every_call(serve, draw, tmp_path) -> None:
    server = await serve()
    backend = draw(server, headers={"X-Key": "hush"})
    ref = await backend.submit(order(), key="k")
    await backend.fetch(ref, await last(backend, ref), tmp_path / "film.mp4")

    assert {headers.get("x-key") for _, _, headers in server.asked} == {"hush"}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"mode": Mode.IMAGE}, Unsupported),
        ({"seconds": 15.0}, Unsupported),
    ],
)
async def test_what_no_recipe_draws_is_refused_before_anything_is_sent(serve, draw, given, error) -> None:
    server = await serve()
    with pytest.raises(error):
        await draw(server).validate(order(**given))

    assert server.asked == []


async def test_a_mode_that_starts_from_a_picture_wants_one(serve, draw) -> None:
    with pytest.raises(InvalidRequest):
        await draw(await serve(), profiles=("wan22-i2v-14b-fast4",)).validate(order(mode=Mode.IMAGE))


# --- several servers


async def test_the_least_busy_server_draws(serve, draw) -> None:
    busy, free = await serve(), await serve()
    busy.strangers = 3
    await draw(busy, free).submit(order(), key="k")

    assert (busy.paid, free.paid) == (0, 1)


async def test_shots_sent_together_are_spread_over_the_servers(serve, draw) -> None:
    servers = [await serve() for _ in range(3)]
    backend = draw(*servers)
    await asyncio.gather(*(backend.submit(order(seed=index), key=f"k{index}") for index in range(3)))

    assert [server.paid for server in servers] == [1, 1, 1]


async def test_a_dead_server_is_passed_over(serve, draw) -> None:
    dead, alive = await serve(Fault.DEAD), await serve()
    await draw(dead, alive).submit(order(), key="k")

    assert alive.paid == 1


async def test_a_server_without_the_models_gets_no_orders(serve, draw) -> None:
    poor, rich = await serve(), await serve()
    poor.files["UNETLoader.unet_name"].clear()
    rich.strangers = 5
    await draw(poor, rich).submit(order(), key="k")

    assert (poor.paid, rich.paid) == (0, 1)


async def test_when_no_server_answers_nothing_was_sent(serve, draw) -> None:
    with pytest.raises(Transient):
        await draw(await serve(Fault.DEAD)).submit(order(), key="k")


async def test_a_refused_key_is_told_as_such(serve, draw) -> None:
    with pytest.raises(AuthFailed):
        await draw(await serve(Fault.WRONG_KEY)).submit(order(), key="k")


async def test_an_order_is_found_on_whichever_server_has_it(serve, draw) -> None:
    one, two = await serve(), await serve()
    one.strangers = 1
    sent = await draw(one, two).submit(order(), key="k")
    found = await draw(one, two).find("k", NOW)  # another process

    assert isinstance(found, RemoteRef)
    assert (found.id, found.extra["server"]) == (sent.id, two.url)


async def test_an_order_nobody_has_is_surely_absent(serve, draw) -> None:
    assert await draw(await serve(), await serve()).find("k", NOW) is Absent.SURELY


async def test_a_server_that_does_not_answer_leaves_it_open(serve, draw) -> None:
    assert await draw(await serve(), await serve(Fault.DEAD)).find("k", NOW) is Absent.UNKNOWN


async def test_a_server_in_trouble_is_not_taken_at_its_word(serve, draw) -> None:
    server = await serve()
    backend = draw(server)
    await backend.submit(order(), key="k")
    server.broken = True

    assert await backend.find("k", NOW) is Absent.UNKNOWN


async def test_capacity_is_one_clip_for_each_server(serve, draw) -> None:
    assert (await draw(await serve(), await serve()).capabilities()).concurrency == 2


# --- never twice


async def test_sending_again_finds_what_was_taken(serve, draw) -> None:
    server = await serve(Fault.CUT_AFTER)
    backend = draw(server)
    with pytest.raises(SubmitUncertain):
        await backend.submit(order(), key="k")
    await backend.submit(order(), key="k")

    assert server.paid == 1


async def test_sending_again_while_a_server_is_silent_stays_uncertain(serve, draw) -> None:
    server, dead = await serve(Fault.CUT_AFTER), await serve(Fault.DEAD)
    backend = draw(server, dead)
    with pytest.raises(SubmitUncertain):
        await backend.submit(order(), key="k")
    server.orders.clear()

    with pytest.raises(SubmitUncertain):
        await backend.submit(order(), key="k")


async def test_a_server_that_chooses_ids_itself_is_found_by_its_client(serve, draw) -> None:
    server = await serve(jobs_api=False, takes_ids=False)
    sent = await draw(server).submit(order(), key="k")
    found = await draw(server).find("k", NOW)

    assert isinstance(found, RemoteRef)
    assert (sent.id != names_of("k").prompt, found.id) == (True, sent.id)


# --- stopping


@pytest.mark.parametrize("jobs_api", [True, False])
async def test_a_waiting_job_is_taken_out_of_the_queue(serve, draw, jobs_api) -> None:
    server = await serve(jobs_api=jobs_api)
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    server.states[ref.id] = "pending"
    outcome = await backend.cancel(ref)

    assert (outcome, server.orders, (await last(backend, ref)).state) == (
        CancelOutcome.STOPPED,
        {},
        RemoteState.CANCELLED,
    )


@pytest.mark.parametrize(
    ("age", "outcome"),
    [
        ({}, CancelOutcome.STOPPED),
        ({"cancel_api": False}, CancelOutcome.REQUESTED),
        ({"jobs_api": False}, CancelOutcome.REQUESTED),
    ],
    ids=["new", "between", "old"],
)
async def test_a_running_job_is_stopped(serve, draw, age, outcome) -> None:
    server = await serve(**age)
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    server.states[ref.id] = "in_progress"

    assert (await backend.cancel(ref), (await last(backend, ref)).state) == (outcome, RemoteState.CANCELLED)


async def test_an_old_server_is_never_told_to_stop_somebody_elses_job(serve, draw) -> None:
    server = await serve(jobs_api=False)
    backend = draw(server)
    ours = await backend.submit(order(), key="ours")
    theirs = await backend.submit(order(), key="theirs")
    server.states |= {ours.id: "completed", theirs.id: "in_progress"}
    outcome = await backend.cancel(ours)

    assert (outcome, server.interrupted) == (CancelOutcome.ALREADY_DONE, [])


@pytest.mark.parametrize("jobs_api", [True, False])
async def test_a_finished_job_is_not_cancelled(serve, draw, jobs_api) -> None:
    server = await serve(jobs_api=jobs_api)
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    server.states[ref.id] = "completed"

    assert await backend.cancel(ref) is CancelOutcome.ALREADY_DONE


async def test_a_forgotten_job_cannot_be_stopped(serve, draw) -> None:
    server = await serve()
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    server.orders.clear()

    assert await backend.cancel(ref) is CancelOutcome.FORGOTTEN


async def test_a_stop_is_said_again_when_the_connection_breaks(serve, draw) -> None:
    server = await serve(jobs_api=False)
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    server.states[ref.id] = "in_progress"
    server.fault = Fault.GARBLED_LOOK

    assert await backend.cancel(ref) is CancelOutcome.REQUESTED


# --- how it ends


async def test_a_server_that_forgot_the_job_has_lost_it(serve, draw) -> None:
    server = await serve()
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    server.orders.clear()
    status = await last(backend, ref)

    assert (status.state, type(status.error)) == (RemoteState.LOST, RemoteLost)


async def test_a_server_that_was_taken_out_of_the_settings_has_lost_its_jobs(serve, draw) -> None:
    ref = await draw(await serve()).submit(order(), key="k")

    assert (await last(draw(await serve()), ref)).state is RemoteState.LOST


async def test_a_film_that_was_deleted_has_expired(serve, draw, tmp_path) -> None:
    server = await serve()
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    status = await last(backend, ref)
    server.orders.clear()

    with pytest.raises(ResultExpired):
        await backend.fetch(ref, status, tmp_path / "film.mp4")


async def test_a_failed_job_says_what_broke(serve, draw) -> None:
    backend = draw(await serve(Fault.CRASHED))
    status = await last(backend, await backend.submit(order(), key="k"))

    assert (status.state, "it broke" in str(status.error)) == (RemoteState.FAILED, True)


async def test_a_picture_too_large_for_the_server_is_the_members_to_change(serve, draw, picture) -> None:
    server = await serve()
    server.largest = 10
    backend = draw(server, profiles=("wan22-i2v-14b-fast4",))

    with pytest.raises(BadInputMedia):
        await backend.submit(order(mode=Mode.IMAGE, image=picture), key="k")


async def test_a_waiting_job_knows_its_place(serve, draw) -> None:
    server = await serve()
    backend = draw(server)
    ref = await backend.submit(order(), key="k")
    server.states[ref.id], server.strangers = "pending", 3

    assert (await backend.poll(ref)).position == 3
