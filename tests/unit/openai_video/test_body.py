"""An order in each server's words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.openai_video.body import body, mark_of, told
from backends.openai_video.dialects import DIALECTS
from backends.openai_video.offer import Seat
from backends.openai_video.profiles import PROFILES, recognised
from bot.model.backend import Mode
from bot.model.request import HD, Size
from tests.unit.dashscope.samples import order, png

WIDE = Size(1344, 768)


def seat(dialect="sglang", profile="wan2.2-t2v-a14b", model="Wan-AI/Wan2.2-T2V-A14B-Diffusers") -> Seat:
    return Seat("first", "http://h", model, PROFILES[profile], DIALECTS[dialect], HD)


@pytest.mark.parametrize(
    ("model", "profile"),
    [
        ("Wan-AI/Wan2.2-T2V-A14B-Diffusers", "wan2.2-t2v-a14b"),
        ("Wan-AI/Wan2.2-I2V-A14B-Diffusers", "wan2.2-i2v-a14b"),
        ("Wan-AI/Wan2.2-TI2V-5B-Diffusers", "wan2.2-ti2v-5b"),
        ("FastVideo/FastWan2.2-TI2V-5B-FullAttn-Diffusers", "fastwan2.2-ti2v-5b"),
        ("IPostYellow/TurboWan2.2-I2V-A14B-Diffusers", "turbowan2.2-i2v-a14b"),
        ("MiniMaxAI/MiniMax-H3", "minimax-h3"),
        ("Lightricks/LTX-2.3", "ltx-2"),
        ("somebody/else", ""),
    ],
)
def test_a_model_is_recognised_by_its_name(model, profile) -> None:
    assert recognised(model) == profile


@pytest.mark.parametrize(
    ("profile", "seconds", "frames"),
    [
        ("wan2.2-t2v-a14b", 5, 81),
        ("wan2.2-ti2v-5b", 5, 121),
        ("wan2.2-t2v-a14b", 3, 49),
        ("ltx-2", 15, 361),
    ],
)
def test_frames_are_what_the_model_was_made_for(profile, seconds, frames) -> None:
    assert PROFILES[profile].frames(seconds) == frames


@given(st.sampled_from([name for name in PROFILES if name != "generic"]), st.floats(0.5, 30))
def test_frames_last_long_enough_and_no_longer_than_one_stride_more(name, seconds) -> None:
    profile = PROFILES[name]
    frames = profile.frames(seconds)

    assert frames % profile.stride == 1 % profile.stride
    assert 0 <= frames - seconds * profile.fps + 1e-6 < profile.stride + 1


def test_sglang_is_told_frames_and_rate_because_its_own_defaults_are_wrong_for_wan() -> None:
    said = told(order(seconds=5, size=HD), seat(), mark="#olympic-x")

    assert said == {
        "model": "Wan-AI/Wan2.2-T2V-A14B-Diffusers#olympic-x",
        "prompt": order().prompt,
        "size": "1280x720",
        "num_frames": 81,
        "fps": 16,
        "seed": 7,
        "negative_prompt": "blur",
    }


async def test_sglang_takes_json_while_no_picture_travels() -> None:
    posted = await body(order(seconds=5), seat(), mark="", extra={})

    assert (posted.parts, isinstance(posted.json, dict)) == (None, True)


async def test_a_picture_travels_as_a_file_with_its_bytes(tmp_path) -> None:
    picture = png(tmp_path)
    posted = await body(
        order(seconds=5, mode=Mode.IMAGE, image=picture), seat(profile="wan2.2-i2v-a14b"), mark="", extra={}
    )

    assert dict(posted.parts or [])["input_reference"] == ("reference.png", picture.read_bytes(), "image/png")


async def test_vllm_takes_forms_alone_and_the_models_own_name() -> None:
    posted = await body(order(seconds=5), seat("vllm-omni"), mark="#olympic-x", extra={})

    parts = dict(posted.parts or [])
    assert (posted.json, parts["model"], parts["num_frames"]) == (
        None,
        (None, "Wan-AI/Wan2.2-T2V-A14B-Diffusers"),
        (None, "81"),
    )


def test_minimax_h3_under_sglang_has_its_length_in_the_target_alone() -> None:
    said = told(order(seconds=15, size=WIDE), seat(profile="minimax-h3"), mark="")

    assert said["target"] == {"short_edge": 768, "aspect_ratio": "16:9", "duration_seconds": 15}
    assert (said["task"], {"num_frames", "fps", "seconds", "negative_prompt"} & set(said)) == ("t2va", set())


async def test_minimax_h3_under_sglang_takes_a_picture_as_its_first_frame(tmp_path) -> None:
    asked = order(seconds=15, size=WIDE, mode=Mode.IMAGE, image=png(tmp_path))
    posted = await body(asked, seat(profile="minimax-h3"), mark="", extra={})

    said = posted.json or {}
    (condition,) = said["conditions"]
    assert (said["task"], condition["role"], condition["frame_index"], condition["uri"][:22]) == (
        "fl2va",
        "keyframe",
        0,
        "data:image/png;base64,",
    )


def test_minimax_h3_under_vllm_is_told_seconds_and_a_short_edge() -> None:
    said = told(order(seconds=15, size=WIDE), seat("vllm-omni", "minimax-h3", ""), mark="")

    assert said == {"prompt": order().prompt, "seconds": "15", "short_edge": 768, "aspect_ratio": "16:9", "seed": 7}


def test_openais_own_shape_is_given_nothing_it_does_not_know() -> None:
    said = told(order(seconds=8), seat("generic", "generic", "sora-2"), mark="")

    assert said == {"model": "sora-2", "prompt": order().prompt, "size": "1280x720", "seconds": "8"}


async def test_the_operators_own_fields_are_added_and_win() -> None:
    posted = await body(
        order(seconds=5),
        seat("vllm-omni"),
        mark="",
        extra={"num_inference_steps": 4, "fps": 24, "lora": {"name": "fast"}},
    )

    parts = dict(posted.parts or [])
    assert (parts["num_inference_steps"], parts["fps"], json.loads(str(parts["lora"][1]))) == (
        (None, "4"),
        (None, "24"),
        {"name": "fast"},
    )


def test_a_mark_tells_nothing_about_the_community() -> None:
    assert ("secret-guild" in mark_of("secret-guild/job/0"), mark_of("a") == mark_of("b")) == (False, False)
