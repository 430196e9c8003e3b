"""Words that Discord must not interpret, and cuts that must not hurt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.discord.text import cut, escaped, length, plain, quoted


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("*a* _b_ ~~c~~ `d` ||e||", r"\*a\* \_b\_ \~\~c\~\~ \`d\` \|\|e\|\|"),
        ("<@1> <#2> <:x:3> <t:4>", r"\<@1\> \<#2\> \<:x:3\> \<t:4\>"),
        ("[a](https://x.y)", r"\[a\](https:\//x.y)"),
        ("# big\n-# small\n- item\n> quote", "\\# big\n\\-# small\n\\- item\n\\> quote"),
        ("1. first\n2) second", "1\\. first\n2\\) second"),
        ("@everyone @here @fox", "@\u200beveryone @\u200bhere @fox"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_everything_is_shown_letter_for_letter(said, sent):
    assert escaped(said) == sent


def test_only_our_bold_is_bold():
    assert plain("**Ready** *now*") == r"**Ready** \*now\*"


def test_every_line_of_a_quotation_is_quoted():
    assert quoted("a fox\n> jumps") == "> a fox\n> \\> jumps"


def test_a_short_text_is_not_cut():
    assert cut("fox", 3) == "fox"


@pytest.mark.parametrize(
    ("text", "longest", "left"),
    [
        ("a fox jumps", 6, "a fox…"),
        ("skiing 👩‍🚀 there", 10, "skiing…"),  # the joined emoji takes five units
        ("go 👍🏽 now", 6, "go…"),
        ("win 🇯🇵🇨🇦 now", 10, "win 🇯🇵…"),
        ("cafe\u0301 noir", 5, "caf…"),
        (r"a\*b", 3, "a…"),
        ("\u1100\u1161\u11a8" * 2, 5, "\u1100\u1161\u11a8…"),  # Hangul, one syllable of three letters
        ("👍👍", 3, "👍…"),
    ],
)
def test_a_cut_never_splits_what_is_read_as_one(text, longest, left):
    assert cut(text, longest) == left


@given(st.text(max_size=300), st.integers(1, 200))
def test_a_cut_text_always_fits(text, longest):
    assert length(cut(escaped(text), longest)) <= longest


@given(st.text(alphabet="a\\*_", max_size=60), st.integers(1, 60))
def test_a_cut_leaves_no_open_escape(text, longest):
    left = cut(escaped(text), longest).removesuffix("…")
    assert (len(left) - len(left.rstrip("\\"))) % 2 == 0
