"""The studio's addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot import syntax
from bot.completion import Completions
from bot.locales import words
from bot.model.card import Card, CardKind, Tone
from bot.model.command import Asked, Command, Unknown
from bot.model.contest import Reacted
from bot.model.people import MessageRef
from bot.ports import MediaStore
from handlers import files
from handlers.web import parse
from handlers.web.complete import suggest
from handlers.web.desk import Desk
from handlers.web.feed import Feed
from handlers.web.hung import Hung
from handlers.web.letters import Letters
from handlers.web.mailbox import Mailbox, PrivateReply
from handlers.web.people import LANGUAGE_COOKIE, LIGHT_COOKIE, Visitor, visitor
from handlers.web.reactions import Reactions
from handlers.web.render import HERE, Pages
from handlers.web.stream import Stream
from handlers.web.uploads import Malformed, TooMuch, receive
from handlers.web.wall import CHANNEL, Wall

YEAR: Final = 365 * 86400


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the addresses need."""

    wall: Wall
    mailbox: Mailbox
    letters: Letters
    reactions: Reactions
    feed: Feed
    media: MediaStore
    pages: Pages
    completions: Completions
    desk: Desk
    begin: Callable[[str], Awaitable[None]]
    """Told of everybody who looks in, and the language they read."""
    language: str
    """Where nobody said another."""

    def app(self) -> Starlette:
        """The routes, without the guard."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/events", self.events),
                Route("/complete", self.complete),
                Route("/say", self.say, methods=["POST"]),
                Route("/press", self.press, methods=["POST"]),
                Route("/react", self.react, methods=["POST"]),
                Route("/submit", self.submit, methods=["POST"]),
                Route("/dismiss", self.dismiss, methods=["POST"]),
                Route("/media/{blob}", self.file),
                Route("/preview/{owner}", self.preview),
                Mount("/static", StaticFiles(directory=HERE / "static")),
            ],
            exception_handlers={TooMuch: self.too_much, Malformed: self.malformed},
        )

    # ------------------------------------------------------------------------------------------------- looking

    async def page(self, request: Request) -> Response:
        """The page; choices of language and light that were in the address are remembered."""
        await self.begin(self._who(request).language)
        response = self._page(self._who(request))
        for cookie, value in ((LANGUAGE_COOKIE, "lang"), (LIGHT_COOKIE, "light")):
            if chosen := request.query_params.get(value):
                response.set_cookie(cookie, chosen[:20], max_age=YEAR, samesite="strict", httponly=True)
        return response

    async def events(self, request: Request) -> Response:
        """Server-sent events, from where the page or its last connection was."""
        position = request.headers.get("last-event-id") or request.query_params.get("since", "")
        stream = self._stream(self._who(request)).events(position)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def complete(self, request: Request) -> Response:
        """Suggestions for the text before the cursor."""
        asked = request.query_params
        language = self._who(request).language
        found = suggest(asked.get("text", "")[:4000], language, self.completions, every="every" in asked)
        choices = [{"insert": one.insert, "label": one.label} for one in found.choices]
        return JSONResponse({"start": found.start, "choices": choices})

    async def file(self, request: Request) -> Response:
        """A video or picture of the media store."""
        return await files.file(request, self.media, request.path_params["blob"])

    async def preview(self, request: Request) -> Response:
        """A picture that is only in memory: of a card, or of the visitor's own answer."""
        owner: str = request.path_params["owner"]
        found = self.wall.get(owner) or self.mailbox.get(self._who(request).member.id, owner)
        if found is None or found.preview is None:
            return PlainTextResponse("There is no such picture.", 404)
        headers = {"cache-control": "private, max-age=600"}
        return Response(found.preview.data, media_type=found.preview.mime, headers=headers)

    # ------------------------------------------------------------------------------------------------- asking

    async def say(self, request: Request) -> Response:
        """The line a person typed, or the panel beside it."""
        fields, attached = await receive(request)
        return await self._ask(request, parse.said(fields.get("text", ""), fields, attached), fields)

    async def press(self, request: Request) -> Response:
        """A button of a card."""
        fields, _ = await receive(request)
        return await self._ask(request, syntax.press(fields.get("action", "")), fields)

    async def react(self, request: Request) -> Response:
        """A reaction added or taken back; only what hangs under a message may be pressed."""
        fields, _ = await receive(request)
        who, message, emoji = self._who(request), self.wall.get(fields.get("message", "")), fields.get("emoji", "")
        hung = self.reactions.shown(message.id).get(emoji) if message else None
        if message and hung:
            on = who.member.id not in hung
            if on and message.hung.card.mention == who.member.id:
                return self._told(request, who, words(who.language)("studio.own_vote"))
            if await self.reactions.set(message.id, emoji, who.member.id, on=on):
                self.wall.touch(message.id)
                ref = MessageRef(who.place.community, message.room, message.id)
                self.desk.tell(Reacted(ref, emoji, who.member.id, on))
        return self._answered(request, who, {}, bad=False)

    async def submit(self, request: Request) -> Response:
        """A form that was filled in."""
        fields, attached = await receive(request)
        return await self._ask(request, syntax.submit(fields.get("action", ""), fields, attached), fields)

    async def dismiss(self, request: Request) -> Response:
        """A private answer that was read, or, where none is named, all of them."""
        fields, _ = await receive(request)
        who = self._who(request)
        named = fields.get("answer", "")
        for answer in [named] if named else [one.id for one in self.mailbox.of(who.member.id)]:
            await self.letters.dismiss(who.member.id, answer)
            self.mailbox.drop(who.member.id, answer)
        return self._answered(request, who, {}, bad=False)

    async def _ask(self, request: Request, command: Command, fields: dict[str, str]) -> Response:
        who = self._who(request)
        reply = PrivateReply(who.member.id, self.mailbox, self.media)
        await self.desk.ask(Asked(command, who.member, who.place), reply)
        self.mailbox.tidy(who.member.id, reply.answers)
        bad = isinstance(command, Unknown) or any(answer.bad for answer in reply.answers)
        if bad:
            self.mailbox.keep(who.member.id, fields.get("answer", ""), fields)
        elif not self.mailbox.is_letter(who.member.id, fields.get("answer", "")):
            self.mailbox.drop(who.member.id, fields.get("answer", ""))
        return self._answered(request, who, fields, bad=bad)

    # ------------------------------------------------------------------------------------------------- answering

    def _told(self, request: Request, who: Visitor, sentence: str) -> Response:
        note = Hung(Card(CardKind.NOTICE, "", (sentence,)))
        self.mailbox.tidy(who.member.id, [self.mailbox.put(who.member.id, note)])
        return self._answered(request, who, {}, bad=False)

    def _answered(self, request: Request, who: Visitor, fields: dict[str, str], *, bad: bool) -> Response:
        """As data to a script; as a page to a browser without one, with the words still in place if they were bad."""
        if _by_script(request):
            return JSONResponse({"answers": self._stream(who).answers(), "bad": bad})
        if bad:
            return self._page(who, fields, status=422)
        room = {"room": who.room} if who.room != CHANNEL else {}
        return RedirectResponse(str(URL("/").include_query_params(**{"as": who.member.id, **room})), 303)

    async def too_much(self, request: Request, error: Exception) -> Response:
        """A file over its limit; nothing of it was kept."""
        assert isinstance(error, TooMuch)
        who = self._who(request)
        note = Card(CardKind.NOTICE, "", (self.pages.too_much(who, error.limit),), tone=Tone.BAD)
        self.mailbox.tidy(who.member.id, [self.mailbox.put(who.member.id, Hung(note))])
        if _by_script(request):
            return JSONResponse({"answers": self._stream(who).answers(), "bad": True}, 413)
        return self._page(who, error.fields, status=413)

    async def malformed(self, _request: Request, error: Exception) -> Response:
        """A body that is no form."""
        return PlainTextResponse(f"This is no form: {error}", 400)

    def _page(self, who: Visitor, typed: dict[str, str] | None = None, status: int = 200) -> HTMLResponse:
        answers, cards = self.mailbox.of(who.member.id), self.wall.newest(who.room)
        return HTMLResponse(self.pages.page(who, cards, answers, position=self.feed.position(), typed=typed), status)

    def _stream(self, who: Visitor) -> Stream:
        return Stream(self.feed, self.wall, self.mailbox, self.pages, who)

    def _who(self, request: Request) -> Visitor:
        return visitor(request, self.language)


def _by_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
