"""What comes over the wire, in our words."""

from __future__ import annotations

import pytest

from bot.model.command import (
    Attachment,
    Cancel,
    Choose,
    Compose,
    Create,
    Decline,
    Delete,
    Exhibit,
    Mine,
    NameMe,
    Nominate,
    Queue,
    Remix,
    Status,
    Takedown,
    Top,
    Unknown,
)
from handlers.discord import parse


def form(custom_id: str, *components: dict, **resolved: dict) -> dict:
    labels = [{"type": 18, "id": 1, "component": component} for component in components]
    return {"custom_id": custom_id, "components": labels, "resolved": {"attachments": resolved}}


PROMPT = {"type": 4, "custom_id": "prompt", "value": "a fox"}


@pytest.mark.parametrize(
    ("custom_id", "command"),
    [
        ("o:status", Status()),
        ("o:cancel:job1", Cancel("job1")),
        ("o:mine:3", Mine(3)),
        ("o:choose:d1:sport:luge", Choose("d1", "sport", "luge")),
        ("o123:status", Status()),
        ("o:reign", Unknown("reign")),
        ("status", Unknown("status")),
        ("", Unknown("")),
    ],
)
def test_a_button_is_the_action_it_carries(custom_id, command):
    assert parse.pressed(custom_id).command == command


def test_a_letters_button_names_its_server_as_long_as_there_is_room():
    assert parse.custom_id("mine", "123") == "o123:mine"
    assert parse.custom_id("x" * 90, "1" * 20) == "o:" + "x" * 90


def test_a_form_gives_its_texts_and_choices():
    select = {"type": 3, "custom_id": "sport", "values": ["luge"]}
    heard = parse.submitted(form("o:create:entry1", PROMPT, select))
    assert heard.command == Create("a fox", sport="luge", parent="entry1")


def test_a_form_in_rows_is_read_as_well():
    data = {"custom_id": "o:create", "components": [{"type": 1, "components": [PROMPT]}]}
    assert parse.submitted(data).command == Create("a fox")


def test_fields_left_empty_say_nothing():
    empty = {"type": 4, "custom_id": "seed", "value": ""}
    nothing = {"type": 3, "custom_id": "sport", "values": []}
    assert parse.submitted(form("o:create", PROMPT, empty, nothing)).command == Create("a fox")


def test_a_forms_file_is_an_upload_and_joins_the_command_once_it_is_here():
    upload = {"type": 19, "custom_id": "image", "values": ["5"]}
    file = {"filename": "fox.png", "url": "http://cdn/5", "size": 3, "content_type": "image/png"}
    heard = parse.submitted(form("o:create", PROMPT, upload, **{"5": file}))
    assert heard.uploads == {"image": parse.Upload("fox.png", "http://cdn/5", 3, "image/png")}
    fox = Attachment("fox.png", b"png")
    assert heard.read({"image": fox}) == Create("a fox", image=fox)


@pytest.mark.parametrize("kind", [3, 5, 6, 7, 8])
def test_several_choices_are_joined_by_commas(kind):
    several = {"type": kind, "custom_id": "style", "values": ["1", "2"]}
    assert parse.submitted(form("o:create", PROMPT, several)).command == Create("a fox", style="1,2")


def test_a_file_that_is_not_there_is_no_upload():
    upload = {"type": 19, "custom_id": "image", "values": ["5"]}
    assert parse.submitted(form("o:create", PROMPT, upload)).uploads == {}


@pytest.mark.parametrize("data", [{}, {"custom_id": "x"}, {"custom_id": "o:reign", "components": []}])
def test_a_forged_form_is_unknown(data):
    assert isinstance(parse.submitted(data).command, Unknown)


@pytest.mark.parametrize("command", [Compose(), Remix("e"), Decline("e"), NameMe()])
def test_what_is_answered_with_a_form_waits_for_it(command):
    assert parse.opens_form(command)


@pytest.mark.parametrize("command", [Create("x"), Status(), Nominate("e")])
def test_what_is_answered_with_words_is_acknowledged_at_once(command):
    assert not parse.opens_form(command)


def test_pages_choices_and_the_last_word_on_deleting_stay_in_their_card():
    turning = [
        Mine(2),
        Exhibit(2),
        Top("all", 2),
        Queue(2),
        Choose("d", "sport", "luge"),
        Delete("e", sure=True),
        Takedown("e", sure=True),
    ]
    fresh = [Delete("e"), Status(), Cancel("j"), Create("x")]
    assert [parse.turns_page(command) for command in turning] == [True] * 7
    assert [parse.turns_page(command) for command in fresh] == [False] * 4
