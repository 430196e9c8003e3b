"""The sixteen disciplines are complete and can be found."""

import pytest

from bot.sports import find, sports, suggest

LANGUAGES = {"en", "ja", "zh-Hans", "zh-Hant", "it", "fr", "de", "ko", "es"}


def test_sixteen_sports_come_in_their_order():
    assert [sport.order for sport in sports()] == list(range(1, 17))


def test_slugs_are_unique():
    assert len({sport.slug for sport in sports()}) == 16


def test_emoji_are_unique():
    assert len({sport.emoji for sport in sports()}) == 16


@pytest.mark.parametrize("sport", sports(), ids=lambda sport: sport.slug)
class TestEverySport:
    def test_has_a_name_in_every_language(self, sport):
        assert {language for language, name in sport.names.items() if name.strip()} == LANGUAGES

    def test_has_words_in_every_language(self, sport):
        assert {language for language, words in sport.words.items() if words} == LANGUAGES

    def test_has_five_shots_of_fifteen_seconds_together(self, sport):
        assert (len(sport.shots), sum(shot.seconds for shot in sport.shots)) == (5, 15.0)

    def test_has_a_storyboard_of_three_times_five_seconds(self, sport):
        assert [shot.seconds for shot in sport.storyboard] == [5.0, 5.0, 5.0]

    def test_guides_a_model_in_three_hundred_characters(self, sport):
        assert 80 <= len(sport.guidance) <= 300

    def test_its_negative_words_fit_the_narrowest_model(self, sport):
        assert 0 < len(", ".join(sport.negative)) <= 250

    def test_is_found_by_its_slug(self, sport):
        assert find(sport.slug) is sport


def test_an_unknown_slug_finds_nothing():
    assert find("quidditch") is None


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("ski-jump", "ski-jumping"),
        ("snowbord", "snowboard"),
        ("Patinaje artistico", "figure-skating"),
        ("カーリン", "curling"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(word, slug):
    assert slug in suggest(word)


def test_nothing_is_suggested_for_noise():
    assert suggest("xqzw") == ()


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("ja", "カーリング"),
        ("zh-TW", "冰壺"),
        ("zh-CN", "冰壶"),
        ("zh_Hant_HK", "冰壺"),
        ("de-AT", "Curling"),
        ("pt-BR", "Curling"),
    ],
)
def test_a_name_is_told_in_the_closest_language(language, name):
    curling = find("curling")
    assert curling is not None
    assert curling.name(language) == name
