"""What becomes of an order at a server."""

import pytest

from backends.net import Answer
from backends.openai_video.faults import failed, refused
from bot.errors import (
    BadInputMedia,
    BillingFailed,
    ContentRejected,
    InvalidRequest,
    ModelUnavailable,
    RemoteFailed,
    SubmitUncertain,
    Unsupported,
)
from bot.model.backend import CancelOutcome, Mode, RemoteRef, RemoteState
from bot.model.request import HD, Size
from tests.servers.base import FILM, Fault
from tests.servers.videos import KEY, MODELS, VideosServer
from tests.unit.dashscope.samples import order, png

H3 = {"seconds": 15, "size": Size(1344, 768)}
GENERIC = {"seconds": "5,10,15", "price": "0.1"}


def asked(dialect="sglang"):
    return order(seconds=15, size=HD) if dialect == "generic" else order(**H3)


@pytest.mark.parametrize("dialect", ["sglang", "vllm-omni", "generic"])
async def test_an_order_is_drawn_and_fetched(make, tmp_path, dialect) -> None:
    make.speak(dialect, MODELS[dialect])
    backend = make(**(GENERIC if dialect == "generic" else {}))

    ref = await backend.submit(asked(dialect), key="k")
    *_, last = [status async for status in backend.events(ref)]
    await backend.fetch(ref, last, tmp_path / "film.mp4")

    assert (last.state, (tmp_path / "film.mp4").read_bytes()) == (RemoteState.SUCCEEDED, FILM)


@pytest.mark.parametrize(("dialect", "shares"), [("sglang", [None, 0.4, 1.0]), ("vllm-omni", [None, None, 1.0])])
async def test_progress_is_shown_only_where_it_is_real(make, dialect, shares) -> None:
    make.speak(dialect, MODELS[dialect])
    backend = make()
    ref = await backend.submit(asked(), key="k")

    assert [status.fraction async for status in backend.events(ref)] == shares


async def test_a_failed_order_that_answers_500_is_a_failed_order(make, server) -> None:
    make.speak("vllm-omni", MODELS["vllm-omni"])
    server.fault = Fault.CRASHED
    backend = make()
    ref = await backend.submit(asked(), key="k")

    *_, last = [status async for status in backend.events(ref)]

    assert (last.state, type(last.error)) == (RemoteState.FAILED, RemoteFailed)


async def test_an_order_the_server_forgot_is_lost(make) -> None:
    status = await make().poll(RemoteRef("openai_video", "gone", {"seat": "first"}))

    assert status.state is RemoteState.LOST


async def test_a_film_in_cloud_storage_is_fetched_without_our_key(make, server, tmp_path) -> None:
    async with VideosServer() as store:
        server.uploaded_to = store.url
        backend = make(result_hosts=store.host)
        ref = await backend.submit(asked(), key="k")
        *_, last = [status async for status in backend.events(ref)]
        await backend.fetch(ref, last, tmp_path / "film.mp4")

    ((_, path, headers),) = store.asked
    assert (path.startswith("/film/"), "authorization" in headers) == (True, False)


async def test_a_film_on_a_private_host_nobody_named_is_not_fetched(make, server, tmp_path) -> None:
    async with VideosServer() as store:
        server.uploaded_to = store.url
        backend = make()
        ref = await backend.submit(asked(), key="k")
        *_, last = [status async for status in backend.events(ref)]
        with pytest.raises(Exception, match="not a public address"):
            await backend.fetch(ref, last, tmp_path / "film.mp4")

    assert store.asked == []


# --- cancelling


async def placed(make, **given):
    backend = make(**given)
    ref = await backend.submit(asked(make.server.dialect), key="k")
    return backend, ref


async def test_sglang_today_only_forgets(make, server) -> None:
    backend, ref = await placed(make)

    assert (await backend.cancel(ref), server.orders) == (CancelOutcome.FORGOTTEN, {})


async def test_sglang_with_a_cancel_route_stops(make, server) -> None:
    server.newer = True
    backend, ref = await placed(make)

    assert (await backend.cancel(ref), (await backend.poll(ref)).state) == (
        CancelOutcome.STOPPED,
        RemoteState.CANCELLED,
    )


async def test_vllm_stops(make) -> None:
    make.speak("vllm-omni", MODELS["vllm-omni"])
    backend, ref = await placed(make)

    assert await backend.cancel(ref) is CancelOutcome.STOPPED


