"""The app manifest: everything Slack must know about the app, to be pasted at "Create an app → From a manifest".

Reference: https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

import json
from typing import Any, Final

from bot.errors import SetupError
from handlers.slack.parse import CREATE_SHORTCUT, NOMINATE_SHORTCUT, REMAKE_SHORTCUT

PATH: Final = "/slack/events"
"""The one path that takes events, commands and interactions in HTTP mode."""
REDIRECT: Final = "/slack/oauth_redirect"
"""Where Slack leads those back who have installed the app."""
SCOPES: Final = (
    "commands",  # /olympic and the shortcuts
    "chat:write",  # post, edit and delete our own cards
    "files:write",  # put the clip into the card's thread
    "files:read",  # pictures and sounds handed over in forms; where an upload was shared
    "reactions:read",  # votes
    "reactions:write",  # our own reaction under each work, so that voting is one press
    "users:read",  # the member's name, language and whether they are an admin; names typed as @name
    "channels:read",  # #name typed in a command, choices of the setup, whether we are in a channel …
    "groups:read",  # … and for private channels also who is in them: others' votes there do not count
    "im:write",  # open the conversation in which makers are told what became of their work
    "channels:history",  # find our own card again after a crash, so that nothing is posted twice; deleted works …
    "groups:history",  # … in private channels
    "im:history",  # … in the conversation with the app
    "mpim:history",  # … in group conversations
)
EVENTS: Final = (
    "app_home_opened",
    "app_uninstalled",
    "member_joined_channel",  # of ourselves: where the app may say hello
    "message.channels",  # deletions only: votes under a work that is gone do not count; all else is dropped unread …
    "message.groups",  # … in private channels
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
)
_NAME: Final = "olympic-bot"
_SHORT: Final = "One sentence becomes a 15-second winter-sports clip; members vote for the best."
_LONG: Final = (
    "Type /olympic and one sentence: a clip of fifteen seconds with sound is drawn and posted in your channel. "
    "Choose the sport, the style and the camera, hand over a picture or a sound, remix what others made, and react to "
    "vote. The clips are drawn by a machine and labelled so. An independent project without any link to sports "
    "organisations."
)


def manifest(*, socket_mode: bool = True, address: str = "") -> str:
    """The manifest as JSON. Without Socket Mode `address` is the public https address that leads to our HTTP port.

    Raises `SetupError` when HTTP mode has no https address.
    """
    if not socket_mode and not address.startswith("https://"):
        raise SetupError("HTTP mode needs a public https address", key="slack.setup.address")
    url = "" if socket_mode else address.rstrip("/") + PATH
    return json.dumps(_whole(socket_mode, url), indent=2, ensure_ascii=False) + "\n"


def _whole(socket_mode: bool, url: str) -> dict[str, Any]:
    request = {"request_url": url} if url else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": _NAME,
            "description": _SHORT,
            "long_description": _LONG,
            "background_color": "#12263f",
        },
        "features": _features(url),
        "oauth_config": {**_redirect(url), "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _redirect(url: str) -> dict[str, Any]:
    """Where Slack leads those back who install the app in a workspace of their own."""
    return {"redirect_urls": [url.removesuffix(PATH) + REDIRECT]} if url else {}


def _features(url: str) -> dict[str, Any]:
    command = {
        "command": "/olympic",
        "description": "Make a winter-sports clip from one sentence",
        "usage_hint": "create a fox jumps from the large hill style:manga",
        "should_escape": False,
        **({"url": url} if url else {}),
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,  # private answers land here where the app is no member of the channel
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": _NAME, "always_online": True},
        "shortcuts": [
            _shortcut("Create a clip", "global", CREATE_SHORTCUT, "Open the form for a new clip"),
            _shortcut("Make a clip of it", "message", REMAKE_SHORTCUT, "Begin a clip with this message's words"),
            _shortcut("Nominate for the exhibit", "message", NOMINATE_SHORTCUT, "Bring a work before the moderators"),
        ],
        "slash_commands": [command],
    }


def _shortcut(name: str, kind: str, callback: str, description: str) -> dict[str, str]:
    return {"name": name, "type": kind, "callback_id": callback, "description": description}
