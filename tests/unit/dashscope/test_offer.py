from decimal import Decimal

import pytest

from bot.errors import SetupError
from bot.model.backend import Mode
from bot.settings import load


async def test_without_a_key_there_is_no_backend(tmp_path) -> None:
    from backends import Kit
    from backends.dashscope.backend import build
    from tests.fakes import FakeVideo

    assert build(load({"OLYMPIC_HOME": str(tmp_path)}), Kit(FakeVideo(), tmp_path)) is None


@pytest.mark.parametrize(
    ("settings", "price"),
    [
        ({}, ("1.50", "USD")),
        ({"t2v": "wan2.6-t2v", "api": "https://dashscope.aliyuncs.com"}, ("9.0", "CNY")),
        ({"t2v": "wan2.6-t2v", "api": "https://w1.cn-beijing.maas.aliyuncs.com"}, ("9.0", "CNY")),
        ({"t2v": "wan2.6-t2v-us", "i2v": "none", "api": "https://dashscope-us.aliyuncs.com"}, ("1.50", "USD")),
        ({"t2v": "wan3.0-video", "i2v": "none", "api": "https://dashscope.aliyuncs.com"}, ("9.0", "CNY")),
        ({"price": "0.02", "currency": "EUR"}, ("0.30", "EUR")),
    ],
)
async def test_fifteen_seconds_have_a_price_before_they_are_ordered(make, settings, price) -> None:
    able = await make(**settings).capabilities()

    assert (able.cost(Mode.TEXT, 15), able.price.currency) == (Decimal(price[0]), price[1])


async def test_each_mode_has_the_price_of_its_own_model(make) -> None:
    able = await make(i2v="wan2.6-i2v-flash").capabilities()

    assert (able.cost(Mode.TEXT, 10), able.cost(Mode.IMAGE, 10)) == (Decimal("1.0"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("model", "longest"), [("wan2.6-r2v", 10), ("wan2.7-r2v", 10), ("wan3.0-video", 30), ("wan3.0-video-prime", 30)]
)
async def test_references_have_the_length_their_model_allows(make, model, longest) -> None:
    able = await make(r2v=model, price="0.1").capabilities()

    assert able.modes[Mode.REFERENCE].most == longest


@pytest.mark.parametrize(
    ("settings", "sound"), [({}, True), ({"r2v": "wan2.6-r2v"}, False), ({"t2v": "wan3.0-video", "i2v": "none"}, True)]
)
async def test_a_members_own_sound_is_offered_only_where_every_mode_takes_it(make, settings, sound) -> None:
    able = await make(price="0.1", **settings).capabilities()

    assert able.audio_input is sound


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"t2v": "wan2.6-tv2"}, "setup.dashscope_model"),
        ({"i2v": "wan2.6-t2v"}, "setup.dashscope_model"),
        ({"t2v": "none", "i2v": "none"}, "setup.dashscope_no_model"),
        ({"t2v": "wan2.7-t2v"}, "setup.dashscope_price"),
        ({"t2v": "wan2.6-t2v-us", "api": "https://dashscope-intl.aliyuncs.com"}, "setup.dashscope_region"),
        ({"t2v": "wan2.6-t2v", "api": "https://dashscope-us.aliyuncs.com"}, "setup.dashscope_region"),
        ({"api": "dashscope.aliyuncs.com"}, "setup.dashscope_api"),
        ({"api": "https://dashscope.aliyuncs.com/api/v1"}, "setup.dashscope_api"),
        ({"workspace": "../x"}, "setup.dashscope_workspace"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_start(make, settings, key) -> None:
    with pytest.raises(SetupError) as told:
        make(**({"t2v": settings.get("t2v", "wan2.6-t2v")} | settings))

    assert told.value.sentence == key


async def test_a_model_new_to_us_is_ordered_like_the_one_it_resembles(make) -> None:
    able = await make(t2v="wan3.1-video", i2v="none", like="wan3.0-video", price="0.2").capabilities()

    assert able.modes[Mode.TEXT].most == 30
