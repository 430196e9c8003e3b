"""Ranges of time as people say them."""

import pytest

from bot.cards import span
from bot.locales import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ((0, 3), "about 5 s"),
        ((10, 45), "10–45 s"),
        ((10, 90), "10–90 s"),
        ((100, 100), "about 2 min"),
        ((20, 170), "1–3 min"),
        ((240, 290), "4–5 min"),
        ((600, 7000), "1–2 h"),
        ((7000, 7100), "about 2 h"),
    ],
)
def test_a_range_is_neither_narrower_nor_wider_than_it_is(seconds, said) -> None:
    assert span(words("en"), seconds) == said
