"""Who gets through the door."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from handlers.web.guard import from_our_page, host_is_ours


@pytest.mark.parametrize("header", ["127.0.0.1:8026", "localhost:8026", "LOCALHOST", "[::1]:8026", "127.8.8.8"])
def test_names_of_this_machine_are_ours(header):
    assert host_is_ours(header, "127.0.0.1")


@pytest.mark.parametrize(
    "header", ["", "evil.example", "127.0.0.1.evil.example:8026", "localhost.evil.example", "10.0.0.7", "[::", "a@b"]
)
def test_other_names_are_not(header):
    assert not host_is_ours(header, "127.0.0.1")


def test_bound_to_every_address_any_literal_address_is_ours_but_no_name():
    assert host_is_ours("10.0.0.7:8026", "0.0.0.0")
    assert not host_is_ours("rebound.example", "0.0.0.0")


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8026"}, True),
        ({"origin": "http://127.0.0.1:8026"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8026"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://evil.example"}, False),
        ({"sec-fetch-site": "none"}, False),
    ],
)
def test_a_change_must_come_from_a_page_of_this_address(headers, ours):
    assert from_our_page(Headers({"host": "127.0.0.1:8026", **headers})) is ours
