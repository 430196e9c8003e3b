"""What of an order the animator is told."""

from __future__ import annotations

import pytest

from backends.animatic.brief import brief_of
from bot.model.backend import Order


@pytest.mark.parametrize(("fps", "storyboard", "hold"), [(24, False, 1), (24, True, 2), (30, True, 2), (6, True, 1)])
def test_a_storyboard_has_twelve_drawings_a_second_where_a_film_has_more(fps, storyboard, hold):
    order = Order("a fox", "luge", "manga", "multi", 15.0, 7, fps=fps, storyboard=storyboard)
    assert brief_of(order).hold == hold
