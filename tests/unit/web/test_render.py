"""Cards as HTML: whatever a member writes stays text."""

from __future__ import annotations

import pytest

from handlers.web.render import rich


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("**bold** and not", "<strong>bold</strong> and not"),
        ("two\nlines", "two<br>lines"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("**<b>**", "<strong>&lt;b&gt;</strong>"),
        ('a "quote" & more', "a &#34;quote&#34; &amp; more"),
        ("** not closed", "** not closed"),
    ],
)
def test_only_bold_and_line_breaks_mean_something(text, html):
    assert rich(text) == html


def test_a_line_that_is_an_address_can_be_followed():
    assert rich("https://hall.example.org/exhibits/1?a&b") == (
        '<a href="https://hall.example.org/exhibits/1?a&amp;b" target="_blank" rel="noopener">'
        "https://hall.example.org/exhibits/1?a&amp;b</a>"
    )


@pytest.mark.parametrize("text", ["see https://x.example", "javascript:alert(1)", "https://a.example b", "https://"])
def test_an_address_among_a_members_words_stays_text(text):
    assert rich(text) == text
