import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.command import Cancel, Compose, Create, Help, Status, Unknown
from bot.model.people import Role
from handlers.slack import parse


def slash(text: str, **more: str) -> dict[str, str]:
    return {"text": text, "user_id": "U1", "user_name": "ann", "channel_id": "C1", "trigger_id": "t1", **more}


def pressed(action: str, **more: object) -> dict[str, object]:
    button = {"action_id": f"press:{action}", "value": action, "action_ts": "1.1"}
    return {"user": {"id": "U1", "username": "ann"}, "actions": [button], "trigger_id": "t1", **more}


def submitted(values: dict[str, object], **more: object) -> dict[str, object]:
    view = {"id": "V1", "hash": "h", "callback_id": "form:create", "state": {"values": values}, **more}
    return {"user": {"id": "U1", "name": "ann"}, "view": view}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Compose()),
        ("status", Status()),
        ("create a fox style:manga", Create("a fox", style="manga")),
        ("create a fox style:“van gogh”", Create("a fox", style="van gogh")),
        ("create &lt;b&gt; &amp; c", Create("<b> & c")),
        ("create <@U2|bea> luges in <#C2|snow>", Create("@bea luges in #snow")),
        ("create see <https://x.test/a|x.test>", Create("see x.test")),
        ("create <!here> jump", Create("@here jump")),
        ("craete x", Unknown("craete x", "create")),
    ],
)
def test_the_words_after_the_command_are_read_as_they_were_meant(text, command):
    assert parse.slash(slash(text)).command == command


@given(st.text(max_size=200))
def test_no_words_are_too_strange_to_be_read(text):
    parse.slash(slash(text))


def test_a_button_of_a_card_tells_its_action_and_place():
    message = {"ts": "5.0"}
    heard = parse.press(pressed("cancel:j1", channel={"id": "C1"}, message=message, response_url="r"))
    assert heard.command == Cancel("j1")
    assert (heard.user, heard.name, heard.channel, heard.thread, heard.answer) == ("U1", "ann", "C1", None, "r")


def test_a_card_that_began_a_thread_stands_in_the_channel():
    heard = parse.press(pressed("help", channel={"id": "C1"}, message={"ts": "5.0", "thread_ts": "5.0"}))
    assert heard.thread is None


def test_a_card_inside_a_thread_is_answered_there():
    heard = parse.press(pressed("help", channel={"id": "C1"}, message={"ts": "6.0", "thread_ts": "5.0"}))
    assert heard.thread == "5.0"


def test_a_button_of_the_apps_own_page_has_no_channel():
    heard = parse.press(pressed("help", container={"type": "view"}))
    assert heard.command == Help()
    assert heard.placeless


@given(st.text(max_size=100))
def test_a_forged_action_is_never_more_than_a_command(action):
    parse.press(pressed(action))


def test_two_presses_are_two_and_a_repetition_is_one():
    first = parse.press(pressed("help"))
    assert first.once == parse.press(pressed("help")).once
    assert first.once != parse.press(pressed("help", trigger_id="t2")).once


def test_a_form_remembers_where_it_was_opened():
    opened = parse.press(pressed("compose", channel={"id": "C1"}, message={"ts": "6", "thread_ts": "5"}))
    heard = parse.submission(submitted({}, private_metadata=parse.origin(opened)))
    assert (heard.channel, heard.thread) == ("C1", "5")


def test_the_place_chosen_in_a_form_wins():
    values = {parse.PLACE_BLOCK: {"value": {"selected_conversation": "C7"}}}
    body = submitted(values, private_metadata=json.dumps({"channel": "C1", "thread": "5"}))
    body["response_urls"] = [{"response_url": "r7"}]
    heard = parse.submission(body)
    assert (heard.channel, heard.thread, heard.answer) == ("C7", None, "r7")


def test_the_fields_of_a_form_become_the_command():
    values = {
        "prompt": {"value": {"value": "a fox"}},
        "style": {"value": {"selected_option": {"value": "manga"}}},
        "camera": {"value": {"selected_option": None}},
        "sport": {"value": {"value": None}},
    }
    assert parse.submission(submitted(values)).command == Create("a fox", style="manga")


def test_a_remix_form_keeps_the_entry_it_came_from():
    heard = parse.submission(submitted({"prompt": {"value": {"value": "x"}}}, callback_id="form:create:e1"))
    assert heard.command == Create("x", parent="e1")


@pytest.mark.parametrize("private", ["", "no json", "[]", '{"channel": 3}'])
def test_a_form_whose_memory_is_broken_leads_to_the_member(private):
    assert parse.submission(submitted({}, private_metadata=private)).placeless


def test_a_shared_file_is_taken_by_its_download_address():
    file = {"name": "a.png", "url_private": "p", "url_private_download": "d", "size": 3, "mimetype": "image/png"}
    heard = parse.submission(submitted({"image": {"value": {"files": [file]}}}))
    assert heard.files == (("image", parse.Shared("a.png", "d", 3, "image/png")),)


@pytest.mark.parametrize(
    ("user", "role"), [({}, Role.MEMBER), ({"is_admin": True}, Role.ADMIN), ({"is_owner": True}, Role.ADMIN)]
)
def test_owners_and_admins_of_the_workspace_are_admins(user, role):
    assert parse.role(user) is role


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"profile": {"display_name": "Ann"}, "real_name": "Ann Lee"}, "Ann"),
        ({"profile": {"display_name": ""}, "real_name": "Ann Lee"}, "Ann Lee"),
        ({"name": "ann"}, "ann"),
    ],
)
def test_a_member_is_called_as_they_wish(user, name):
    assert parse.name(user) == name


def test_channels_and_people_chosen_in_a_form_come_as_ids_joined_by_commas():
    chosen = {
        "review": {"value": {"type": "conversations_select", "selected_conversation": "C1"}},
        "create": {"value": {"type": "multi_conversations_select", "selected_conversations": ["C1", "C2"]}},
        "owner": {"value": {"type": "users_select", "selected_user": "U1"}},
        "moderators": {"value": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
        "styles": {"value": {"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]}},
        "nobody": {"value": {"type": "multi_users_select", "selected_users": []}},
    }
    view = {"callback_id": "form:setup", "state": {"values": chosen}}
    heard = parse.submission({"user": {"id": "U9"}, "view": view})
    assert dict(heard.values) == {
        "review": "C1",
        "create": "C1,C2",
        "owner": "U1",
        "moderators": "U1,U2",
        "styles": "a,b",
    }