async def test_vllm_is_asked_again_while_it_is_still_cancelling(make, server) -> None:
    make.speak("vllm-omni", MODELS["vllm-omni"])
    server.reluctant = 2
    backend, ref = await placed(make)

    assert (await backend.cancel(ref), server.orders) == (CancelOutcome.STOPPED, {})


async def test_a_cancellation_that_does_not_end_was_requested(make, server) -> None:
    make.speak("vllm-omni", MODELS["vllm-omni"])
    server.reluctant = 100
    backend, ref = await placed(make)

    assert await backend.cancel(ref) is CancelOutcome.REQUESTED


async def test_what_is_finished_stays(make, server) -> None:
    backend, ref = await placed(make)
    assert [status async for status in backend.events(ref)]

    assert (await backend.cancel(ref), len(server.orders)) == (CancelOutcome.ALREADY_DONE, 1)


# --- refusals


@pytest.mark.parametrize("dialect", ["sglang", "vllm-omni"])
async def test_an_unreadable_picture_is_the_members_to_mend(make, server, tmp_path, dialect) -> None:
    make.speak(dialect, "Wan2.2-I2V-A14B")
    picture = tmp_path / "no-picture"
    picture.write_bytes(b"GIF89a")

    with pytest.raises(BadInputMedia):
        await make().submit(order(seconds=5, size=HD, mode=Mode.IMAGE, image=picture), key="k")


async def test_vllm_refuses_another_models_name(make, server) -> None:
    make.speak("vllm-omni", MODELS["vllm-omni"])
    backend = make()
    server.model = "another"

    with pytest.raises(ModelUnavailable):
        await backend.submit(asked(), key="k")


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("moderation_blocked", "", ContentRejected),
        ("", "blocked by our moderation system", ContentRejected),
        ("insufficient_quota", "", BillingFailed),
        ("400", "num_frames", InvalidRequest),
        ("EngineDeadError", "dead", RemoteFailed),
        ("", "a skier falls into the safety net, sensitive snow", RemoteFailed),
    ],
)
def test_a_failed_orders_reason_is_told_in_our_words(code, message, kind) -> None:
    assert type(failed({"error": {"code": code, "message": message}})) is kind


def test_a_5xx_after_sending_is_uncertain_whatever_it_says() -> None:
    answer = Answer(500, {}, {"error": {"code": "moderation_blocked", "message": ""}}, "")

    assert type(refused(answer, sent=True)) is SubmitUncertain


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": 16},
        {"size": HD},
        {"prompt": " "},
        {"prompt": "x" * 2001},
        {"mode": Mode.IMAGE},
        {"mode": Mode.REFERENCE},
    ],
)
async def test_what_cannot_be_drawn_is_refused_before_anything_is_sent(make, server, wrong) -> None:
    with pytest.raises((Unsupported, InvalidRequest)):
        await make().validate(order(**{**H3, **wrong}))

    assert server.asked == []


async def test_a_sound_is_refused_before_anything_is_sent(make, tmp_path) -> None:
    with pytest.raises(Unsupported):
        await make().validate(order(**H3, audio=png(tmp_path)))


# --- health


async def test_health_names_the_model_and_the_dialect(make) -> None:
    health = await make().health()

    assert (health.ok, health.facts["t2v"], health.facts["dialect"]) == (True, MODELS["sglang"], "sglang")


@pytest.mark.parametrize(
    ("break_it", "settings", "summary"),
    [
        (lambda server: setattr(server, "warm", False), {}, "doctor.openai_video_warming"),
        (lambda server: None, {"key": "wrong-key-0001"}, "doctor.openai_video_key"),
        (lambda server: setattr(server, "model", "another"), {}, "doctor.openai_video_model"),
        (lambda server: None, {"dialect": "vllm-omni"}, "doctor.openai_video_dialect"),
        (lambda server: None, {"api": "http://127.0.0.1:9"}, "doctor.openai_video_silent"),
    ],
)
async def test_health_says_what_is_wrong(make, server, break_it, settings, summary) -> None:
    backend = make(**settings)
    break_it(server)

    health = await backend.health()

    assert (health.ok, health.summary, KEY in str(health.facts)) == (False, summary, False)
