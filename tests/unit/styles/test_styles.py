"""The six looks are complete and can be found."""

import pytest

from bot.styles import find, styles, suggest

LANGUAGES = {"en", "ja", "zh-Hans", "zh-Hant", "it", "fr", "de", "ko", "es"}


def test_the_styles_come_in_their_order():
    assert [s.slug for s in styles()] == ["realistic", "van-gogh", "manga", "sci-fi", "watercolour", "pictogram"]


@pytest.mark.parametrize("style", styles(), ids=lambda style: style.slug)
class TestEveryStyle:
    def test_has_a_name_in_every_language(self, style):
        assert {language for language, name in style.names.items() if name.strip()} == LANGUAGES

    def test_has_words_for_a_model(self, style):
        assert 40 <= len(style.prompt) <= 300

    def test_is_found_by_its_slug(self, style):
        assert find(style.slug) is style


def test_an_unknown_slug_finds_nothing():
    assert find("cubist") is None


@pytest.mark.parametrize(("word", "slug"), [("watercolor", "watercolour"), ("vangogh", "van-gogh"), ("漫畫", "manga")])
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(word, slug):
    assert slug in suggest(word)
