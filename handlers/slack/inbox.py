"""What comes from Slack: acknowledged at once, heard once, then handled in tasks this room owns."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.errors import PlatformBusy, PlatformError, TooLarge
from bot.locales import words
from bot.model.card import Card, CardKind, Tone
from bot.model.command import Asked, Attachment
from bot.model.contest import Departed, Happening, Resumed
from bot.model.people import Member, Place
from bot.ports import Handle, Hear
from handlers.slack import happenings, naming, parse
from handlers.slack.home import Home
from handlers.slack.parse import Heard, Payload, Shared
from handlers.slack.reply import SlackReply
from handlers.slack.shape import part, text
from handlers.slack.turns import Turns
from handlers.slack.web import DOWNLOAD_LIMIT, Web
from handlers.slack.workspace import Workspace, Workspaces

log = logging.getLogger(__name__)

AGAIN: Final = (1.0, 10.0, 60.0)
"""Seconds before an event that Slack was too busy to explain is looked up again."""
_GRACE_SECONDS: Final = 2.0
_ANY: Final = re.compile(r".*")


class Inbox:
    """Listens through a bolt app and hands commands and happenings to the core."""

    def __init__(
        self, workspaces: Workspaces, language: str, handle: Handle, hear: Hear, again: Sequence[float] = AGAIN
    ) -> None:
        self._again = again
        self._workspaces = workspaces
        self._language = language
        self._handle = handle
        self._told = hear
        self._seen = Seen()
        self._turns = Turns()
        self._tasks: set[asyncio.Task[None]] = set()

    def attach(self, bolt: AsyncApp) -> None:
        """Register every listener. Any slash command is ours: the operator may have named it differently."""
        app: Any = bolt  # its decorators are typed only in part
        app.command(_ANY)(self._slash)
        app.action(re.compile("^" + parse.PRESS))(self._press)
        app.view(re.compile("^" + parse.FORM))(self._submission)
        app.shortcut(re.compile(f"^({'|'.join(parse.SHORTCUTS)})$"))(self._shortcut)
        app.event("app_home_opened")(self._home_opened)
        app.event(re.compile(f"^({'|'.join(sorted(happenings.EVENTS))})$"))(self._event)
        app.action(_ANY)(self._nothing)
        app.view(_ANY)(self._nothing)

    def tell(self, what: Happening) -> None:
        """Hand over what happened, in a task of this room."""
        self._own(self._pass_on(what))

    async def _pass_on(self, what: Happening) -> None:
        await self._told(what)

    async def close(self) -> None:
        """Let what was heard finish for a moment, then cancel it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_GRACE_SECONDS)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _slash(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(parse.slash, body)

    async def _press(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(parse.press, body)

    async def _submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(parse.submission, body)

    async def _shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(parse.shortcut, body)

    async def _home_opened(self, body: dict[str, Any]) -> None:
        event: Payload = body["event"]
        there = self._there(body)
        if there and event.get("tab", "home") == "home" and self._seen.first(f"event:{body.get('event_id')}"):
            self._own(Home(there, self._handle).show(str(event["user"])))

    async def _event(self, body: dict[str, Any]) -> None:
        there = self._there(body)
        if there and self._seen.first(f"event:{body.get('event_id')}"):
            self._own(self._happened(there, part(body, "event")))

    async def _happened(self, there: Workspace, event: dict[str, Any]) -> None:
        """One person's reactions in the order they came: each may first have to be looked up."""
        turn = self._turns.of(f"{there.identity.team}:{text(event, 'user')}")
        async with turn:
            try:
                what = await self._looked_up(there, event)
            except PlatformError as error:
                log.warning("what happened in Slack was not followed up: %r", error)
                return
            if isinstance(what, Departed):
                log.error(words(self._language)("slack.uninstalled"))
            if what is not None:
                await self._told(what)
            if isinstance(what, Departed):
                await self._workspaces.drop(what.community)

    async def _looked_up(self, there: Workspace, event: dict[str, Any]) -> Happening | None:
        """What an event means. While Slack is too busy to say, it is asked again; in the end everything is counted."""
        for wait in (*self._again, None):
            try:
                return await happenings.happened(there, event)
            except PlatformBusy as error:
                log.info("what happened in Slack is looked up again: %r", error)
                if wait is not None:
                    await asyncio.sleep(wait)
        return Resumed(parse.NAME, there.community)

    async def _nothing(self, ack: AsyncAck) -> None:
        """A choice inside a form, or something of an older version: acknowledged, so that nobody sees a warning."""
        await ack()

    def _hear(self, read: Callable[[Payload], Heard], body: Payload) -> None:
        heard, there = read(body), self._there(body)
        if there and self._seen.first(heard.once):
            self._own(self._serve(there, heard))

    def _there(self, body: Payload) -> Workspace | None:
        """The workspace it comes from."""
        return self._workspaces.team(text(body, "team_id") or text(part(body, "team"), "id"))

    def _own(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("something heard in Slack was not handled", exc_info=error)

    async def _serve(self, there: Workspace, heard: Heard) -> None:
        member = await there.people.member(heard.user, heard.name)
        reply = SlackReply(there.web, heard, member.language)
        try:
            heard = await naming.resolved(heard, there)
            heard = await _complete(there.web, heard)
        except PlatformError as error:
            log.warning("what %s handed over was not taken: %r", heard.user, error)
            await reply.tell(_refused(error, member))
            return
        place = Place(there.community, heard.channel, heard.thread, language=self._language)
        await self._handle(Asked(heard.command, member, place), reply)


async def _complete(web: Web, heard: Heard) -> Heard:
    """With the files of its form, if there are any. Raises `TooLarge` before a byte is fetched."""
    if not heard.files:
        return heard
    return heard.with_files({name: await _fetched(web, file) for name, file in heard.files})


async def _fetched(web: Web, file: Shared) -> Attachment:
    if file.size > DOWNLOAD_LIMIT:
        raise TooLarge(f"{file.size} bytes", limit=DOWNLOAD_LIMIT)
    return Attachment(file.name, await web.download(file.url), file.mime)


class Seen:
    """What was heard lately, so that a repetition is not heard twice. Bounded in time and number."""

    def __init__(self, seconds: float = 3600, most: int = 10_000, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._now = now
        self._known: OrderedDict[str, float] = OrderedDict()

    def first(self, name: str) -> bool:
        """Whether this is the first time."""
        oldest = self._now() - self._seconds
        while self._known and (len(self._known) >= self._most or next(iter(self._known.values())) < oldest):
            self._known.popitem(last=False)
        if name in self._known:
            return False
        self._known[name] = self._now()
        return True


def _refused(error: PlatformError, member: Member) -> Card:
    say = words(member.language)
    key = "slack.file.too_large" if isinstance(error, TooLarge) else "slack.file.unreadable"
    return Card(CardKind.NOTICE, say(key, limit=DOWNLOAD_LIMIT // 1024**2), tone=Tone.BAD)
