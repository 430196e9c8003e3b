"""Words on the picture: every glyph drawn, none as a box, nothing wider than its room."""

from __future__ import annotations

import numpy as np
import pytest

from backends.animatic.draw.lettering import drawable, font, label, plated, spelled, wrapped

SENTENCES = [
    "Ein Fuchs springt über die große Schanze, naïve élan!",
    "夕暮れの雪山を滑る狐、ジャンプ台から飛ぶ",
    "黄昏时分，狐狸从高台跃下",
    "黃昏時分，狐狸從高台躍下",
    "여우가 황혼에 스키 점프를 한다",
    "Лиса прыгает с трамплина",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentences_of_all_languages_keep_every_letter(sentence):
    assert spelled(sentence) == sentence


def test_what_the_font_lacks_is_left_out_instead_of_a_box():
    kept = spelled("fox 🦊 jumps 🏂\U000e0041 𐎀")
    assert kept.replace(" ", "") == "foxjumps"
    assert all(drawable(character) for character in kept)


def test_accents_the_font_lacks_leave_their_letter():
    assert "a" in spelled("a\u0330")


@pytest.mark.parametrize("sentence", [*SENTENCES, "x" * 400, "雪" * 300])
def test_lines_fit_their_width_and_number(sentence):
    rows = wrapped(sentence * 3, 24, 300, 2)
    assert 1 <= len(rows) <= 2
    assert all(font(24).getlength(row) <= 300 for row in rows)


def test_a_sentence_that_does_not_fit_ends_in_an_ellipsis():
    assert wrapped("word " * 100, 20, 200, 2)[-1].endswith("…")


@pytest.mark.parametrize("end", ["”", "。", "！”"])
def test_no_line_begins_with_what_ends_a_sentence(end):
    sentence = "雪" * 10 + end
    rows = wrapped(sentence, 20, font(20).getlength("雪" * 10) + 1, 2)
    assert (rows[1][0], "".join(rows)) == ("雪", sentence)


def test_an_empty_sentence_has_no_lines():
    assert wrapped("🦊", 20, 200, 2) == []


def test_a_label_is_laid_over_the_canvas_even_at_its_edge():
    canvas = np.zeros((60, 100, 3), np.uint8)
    text = plated(label([("Ski", 20, (255, 255, 255))]), (40, 20, 10), (0, 0, 255), 0.6)
    text.put(canvas, 70, 40, 1.0)
    assert canvas[-1, -1].any()
    assert not canvas[:20].any()


def test_an_invisible_label_leaves_the_canvas_alone():
    canvas = np.zeros((60, 100, 3), np.uint8)
    label([("Ski", 20, (255, 255, 255))]).put(canvas, 5, 5, 0.0)
    assert not canvas.any()
