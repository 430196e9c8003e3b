"""Italian, French, German and Spanish are written as their readers write them."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.locales import words

ROOT = Path(__file__).parents[3]
LANGUAGES = ("it", "fr", "de", "es")
QUOTES = {"it": "«»", "fr": "«»", "de": "„“", "es": "«»"}
FOREIGN = {"it": "“”„", "fr": "“”„", "de": "«»”", "es": "“”„"}


def sentences(language: str) -> dict[str, str]:
    """All forms of each sentence, one a line."""
    with (ROOT / "bot" / "locales" / f"{language}.po").open("rb") as file:
        return {
            message.id[0] if message.pluralizable else message.id: "\n".join(message.string)
            if message.pluralizable
            else message.string
            for message in read_po(file)
            if message.id
        }


def wrong(language: str, pattern: str) -> list[str]:
    return [key for key, text in sentences(language).items() if re.search(pattern, text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_quotation_mark_or_apostrophe_is_a_typewriters(language) -> None:
    assert wrong(language, r"[\"']") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_the_languages_own(language) -> None:
    assert wrong(language, f"[{FOREIGN[language]}]") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_opened_quotation_is_closed(language) -> None:
    opening, closing = QUOTES[language]

    assert [key for key, text in sentences(language).items() if text.count(opening) != text.count(closing)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_keeps_its_unit_on_the_line(language) -> None:
    assert wrong(language, r"[}\d] (s|min|h|MB|MiB|Mo|Mio|%)(?!\w)") == []


def test_french_double_punctuation_stays_with_its_word() -> None:
    assert wrong("fr", r" [:;?!»]|« ") == []


def test_french_double_punctuation_has_its_space() -> None:
    assert wrong("fr", r"[\w}][;?!»]|«[\w{]") == []


def test_spanish_questions_and_calls_open_as_they_close() -> None:
    uneven = [
        key
        for key, text in sentences("es").items()
        if text.count("¿") != text.count("?") or text.count("¡") != text.count("!")
    ]

    assert uneven == []


@pytest.mark.parametrize(
    ("language", "none", "one", "two"),
    [
        ("it", "0 suggerimenti", "1 suggerimento", "2 suggerimenti"),
        ("fr", "0 suggestion", "1 suggestion", "2 suggestions"),
        ("de", "0 Vorschläge", "1 Vorschlag", "2 Vorschläge"),
        ("es", "0 sugerencias", "1 sugerencia", "2 sugerencias"),
    ],
)
def test_numbers_choose_their_plural(language, none, one, two) -> None:
    say = words(language)

    assert [say("studio.suggestions", n=n) for n in (0, 1, 2)] == [none, one, two]
