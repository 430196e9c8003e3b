"""Which spellings of an emoji are the same vote."""

from __future__ import annotations

import pytest

from bot.usecases.voting import same_emoji


@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        ("🏅", "🏅"),
        ("❤", "❤️"),
        ("<:fox:1234567890123456789>", "<a:fox:1234567890123456789>"),
        ("<:renamed:1234567890123456789>", "<:fox:1234567890123456789>"),
    ],
)
def test_these_mean_the_same(told, chosen) -> None:
    assert same_emoji(told, chosen)


@pytest.mark.parametrize(("told", "chosen"), [("🏅", "🎖️"), ("<:fox:123>", "<:fox:124>"), ("sports_medal", "🏅")])
def test_these_do_not(told, chosen) -> None:
    assert not same_emoji(told, chosen)
