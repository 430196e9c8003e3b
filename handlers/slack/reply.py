"""The private way back to one asker.

Three ways, tried in turn: the response_url, because it works in channels the app was never invited to, which is where
"please invite me" must be said; then an ephemeral message, because a response_url dies after 5 uses or 30 minutes;
then the conversation with the app, because shortcuts and App Home have no channel.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from bot.errors import PlatformBusy, PlatformError
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Form
from handlers.slack import attached, render
from handlers.slack.parse import Heard, origin
from handlers.slack.web import Refused, Web

log = logging.getLogger(__name__)

_LATE: Final = frozenset(
    {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged", "invalid_trigger_id"}
)


class SlackReply:
    """A `Reply` to what was heard, in the asker's language."""

    def __init__(self, web: Web, heard: Heard, language: str) -> None:
        self._web = web
        self._heard = heard
        self._say = words(language)

    async def tell(self, card: Card) -> None:
        """Say something only the asker sees. Raises `PlatformError` when none of the ways takes it."""
        if card.file:
            await attached.send(self._web, self._heard.user, card.file)
        body = {"text": render.fallback(card), "blocks": render.blocks(card, self._say)}
        if await self._answer(body) or await self._whisper(body):
            return
        await self._web.send("chat.postMessage", channel=self._heard.user, **body)

    async def ask(self, form: Form) -> None:
        """Open a form. When the press is too old for one, offer a button that opens it afresh."""
        heard = self._heard
        view = render.modal(form, self._say, origin=origin(heard), ask_place=heard.placeless)
        try:
            if not heard.trigger:
                raise Refused("nothing was pressed", "expired_trigger_id")
            await self._web.send("views.open", trigger_id=heard.trigger, view=view)
        except Refused as error:
            if error.code not in _LATE:
                raise
            log.info("a form came too late (%s)", error.code)
            await self.tell(self._afresh(form))

    def _afresh(self, form: Form) -> Card:
        button = Button(self._heard.reopen, self._say("slack.form.open"), "📝", ButtonStyle.MAIN)
        return Card(CardKind.NOTICE, form.title, (self._say("slack.form.late"),), buttons=(button,))

    async def _answer(self, body: dict[str, Any]) -> bool:
        if not self._heard.answer:
            return False
        return await self._web.respond(
            self._heard.answer, {**body, "response_type": "ephemeral", "replace_original": False} | self._threaded()
        )

    async def _whisper(self, body: dict[str, Any]) -> bool:
        if self._heard.placeless:
            return False
        try:
            where = {"channel": self._heard.channel, "user": self._heard.user} | self._threaded()
            await self._web.send("chat.postEphemeral", **where, **body)
        except PlatformBusy:
            raise
        except PlatformError as error:
            log.info("no private answer in %s: %r", self._heard.channel, error)
            return False
        return True

    def _threaded(self) -> dict[str, str]:
        return {"thread_ts": self._heard.thread} if self._heard.thread else {}
