"""What each endpoint is told, what it costs, and which settings are refused."""

from decimal import Decimal

import pytest

from backends.fal.endpoints import ENDPOINTS, RESOLUTIONS, Choice, body
from backends.fal.offer import offered
from bot.errors import BadInputMedia, InvalidRequest, SetupError, Unsupported
from bot.locales import words
from bot.model.backend import Mode
from bot.settings import Fal
from tests.servers.fal import wrong_input
from tests.unit.dashscope.samples import order, png, wav

PICTURE = {"image": "data:image/png;base64,AA=="}


def choice(path: str, resolution: str = "720p") -> Choice:
    return Choice(path, ENDPOINTS[path], Decimal(0), resolution, RESOLUTIONS[resolution])


def said(path: str, **fields):
    mode = ENDPOINTS[path].mode
    files = {} if mode is Mode.TEXT else PICTURE
    asked = order(**{"seconds": 10, "mode": mode, "image": None if mode is Mode.TEXT else "x", **fields})
    return body(choice(path), asked, files, expand=True)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_every_endpoint_is_told_only_what_its_schema_knows(path) -> None:
    assert wrong_input(path, said(path)) == ""


def test_wan_2_6_takes_seconds_as_a_string_and_its_camera_as_a_field() -> None:
    assert said("wan/v2.6/text-to-video") == {
        "prompt": order().prompt,
        "duration": "10",
        "resolution": "720p",
        "seed": 7,
        "negative_prompt": "blur",
        "aspect_ratio": "16:9",
        "multi_shots": True,
        "enable_prompt_expansion": True,
    }


def test_wan_2_7_takes_seconds_as_a_number() -> None:
    assert said("fal-ai/wan/v2.7/text-to-video")["duration"] == 10


def test_wan_3_0_has_no_negative_prompt_and_a_switch_for_sound() -> None:
    told = said("alibaba/wan-3.0/text-to-video")

    assert (told["audio"], "negative_prompt" in told) == (True, False)


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("wan/v2.6/image-to-video", "image_url", PICTURE["image"]),
        ("wan/v2.6/reference-to-video/flash", "image_urls", [PICTURE["image"]]),
        ("fal-ai/wan/v2.7/reference-to-video", "reference_image_urls", [PICTURE["image"]]),
        ("alibaba/wan-3.0/reference-to-video", "reference_image_urls", [PICTURE["image"]]),
    ],
)
def test_a_picture_goes_where_the_endpoint_looks_for_it(path, field, value) -> None:
    assert said(path)[field] == value


@pytest.mark.parametrize(
    ("path", "name"),
    [("wan/v2.6/reference-to-video/flash", "Character1"), ("fal-ai/wan/v2.7/reference-to-video", "Image 1")],
)
def test_a_reference_is_introduced_by_the_name_the_model_knows(path, name) -> None:
    assert said(path)["prompt"] == f"{name} is the athlete. {order().prompt}"


def test_a_sound_goes_along_where_the_endpoint_takes_one() -> None:
    told = body(choice("wan/v2.6/text-to-video"), order(), {"audio": "data:audio/wav;base64,AA=="}, expand=False)

    assert (told["audio_url"], told["enable_prompt_expansion"]) == ("data:audio/wav;base64,AA==", False)


def given(**fields) -> Fal:
    return Fal.model_validate({"key": "k", **fields})


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({}, "1.50"),
        ({"resolution": "1080p"}, "2.25"),
        ({"t2v": "alibaba/wan-3.0/text-to-video", "i2v": "", "resolution": "480p"}, "0.75"),
        ({"price": "0.01"}, "0.15"),
    ],
)
def test_a_clip_of_fifteen_seconds_costs_its_list_price(fields, price) -> None:
    assert offered(given(**fields)).able.cost(Mode.TEXT, 15) == Decimal(price)


def test_a_prompt_leaves_room_for_the_introduction() -> None:
    able = offered(given(r2v="wan/v2.6/reference-to-video/flash")).able

    assert able.longest_prompt == 800 - len("Character1 is the athlete. ")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"t2v": "wan/v2.5/text-to-video"}, "setup.fal_model"),
        ({"t2v": "wan/v2.6/image-to-video"}, "setup.fal_model"),
        ({"t2v": "", "i2v": ""}, "setup.fal_no_model"),
        ({"resolution": "480p"}, "setup.fal_resolution"),
        ({"i2v": "wan/v2.6/image-to-video/flash"}, "setup.fal_price"),
        ({"t2v": "alibaba/wan-3.0-prime/text-to-video"}, "setup.fal_price"),
        ({"api": "queue.fal.run"}, "setup.fal_api"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_a_remedy(fields, key) -> None:
    with pytest.raises(SetupError) as refused:
        offered(given(**fields))

    told = words("en")(refused.value.sentence, **refused.value.facts)
    assert (refused.value.sentence, "…" in told, "{" in told) == (key, False, False)


@pytest.mark.parametrize(
    "wrong",
    [{"seconds": 12}, {"prompt": "x" * 801}, {"prompt": ""}, {"mode": Mode.REFERENCE}, {"mode": Mode.IMAGE}],
)
async def test_what_cannot_be_drawn_is_refused_before_anything_is_sent(make, server, wrong) -> None:
    with pytest.raises((Unsupported, InvalidRequest)):
        await make().validate(order(**wrong))

    assert server.asked == []


async def test_a_file_too_large_to_travel_is_refused_before_anything_is_sent(make, server, tmp_path) -> None:
    with pytest.raises(BadInputMedia):
        await make().validate(order(mode=Mode.IMAGE, image=png(tmp_path, 11 * 2**20)))

    assert server.asked == []


async def test_pictures_and_sounds_travel_inside_the_order(make, server, tmp_path) -> None:
    picture, sound = png(tmp_path), wav(tmp_path, 4)

    await make().submit(order(mode=Mode.IMAGE, image=picture, audio=sound), key="k")

    (placed,) = server.orders.values()
    told = placed.body["input"]
    assert (told["image_url"][:22], told["audio_url"][:22]) == ("data:image/png;base64,", "data:audio/wav;base64,")
