"""The animator reads hour, weather, subject and colours from sentences in nine languages."""

from collections import Counter

import pytest

from backends.animatic.reading import read
from backends.animatic.scene import Hour, Subject, Weather


@pytest.mark.parametrize(
    ("sentence", "hour"),
    [
        ("@kitsune jumps from the large hill at dusk", Hour.DUSK),
        ("狐が夕暮れにジャンプ", Hour.DUSK),
        ("黄昏的狐狸", Hour.DUSK),
        ("黃昏的狐狸", Hour.DUSK),
        ("una volpe al tramonto", Hour.DUSK),
        ("un renard au crépuscule", Hour.DUSK),
        ("ein Fuchs in der Dämmerung", Hour.DUSK),
        ("해질녘의 여우", Hour.DUSK),
        ("un zorro al atardecer", Hour.DUSK),
        ("at midnight under the stars", Hour.NIGHT),
        ("夜のナイター", Hour.NIGHT),
        ("夜明けの山", Hour.DAWN),
        ("凌晨日出时的雪山", Hour.DAWN),
        ("à l'aube", Hour.DAWN),
        ("bei Sonnenaufgang", Hour.DAWN),
        ("真昼の雪原", Hour.NOON),
        ("under a blue sky", Hour.NOON),
        ("한밤의 경기", Hour.NIGHT),
    ],
)
def test_the_hour_is_read(sentence, hour):
    assert read(sentence).hour is hour


@pytest.mark.parametrize(
    ("sentence", "weather"),
    [
        ("in a raging blizzard", Weather.STORM),
        ("吹雪の中の狐", Weather.STORM),
        ("暴风雪中的熊", Weather.STORM),
        ("im Schneesturm", Weather.STORM),
        ("dans la tempête", Weather.STORM),
        ("눈보라 속에서", Weather.STORM),
        ("in una bufera di neve", Weather.STORM),
        ("en plena ventisca", Weather.STORM),
        ("gentle snowfall over the forest", Weather.SNOWFALL),
        ("雪が降る森", Weather.SNOWFALL),
        ("下雪的夜晚", Weather.SNOWFALL),
        ("sous la neige", Weather.SNOWFALL),
        ("while it is snowing", Weather.SNOWFALL),
        ("a fox races through a snowy night", Weather.SNOWFALL),
        ("down a snowy mountain", Weather.CLEAR),
        ("a fox on a mountain", Weather.CLEAR),
        ("快晴の朝", Weather.CLEAR),
        ("a skier storms down the slope", Weather.CLEAR),
    ],
)
def test_the_weather_is_read(sentence, weather):
    assert read(sentence).weather is weather


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("@kitsune jumps", Subject.FOX),
        ("@大聖 高台からスキーでジャンプ", Subject.MONKEY),
        ("@大圣 跳台滑雪", Subject.MONKEY),
        ("Wukong on a snowboard", Subject.MONKEY),
        ("きつねが滑る", Subject.FOX),
        ("ein Roboter auf Ski", Subject.ROBOT),
        ("un pinguino sul ghiaccio", Subject.PENGUIN),
        ("一只熊猫", Subject.PANDA),
        ("un ours blanc", Subject.POLAR_BEAR),
        ("un orso", Subject.BEAR),
        ("여우와 곰", Subject.FOX),
        ("A chicken chased by a cat", Subject.CHICKEN),
        ("兎のスピードスケート", Subject.RABBIT),
        ("a dragon over the ski hill", Subject.DRAGON),
        ("猫头鹰", Subject.HUMAN),
        ("a skier catches an edge", Subject.HUMAN),
        ("熊本の選手", Subject.HUMAN),
        ("トリプルサルコウを跳ぶ選手", Subject.HUMAN),
        ("two athletes at the bar", Subject.HUMAN),
    ],
)
def test_the_subject_is_read(sentence, subject):
    assert read(sentence).subject is subject


def test_colours_come_in_the_order_of_their_mention():
    assert read("a green suit and a red helmet").colours == ((46, 150, 84), (214, 40, 40))


@pytest.mark.parametrize(
    "sentence", ["赤いスーツ", "红色的雪服", "un casco rosso", "ein roter Helm", "빨간 헬멧", "un casco rojo"]
)
def test_red_is_red_in_every_language(sentence):
    assert read(sentence).colours == ((214, 40, 40),)


@pytest.mark.parametrize("sentence", ["under a blue sky", "she wins a gold medal", "黄昏の青空", "piste noire"])
def test_colours_of_other_things_are_not_the_athletes(sentence):
    assert read(sentence).colours == ()


def test_an_open_hour_is_the_same_every_time():
    assert read("a fox skis").hour is read("  A FOX skis ").hour


def test_open_hours_vary_between_sentences():
    hours = Counter(read(f"a fox skis, take {take}").hour for take in range(200))
    assert set(hours) == set(Hour)
