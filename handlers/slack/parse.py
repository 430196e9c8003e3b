"""Slack's payloads → our commands. Pure: no network, no clock; what a payload lacks is an empty string."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot import syntax
from bot.model.command import Attachment, Command, Compose, Nominate
from bot.model.people import Community, MessageRef, Role
from handlers.slack.shape import part, parts, text, texts, whole

NAME: Final = "slack"
"""As in `Community.platform`."""
PRESS: Final = "press:"
"""Begins the action_id of every button of ours; its value is the action."""
LINK: Final = "link:"
"""Begins the action_id of a button that opens a page: Slack tells us of those presses too."""
FORM: Final = "form:"
"""Begins the callback_id of every form of ours; the rest is its action."""
CREATE_SHORTCUT: Final = "olympic_create"
REMAKE_SHORTCUT: Final = "olympic_from_message"
NOMINATE_SHORTCUT: Final = "olympic_nominate"
SHORTCUTS: Final = (CREATE_SHORTCUT, REMAKE_SHORTCUT, NOMINATE_SHORTCUT)
PLACE_BLOCK: Final = "slack:place"
"""Block of the form that asks where the clip shall appear; field names have no colon."""
ANSWER: Final = "value"
"""action_id of every form field; the block's id is the field's name."""

Payload = Mapping[str, Any]
"""A JSON object as Slack sends it."""

_TAG: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_CURLY: Final = re.compile(r"(?<!\S)(\w+[:：=])[“”]([^“”]*)[“”]")


@dataclass(frozen=True, slots=True)
class Shared:
    """A file a member put into a form."""

    name: str
    url: str
    size: int
    mime: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing a member did, with every way back to them.

    `once` is the same when Slack sends the same thing again. `reopen` is the action that asks the same question again,
    should a form come too late. Without a channel (shortcuts, App Home) the channel is the member's own id.
    """

    once: str
    command: Command
    user: str
    name: str
    channel: str
    thread: str | None = None
    trigger: str = ""
    answer: str = ""
    reopen: str = "compose"
    typed: str = ""
    """What was typed after a slash command, as Slack sends it."""
    form: str = ""
    values: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, Shared], ...] = ()

    @property
    def placeless(self) -> bool:
        """Whether it happened outside any channel."""
        return self.channel == self.user

    def with_files(self, files: Mapping[str, Attachment]) -> Heard:
        """The same with the form's files fetched."""
        return replace(self, command=syntax.submit(self.form, dict(self.values), files))


def slash(body: Payload) -> Heard:
    """A slash command; its words are ours to read."""
    return Heard(
        once=f"slash:{text(body, 'trigger_id')}",
        command=syntax.parse(plain_quotes(plain(text(body, "text")))),
        user=text(body, "user_id"),
        name=text(body, "user_name"),
        channel=text(body, "channel_id"),
        trigger=text(body, "trigger_id"),
        answer=text(body, "response_url"),
        typed=text(body, "text"),
    )


def press(body: Payload) -> Heard:
    """A pressed button, in a message or in App Home."""
    user = text(part(body, "user"), "id")
    action = next(iter(parts(body, "actions") or [whole(None)]))
    said = text(action, "value")
    return Heard(
        once=f"press:{text(body, 'trigger_id')}:{text(action, 'action_ts')}",
        command=syntax.press(said),
        channel=text(part(body, "channel"), "id") or user,
        thread=_thread(part(body, "message")),
        answer=text(body, "response_url"),
        reopen=said,
        user=user,
        name=_called(body),
        trigger=text(body, "trigger_id"),
    )


def shortcut(body: Payload) -> Heard:
    """The global shortcut, or one on a message: its words become the sentence, or it is nominated."""
    user, message = text(part(body, "user"), "id"), part(body, "message")
    command: Command = Compose(plain(text(message, "text")))
    if text(body, "callback_id") == NOMINATE_SHORTCUT:
        community = Community(NAME, text(part(body, "team"), "id"))
        command = Nominate(message=MessageRef(community, text(part(body, "channel"), "id"), text(message, "ts")))
    return Heard(
        once=f"shortcut:{text(body, 'trigger_id')}",
        command=command,
        channel=text(part(body, "channel"), "id") or user,
        thread=_thread(message),
        answer=text(body, "response_url"),
        user=user,
        name=_called(body),
        trigger=text(body, "trigger_id"),
    )


