"""What settings offer, and which are refused at start."""

from decimal import Decimal

import pytest

from backends.openai_video.offer import offered
from bot import planner
from bot.errors import SetupError
from bot.locales import words
from bot.model.backend import Lengths, Mode
from bot.model.request import HD, Request, Size
from bot.settings import OpenaiVideo
from bot.sports import find as find_sport
from bot.styles import find as find_style

WAN = {"api": "http://127.0.0.1:30000", "model": "Wan-AI/Wan2.2-T2V-A14B-Diffusers"}


def given(**fields) -> OpenaiVideo:
    return OpenaiVideo.model_validate({**WAN, **fields})


def test_open_wan_is_five_silent_seconds_from_words() -> None:
    able = offered(given()).able

    assert (dict(able.modes), able.native_audio, able.fps, able.sizes) == (
        {Mode.TEXT: Lengths(1, 5)},
        False,
        16,
        frozenset({HD}),
    )


def test_fifteen_seconds_of_open_wan_are_planned_as_three_shots_of_five() -> None:
    sport, style = find_sport("ski-jumping"), find_style("realistic")
    assert sport
    assert style
    wish = planner.Wish(Request("A fox", "ski-jumping", "realistic"), sport, style)

    plan = planner.plan(wish, {"openai_video": offered(given()).able})

    assert [shot.seconds for shot in plan.shots] == [5.0, 5.0, 5.0]


def test_minimax_h3_draws_fifteen_seconds_with_sound_in_one_order() -> None:
    able = offered(given(model="MiniMaxAI/MiniMax-H3")).able

    assert (able.native_audio, able.modes[Mode.TEXT].holds(15), able.modes[Mode.IMAGE].holds(15)) == (True, True, True)


def test_a_second_server_draws_from_pictures() -> None:
    offer = offered(given(image_api="http://127.0.0.1:30001/v1/", image_model="Wan-AI/Wan2.2-I2V-A14B-Diffusers"))

    assert {mode: seat.api for mode, seat in offer.seats.items()} == {
        Mode.TEXT: "http://127.0.0.1:30000",
        Mode.IMAGE: "http://127.0.0.1:30001",
    }


def test_ones_own_server_costs_nothing_and_may_be_asked_again() -> None:
    able = offered(given()).able

    assert (able.price, able.free_resend) == (None, True)


def test_a_paid_server_is_never_asked_twice() -> None:
    able = offered(given(dialect="generic", price="0.10")).able

    assert able.price is not None
    assert (able.price.of(8), able.free_resend) == (Decimal("0.80"), False)


def test_the_operator_knows_lengths_rate_size_and_sound_better() -> None:
    able = offered(given(dialect="generic", price="0", seconds="4-15", fps=30, size="1920x1080", sound=True)).able

    assert (able.modes[Mode.TEXT], able.fps, able.sizes, able.native_audio) == (
        Lengths(4, 15),
        30,
        frozenset({Size(1920, 1080)}),
        True,
    )


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"api": "127.0.0.1:30000"}, "setup.openai_video_api"),
        ({"model": "somebody/else"}, "setup.openai_video_profile"),
        ({"profile": "wan2.2-t2v"}, "setup.openai_video_profile"),
        ({"dialect": "generic"}, "setup.openai_video_price"),
        ({"image_api": "http://h", "image_model": "Wan2.2-T2V-A14B"}, "setup.openai_video_image"),
        ({"image_api": "http://h", "image_model": "Wan2.2-TI2V-5B"}, "setup.openai_video_sizes"),
        ({"extra": {"output_path": "/etc"}}, "setup.openai_video_extra"),
        ({"extra": {"video_path": "/etc/passwd"}}, "setup.openai_video_extra"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_a_remedy(fields, key) -> None:
    with pytest.raises(SetupError) as refused:
        offered(given(**fields))

    said = words("en")(refused.value.sentence, **refused.value.facts)
    assert (refused.value.sentence, "…" in said, "{" in said) == (key, False, False)


def test_an_unknown_model_is_answered_with_the_nearest_profile() -> None:
    with pytest.raises(SetupError) as refused:
        offered(given(profile="minimax-3"))

    assert refused.value.facts["near"] == "minimax-h3"
