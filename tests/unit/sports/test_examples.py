"""The examples we show are themselves understood, in every language."""

import pytest

from bot.locales import FALLBACK, languages, words
from bot.sports import recognise

EXAMPLES = (
    "form.prompt_hint",
    "refusal.prompt_empty",
    "slack.home.try.1",
    "slack.home.try.2",
    "studio.example.1",
    "studio.example.2",
    "studio.example.3",
    "studio.placeholder",
)


def named(language: str, key: str) -> list[str]:
    return [sport.slug for sport in recognise(words(language)(key))][:1]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", EXAMPLES)
def test_an_example_names_the_same_sport_in_every_language(language, key):
    assert named(language, key) == named(FALLBACK, key) != []
