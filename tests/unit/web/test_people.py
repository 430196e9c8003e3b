"""Languages as browsers ask for them."""

from __future__ import annotations

import pytest

from handlers.tongues import accepted, tongues


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ja,en;q=0.5", "ja"),
        ("ja-JP", "ja"),
        ("xx-YY,ja;q=0.8", "ja"),
        ("en-GB,ja", "en"),
        ("", "en"),
        ("*", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("ko-KR,ko;q=0.9", "ko"),
    ],
)
def test_the_first_language_we_speak_is_taken(header, language):
    assert accepted(header, "en") == language


def test_the_house_language_is_spoken_where_none_fits():
    assert accepted("xx", "ja") == "ja"


def test_every_language_is_called_by_its_own_name():
    called = dict(tongues())
    assert (called["ja"], called["zh-Hant"], called["ko"]) == ("日本語", "繁體中文", "한국어")
