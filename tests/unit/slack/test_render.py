import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.locales import languages, words
from bot.model.card import (
    Button,
    ButtonStyle,
    Card,
    CardKind,
    Choice,
    Field,
    FieldKind,
    Form,
    Progress,
    Tone,
    Video,
)
from handlers.slack import render
from handlers.slack.parse import PRESS
from tests.fakes_slack import block_faults

EN = words("en")
VIDEO = Video(Path("a.mp4"), "a.mp4", "a fox", Path("a.jpg"), 15.0, 1280, 720, 1000)
long = st.sampled_from(["x" * 3200, "**b**" * 640, "<!channel> & <@U1>" * 180])
texts = st.text(max_size=400) | long
buttons = st.builds(
    lambda number, label, style: Button(f"help:{number}", label, "⛷️", style),
    st.uuids(),
    st.text(max_size=40) | st.just("x" * 100),
    st.sampled_from(ButtonStyle),
)
cards = st.builds(
    Card,
    kind=st.sampled_from(CardKind),
    title=texts,
    lines=st.lists(texts, max_size=2).map(tuple),
    quote=texts,
    small=texts,
    tone=st.sampled_from(Tone),
    progress=st.none() | st.builds(Progress, st.none() | st.floats(-1, 2), texts),
    video=st.none() | st.just(VIDEO),
    buttons=st.lists(buttons, max_size=30).map(tuple),
    mention=st.none() | st.just("U1"),
)


def card(**more: object) -> Card:
    return Card(**{"kind": CardKind.NOTICE, "title": "Title", **more})


@given(cards)
def test_slack_would_take_any_card(any_card):
    assert block_faults(render.blocks(any_card, EN)) == []
    assert 0 < len(render.fallback(any_card)) <= render.LONGEST_TEXT


@given(cards)
def test_the_text_of_a_card_never_calls_anybody(any_card):
    assert "<" not in render.fallback(any_card)


def test_a_members_words_are_quoted_and_never_interpreted():
    quote = "<!channel> **loud** & *proud*"
    (block,) = [block for block in render.blocks(card(quote=quote), EN) if block["type"] == "rich_text"]
    assert block["elements"] == [{"type": "rich_text_quote", "elements": [{"type": "text", "text": quote}]}]


def test_bold_words_of_ours_are_bold():
    block = render.blocks(card(lines=("a **b** c",)), EN)[1]
    runs = [(run["text"], run.get("style")) for run in block["elements"][0]["elements"]]
    assert runs == [("a ", None), ("b", {"bold": True}), (" c", None)]


@pytest.mark.parametrize(
    ("fraction", "bar"),
    [(None, "▱" * 10), (0, "▱" * 10), (0.3, "▰▰▰" + "▱" * 7), (0.99, "▰" * 9 + "▱"), (1, "▰" * 10), (7, "▰" * 10)],
)
def test_a_bar_has_ten_segments(fraction, bar):
    assert render.bar(fraction) == bar


def test_a_failure_is_seen_at_a_glance():
    assert render.blocks(card(tone=Tone.BAD), EN)[0]["text"]["text"] == "⚠️ Title"


def test_a_button_that_opens_a_page_asks_nothing_of_us():
    button = Button("hall", "Open the exhibit", "🏛️", url="https://hall.example.org/exhibits/e1")
    (element,) = render.blocks(card(buttons=(button,)), EN)[-1]["elements"]
    assert element["url"] == button.url
    assert not element["action_id"].startswith(PRESS)


def test_a_button_carries_its_whole_action():
    button = Button("delete:e1", "Delete", "🗑️", ButtonStyle.DANGER)
    (element,) = render.blocks(card(buttons=(button,)), EN)[-1]["elements"]
    assert (element["value"], element["action_id"], element["style"]) == ("delete:e1", "press:delete:e1", "danger")
    assert element["text"]["text"] == "🗑️ Delete"


