"""The manifest against the limits of https://docs.slack.dev/reference/app-manifest"""

import json
import re

import pytest

from bot.errors import SetupError
from handlers.slack.manifest import manifest
from handlers.slack.parse import CREATE_SHORTCUT, NOMINATE_SHORTCUT, REMAKE_SHORTCUT

HTTP = json.loads(manifest(socket_mode=False, address="https://bot.example.org/"))
SOCKET = json.loads(manifest())
BOTH = pytest.mark.parametrize("whole", [SOCKET, HTTP], ids=["socket", "http"])
FIELDS = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "shortcuts", "slash_commands", "unfurl_domains"},
    "settings": {
        "allowed_ip_address_ranges",
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
}


@BOTH
def test_it_has_no_field_slack_does_not_know(whole):
    assert all(set(whole[name] if name else whole) <= known for name, known in FIELDS.items())


@BOTH
def test_it_introduces_itself_within_the_limits(whole):
    shown = whole["display_information"]
    assert 0 < len(shown["name"]) <= 35
    assert 0 < len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#([0-9a-f]{3}){1,2}", shown["background_color"])


@BOTH
def test_the_bots_name_is_one_slack_takes(whole):
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", whole["features"]["bot_user"]["display_name"])


@BOTH
def test_the_command_is_within_the_limits(whole):
    (command,) = whole["features"]["slash_commands"]
    assert command["command"] == "/olympic"
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


@BOTH
def test_the_shortcuts_are_within_the_limits_and_ours(whole):
    shortcuts = whole["features"]["shortcuts"]
    assert {(shortcut["type"], shortcut["callback_id"]) for shortcut in shortcuts} == {
        ("global", CREATE_SHORTCUT),
        ("message", REMAKE_SHORTCUT),
        ("message", NOMINATE_SHORTCUT),
    }
    assert len(shortcuts) <= 10
    assert all(len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150 for shortcut in shortcuts)


@BOTH
def test_every_event_is_covered_by_a_scope(whole):
    needs = {
        "reaction_added": "reactions:read",
        "reaction_removed": "reactions:read",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "member_joined_channel": "channels:read",
    }
    scopes = whole["oauth_config"]["scopes"]["bot"]
    events = whole["settings"]["event_subscriptions"]["bot_events"]
    assert {"app_home_opened", "app_uninstalled", "tokens_revoked", *needs} == set(events)
    assert set(needs.values()) <= set(scopes)
    assert len(scopes) == len(set(scopes))


def test_socket_mode_needs_no_address():
    assert SOCKET["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(SOCKET).replace("unfurl", "")


def test_http_mode_sends_everything_to_one_address():
    url = "https://bot.example.org/slack/events"
    assert HTTP["settings"]["event_subscriptions"]["request_url"] == url
    assert HTTP["settings"]["interactivity"]["request_url"] == url
    assert HTTP["features"]["slash_commands"][0]["url"] == url
    assert HTTP["settings"]["socket_mode_enabled"] is False


@pytest.mark.parametrize("address", ["", "http://bot.example.org"])
def test_http_mode_without_https_is_refused(address):
    with pytest.raises(SetupError):
        manifest(socket_mode=False, address=address)
