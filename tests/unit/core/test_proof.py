"""What a translator is told about a catalogue."""

import pytest

from bot.locales import languages, text
from bot.locales.__main__ import main
from bot.locales.proof import faults


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_is_complete(language) -> None:
    assert faults(language) == []


def test_a_sentence_that_is_not_there_is_missing() -> None:
    written = text("ja").replace('msgid "queue.next"\nmsgstr "次があなたの番です"\n', "")

    assert faults("ja", written) == ["missing: queue.next"]


def test_a_sentence_english_does_not_know_is_superfluous() -> None:
    assert faults("ja", text("ja") + '\nmsgid "queue.gone"\nmsgstr "なし"\n') == ["superfluous: queue.gone"]


def test_an_empty_sentence_is_unfinished() -> None:
    written = text("ja").replace('msgstr "次があなたの番です"', 'msgstr ""')

    assert faults("ja", written) == ["unfinished: queue.next"]


def test_other_facts_than_in_english_are_named() -> None:
    written = text("ja").replace("残り{left}", "残り{right}")

    assert "facts: job.words_unknown has {right}, English has {left}" in faults("ja", written)


def test_a_sentence_that_stands_twice_is_named() -> None:
    assert faults("ja", text("ja") + '\nmsgid "queue.next"\nmsgstr "次です"\n') == ["twice: queue.next"]


def test_plurals_by_the_rules_of_another_language_are_named() -> None:
    assert faults("ja", text("en"))[0] == "plural forms: nplurals=1; plural=0; is the rule of ja"


def test_the_tool_succeeds_only_if_nothing_is_left_to_do(capsys) -> None:
    assert (main(["en"]), main(["tlh"])) == (0, 1)
    assert capsys.readouterr().out.splitlines()[0] == "en: complete"