def test_a_card_with_a_clip_says_where_the_clip_is():
    assert "The clip is in the thread · 15 s" in str(render.blocks(card(video=VIDEO), EN))


def test_the_maker_of_a_clip_is_mentioned_beside_the_clip_only():
    made = card(title="A <fox>", video=VIDEO, mention="U1")
    assert "U1" not in json.dumps(render.blocks(made, EN)) + render.fallback(made)
    assert render.comment(made) == "<@U1> A &lt;fox&gt;"


def test_a_member_is_mentioned_in_a_card_without_a_clip():
    assert {"type": "user", "user_id": "U1"} in render.blocks(card(mention="U1"), EN)[1]["elements"][0]["elements"]


@given(st.text(max_size=300), st.integers(10, 100))
def test_escaped_text_is_short_and_keeps_whole_entities(text, most):
    safe = render.escaped(text, most)
    assert len(safe) <= most
    assert safe.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").count("&") == 0


# ---------------------------------------------------------------------------------------------- forms


def form(*fields: Field, action: str = "create") -> Form:
    return Form(action, "Make a clip", "Create", fields)


def modal(*fields: Field, ask_place: bool = False) -> dict[str, object]:
    return render.modal(form(*fields), EN, origin="{}", ask_place=ask_place)


def test_slack_would_take_a_form():
    choices = tuple(Choice(str(number), "x" * 100) for number in range(150))
    view = modal(
        Field("prompt", "What?", FieldKind.LONG_TEXT, "v" * 4000, "h" * 3000, required=True, longest=5000),
        Field("sport", "Sport", FieldKind.SELECT, "7", choices=choices),
        Field("image", "Picture", FieldKind.FILE),
        ask_place=True,
    )
    View(**view).validate_json()
    assert len(view["title"]["text"]) <= 24
    assert len(view["blocks"][1]["element"]["options"]) == 100


def test_a_title_too_long_for_slack_stands_whole_in_the_form():
    extras = Form("setup:extras:1", "Who may use styles and pictures", "Save", ())
    view = render.modal(extras, EN, origin="{}", ask_place=False)
    View(**view).validate_json()
    assert view["title"]["text"] == "Who may use styles and…"
    assert view["blocks"][0]["text"]["text"] == "Who may use styles and pictures"


def test_a_form_carries_its_action_and_origin():
    view = render.modal(form(action="create:e1"), EN, origin='{"channel":"C1"}', ask_place=False)
    assert (view["callback_id"], view["private_metadata"]) == ("form:create:e1", '{"channel":"C1"}')


def test_a_choice_of_nothing_is_an_empty_select():
    block = modal(Field("style", "Style", FieldKind.SELECT, choices=(Choice("", "Any"), Choice("m", "Manga"))))
    element = block["blocks"][0]["element"]
    assert element["placeholder"]["text"] == "Any"
    assert [option["value"] for option in element["options"]] == ["m"]
    assert "initial_option" not in element


def test_a_chosen_value_is_shown_chosen():
    block = modal(Field("style", "Style", FieldKind.SELECT, "m", choices=(Choice("m", "Manga"),)))
    assert block["blocks"][0]["element"]["initial_option"]["value"] == "m"


def test_a_select_without_choices_is_a_line_to_write_in():
    assert modal(Field("style", "Style", FieldKind.SELECT))["blocks"][0]["element"]["type"] == "plain_text_input"


def test_a_form_takes_one_picture_of_a_known_kind():
    element = modal(Field("image", "Picture", FieldKind.FILE))["blocks"][0]["element"]
    assert element["max_files"] == 1
    assert "png" in element["filetypes"]


@pytest.mark.parametrize("language", languages())
def test_slack_would_take_the_apps_own_page(language):
    view = render.home(words(language))
    View(**view).validate_json()
    assert block_faults(view["blocks"]) == []
    assert "slack." not in json.dumps(view)
