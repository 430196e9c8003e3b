"""The moderators' words."""

from __future__ import annotations

from typing import Final

from bot.grammar.making import page
from bot.grammar.word import Kind, Option, Word
from bot.model.command import PauseMember, Queue, ResumeMember
from bot.model.people import Role

_MEMBER: Final = Option("member", Kind.MEMBER, required=True)

WORDS: Final = (
    Word(
        "review",
        lambda values, _files: Queue(page(values.get("page", ""))),
        (Option("page", Kind.NUMBER),),
        rest="page",
        role=Role.MODERATOR,
    ),
    Word(
        "member pause",
        lambda values, _files: PauseMember(values.get("member", ""), values.get("reason", "")),
        (_MEMBER, Option("reason", longest=300)),
        rest="member",
        role=Role.MODERATOR,
    ),
    Word(
        "member resume",
        lambda values, _files: ResumeMember(values.get("member", "")),
        (_MEMBER,),
        rest="member",
        role=Role.MODERATOR,
    ),
)