def submission(body: Payload) -> Heard:
    """A submitted form. Its place is where it was opened, or the one chosen in it."""
    user, view = text(part(body, "user"), "id"), part(body, "view")
    form = text(view, "callback_id").removeprefix(FORM)
    state = part(part(view, "state"), "values")
    chosen = text(part(part(state, PLACE_BLOCK), ANSWER), "selected_conversation")
    fields = {name: part(part(state, name), ANSWER) for name in state if name != PLACE_BLOCK}
    values = {name: value for name, element in fields.items() if (value := _value(element))}
    files = {name: file for name, element in fields.items() if (file := _file(element))}
    origin = _origin(text(view, "private_metadata"))
    urls = parts(body, "response_urls")
    return Heard(
        once=f"form:{text(view, 'id')}:{text(view, 'hash')}",
        command=syntax.submit(form, values),
        channel=chosen or origin["channel"] or user,
        thread=None if chosen else origin["thread"] or None,
        answer=text(urls[0], "response_url") if urls else origin["answer"],
        form=form,
        values=tuple(values.items()),
        files=tuple(files.items()),
        user=user,
        name=_called(body),
        trigger=text(body, "trigger_id"),
    )


def origin(heard: Heard) -> str:
    """What a form must remember of where it was opened, for its private_metadata (≤ 3000 characters)."""
    where = {"channel": "" if heard.placeless else heard.channel, "thread": heard.thread or "", "answer": heard.answer}
    return json.dumps(where, separators=(",", ":"))


def plain(words: str) -> str:
    """Slack's message markup as plain words: <@U1|ann> → @ann, <https://x|label> → label, &amp; → &."""
    return html.unescape(_TAG.sub(_untagged, words)).strip()


def role(user: Payload) -> Role:
    """What a user of users.info may do: Slack's owners and admins are ours."""
    return Role.ADMIN if user.get("is_admin") or user.get("is_owner") else Role.MEMBER


def name(user: Payload) -> str:
    """What a user is called."""
    profile = part(user, "profile")
    return text(profile, "display_name") or text(user, "real_name") or text(user, "name") or text(user, "id")


def _untagged(match: re.Match[str]) -> str:
    sign, target, label = match.groups()
    if sign in ("@", "#"):
        return sign + (label or target)
    return "@" + target.partition("^")[0] if sign == "!" else label or target


def plain_quotes(words: str) -> str:
    """Phones turn style:"van gogh" into style:“van gogh”."""
    return _CURLY.sub(r'\1"\2"', words)


def _origin(private: str) -> dict[str, str]:
    try:
        told = whole(json.loads(private or "{}"))
    except ValueError:
        told = {}
    return {name: text(told, name) for name in ("channel", "thread", "answer")}


def _called(body: Payload) -> str:
    user = part(body, "user")
    return text(user, "username") or text(user, "name")


def _thread(message: Payload) -> str | None:
    """The thread a message is a reply in; a message that began a thread stands in the channel itself."""
    thread = text(message, "thread_ts")
    return thread if thread and thread != text(message, "ts") else None


def _value(element: Payload) -> str:
    """What was written or chosen; several are joined by commas."""
    several = texts(element, "selected_conversations") or texts(element, "selected_users")
    options = [text(option, "value") for option in parts(element, "selected_options")]
    one = text(element, "selected_conversation") or text(element, "selected_user")
    written = text(element, "value") or text(part(element, "selected_option"), "value")
    return written or one or ",".join([*several, *options])


def _file(element: Payload) -> Shared | None:
    files = parts(element, "files")
    if not files:
        return None
    url = text(files[0], "url_private_download") or text(files[0], "url_private")
    return Shared(text(files[0], "name"), url, int(files[0].get("size") or 0), text(files[0], "mimetype"))
