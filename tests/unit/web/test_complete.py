"""What may be typed next."""

from __future__ import annotations

import pytest

from bot.completion import COMMANDS, completions
from handlers.web.complete import suggest

OURS = completions(["animatic"])


def inserts(text: str, *, every: bool = False) -> list[str]:
    return [choice.insert for choice in suggest(text, "en", OURS, every=every).choices]


@pytest.mark.parametrize("text", ["/", "/o", "/oly", "/olympic"])
def test_the_call_is_offered_first(text):
    assert inserts(text)[0] == "/olympic "


def test_after_the_call_every_command_is_offered():
    assert inserts("/olympic ") == [f"{word.path} " for word in COMMANDS]


def test_a_command_is_completed_from_its_beginning():
    assert inserts("/olympic st")[0] == "status "


def test_a_command_may_stand_without_the_call():
    assert "/create " in inserts("/cre")


def test_option_names_are_offered_once_they_are_begun():
    assert inserts("/olympic create A fox st") == ["style:"]


def test_one_letter_of_a_sentence_offers_nothing():
    assert inserts("A fox s") == []


def test_every_option_is_offered_when_asked_for():
    assert inserts("A fox ", every=True) == ["sport:", "style:", "camera:", "seed:", "size:", "backend:"]


def test_an_option_that_is_there_is_not_offered_again():
    assert "style:" not in inserts("A fox style:manga ", every=True)


def test_values_are_offered_after_the_colon():
    assert inserts("A fox style:man") == ["style:manga "]


def test_sizes_are_offered_too():
    assert inserts("A fox size:") == ["size:720p ", "size:480p ", "size:storyboard "]


def test_values_are_found_by_their_name_in_the_readers_language():
    found = suggest("狐 sport:リュージュ", "ja", OURS)
    assert [choice.insert for choice in found.choices] == ["sport:luge "]


def test_the_word_under_the_cursor_is_replaced_and_nothing_else():
    assert suggest("/olympic create A fox sty", "en", OURS).start == len("/olympic create A fox ")


def test_commands_without_options_offer_none():
    assert inserts("/olympic status st") == []
