import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from backends.net import Client, Times, meaning
from backends.net.answer import Answer, dig, patience
from bot.errors import AuthFailed, InvalidRequest, RateLimited, SubmitUncertain, Transient

HASTY = Times(connect=1.0, silence=0.2, whole=1.0)


async def cut(request):
    request.transport.abort()
    return web.Response()


async def silent(request):
    await asyncio.sleep(3600)
    return web.Response()


async def nonsense(request):
    return web.Response(body=b'{"half":', content_type="application/json")


async def boxes(request):
    return web.Response(body=b"[" * 200_000, content_type="application/json")


@pytest.mark.parametrize("handler", [cut, silent, nonsense, boxes])
async def test_an_order_whose_answer_is_lost_may_have_been_accepted(serve, handler) -> None:
    server = await serve(handler)
    client = Client(server.url, times=HASTY)

    with pytest.raises(SubmitUncertain):
        await client.send("/order", json={})
    await client.aclose()


async def test_a_number_without_end_breaks_nobody_who_reckons_with_it(serve) -> None:
    async def endless(_request):
        return web.Response(body=b'{"progress": 1' + b"0" * 400 + b"}", content_type="application/json")

    client = Client((await serve(endless)).url)
    answer = await client.read("/look")
    await client.aclose()

    assert answer.data["progress"] / 100 == float("inf")


@pytest.mark.parametrize("handler", [cut, silent, nonsense, boxes])
async def test_a_look_whose_answer_is_lost_may_be_repeated(serve, handler) -> None:
    server = await serve(handler)
    client = Client(server.url, times=HASTY)

    with pytest.raises(Transient):
        await client.read("/look")
    await client.aclose()


async def test_an_order_to_nobody_was_surely_not_sent(unused_tcp_port) -> None:
    client = Client(f"http://127.0.0.1:{unused_tcp_port}", times=HASTY)

    with pytest.raises(Transient):
        await client.send("/order", json={})
    await client.aclose()


async def test_an_order_never_travels_on_a_kept_connection(serve) -> None:
    peers = []

    async def note(request):
        peers.append(request.transport.get_extra_info("peername"))
        return web.json_response({})

    server = await serve(note)
    client = Client(server.url)
    await client.send("/order", json={})
    await client.send("/order", json={})
    await client.aclose()

    assert len(set(peers)) == 2


async def test_the_key_is_not_carried_to_another_server(serve) -> None:
    server = await serve(nonsense)
    client = Client(server.url, {"Authorization": "Bearer sk-secret-secret"})

    with pytest.raises(InvalidRequest):
        await client.read("http://elsewhere.example/status")
    await client.aclose()


async def test_no_detail_of_an_error_shows_a_key(serve) -> None:
    async def tell(request):
        return web.json_response({"message": "bad key sk-abcdef123456 at http://x/y?Signature=zzz"}, status=401)

    server = await serve(tell)
    client = Client(server.url)
    answer = await client.read("/")
    await client.aclose()

    assert ("abcdef" in answer.text, "zzz" in answer.text) == (False, False)


def answered(status: int, **headers: str) -> Answer:
    return Answer(status, headers, None, "")


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthFailed), (400, InvalidRequest), (500, SubmitUncertain), (429, RateLimited)]
)
def test_a_status_has_one_meaning_for_an_order(status, kind) -> None:
    assert type(meaning(answered(status), sent=True)) is kind


def test_a_broken_server_is_worth_another_look() -> None:
    assert type(meaning(answered(503))) is Transient


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry-after": "99999999"}, 3600.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(headers, seconds) -> None:
    assert patience(headers) == (None if seconds is None else timedelta(seconds=seconds))


def test_digging_ends_quietly_where_the_shape_is_another() -> None:
    assert (dig({"a": [{"b": 1}]}, "a", 0, "b"), dig({"a": "x"}, "a", 0), dig(None, "a")) == (1, None, None)
