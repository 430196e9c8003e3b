import errno
import socket
from pathlib import Path

import pytest
from aiohttp import web

from backends.net import download, hosts
from backends.net.guard import public
from bot.errors import DiskFull, ResultExpired, ResultInvalid, StorageError, Transient


async def film(request):
    return web.Response(body=b"film" * 1000)


async def test_a_film_arrives_whole(serve, tmp_path) -> None:
    server = await serve(film)

    await download(server.url + "/film.mp4", tmp_path / "film.mp4", allow_private=hosts(server.host))

    assert (tmp_path / "film.mp4").read_bytes() == b"film" * 1000


async def test_an_address_inside_is_refused_unless_the_operator_named_it(serve, tmp_path) -> None:
    server = await serve(film)

    with pytest.raises(ResultInvalid):
        await download(server.url + "/film.mp4", tmp_path / "film.mp4")
    assert server.asked == []


async def test_a_redirect_inside_is_refused(serve, tmp_path) -> None:
    inner = await serve(film)

    async def lure(request):
        raise web.HTTPFound(inner.url + "/film.mp4")

    outer = await serve(lure)

    with pytest.raises(ResultInvalid):
        await download(outer.url, tmp_path / "film.mp4", allow_private=hosts(outer.host))
    assert inner.asked == []


async def test_a_name_that_resolves_inside_is_refused(serve, tmp_path) -> None:
    server = await serve(film)

    with pytest.raises(ResultInvalid):
        await download(f"http://localhost:{server.port}/", tmp_path / "film.mp4", allow_private=hosts(server.host))


async def test_the_connection_goes_to_the_very_address_that_was_checked(serve, tmp_path) -> None:
    server = await serve(film)

    async def found(url, allowed) -> list[str]:
        return ["127.0.0.1"]

    await download(f"http://films.invalid:{server.port}/film.mp4", tmp_path / "film.mp4", check=found)

    assert server.asked[0][2]["host"] == f"films.invalid:{server.port}"


async def test_the_next_address_is_tried_where_one_takes_no_connection(serve, tmp_path) -> None:
    server = await serve(film)

    async def found(url, allowed) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    await download(f"http://films.invalid:{server.port}/film.mp4", tmp_path / "film.mp4", check=found)

    assert len(server.asked) == 1


async def test_a_key_does_not_follow_a_redirect_to_another_origin(serve, tmp_path) -> None:
    there = await serve(film)

    async def move(request):
        raise web.HTTPFound(there.url + "/film.mp4")

    here = await serve(move)
    both = hosts(here.host, there.host)

    await download(here.url, tmp_path / "film.mp4", headers={"Authorization": "Bearer x"}, allow_private=both)

    assert ("authorization" in here.asked[0][2], "authorization" in there.asked[0][2]) == (True, False)


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_film_that_is_gone_has_expired(serve, tmp_path, status) -> None:
    async def gone(request):
        return web.Response(status=status)

    server = await serve(gone)

    with pytest.raises(ResultExpired):
        await download(server.url, tmp_path / "film.mp4", allow_private=hosts(server.host))


async def test_a_film_cut_short_may_be_fetched_again_and_leaves_nothing(serve, tmp_path) -> None:
    async def half(request):
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"x" * 500)
        request.transport.abort()
        return response

    server = await serve(half)

    with pytest.raises(Transient):
        await download(server.url, tmp_path / "film.mp4", allow_private=hosts(server.host))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("told", [True, False])
async def test_a_film_over_the_limit_is_given_up_and_leaves_nothing(serve, tmp_path, told) -> None:
    async def endless(request):
        if told:
            return web.Response(body=b"x" * 5000)
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b"x" * 100)
        return response

    server = await serve(endless)

    with pytest.raises(ResultInvalid):
        await download(server.url, tmp_path / "film.mp4", allow_private=hosts(server.host), limit=1000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://user:pass@example.com/", "http://", "gopher://x/"])
async def test_what_is_no_plain_web_address_is_refused(tmp_path, url) -> None:
    with pytest.raises(ResultInvalid):
        await download(url, tmp_path / "film.mp4")


@pytest.mark.parametrize(
    ("address", "open_to_all"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address, open_to_all) -> None:
    assert public(address) is open_to_all


def test_allowed_hosts_may_be_written_as_addresses_hosts_and_ports() -> None:
    assert hosts("http://box:8188/x", ["nas:9000", "films.local"], "") == {
        "box:8188", "nas:9000", "films.local:80", "films.local:443",
    }  # fmt: skip


def test_the_shape_of_getaddrinfo_is_what_the_guard_reads() -> None:
    found = socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)

    assert found[0][4][0] == "127.0.0.1"


class Full(type(Path())):
    """A place on a disk that has no room."""

    def open(self, *args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(("kind", "refusal"), [(Full, DiskFull), (Path, StorageError)])
async def test_a_film_our_own_disk_refuses_is_not_lost_and_may_be_fetched_later(serve, tmp_path, kind, refusal) -> None:
    server = await serve(film)
    (tmp_path / "no-folder").write_bytes(b"")
    into = kind(tmp_path / "film.mp4") if kind is Full else tmp_path / "no-folder" / "film.mp4"

    with pytest.raises(refusal):
        await download(server.url + "/film.mp4", into, allow_private=hosts(server.host))
