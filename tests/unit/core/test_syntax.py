import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import syntax
from bot.model.command import (
    Again,
    Attachment,
    Cancel,
    Choose,
    Compose,
    Create,
    Delete,
    Help,
    Mine,
    Status,
    Unknown,
    Whole,
)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Compose()),
        ("create", Compose()),
        ("create A fox on skis", Create("A fox on skis")),
        ('create "A fox on skis" sport:ski-jumping', Create("A fox on skis", sport="ski-jumping")),
        ("create style:manga A fox seed:7 on skis", Create("A fox on skis", style="manga", seed="7")),
        ('create prompt:"A fox: fast" camera:low', Create("A fox: fast", camera="low")),
        ("create 「狐がジャンプ」 style:manga", Create("狐がジャンプ", style="manga")),
        ("create at 10:30 a fox", Create("at 10:30 a fox")),
        ("create a sporty style: none", Create("a sporty style: none".replace(" style:", "").strip(), style="")),
        ("status", Status()),
        ("cancel abc", Cancel("abc")),
        ("mine 3", Mine(3)),
        ("mine x", Mine(1)),
        ("HELP", Help()),
        ("stauts", Unknown("stauts", "status")),
        ("qwertyuiop", Unknown("qwertyuiop")),
    ],
)
def test_typed_words_become_commands(text, command) -> None:
    assert syntax.parse(text) == command


@pytest.mark.parametrize(
    ("action", "command"),
    [
        ("cancel:j1", Cancel("j1")),
        ("again:e1", Again("e1")),
        ("whole:e1", Whole("e1")),
        ("delete:e1", Delete("e1")),
        ("delete-sure:e1", Delete("e1", sure=True)),
        ("choose:d1:sport:luge", Choose("d1", "sport", "luge")),
        ("mine:2", Mine(2)),
        ("compose", Compose()),
        ("cancel", Unknown("cancel")),
        ("choose:d1:role:admin", Unknown("d1:role:admin")),
        ("drop-tables:1", Unknown("drop-tables:1")),
    ],
)
def test_pressed_buttons_become_commands(action, command) -> None:
    assert syntax.press(action) == command


def test_attachments_reach_the_wish() -> None:
    picture = Attachment("a.png", b"x")

    assert syntax.parse("create a fox", {"image": picture}) == Create("a fox", image=picture)


def test_a_submitted_remix_names_its_parent() -> None:
    assert syntax.submit("create:e1", {"prompt": " a fox ", "sport": ""}) == Create("a fox", parent="e1")


@given(st.text(max_size=300))
def test_no_words_break_the_grammar(text) -> None:
    assert syntax.parse(text) is not None


@given(st.text(max_size=100))
def test_no_forged_action_breaks_the_grammar(action) -> None:
    assert syntax.press(action) is not None
