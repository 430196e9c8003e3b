"""Channels, people and groups in typed words → their ids: `<#C1|news>` as Slack writes them, `#news` as people do."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Final

from bot import grammar
from bot.grammar import Kind
from bot.model.command import Nominate
from handlers.slack import parse
from handlers.slack.parse import Heard
from handlers.slack.shape import text
from handlers.slack.workspace import Workspace

_TOLD: Final = re.compile(r"<(?:@|#|!subteam\^)([A-Z0-9]+)(?:\|[^<>]*)?>")
_NAMED: Final = frozenset({Kind.CHANNEL, Kind.ROLE, Kind.MEMBER})


async def resolved(heard: Heard, there: Workspace) -> Heard:
    """The same with ids for names, where its word takes some, and with the work for a clip that was pointed at.

    Raises `PlatformError`.
    """
    if isinstance(heard.command, Nominate) and heard.command.message:
        return await _pointed(heard, there)
    word, rest = grammar.split(heard.typed) if heard.typed else (None, "")
    if word is None or not any(option.kind in _NAMED for option in word.options):
        return heard
    values = grammar.values(word, parse.plain_quotes(html.unescape(_TOLD.sub(r"\1", rest))))
    for option in word.options:
        if option.kind in _NAMED and option.name in values:
            names = [await _id(name.strip(), option.kind, there) for name in values[option.name].split(",")]
            values[option.name] = ",".join(filter(None, names))
    return replace(heard, command=word.read(values, {}))


async def _pointed(heard: Heard, there: Workspace) -> Heard:
    assert isinstance(heard.command, Nominate)
    message = heard.command.message
    assert message is not None
    pair = await there.pairs.at(message.channel, message.id)
    ref = replace(message, community=there.community, id=pair.card, extra=pair.clip)
    return replace(heard, command=Nominate(message=ref))


async def _id(name: str, kind: Kind, there: Workspace) -> str:
    """The id of what is called so; what nobody is called stays as it is, for the answer that says so."""
    called = name.lstrip("#@")
    if kind is Kind.CHANNEL:
        channels = await there.directory.channels()
        return next((channel for channel, named in channels.items() if named == called.lower()), called)
    if kind is Kind.ROLE:
        for group in await there.directory.groups():
            if text(group, "handle") == called:
                return text(group, "id")
    people = await there.directory.people()
    return people.get(called.lower(), called)
