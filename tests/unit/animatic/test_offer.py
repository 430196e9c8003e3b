"""What the animator offers."""

import pytest

from backends import Kit
from backends.animatic.backend import build
from bot.settings import load
from tests.fakes import FakeVideo


@pytest.mark.parametrize(("given", "fps"), [({}, 24), ({"OLYMPIC_ANIMATIC_FPS": "12"}, 12)])
async def test_it_draws_as_many_pictures_a_second_as_the_operator_says(tmp_path, given, fps) -> None:
    animator = build(load({"OLYMPIC_HOME": str(tmp_path), **given}), Kit(FakeVideo(), tmp_path))

    assert animator is not None
    assert (await animator.capabilities()).fps == fps
