import io
import wave

import pytest

from bot.errors import BadInputMedia, InvalidRequest, Unsupported
from bot.model.backend import Mode, Portrait
from tests.unit.dashscope.samples import order, png, wav


async def sent(make, wish, **settings):
    """The order as the server accepted it: it refuses what the family's rules forbid."""
    backend = make(**settings)
    await backend.validate(wish)
    await backend.submit(wish, key="job-1:0")
    (accepted,) = make.server.orders.values()
    return accepted


async def test_text_for_2_6_asks_for_size_and_shot_type(make) -> None:
    accepted = await sent(make, order())

    assert accepted.body == {
        "model": "wan2.6-t2v",
        "input": {"prompt": "A kitsune jumps from the large hill.", "negative_prompt": "blur"},
        "parameters": {
            "size": "1280*720",
            "duration": 15,
            "prompt_extend": True,
            "shot_type": "multi",
            "watermark": False,
            "seed": 7,
        },
    }


async def test_one_camera_is_one_shot(make) -> None:
    accepted = await sent(make, order(camera="overhead"))

    assert accepted.body["parameters"]["shot_type"] == "single"


@pytest.mark.parametrize("model", ["wan2.6-i2v", "wan2.6-i2v-flash"])
async def test_a_picture_for_2_6_travels_inside_the_order(make, tmp_path, model) -> None:
    accepted = await sent(make, order(mode=Mode.IMAGE, image=png(tmp_path)), i2v=model)

    assert (accepted.body["input"]["img_url"][:22], make.server.uploads) == ("data:image/png;base64,", {})


async def test_flash_is_told_whether_to_make_sound(make, tmp_path) -> None:
    accepted = await sent(make, order(mode=Mode.IMAGE, image=png(tmp_path), sound=False), i2v="wan2.6-i2v-flash")

    assert accepted.body["parameters"]["audio"] is False


@pytest.mark.parametrize("model", ["wan2.6-r2v", "wan2.6-r2v-flash"])
async def test_a_reference_for_2_6_is_uploaded_and_named_in_the_prompt(make, tmp_path, model) -> None:
    accepted = await sent(make, order(mode=Mode.REFERENCE, image=png(tmp_path), seconds=10), r2v=model)

    (url,) = accepted.body["input"]["reference_urls"]
    assert (
        url.removeprefix("oss://") in make.server.uploads,
        accepted.body["input"]["prompt"].startswith("character1 "),
        accepted.headers["x-dashscope-ossresourceresolve"],
    ) == (True, True, "enable")


@pytest.mark.parametrize(
    ("model", "mode", "kind", "seconds"),
    [
        ("wan2.7-i2v", Mode.IMAGE, "first_frame", 15),
        ("wan2.7-r2v", Mode.REFERENCE, "reference_image", 10),
        ("wan3.0-video", Mode.IMAGE, "first_frame", 30),
        ("wan3.0-video-prime", Mode.REFERENCE, "reference_image", 15),
    ],
)
async def test_newer_families_take_pictures_as_media(make, tmp_path, model, mode, kind, seconds) -> None:
    wish = order(mode=mode, image=png(tmp_path), seconds=seconds)

    accepted = await sent(make, wish, **{mode.value: model, "price": "0.1"})

    assert [entry["type"] for entry in accepted.body["input"]["media"]] == [kind]


async def test_wan_3_is_never_left_to_choose_size_or_length(make) -> None:
    accepted = await sent(make, order(negative="blur"), t2v="wan3.0-video", price="0.1")

    asked = accepted.body["parameters"]
    assert (asked["resolution"], asked["ratio"], asked["duration"], "negative_prompt" in accepted.body["input"]) == (
        "720P",
        "16:9",
        15,
        False,
    )


