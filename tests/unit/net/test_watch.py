import asyncio
import logging
from datetime import timedelta

import pytest

from backends.net import Pace, Rate, redacted, scrubbed, watch
from backends.net.redact import guard_logs
from bot.errors import AuthFailed, RateLimited, Transient
from bot.model.backend import RemoteState, RemoteStatus

HASTY = Pace(0.001, 0.002, rest=0.01)


def script(*looks):
    left = list(looks)

    async def poll() -> RemoteStatus:
        look = left.pop(0)
        if isinstance(look, Exception):
            raise look
        return RemoteStatus(look)

    return poll


async def test_looks_go_on_until_the_order_has_ended() -> None:
    poll = script(RemoteState.QUEUED, RemoteState.RUNNING, RemoteState.SUCCEEDED, RemoteState.RUNNING)

    seen = [status.state async for status in watch(poll, HASTY)]

    assert seen == [RemoteState.QUEUED, RemoteState.RUNNING, RemoteState.SUCCEEDED]


async def test_a_failed_look_is_repeated() -> None:
    poll = script(Transient("reset"), RateLimited("slow", retry_after=timedelta(0)), RemoteState.SUCCEEDED)

    assert [status.state async for status in watch(poll, HASTY)] == [RemoteState.SUCCEEDED]


async def test_an_error_that_repeating_cannot_mend_is_raised() -> None:
    with pytest.raises(AuthFailed):
        async for _ in watch(script(AuthFailed("key")), HASTY):
            pass


def test_the_pace_slows_down_to_its_most() -> None:
    pace = Pace(5, 15, growth=1.5, jitter=0)

    assert [pace.wait(look) for look in (0, 1, 9, 10_000)] == [5, 7.5, 15, 15]


def test_a_server_that_asks_for_patience_gets_it() -> None:
    assert Pace(1, 2).patience(0, RateLimited("", retry_after=timedelta(seconds=99))) == 99


async def test_calls_at_a_rate_are_spread_out() -> None:
    rate, loop = Rate(100), asyncio.get_running_loop()
    began = loop.time()

    await asyncio.gather(*(rate.turn() for _ in range(6)))

    assert loop.time() - began >= 0.05


def test_an_address_is_shown_without_its_signature_and_password() -> None:
    assert redacted("https://me:pw@host/a.mp4?Signature=x&Expires=1") == "https://host/a.mp4?…"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hidden-hidden",
        "Key hidden-hidden:more",
        "sk-hidden1234",
        "GET https://host/x?Signature=hidden",
        '{"policy": "hidden", "oss_access_key_id": "hidden"}',
        "https://user:hidden@host/",
    ],
)
def test_a_secret_never_stays_in_a_text(text) -> None:
    assert "hidden" not in scrubbed(text)


def test_httpx_logs_no_signed_address(caplog) -> None:
    guard_logs()

    with caplog.at_level(logging.INFO, "httpx"):
        logging.getLogger("httpx").info("HTTP Request: GET %s", "https://host/x?Signature=hidden")

    assert "hidden" not in caplog.text
