"""Answers that only one person sees. They live in memory, as in every chat; letters stay in the log besides."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.model.card import Card, CardKind, Form, Tone
from bot.ports import MediaStore
from handlers.web.feed import Feed
from handlers.web.hung import Hung, Preview, hang

MOST: Final = 12
"""Private answers of one person; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One private answer: a card, or a form to fill in."""

    id: str
    content: Hung | Form
    preview: Preview | None = None
    letter: bool = False
    """It came outside any conversation and stays until it is dismissed."""

    @property
    def bad(self) -> bool:
        """Whether it says that something did not work, so that what was typed is worth keeping."""
        return isinstance(self.content, Hung) and self.content.card.tone is Tone.BAD

    @property
    def waits(self) -> bool:
        """Whether it is a question that is still to be answered."""
        return isinstance(self.content, Form) or self.content.card.kind is CardKind.CHOICE


class Mailbox:
    """Everybody's private answers, newest last."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._answers: dict[str, dict[str, Answer]] = {}

    def of(self, member: str) -> list[Answer]:
        """A member's answers, oldest first."""
        return list(self._answers.get(member, {}).values())

    def get(self, member: str, answer: str) -> Answer | None:
        """One of a member's answers."""
        return self._answers.get(member, {}).get(answer)

    def is_letter(self, member: str, answer: str) -> bool:
        """Whether it is one that stays until it is dismissed."""
        found = self.get(member, answer)
        return found is not None and found.letter

    def put(self, member: str, content: Hung | Form, preview: Preview | None = None, *, letter: str = "") -> Answer:
        """Add one; `letter` is the id of one that stays. A question that is asked again is there once."""
        for same in self.of(member):
            if same.content == content and not same.letter:
                self.drop(member, same.id)
        answer = Answer(letter or secrets.token_hex(8), content, preview, bool(letter))
        box = self._answers.setdefault(member, {})
        box[answer.id] = answer
        for old in list(box.values())[:-MOST]:
            if not old.letter:
                del box[old.id]
        self._feed.answers(member)
        return answer

    def drop(self, member: str, answer: str) -> None:
        """Take one away; silent when it is gone."""
        if self._answers.get(member, {}).pop(answer, None):
            self._feed.answers(member)

    def over(self, subject: str) -> None:
        """What was said about this ("done in 20–40 s") is no longer so: it has ended."""
        for member in self._answers:
            for answer in self.of(member):
                told = answer.content.card.subject if isinstance(answer.content, Hung) else ""
                if told and told == subject and not answer.waits and not answer.letter:
                    self.drop(member, answer.id)

    def tidy(self, member: str, but: Collection[Answer] = ()) -> None:
        """Take away what was only to be read, once the next words of the conversation, `but`, are there."""
        for answer in self.of(member):
            if not answer.waits and not answer.letter and answer not in but:
                self.drop(member, answer.id)

    def keep(self, member: str, answer: str, values: Mapping[str, str]) -> None:
        """Remember what was typed into a form that has to be corrected."""
        found = self.get(member, answer)
        if found and isinstance(found.content, Form):
            filled = [dataclasses.replace(one, value=values.get(one.name, one.value)) for one in found.content.fields]
            form = dataclasses.replace(found.content, fields=tuple(filled))
            self._answers[member][answer] = dataclasses.replace(found, content=form)


@dataclass(slots=True)
class PrivateReply:
    """The way back to one person. `answers` are those of this one conversation."""

    member: str
    mailbox: Mailbox
    media: MediaStore
    answers: list[Answer] = field(default_factory=list[Answer])

    async def tell(self, card: Card) -> None:
        """Say something only the asker sees."""
        hung, preview = await hang(card, self.media, keep=False)
        self.answers.append(self.mailbox.put(self.member, hung, preview))

    async def ask(self, form: Form) -> None:
        """Open a form for the asker."""
        self.answers.append(self.mailbox.put(self.member, form))