@pytest.mark.parametrize(("model", "field"), [("wan2.6-t2v", "audio_url"), ("wan2.7-t2v", "audio_url")])
async def test_a_members_sound_is_uploaded(make, tmp_path, model, field) -> None:
    accepted = await sent(make, order(audio=wav(tmp_path, 8)), t2v=model, price="0.1")

    assert accepted.body["input"][field].removeprefix("oss://") in make.server.uploads


async def test_a_members_sound_for_wan_3_is_a_reference(make, tmp_path) -> None:
    accepted = await sent(make, order(audio=wav(tmp_path, 8)), t2v="wan3.0-video", price="0.1")

    assert [entry["type"] for entry in accepted.body["input"]["media"]] == ["reference_audio"]


@pytest.mark.parametrize(("given", "carried"), [(40, 15), (8, 8), (1, 3)])
async def test_a_sound_is_cut_to_the_film_and_never_too_short(make, tmp_path, given, carried) -> None:
    await sent(make, order(audio=wav(tmp_path, given)))

    (data,) = make.server.uploads.values()
    with wave.open(io.BytesIO(data)) as sound:
        assert sound.getnframes() / sound.getframerate() == carried


async def test_a_regional_or_dated_model_is_known_by_its_beginning(make) -> None:
    able = await make(t2v="wan2.6-t2v-2026-01-15").capabilities()

    assert able.modes[Mode.TEXT].most == 15


async def test_every_order_carries_a_token_made_of_its_key(make) -> None:
    accepted = await sent(make, order())

    assert len(accepted.headers["x-dashscope-clienttoken"]) == 64


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"seconds": 16}, Unsupported),
        ({"seconds": 7.5}, Unsupported),
        ({"prompt": "x" * 1501}, InvalidRequest),
        ({"prompt": " "}, InvalidRequest),
        ({"mode": Mode.REFERENCE}, Unsupported),
        ({"mode": Mode.IMAGE}, InvalidRequest),
    ],
)
async def test_what_the_model_would_refuse_is_refused_before_anything_is_sent(make, fields, error) -> None:
    with pytest.raises(error):
        await make().validate(order(**fields))
    assert make.server.asked == []


async def test_a_picture_over_the_models_limit_is_refused_before_anything_is_sent(make, tmp_path) -> None:
    wish = order(mode=Mode.REFERENCE, seconds=10, image=png(tmp_path, 11 * 2**20))

    with pytest.raises(BadInputMedia):
        await make(r2v="wan2.6-r2v").validate(wish)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("wan2.6-r2v", "character1 is kitsune. character2 is 大聖. "),
        ("wan2.7-r2v", "Image 1 is kitsune. Image 2 is 大聖. "),
    ],
)
async def test_several_characters_are_introduced_by_the_names_the_model_knows(make, tmp_path, model, words) -> None:
    who = (Portrait("kitsune", png(tmp_path)), Portrait("大聖", png(tmp_path)))
    wish = order(mode=Mode.REFERENCE, image=who[0].picture, references=who, seconds=10)

    told = (await sent(make, wish, r2v=model, price="0.1")).body["input"]

    assert (told["prompt"].startswith(words), len(told.get("reference_urls") or told["media"])) == (True, 2)


async def test_names_that_do_not_fit_leave_the_sentence_whole(make, tmp_path) -> None:
    who = (Portrait("k" * 32, png(tmp_path)), Portrait("大" * 32, png(tmp_path)))
    sentence = "x" * 1470
    wish = order(prompt=sentence, mode=Mode.REFERENCE, image=who[0].picture, references=who, seconds=10)

    accepted = await sent(make, wish, r2v="wan2.6-r2v")

    assert accepted.body["input"]["prompt"] == f"character1 is the athlete. {sentence}"


async def test_more_characters_than_the_model_takes_are_refused(make, tmp_path) -> None:
    who = tuple(Portrait(f"fox{n}", png(tmp_path)) for n in range(6))
    wish = order(mode=Mode.REFERENCE, image=who[0].picture, references=who, seconds=10)

    with pytest.raises(Unsupported):
        await make(r2v="wan2.6-r2v").validate(wish)
