"""The words of the product, as data."""

from __future__ import annotations

import pytest

from bot import grammar
from bot.grammar import WORDS, Option, Word
from bot.locales import languages, words
from bot.model.command import Help

SAVE = Word("character save", lambda _values, _files: Help(), (Option("name"), Option("reach")), rest="name")


def test_the_longest_path_that_fits_is_the_word() -> None:
    assert grammar.split("create a fox")[0] == grammar.find("create")
    assert grammar.split("/CREATE a fox")[1] == "a fox"


def test_words_that_begin_no_path_are_none() -> None:
    assert grammar.split("paint a fox") == (None, "paint a fox")


def test_what_has_no_name_goes_to_the_rest() -> None:
    assert grammar.values(SAVE, "大聖 reach:all") == {"name": "大聖", "reach": "all"}


def test_an_option_of_another_word_is_no_option() -> None:
    assert grammar.values(SAVE, "seed:7") == {"name": "seed:7"}


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.path)
def test_every_word_and_option_is_described_in_english(word) -> None:
    say = words("en")
    keys = [f"{word.key}.name", f"{word.key}.about"]
    keys += [f"option.{option.name}.{part}" for option in word.options for part in ("name", "about")]
    assert [key for key in keys if not say.knows(key)] == []


@pytest.mark.parametrize("language", languages())
def test_descriptions_fit_where_platforms_show_them(language) -> None:
    say = words(language)
    keys = {f"{word.key}.about" for word in WORDS} | {f"option.{o.name}.about" for word in WORDS for o in word.options}
    assert [key for key in sorted(keys) if len(say(key)) > 100] == []


def test_no_two_words_have_the_same_path() -> None:
    paths = [path for word in WORDS for path in (word.path, *word.short)]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.path)
def test_what_is_typed_without_a_name_has_an_option_to_go_to(word) -> None:
    assert not word.rest or word.rest in {option.name for option in word.options}
