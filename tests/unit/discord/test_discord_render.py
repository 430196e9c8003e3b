"""Cards and forms as Discord takes them, within every limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cards, locales
from bot.model.card import (
    Button,
    ButtonStyle,
    Card,
    CardKind,
    Choice,
    Field,
    FieldKind,
    Form,
    Picture,
    Progress,
    Tone,
    Video,
)
from bot.model.card import File as CardFile
from bot.model.request import LONGEST_PROMPT
from handlers.discord import render
from tests.fakediscord import rules

LONG = st.text(max_size=3000)
VIDEO = Video(Path("clip.mp4"), "fox.mp4", "a fox jumps", Path("poster.jpg"), 15.0, 1280, 720, 10)


def wire(card: Card, **how) -> list[dict]:
    return render.card(card, **how).view.to_components()


def parts(card: Card) -> list[dict]:
    return wire(card)[-1]["components"]


def kinds(card: Card) -> list[int]:
    return [part["type"] for part in parts(card)]


def test_a_card_says_title_quote_lines_bar_and_small_print_in_this_order():
    card = Card(CardKind.JOB, "On it", ("Third in line",), "a fox", "seed 7", progress=Progress(0.31, "about 2 min"))
    assert [part["content"] for part in parts(card)] == [
        "### On it",
        "> a fox",
        "Third in line",
        "▰▰▰▱▱▱▱▱▱▱  about 2 min",
        "-# seed 7",
    ]


@pytest.mark.parametrize(
    ("fraction", "filled"), [(None, 0), (0.0, 0), (0.04, 0), (0.5, 5), (0.97, 9), (1.0, 10), (7.0, 10), (-1.0, 0)]
)
def test_the_bar_has_ten_segments(fraction, filled):
    assert render.bar(fraction) == "▰" * filled + "▱" * (10 - filled)


def test_a_preview_hangs_under_the_words_and_a_video_above_them():
    picture = Picture("frame.jpg", "a frame", b"jpeg")
    assert kinds(Card(CardKind.JOB, "On it", picture=picture)) == [10, 12]
    assert kinds(Card(CardKind.ENTRY, "Fox", video=VIDEO)) == [12, 10]


def test_a_video_is_shown_from_the_file_that_comes_along():
    shown = render.card(Card(CardKind.ENTRY, "Fox", video=VIDEO))
    assert [(file.name, file.source) for file in shown.files] == [("fox.mp4", Path("clip.mp4"))]
    item = parts(Card(CardKind.ENTRY, "Fox", video=VIDEO))[0]["items"][0]
    assert (item["media"]["url"], item["description"]) == ("attachment://fox.mp4", "a fox jumps")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("fox jump ❄.mp4", "fox-jump.mp4"),
        ("狐.mp4", "clip.mp4"),
        ("../../x.mp4", "x.mp4"),
        ("noext", "noext"),
        ("", "clip"),
    ],
)
def test_a_file_gets_a_name_discord_keeps(name, kept):
    assert render.file_name(name) == kept


def test_the_tone_is_the_frames_colour():
    colours = {wire(Card(CardKind.NOTICE, "x", tone=tone))[-1]["accent_color"] for tone in Tone}
    assert len(colours) == len(Tone)


def test_a_mention_stands_outside_the_frame():
    assert wire(Card(CardKind.ENTRY, "Fox", mention="42"))[0]["content"] == "<@42>"


def test_the_frame_carries_the_number_of_its_posting():
    assert wire(Card(CardKind.JOB, "x"), mark=render.mark("card:1"))[0]["id"] == render.mark("card:1")


@given(st.text(max_size=80))
def test_a_key_gives_a_number_and_a_nonce_within_discords_limits(key):
    assert 0 < render.mark(key) < 2**31
    assert len(render.nonce(key)) <= 25


def test_different_keys_give_different_numbers_and_nonces():
    keys = [f"entry:{number}" for number in range(1000)]
    assert len({render.mark(key) for key in keys}) == len({render.nonce(key) for key in keys}) == 1000


def test_buttons_stand_five_in_a_row_each_action_once():
    buttons = tuple(Button(f"choose:d:sport:{number % 16}", str(number)) for number in range(20))
    rows = [part for part in parts(Card(CardKind.CHOICE, "Which?", buttons=buttons)) if part["type"] == 1]
    assert [len(row["components"]) for row in rows] == [5, 5, 5, 1]


def test_a_button_carries_its_action():
    button = Button("cancel:job1", "Stop", "🛑", ButtonStyle.DANGER)
    (row,) = [part for part in parts(Card(CardKind.JOB, "x", buttons=(button,))) if part["type"] == 1]
    (made,) = row["components"]
    assert (made["custom_id"], made["label"], made["style"]) == ("o:cancel:job1", "Stop", 4)


def test_a_letter_has_no_buttons():
    assert [
        part["type"]
        for part in wire(Card(CardKind.JOB, "x", buttons=(Button("mine", "M"),)), buttons=False)[0]["components"]
    ] == [10]


def test_a_long_sentence_leaves_room_for_the_lines():
    card = Card(CardKind.LIST, "Mine", ("line",) * 400, "*" * 2000)
    texts = [part["content"] for part in parts(card)]
    assert texts[1].endswith("…")
    assert texts[2].startswith("line\nline")
    assert len(texts[2]) > 1000


@given(LONG, LONG, st.lists(LONG, max_size=4), LONG, LONG)
def test_whatever_a_card_says_discord_takes_it(title, quote, lines, small, words):
    card = Card(
        CardKind.JOB,
        f"t{title}",
        tuple(lines),
        quote,
        small,
        progress=Progress(0.5, words),
        buttons=(Button("mine", f"m{title}"),),
        mention="1" * 20,
    )
    rules.message({"components": wire(card), "flags": rules.V2}, {})


FORM = Form(
    "create:entry1",
    "Remix",
    "Go",
    (
        Field("prompt", "Sentence", FieldKind.LONG_TEXT, "a fox", "what happens", required=True),
        Field("sport", "Sport", FieldKind.SELECT, "luge", "or leave it", choices=(Choice("luge", "Luge"),)),
        Field("image", "Picture", FieldKind.FILE),
        Field("seed", "Seed", hint="a number"),
    ),
)


def test_a_form_keeps_names_values_and_hints():
    form = render.form(FORM).to_dict()
    assert (form["custom_id"], form["title"]) == ("o:create:entry1", "Remix")
    prompt, sport, image, seed = form["components"]
    assert prompt["component"]["value"] == "a fox"
    assert prompt["description"] == "what happens"
    assert sport["component"]["options"][0]["default"] is True
    assert sport["component"]["required"] is False
    assert image["component"]["type"] == 19
    assert seed["component"]["placeholder"] == "a number"


def test_a_form_of_more_than_five_fields_keeps_the_required_ones_in_order():
    fields = tuple(Field(str(number), str(number), required=number > 4) for number in range(8))
    form = render.form(Form("create", "New", "Go", fields)).to_dict()
    assert [label["component"]["custom_id"] for label in form["components"]] == ["0", "1", "5", "6", "7"]


def test_a_choice_among_nothing_is_a_text_field():
    form = render.form(Form("create", "New", "Go", (Field("style", "Style", FieldKind.SELECT),))).to_dict()
    rules.modal(form)
    assert form["components"][0]["component"]["type"] == 4


PICKS = Form(
    "setup:channels",
    "Channels",
    "Save",
    (
        Field("create", "Create", FieldKind.CHANNEL, "11,12", many=True),
        Field("review", "Review", FieldKind.CHANNEL, "11,12", required=True),
        Field("moderators", "Moderators", FieldKind.ROLE, "21", many=True),
        Field("jury", "Jury", FieldKind.MEMBER, many=True),
        Field("sports", "Sports", FieldKind.SELECT, "a,c", choices=tuple(Choice(one, one) for one in "abc"), many=True),
    ),
)


def test_channels_roles_and_members_are_picked_from_discords_own_lists():
    form = render.form(PICKS).to_dict()
    rules.modal(form)
    create, review, moderators, jury, sports = (label["component"] for label in form["components"])
    assert [field["type"] for field in (create, review, moderators, jury, sports)] == [8, 8, 6, 5, 3]
    assert create["channel_types"] == [0, 5]
    assert [one["id"] for one in create["default_values"]] == [11, 12]
    assert (review["min_values"], review["max_values"], len(review["default_values"])) == (1, 1, 1)
    assert [option["value"] for option in sports["options"] if option["default"]] == ["a", "c"]
    assert sports["max_values"] == 3


def test_files_that_hang_already_are_shown_and_none_comes_along():
    shown = render.card(Card(CardKind.ENTRY, "Fox", video=VIDEO), kept=["old.mp4"])
    assert shown.files == ()
    (item,) = shown.view.to_components()[0]["components"][0]["items"]
    assert (item["media"]["url"], item["description"]) == ("attachment://old.mp4", "a fox jumps")


def test_a_card_whose_file_is_gone_is_words_alone():
    assert [part["type"] for part in wire(Card(CardKind.ENTRY, "Fox", video=VIDEO), kept=[])[0]["components"]] == [10]


@pytest.mark.parametrize("tag", locales.languages())
def test_discord_takes_the_form_for_a_new_clip(tag):
    rules.modal(render.form(cards.create_form(tag, prompt="狐" * LONGEST_PROMPT)).to_dict())


@given(LONG, LONG, LONG, st.integers(1, 9000))
def test_whatever_a_form_asks_discord_takes_it(title, label, value, longest):
    fields = (
        Field("a", f"l{label}", FieldKind.LONG_TEXT, value, label, longest=longest),
        Field("b", f"l{label}", FieldKind.SELECT, value, label, choices=(Choice("v", f"c{label}"),)),
    )
    rules.modal(render.form(Form("create", f"t{title}", "Go", fields)).to_dict())


def test_a_file_to_keep_hangs_below_the_words(tmp_path):
    (tmp_path / "x").write_bytes(b"PK")
    shown = render.card(Card(CardKind.NOTICE, "Yours", file=CardFile("olympic-1.zip", tmp_path / "x", 2)))
    below = shown.view.to_components()[1]
    assert (below["file"]["url"], [file.name for file in shown.files]) == (
        "attachment://olympic-1.zip",
        ["olympic-1.zip"],
    )
