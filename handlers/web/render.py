"""Ours → HTML. Every word of a card is escaped; only **bold**, line breaks and lone addresses mean something."""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.completion import Completions
from bot.locales import words
from bot.model.card import Choice, Form
from handlers.tongues import tongues
from handlers.web import people
from handlers.web.hung import Hung, Preview
from handlers.web.mailbox import Answer
from handlers.web.people import Visitor
from handlers.web.reactions import BOT, Reactions
from handlers.web.uploads import LIMITS, MEGABYTE
from handlers.web.wall import CHANNEL, Message

HERE: Final = Path(__file__).parent
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+")
_EXAMPLES: Final = 3


def rich(text: str) -> Markup:
    """Escaped, with **bold** and line breaks; what is nothing but an address can be followed."""
    if _ADDRESS.fullmatch(text):
        return Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(text)
    escaped = _BOLD.sub(r"<strong>\1</strong>", str(escape(text))).replace("\n", "<br>")
    return Markup(escaped)  # noqa: S704  # escaped in the line above


def _address(visitor: Visitor, path: str, **more: str) -> str:
    """An address that keeps who is acting and where they look."""
    asked = {"as": visitor.member.id, "room": visitor.room, **more}
    usual = {"as": next(iter(people.PEOPLE)), "room": CHANNEL}
    query = urlencode({name: value for name, value in asked.items() if value != usual.get(name)})
    return f"{path}?{query}" if query else path


class Pages:
    """The templates, filled."""

    def __init__(self, completions: Completions, reactions: Reactions, hall: str = "") -> None:
        self._completions = completions
        self._hall = hall
        self._reactions = reactions
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters["rich"] = rich
        self._version = f"{zlib.crc32(b''.join(path.read_bytes() for path in sorted((HERE / 'static').iterdir()))):x}"

    def door(self, language: str) -> str:
        """What people see who come without the token."""
        return self._fill("door.html", say=words(language), language=language, light="")

    def page(
        self,
        visitor: Visitor,
        messages: Sequence[Message],
        answers: Sequence[Answer],
        *,
        position: str,
        typed: dict[str, str] | None = None,
    ) -> str:
        """The whole page. `typed`: what was in the form when it could not be taken."""
        return self._fill(
            "page.html",
            **self._about(visitor),
            cards=[self.message(visitor, message) for message in messages],
            answers=[self.answer(visitor, answer) for answer in answers],
            position=position,
            typed=typed or {},
            pick={
                name: self._completions(name, "", visitor.language, people.COMMUNITY)
                for name in ("sport", "style", "camera")
            },
            examples=[words(visitor.language)(f"studio.example.{n + 1}") for n in range(_EXAMPLES)],
            rooms=people.named_rooms(visitor.language, visitor.member.role),
            hall=self._hall,
            tongues=tongues(),
            limits=LIMITS,
        )

    def _picked(self, field: str, language: str) -> Sequence[Choice]:
        return self._completions(field, "", language, people.COMMUNITY)

    def message(self, visitor: Visitor, message: Message) -> Markup:
        """One message of the wall."""
        about = self._about(visitor)
        still = self._still(visitor, message.id, message.hung, message.preview)
        votes = [
            (emoji, sum(member != BOT for member in members), visitor.member.id in members)
            for emoji, members in self._reactions.shown(message.id).items()
            if members
        ]
        return self._fill("message.html", **about, id=message.id, created=message.created, votes=votes, **still)

    def answer(self, visitor: Visitor, answer: Answer) -> Markup:
        """One private answer: a note or a form."""
        about = self._about(visitor)
        if isinstance(answer.content, Form):
            rooms = people.named_rooms(visitor.language)
            return self._fill("dialog.html", **about, id=answer.id, form=answer.content, rooms=rooms)
        still = self._still(visitor, answer.id, answer.content, answer.preview)
        return self._fill("answer.html", **about, id=answer.id, **still)

    def too_much(self, visitor: Visitor, limit: int) -> str:
        """The sentence for a file over its limit."""
        return words(visitor.language)("studio.too_large", limit=limit // MEGABYTE)

    def _still(self, visitor: Visitor, owner: str, hung: Hung, preview: Preview | None) -> dict[str, Any]:
        """The address of the card's picture, a new one for each new picture; an answer's is only the visitor's."""
        if preview:
            return {"hung": hung, "still": _address(visitor, f"/preview/{owner}", v=f"{zlib.crc32(preview.data):x}")}
        return {"hung": hung, "still": f"/media/{hung.still.blob}" if hung.still and hung.still.blob else ""}

    def _about(self, visitor: Visitor) -> dict[str, Any]:
        return {
            "say": words(visitor.language),
            "language": visitor.language,
            "visitor": visitor,
            "light": visitor.light,
            "to": functools.partial(_address, visitor),
            "persons": [(who, people.name(who, visitor.language)) for who in people.PEOPLE],
            "when": words(visitor.language).moment,
        }

    def _fill(self, template: str, **values: Any) -> Markup:
        html = self._jinja.get_template(template).render(version=self._version, **values)
        return Markup(html)  # noqa: S704  # the templates escape what they are given
